/**
 * One product in the shop's admin. The stock form remembers the number it was opened with and sends it along, so that
 * a sale made meanwhile is never overwritten by an old form.
 */
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { isViewer } from '../api/viewer.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Confirmation } from '../parts/confirmation.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import type { ShopProduct } from './shop-api.ts'
import { text } from './shop-language.ts'
import { StockForm } from './stock-form.tsx'

interface ProductRowProps {
  readonly product: ShopProduct
  /** A link led to this very product, of several that may carry one SKU. */
  readonly isLinked?: boolean
  readonly onChanged: () => void
}

export function ProductRow({ product, isLinked = false, onChanged }: ProductRowProps): JSX.Element {
  const asking = useSignal<'edit' | 'delete' | null>(null)
  const words = text.value
  const name = product.name === '' ? words.noName : product.name
  function close(): void {
    asking.value = null
  }
  return (
    <tr class={product.parentId === null ? undefined : 'row-variant'} aria-current={isLinked ? 'true' : undefined}>
      <td class="mono fold-title">
        {product.sku === null || product.sku === '' ? <span class="muted">{words.noSku}</span> : product.sku}
      </td>
      <td class="fold-wide">{name}</td>
      <td class="fold-wide">
        <StockForm product={product} name={name} onChanged={onChanged} />
      </td>
      <td class="right fold-wide nowrap">
        <button
          type="button"
          class="button button-quiet"
          aria-label={`${words.edit}: ${name}`}
          disabled={isViewer.value}
          onClick={() => {
            asking.value = 'edit'
          }}
        >
          {words.edit}
        </button>
        <button
          type="button"
          class="button button-quiet"
          aria-label={`${words.delete}: ${name}`}
          disabled={isViewer.value}
          onClick={() => {
            asking.value = 'delete'
          }}
        >
          {words.delete}
        </button>
        {asking.value === 'edit' && <EditDialog product={product} onClose={close} onChanged={onChanged} />}
        {asking.value === 'delete' && (
          <DeleteDialog product={product} name={name} onClose={close} onChanged={onChanged} />
        )}
      </td>
    </tr>
  )
}

interface EditDialogProps extends ProductRowProps {
  readonly onClose: () => void
}

function EditDialog({ product, onClose, onChanged }: EditDialogProps): JSX.Element {
  const words = text.value
  const sku = useSignal(product.sku ?? '')
  const name = useSignal(product.name)
  const action = useAction()
  return (
    <Dialog title={words.edit} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          action.run(async () => {
            const typed = sku.value.trim()
            await sendApi('PATCH', productPath(product), { sku: typed === '' ? null : typed, name: name.value.trim() })
            onChanged()
            onClose()
          })
        }}
      >
        <Field label={words.sku} value={sku} isMono />
        <Field label={words.name} value={name} />
        <FailureNotice failure={action.failure} />
        <p class="actions">
          <BusyButton action={action} kind="main">
            {words.save}
          </BusyButton>
          <button type="button" class="button" onClick={onClose}>
            {words.cancel}
          </button>
        </p>
      </form>
    </Dialog>
  )
}

function DeleteDialog({ product, name, onClose, onChanged }: EditDialogProps & { readonly name: string }): JSX.Element {
  const words = text.value
  const action = useAction()
  return (
    <Confirmation
      title={words.deleteTitle(name)}
      action={action}
      label={words.delete}
      cancel={words.cancel}
      onConfirm={() =>
        action.run(async () => {
          await sendApi('DELETE', productPath(product))
          onChanged()
          onClose()
        })
      }
      onClose={onClose}
    >
      <p>{words.deleteIntro}</p>
    </Confirmation>
  )
}

function productPath(product: ShopProduct): string {
  return `/shop/v1/products/${encodeURIComponent(product.id)}`
}

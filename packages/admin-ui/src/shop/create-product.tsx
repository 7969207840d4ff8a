/** A new product, with variants where it has them; a product with variants has its stock in them. */
import { type Signal, signal, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { createIdempotencyKey, sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import { parseStock } from './parse-stock.ts'
import { text } from './shop-language.ts'

interface CreateProductProps {
  readonly onClose: () => void
  readonly onCreated: () => void
}

interface RowDraft {
  readonly key: string
  readonly sku: Signal<string>
  readonly name: Signal<string>
  readonly stock: Signal<string>
}

export function CreateProduct({ onClose, onCreated }: CreateProductProps): JSX.Element {
  const words = text.value
  const product = useSignal(createDraft()).value
  const variants = useSignal<readonly RowDraft[]>([])
  const idempotencyKey = useSignal(createIdempotencyKey()).value
  const action = useAction()
  const hasVariants = variants.value.length > 0
  const drafts = hasVariants ? variants.value : [product]
  const isValid = drafts.every((draft) => parseStock(draft.stock.value) !== 'invalid')
  return (
    <Dialog title={words.create} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          action.run(async () => {
            const body = hasVariants
              ? { ...rowBody(product), stock: null, variants: variants.value.map(rowBody) }
              : rowBody(product)
            await sendApi('POST', '/shop/v1/products', body, idempotencyKey)
            onCreated()
            onClose()
          })
        }}
      >
        <Field label={words.sku} value={product.sku} isMono />
        <Field label={words.name} value={product.name} />
        {!hasVariants && <Field label={words.stock} hint={words.stockHint} value={product.stock} />}
        {hasVariants && <h3>{words.variants}</h3>}
        {variants.value.map((draft) => (
          <div key={draft.key} class="variant-fields">
            <Field label={words.sku} value={draft.sku} isMono />
            <Field label={words.name} value={draft.name} />
            <Field label={words.stock} value={draft.stock} />
          </div>
        ))}
        <p>
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              variants.value = [...variants.value, createDraft()]
            }}
          >
            + {words.addVariant}
          </button>
        </p>
        <FailureNotice failure={action.failure} />
        <p class="actions">
          <BusyButton action={action} kind="main" isOff={!isValid}>
            {words.create}
          </BusyButton>
          <button type="button" class="button" onClick={onClose}>
            {words.cancel}
          </button>
        </p>
      </form>
    </Dialog>
  )
}

function createDraft(): RowDraft {
  return { key: createIdempotencyKey(), sku: signal(''), name: signal(''), stock: signal('0') }
}

function rowBody(draft: RowDraft): { sku: string | null; name: string; stock: number | null } {
  const sku = draft.sku.value.trim()
  const stock = parseStock(draft.stock.value)
  return { sku: sku === '' ? null : sku, name: draft.name.value.trim(), stock: stock === 'invalid' ? null : stock }
}

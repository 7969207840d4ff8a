/**
 * The stock of one product as a field. While nobody types it follows the shop; from the first key on it keeps the
 * number it showed then and sends it as `ifStock`, so that a form which a sale has overtaken is refused.
 */
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import { type ApiFailure, sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { format, sentenceFor } from '../text/language.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { parseStock } from './parse-stock.ts'
import type { ShopProduct } from './shop-api.ts'
import { text } from './shop-language.ts'

interface StockFormProps {
  readonly product: ShopProduct
  readonly name: string
  readonly onChanged: () => void
}

interface Draft {
  readonly typed: string
  /** What the shop showed when the typing began. */
  readonly seen: number | null
}

export function StockForm({ product, name, onChanged }: StockFormProps): JSX.Element {
  const id = useId()
  const draft = useSignal<Draft | null>(null)
  const action = useAction()
  const words = text.value
  const parsed = draft.value === null ? null : parseStock(draft.value.typed)
  function save(current: Draft): void {
    action.run(async () => {
      const stock = parseStock(current.typed)
      if (stock === 'invalid') {
        return
      }
      try {
        const path = `/shop/v1/products/${encodeURIComponent(product.id)}`
        await sendApi('PATCH', path, { stock, ifStock: current.seen })
      } finally {
        // Also after a refusal the field shows what the shop has now; what was typed is typed again knowingly.
        draft.value = null
        onChanged()
      }
    })
  }
  return (
    <form
      class="stock-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (draft.value !== null) {
          save(draft.value)
        }
      }}
    >
      <label for={id} class="sr-only">
        {words.stock}: {name}
      </label>
      <input
        id={id}
        class="quantity"
        inputMode="numeric"
        autocomplete="off"
        placeholder={words.untracked}
        title={words.stockHint}
        value={draft.value?.typed ?? stockWritten(product.stock)}
        onInput={(event) => {
          draft.value = { typed: event.currentTarget.value, seen: draft.value?.seen ?? product.stock }
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            draft.value = null
          }
        }}
      />
      {draft.value !== null && (
        <>
          <BusyButton action={action} kind="main" isOff={parsed === 'invalid'}>
            {words.save}
          </BusyButton>
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              draft.value = null
            }}
          >
            {words.cancel}
          </button>
        </>
      )}
      <div role="alert">{action.failure.value !== null && <Refusal failure={action.failure.value} />}</div>
    </form>
  )
}

/** The new number stands in the refusal itself, so it is known even before the list is read again. */
function Refusal({ failure }: { readonly failure: ApiFailure }): JSX.Element {
  const stock = failure.details['stock']
  return (
    <p class="notice notice-bad">
      {sentenceFor(failure)}
      {failure.code === 'stock-changed' && typeof stock === 'number' && (
        <> {text.value.stockNow(format.value.number(stock))}</>
      )}
    </p>
  )
}

function stockWritten(stock: number | null): string {
  return stock === null ? '' : String(stock)
}

/** The basket: its lines, their quantities, and the order. */
import type { Signal } from '@preact/signals'
import type { JSX } from 'preact'
import { type BasketLine, basketUnits, parseQuantity, removeFromBasket, setQuantity } from './basket.ts'
import { text } from './shop-language.ts'

interface BasketPanelProps {
  readonly lines: Signal<readonly BasketLine[]>
  readonly isBusy: boolean
  readonly onOrder: () => void
}

export function BasketPanel({ lines, isBusy, onOrder }: BasketPanelProps): JSX.Element {
  const words = text.value
  const isEmpty = lines.value.length === 0
  return (
    <aside class={isEmpty ? 'card basket basket-empty' : 'card basket'} aria-labelledby="basket">
      <h2 id="basket">{words.basket}</h2>
      {isEmpty ? (
        <p class="muted">{words.basketEmpty}</p>
      ) : (
        <>
          <ul class="rows">
            {lines.value.map((line) => (
              <li key={line.productId}>
                <span>{line.name}</span>
                <span class="rows-end">
                  <input
                    class="quantity"
                    type="number"
                    min={1}
                    max={1_000_000}
                    step={1}
                    aria-label={`${words.quantity}: ${line.name}`}
                    value={line.quantity}
                    onChange={(event) => {
                      const quantity = parseQuantity(event.currentTarget.value)
                      lines.value = setQuantity(lines.value, line.productId, quantity ?? line.quantity)
                    }}
                  />
                  <button
                    type="button"
                    class="button button-quiet"
                    aria-label={`${words.remove}: ${line.name}`}
                    onClick={() => {
                      lines.value = removeFromBasket(lines.value, line.productId)
                    }}
                  >
                    ×
                  </button>
                </span>
              </li>
            ))}
          </ul>
          <p class="actions">
            <button type="button" class="button button-main" disabled={isBusy} onClick={onOrder}>
              {words.order}
            </button>
            <span class="muted">{words.lines(basketUnits(lines.value))}</span>
          </p>
        </>
      )}
    </aside>
  )
}

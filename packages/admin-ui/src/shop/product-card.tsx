/** One product or variant on the storefront: its name, what is left, a quantity, and the way to buy it. */
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import { Count } from '../parts/count.tsx'
import { type BasketLine, parseQuantity } from './basket.ts'
import type { ShopProduct } from './shop-api.ts'
import { text } from './shop-language.ts'

interface ProductCardProps {
  readonly product: ShopProduct
  readonly parentName: string | null
  readonly isBusy: boolean
  readonly onBuy: (line: BasketLine) => void
  readonly onAdd: (line: BasketLine) => void
}

export function ProductCard({ product, parentName, isBusy, onBuy, onAdd }: ProductCardProps): JSX.Element {
  const id = useId()
  const typed = useSignal('1')
  const words = text.value
  const name = product.name === '' ? (parentName ?? words.noName) : product.name
  const isSoldOut = product.stock !== null && product.stock <= 0
  const quantity = parseQuantity(typed.value)
  const line = quantity === null || quantity < 1 ? null : { productId: product.id, name, quantity }
  return (
    <li class="card product-card">
      <div class="product-name">
        <h2>{name}</h2>
        <p class="muted">
          <span class="mono">{product.sku ?? words.noSku}</span>
          {parentName !== null && product.name !== '' && <> · {words.variantOf(parentName)}</>}
        </p>
      </div>
      <Left stock={product.stock} />
      <form
        class="product-buy"
        onSubmit={(event) => {
          event.preventDefault()
          if (line !== null) {
            onBuy(line)
          }
        }}
      >
        <label class="sr-only" for={id}>
          {words.quantity}: {name}
        </label>
        <input
          id={id}
          class="quantity"
          type="number"
          min={1}
          max={1_000_000}
          step={1}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value
          }}
        />
        <button type="submit" class="button button-main" disabled={isBusy || line === null || isSoldOut}>
          {words.buy}
          <span class="sr-only"> {name}</span>
        </button>
        <button
          type="button"
          class="button"
          disabled={line === null || isSoldOut}
          onClick={() => line !== null && onAdd(line)}
        >
          {words.add}
        </button>
      </form>
    </li>
  )
}

function Left({ stock }: { readonly stock: number | null }): JSX.Element {
  const words = text.value
  if (stock === null) {
    return <p class="left">{words.inStockUntracked}</p>
  }
  return (
    <p class={stock > 0 ? 'left' : 'left left-none'}>
      {stock > 0 ? (
        <>
          <Count value={stock} /> {words.inStockAfter}
        </>
      ) : (
        words.soldOut
      )}
    </p>
  )
}

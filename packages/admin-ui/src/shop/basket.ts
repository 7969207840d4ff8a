/** What a buyer has chosen: at most one line for each product, each of at least one unit. */
import type { ShopProduct } from './shop-api.ts'

export interface BasketLine {
  readonly productId: string
  readonly name: string
  readonly quantity: number
}

/** Units in one line; the shop takes no more in one order line. */
const unitsMax = 1_000_000

export function addToBasket(
  lines: readonly BasketLine[],
  product: Pick<ShopProduct, 'id' | 'name'>,
  quantity: number,
): readonly BasketLine[] {
  const before = lines.find((line) => line.productId === product.id)
  if (before === undefined) {
    return [...lines, { productId: product.id, name: product.name, quantity: clamped(quantity) }]
  }
  return setQuantity(lines, product.id, before.quantity + quantity)
}

export function setQuantity(lines: readonly BasketLine[], productId: string, quantity: number): readonly BasketLine[] {
  return lines.map((line) => (line.productId === productId ? { ...line, quantity: clamped(quantity) } : line))
}

export function removeFromBasket(lines: readonly BasketLine[], productId: string): readonly BasketLine[] {
  return lines.filter((line) => line.productId !== productId)
}

export function basketUnits(lines: readonly BasketLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0)
}

/** What a person typed as a whole number of units; null when it is none. */
export function parseQuantity(typed: string): number | null {
  const value = Number(typed.trim())
  return typed.trim() !== '' && Number.isSafeInteger(value) ? value : null
}

function clamped(quantity: number): number {
  return Math.min(unitsMax, Math.max(1, Math.trunc(quantity)))
}

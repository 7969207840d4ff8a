/** The id of a variant with the id of its product before it, because a variant is read and written through its product. */
export interface StockIdParts {
  readonly productId: number
  readonly variantId: number
}

export function stockIdOf(productId: number, variantId: number): string {
  return `${productId}-${variantId}`
}

/** Null for what is no id of a variant. */
export function partsOfStockId(stockId: string): StockIdParts | null {
  const match = /^([1-9]\d{0,14})-(\d{1,15})$/.exec(stockId)
  return match === null ? null : { productId: Number(match[1]), variantId: Number(match[2]) }
}

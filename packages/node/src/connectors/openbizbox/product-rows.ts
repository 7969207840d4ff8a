/**
 * The stock rows of a product: one for each variant. A set sells the stock of other products, so its own rows carry the
 * fault `bundle`. A product that is merely offered together with others keeps its own stock, and so does a disabled one.
 */
import { parseStock } from '@stockmesh/protocol'
import type { ObservedRow } from '../observed/observed-shop.ts'
import type { Product, Variant } from './answers.ts'
import { stockIdOf } from './stock-id.ts'

/** `place`: the stock of that place is taken; null: the shop's whole stock. */
export function rowsOfProduct(product: Product, place: number | null): readonly ObservedRow[] {
  const { variants } = product
  const title = product.title ?? ''
  const createdAt = momentOf(product.created_at) ?? 0
  if (variants == null) {
    const stockId = stockIdOf(product.id, 0)
    const sku = skuOf(product.model)
    const products = [{ id: stockId, parentId: null, sku, name: title }]
    return [{ stockId, sku, name: title, stock: null, fault: 'stock-not-a-number', createdAt, products }]
  }
  return variants.map((variant) => {
    const stockId = stockIdOf(product.id, variant.id)
    const only = variants.length === 1
    // A simple product carries its model itself; among several variants it would name none of them.
    const sku = skuOf(variant.model) ?? (only ? skuOf(product.model) : null)
    const name = only ? title : `${title}${valuesOf(variant)}`
    const stock = stockOf(variant, place)
    const parentId = only ? null : String(product.id)
    const products = [{ id: stockId, parentId, sku, name }]
    const row = { stockId, sku, name, createdAt, products }
    if (product.is_set) return { ...row, stock: null, fault: 'bundle' }
    return stock.ok ? { ...row, stock: stock.value } : { ...row, stock: null, fault: stock.code }
  })
}

/** The stock of a variant; null is not tracked. */
export function stockOf(variant: Variant, place: number | null): ReturnType<typeof parseStock> {
  if (place === null) return parseStock(variant.quantity)
  const there = variant.place_stocks?.find((stock) => stock.place === place)
  return parseStock(there === undefined ? null : there.local_quantity)
}

/** The whole stock of a variant; null where it has none that is a number. */
export function stockIn(product: Product, variantId: number): number | null {
  const variant = product.variants?.find(({ id }) => id === variantId)
  const stock = variant === undefined ? null : stockOf(variant, null)
  return stock?.ok === true ? stock.value : null
}

/** Milliseconds since 1970; null for what is no time, as the year -1 that this platform writes for "never". */
export function momentOf(text: string | null): number | null {
  if (text === null || !/^\d{4}-/.test(text)) return null
  const at = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2').replace(' ', 'T'))
  return Number.isNaN(at) || at < 0 ? null : at
}

function skuOf(model: string | null): string | null {
  return model === null || model.trim() === '' ? null : model
}

function valuesOf({ attribute_values: values }: Variant): string {
  if (!Array.isArray(values)) return ''
  const texts = values.flatMap((value: unknown) => {
    if (typeof value !== 'object' || value === null) return []
    const { value: text, title } = value as { value?: unknown; title?: unknown }
    const one = text ?? title
    return typeof one === 'string' ? [one] : []
  })
  return texts.length === 0 ? '' : ` (${texts.join(', ')})`
}

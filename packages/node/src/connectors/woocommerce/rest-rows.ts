/**
 * The stock rows of products and variations. A variation that shares its parent's stock has no row of its own: the pool
 * is the parent's row. Grouped and external products keep no stock, and a bundle sells that of others.
 */
import { parseStock, skuKey } from '@stockmesh/protocol'
import type { ObservedRow } from '../observed/observed-shop.ts'
import type { Product, Variation } from './rest-answers.ts'

/** Types of the usual bundle plugins: their own number is made of other products'. */
const bundleTypes = new Set(['bundle', 'composite', 'woosb', 'woosg', 'mix-and-match', 'yith_bundle', 'bundled'])

export interface StockIdParts {
  readonly productId: number
  /** null: the product's own stock, or its pool. */
  readonly variationId: number | null
}

export function stockIdOf(productId: number, variationId: number | null): string {
  return variationId === null ? String(productId) : `${productId}-${variationId}`
}

/** null for what is no id of a stock row. */
export function partsOfStockId(stockId: string): StockIdParts | null {
  const match = /^([1-9]\d{0,14})(?:-([1-9]\d{0,14}))?$/.exec(stockId)
  if (match === null) return null
  return { productId: Number(match[1]), variationId: match[2] === undefined ? null : Number(match[2]) }
}

export function isVariable({ type }: Pick<Product, 'type'>): boolean {
  return type.startsWith('variable')
}

/** Whether variations may share this product's stock. */
export function isPool(product: Product): boolean {
  return isVariable(product) && product.manage_stock === true
}

/** null: the product has no stock of its own, only its variations have. */
export function rowOfProduct(product: Product, variations: readonly Variation[]): ObservedRow | null {
  if (isVariable(product) && !isPool(product)) return null
  const own = { id: String(product.id), parentId: null, sku: skuOf(product.sku), name: product.name }
  const sharing = variations.filter(({ manage_stock: manages }) => manages === 'parent')
  const shared = sharing.map((variation) => ({
    id: String(variation.id),
    parentId: own.id,
    sku: ownSkuOf(variation, product),
    name: nameOf(variation, product),
  }))
  const aliases = shared.flatMap(({ sku }) => (sku === null ? [] : [sku]))
  const first = aliases.toSorted((left, right) => ((skuKey(left) ?? '') < (skuKey(right) ?? '') ? -1 : 1))[0]
  const row = {
    stockId: stockIdOf(product.id, null),
    sku: own.sku ?? first ?? null,
    name: product.name,
    createdAt: product.date_created_gmt,
    products: [own, ...shared],
  }
  if (bundleTypes.has(product.type)) return { ...row, stock: null, fault: 'bundle' }
  return { ...row, ...stockOf(product) }
}

/** null: it shares its parent's stock. `parent` is missing where it went meanwhile. */
export function rowOfVariation(variation: Variation, parent: Product | undefined): ObservedRow | null {
  if (variation.manage_stock === 'parent') return null
  const sku = ownSkuOf(variation, parent)
  const name = nameOf(variation, parent)
  const parentId = String(variation.parent_id)
  return {
    stockId: stockIdOf(variation.parent_id, variation.id),
    sku,
    name,
    createdAt: variation.date_created_gmt,
    products: [{ id: String(variation.id), parentId, sku, name }],
    ...stockOf(variation),
  }
}

function stockOf({ manage_stock: manages, stock_quantity: quantity }: Product): Pick<ObservedRow, 'stock' | 'fault'> {
  if (manages === false) return { stock: null }
  if (manages !== true) return { stock: null, fault: 'stock-not-a-number' }
  const stock = parseStock(quantity ?? null)
  return stock.ok ? { stock: stock.value } : { stock: null, fault: stock.code }
}

/** A variation without a SKU shows its parent's, which would stand there once for each of them. */
function ownSkuOf({ sku }: Variation, parent: Product | undefined): string | null {
  return parent !== undefined && sku === parent.sku ? null : skuOf(sku)
}

function nameOf({ name }: Variation, parent: Product | undefined): string {
  if (parent === undefined || name.startsWith(parent.name)) return name
  return name === '' ? parent.name : `${parent.name} (${name})`
}

function skuOf(sku: string): string | null {
  return sku.trim() === '' ? null : sku
}

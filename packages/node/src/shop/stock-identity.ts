/**
 * Under which SKU and name a stock row goes. A stock row of one product goes by that product's; a pool goes by its
 * parent's SKU, else by the smallest SKU key among its products, so that every reader of the feed agrees.
 */
import { parseSku, type ShopProduct, type SkuKey } from '@stockmesh/protocol'

export interface StockIdentity {
  readonly sku: string | null
  readonly name: string
}

/** The SKU key of a product or stock row; null where it has none that can be synchronised. */
export function keyOf(sku: string | null): SkuKey | null {
  const parsed = parseSku(sku)
  return parsed.ok ? parsed.value.key : null
}

export function identityOf(products: readonly ShopProduct[]): StockIdentity {
  const [first] = products
  if (first === undefined) return { sku: null, name: '' }
  if (products.length === 1) return { sku: first.sku, name: first.name }
  const parents = new Set(products.map((product) => product.parentId))
  const chosen =
    smallest(products.filter((product) => product.parentId === null && parents.has(product.id))) ??
    smallest(products) ??
    products.find((product) => (product.sku ?? '').trim() !== '') ??
    first
  return { sku: chosen.sku, name: chosen.name }
}

/** Whether two spellings are the same SKU; those without a key are compared as they stand. */
export function sameSku(left: string | null, right: string | null): boolean {
  return (keyOf(left) ?? left) === (keyOf(right) ?? right)
}

function smallest(products: readonly ShopProduct[]): ShopProduct | null {
  let best: { readonly key: SkuKey; readonly product: ShopProduct } | null = null
  for (const product of products) {
    const key = keyOf(product.sku)
    if (key === null) continue
    if (best === null || key < best.key || (key === best.key && product.id < best.product.id)) best = { key, product }
  }
  return best?.product ?? null
}

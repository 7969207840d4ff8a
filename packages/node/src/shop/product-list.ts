/**
 * The list of products, page by page: all of them, those that match a text, those under one SKU, or those whose
 * model/varenr. is not unique. A cursor names the last product that was seen, so it survives changes in between.
 */
import type { List } from '@stockmesh/protocol'
import { ApiFailure } from '../http/node-api.ts'
import type { Catalogue, Product } from './catalogue.ts'
import { type ProductView, viewOf } from './products.ts'
import type { ProductQuery } from './shop-body.ts'
import { isId } from './shop-table.ts'
import { keyOf } from './stock-identity.ts'

interface Listed {
  readonly product: Product
  readonly cursor: string
}

export function listProducts(catalogue: Catalogue, query: ProductQuery): List<ProductView> {
  const { after, limit, duplicates, q } = query
  if (after !== null && !duplicates && !isId(after)) throw cursorInvalid()
  if (!duplicates && q === null && query.sku === null) {
    return page(catalogue, take(listed(catalogue.productsAfter(after)), limit), catalogue.productCount, limit)
  }
  const matching = duplicates ? duplicateProducts(catalogue) : [...listed(candidates(catalogue, query.sku))]
  const found = q === null ? matching : matching.filter(({ product }) => matches(product, q))
  const start = after === null ? 0 : found.findIndex(({ cursor }) => cursor > after)
  return page(catalogue, start < 0 ? [] : found.slice(start, start + limit + 1), found.length, limit)
}

/** One more than the page shows is looked at, to know whether there is another page. */
function page(catalogue: Catalogue, found: readonly Listed[], total: number, limit: number): List<ProductView> {
  const items = found.slice(0, limit).map(({ product }) => viewOf(catalogue, product))
  return { items, next: found.length > limit ? (found[limit - 1]?.cursor ?? null) : null, total }
}

function take(products: Iterable<Listed>, limit: number): readonly Listed[] {
  const taken: Listed[] = []
  for (const product of products) {
    taken.push(product)
    if (taken.length > limit) break
  }
  return taken
}

function* listed(products: Iterable<Product>): Iterable<Listed> {
  for (const product of products) yield { product, cursor: product.id }
}

function candidates(catalogue: Catalogue, sku: string | null): Iterable<Product> {
  if (sku === null) return catalogue.productsAfter(null)
  const key = keyOf(sku)
  return key === null ? [] : catalogue.productsUnder(key).toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

/** "Med dobbelt model/varenr.": the colliding products stand together. */
function duplicateProducts(catalogue: Catalogue): readonly Listed[] {
  const found = catalogue.duplicateKeys().flatMap((key) =>
    catalogue.productsUnder(key).map((product) => ({
      product,
      // In hex the order of the cursors is the order of the keys, and a cursor is plain text in an address.
      cursor: `${Buffer.from(key, 'utf8').toString('hex')}.${product.id}`,
    })),
  )
  return found.sort((one, other) => (one.cursor < other.cursor ? -1 : 1))
}

function matches({ sku, name }: Product, q: string): boolean {
  const text = folded(q.trim())
  return folded(name).includes(text) || folded(sku ?? '').includes(text)
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

function cursorInvalid(): ApiFailure {
  return new ApiFailure(400, 'query-invalid', 'This is not a cursor of this list.', { path: 'after' })
}

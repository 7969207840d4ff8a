/**
 * The shop's products and stock rows in RAM, with their indexes. It holds what is true after the last transaction,
 * which may be ahead of the disk; it decides nothing. SKUs are keys of maps only, since `__proto__` is a legal SKU.
 */
import type { ShopProduct, SkuKey, StockRow } from '@stockmesh/protocol'
import { SortedIds } from './sorted-ids.ts'
import { keyOf } from './stock-identity.ts'

export interface Product extends ShopProduct {
  readonly stockId: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export interface PooledRow extends StockRow {
  /** The name under which other products can join this stock row; null where it has none. */
  readonly pool: string | null
}

export class Catalogue {
  readonly #products = new Map<string, Product>()
  readonly #rows = new Map<string, PooledRow>()
  readonly #productIds = new SortedIds()
  readonly #rowIds = new SortedIds()
  readonly #productsByKey = new Map<SkuKey, Set<string>>()
  readonly #rowsByKey = new Map<SkuKey, Set<string>>()
  readonly #rowByPool = new Map<string, string>()
  readonly #variants = new Map<string, Set<string>>()

  get productCount(): number {
    return this.#products.size
  }

  get rowCount(): number {
    return this.#rows.size
  }

  product(id: string): Product | null {
    return this.#products.get(id) ?? null
  }

  row(stockId: string): PooledRow | null {
    return this.#rows.get(stockId) ?? null
  }

  rowOfPool(pool: string): PooledRow | null {
    const stockId = this.#rowByPool.get(pool)
    return stockId === undefined ? null : this.row(stockId)
  }

  /** Products after this id, in the order in which they were made. */
  *productsAfter(id: string | null): Iterable<Product> {
    for (const productId of this.#productIds.after(id)) {
      const product = this.#products.get(productId)
      if (product !== undefined) yield product
    }
  }

  *rowsAfter(stockId: string | null): Iterable<PooledRow> {
    for (const id of this.#rowIds.after(stockId)) {
      const row = this.#rows.get(id)
      if (row !== undefined) yield row
    }
  }

  productsUnder(key: SkuKey): readonly Product[] {
    return this.#found(this.#productsByKey.get(key), this.#products)
  }

  rowsUnder(key: SkuKey): readonly PooledRow[] {
    return this.#found(this.#rowsByKey.get(key), this.#rows)
  }

  variantsOf(id: string): readonly Product[] {
    return this.#found(this.#variants.get(id), this.#products).toSorted((one, other) => (one.id < other.id ? -1 : 1))
  }

  /** SKU keys that lead to more than one stock number, in key order. */
  duplicateKeys(): readonly SkuKey[] {
    const keys: SkuKey[] = []
    for (const [key, ids] of this.#productsByKey) {
      if (ids.size > 1 && new Set(this.productsUnder(key).map((product) => product.stockId)).size > 1) keys.push(key)
    }
    return keys.sort()
  }

  putProduct(product: Product): void {
    this.removeProduct(product.id)
    this.#products.set(product.id, product)
    this.#productIds.add(product.id)
    addTo(this.#productsByKey, keyOf(product.sku), product.id)
    addTo(this.#variants, product.parentId, product.id)
  }

  removeProduct(id: string): void {
    const product = this.#products.get(id)
    if (product === undefined) return
    this.#products.delete(id)
    this.#productIds.remove(id)
    removeFrom(this.#productsByKey, keyOf(product.sku), id)
    removeFrom(this.#variants, product.parentId, id)
  }

  putRow(row: PooledRow): void {
    const previous = this.#rows.get(row.stockId)
    this.#rows.set(row.stockId, row)
    if (previous !== undefined && previous.sku === row.sku) return
    if (previous !== undefined) removeFrom(this.#rowsByKey, keyOf(previous.sku), row.stockId)
    this.#rowIds.add(row.stockId)
    addTo(this.#rowsByKey, keyOf(row.sku), row.stockId)
    if (row.pool !== null) this.#rowByPool.set(row.pool, row.stockId)
  }

  removeRow(stockId: string): void {
    const row = this.#rows.get(stockId)
    if (row === undefined) return
    this.#rows.delete(stockId)
    this.#rowIds.remove(stockId)
    removeFrom(this.#rowsByKey, keyOf(row.sku), stockId)
    if (row.pool !== null) this.#rowByPool.delete(row.pool)
  }

  #found<T>(ids: ReadonlySet<string> | undefined, from: ReadonlyMap<string, T>): readonly T[] {
    const found: T[] = []
    for (const id of ids ?? []) {
      const value = from.get(id)
      if (value !== undefined) found.push(value)
    }
    return found
  }
}

function addTo<K>(index: Map<K, Set<string>>, key: K | null, id: string): void {
  if (key === null) return
  const ids = index.get(key)
  if (ids === undefined) index.set(key, new Set([id]))
  else ids.add(id)
}

function removeFrom<K>(index: Map<K, Set<string>>, key: K | null, id: string): void {
  if (key === null) return
  const ids = index.get(key)
  ids?.delete(id)
  if (ids?.size === 0) index.delete(key)
}

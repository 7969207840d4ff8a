/**
 * What creating, changing and deleting products does to the stock, inside one transaction: which stock row they share,
 * and what of it is a movement. A new number under a new SKU is a new start, never a movement of either SKU.
 */
import type { ShopProduct } from '@stockmesh/protocol'
import { ApiFailure } from '../http/node-api.ts'
import type { Catalogue, PooledRow, Product } from './catalogue.ts'
import type { ChangeProductBody, CreateProductBody } from './shop-body.ts'
import { identityOf, sameSku } from './stock-identity.ts'
import type { Transaction } from './transaction.ts'

/** A product or variant as the HTTP interface answers it. */
export interface ProductView extends ShopProduct {
  readonly stock: number | null
  readonly stockId: string
  readonly pool: string | null
  /** ISO 8601. */
  readonly createdAt: string
  /** Grows with every change of the product or its stock. */
  readonly version: number
}

export interface ProductWithVariants extends ProductView {
  readonly variants: readonly ProductView[]
}

export function createProduct(transaction: Transaction, body: CreateProductBody): ProductWithVariants {
  const pool = typeof body.pool === 'string' ? body.pool : null
  const joined = pool === null ? null : transaction.catalogue.rowOfPool(pool)
  const shared = body.pool === undefined ? null : (joined?.stockId ?? transaction.nextId('stock'))
  const make = (parentId: string | null, { sku, name }: { sku: string | null; name: string }): Product => ({
    id: transaction.nextId('product'),
    parentId,
    sku,
    name,
    stockId: shared ?? transaction.nextId('stock'),
    createdAt: transaction.at,
  })
  const parent = make(null, body)
  const variants = (body.variants ?? []).map((variant) => make(parent.id, variant))
  const products = [parent, ...variants]
  for (const product of products) transaction.putProduct(product)
  const stocks = [body.stock, ...(body.variants ?? []).map((variant) => variant.stock)]
  if (joined !== null) {
    transaction.describeRow(joined, [...joined.products, ...products.map(factsOf)], joined.stock)
  } else if (shared !== null) {
    const stock = stocks.find((given) => given !== undefined && given !== null) ?? null
    transaction.createRow({ stockId: shared, pool, stock, products: products.map(factsOf) })
  } else {
    for (const [index, product] of products.entries()) {
      const row = { stockId: product.stockId, pool: null, stock: stocks[index] ?? null, products: [factsOf(product)] }
      transaction.createRow(row)
    }
  }
  return viewWithVariants(transaction.catalogue, parent)
}

/** Errors: 404 `product-unknown`, 409 `stock-changed`, 422 `stock-untracked`, 422 `stock-out-of-range`. */
export function changeProduct(transaction: Transaction, id: string, body: ChangeProductBody): ProductWithVariants {
  const { catalogue } = transaction
  const product = productOf(catalogue, id)
  const row = rowOf(catalogue, product)
  if (body.ifStock !== undefined && body.ifStock !== row.stock) {
    throw new ApiFailure(409, 'stock-changed', 'The stock has changed meanwhile. Look at it again.', {
      stock: row.stock,
    })
  }
  const stock = stockAfter(row, body)
  const changed: Product = {
    ...product,
    sku: body.sku === undefined ? product.sku : body.sku,
    name: body.name ?? product.name,
  }
  const factsChanged = changed.sku !== product.sku || changed.name !== product.name
  if (factsChanged) transaction.putProduct(changed)
  const products = row.products.map((other) => (other.id === id ? factsOf(changed) : other))
  const typed = body.stock === undefined ? null : stock
  applyFacts(transaction, { row, products, factsChanged, stock, typed })
  return viewWithVariants(catalogue, changed)
}

/** A product goes with its variants. Errors: 404 `product-unknown`. */
export function deleteProduct(transaction: Transaction, id: string): void {
  const { catalogue } = transaction
  const product = productOf(catalogue, id)
  const gone = [product, ...catalogue.variantsOf(id)]
  const goneIds = new Set(gone.map((each) => each.id))
  for (const each of gone) transaction.removeProduct(each)
  for (const stockId of new Set(gone.map((each) => each.stockId))) {
    const row = catalogue.row(stockId)
    if (row === null) continue
    const left = row.products.filter((other) => !goneIds.has(other.id))
    if (left.length === 0) transaction.deleteRow(row)
    else transaction.describeRow(row, left, row.stock)
  }
}

export function productOf(catalogue: Catalogue, id: string): Product {
  const product = catalogue.product(id)
  if (product === null) throw new ApiFailure(404, 'product-unknown', 'There is no product with this id.')
  return product
}

export function rowOf(catalogue: Catalogue, product: Product): PooledRow {
  const row = catalogue.row(product.stockId)
  if (row === null) throw new Error('a product without its stock row')
  return row
}

export function viewOf(catalogue: Catalogue, product: Product): ProductView {
  const { stock, version, pool } = rowOf(catalogue, product)
  const { stockId, createdAt } = product
  return { ...factsOf(product), stock, stockId, pool, createdAt: new Date(createdAt).toISOString(), version }
}

export function viewWithVariants(catalogue: Catalogue, product: Product): ProductWithVariants {
  const variants = catalogue.variantsOf(product.id).map((variant) => viewOf(catalogue, variant))
  return { ...viewOf(catalogue, product), variants }
}

function factsOf({ id, parentId, sku, name }: Product): ShopProduct {
  return { id, parentId, sku, name }
}

function stockAfter(row: PooledRow, body: ChangeProductBody): number | null {
  if (body.stock !== undefined) return body.stock
  if (body.stockChange === undefined) return row.stock
  if (row.stock === null) {
    throw new ApiFailure(422, 'stock-untracked', 'The stock of this product is not tracked. Give it a number first.')
  }
  return row.stock + body.stockChange
}

function applyFacts(
  transaction: Transaction,
  change: {
    row: PooledRow
    products: readonly ShopProduct[]
    factsChanged: boolean
    stock: number | null
    /** The number that somebody typed; null for a relative change. */
    typed: number | null
  },
): void {
  const { row, products, factsChanged, stock, typed } = change
  const renamed = !sameSku(identityOf(products).sku, row.sku)
  if (renamed || row.stock === null || stock === null) {
    if (factsChanged || row.stock !== stock) transaction.describeRow(row, products, stock)
    return
  }
  const described = factsChanged ? transaction.describeRow(row, products, row.stock) : row
  if (stock === row.stock) return
  const movement = { kind: 'manual', delta: stock - row.stock } as const
  transaction.moveStock(described, typed === null ? movement : { ...movement, reference: `=${typed}` })
}

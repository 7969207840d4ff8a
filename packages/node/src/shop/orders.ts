/**
 * Orders: all lines or none, and one movement for each stock row and kind of line. Cancelling puts back what the order
 * moved, once, wherever the stock row is still there and tracked.
 */
import { put } from '../storage/storage.ts'
import { ApiFailure } from '../http/node-api.ts'
import type { Catalogue, PooledRow, Product } from './catalogue.ts'
import { rowOf } from './products.ts'
import type { OrderBody, OrderLineBody } from './shop-body.ts'
import { encodeJson } from '../storage/json.ts'
import { keys } from './shop-table.ts'
import { keyOf } from './stock-identity.ts'
import type { Transaction } from './transaction.ts'

interface OrderLine {
  readonly productId: string
  readonly stockId: string
  /** As the shop spelled it when the order came. */
  readonly sku: string | null
  readonly name: string
  /** Units; negative for goods that came back. */
  readonly quantity: number
  /** Whether the stock was tracked, so that the line moved it. */
  readonly tracked: boolean
}

interface SkippedLine extends OrderLine {
  readonly reason: 'product-deleted' | 'untracked'
}

export interface Order {
  readonly id: string
  readonly state: 'placed' | 'cancelled'
  /** ISO 8601. */
  readonly createdAt: string
  readonly cancelledAt: string | null
  readonly lines: readonly OrderLine[]
  /** Of a cancelled order: lines whose goods went back into stock, and those whose did not. */
  readonly restocked: readonly OrderLine[]
  readonly skipped: readonly SkippedLine[]
}

/** Errors: 409 `sku-ambiguous`, 422 `sku-unknown`, 422 `product-unknown`, 409 `insufficient-stock`. */
export function placeOrder(transaction: Transaction, body: OrderBody): Order {
  const { catalogue } = transaction
  const lines = body.lines.map((line, index) => orderLineOf(catalogue, line, index))
  const rows = rowsOf(catalogue, lines)
  if (body.allowBackorder !== true) assertInStock(rows)
  const id = transaction.nextId('order')
  for (const { row, sold, returned } of rows) {
    let moved = row
    if (sold !== 0) moved = transaction.moveStock(moved, { kind: 'sale', delta: -sold, reference: id }).row
    if (returned !== 0) transaction.moveStock(moved, { kind: 'return', delta: returned, reference: id })
  }
  const order: Order = {
    id,
    state: 'placed',
    createdAt: new Date(transaction.at).toISOString(),
    cancelledAt: null,
    lines,
    restocked: [],
    skipped: [],
  }
  transaction.write(put(keys.order(id), encodeJson(order)))
  return order
}

/** Cancelling again answers the cancelled order and moves nothing. */
export function cancelOrder(transaction: Transaction, order: Order): Order {
  if (order.state === 'cancelled') return order
  const { catalogue } = transaction
  const restocked: OrderLine[] = []
  const skipped: SkippedLine[] = []
  for (const line of order.lines) {
    const row = catalogue.row(line.stockId)
    if (row === null) skipped.push({ ...line, reason: 'product-deleted' })
    else if (!line.tracked || row.stock === null) skipped.push({ ...line, reason: 'untracked' })
    else restocked.push(line)
  }
  for (const { row, sold, returned } of rowsOf(catalogue, restocked)) {
    if (sold === returned) continue
    transaction.moveStock(row, { kind: 'cancel', delta: sold - returned, reference: order.id })
  }
  const cancelledAt = new Date(transaction.at).toISOString()
  const cancelled: Order = { ...order, state: 'cancelled', cancelledAt, restocked, skipped }
  transaction.write(put(keys.order(order.id), encodeJson(cancelled)))
  return cancelled
}

interface OrderedRow {
  readonly row: PooledRow
  sold: number
  returned: number
}

/** What the lines take from and bring to each stock row that is tracked. */
function rowsOf(catalogue: Catalogue, lines: readonly OrderLine[]): readonly OrderedRow[] {
  const rows = new Map<string, OrderedRow>()
  for (const { stockId, quantity } of lines) {
    const row = catalogue.row(stockId)
    if (row === null || row.stock === null) continue
    const ordered = rows.get(stockId) ?? { row, sold: 0, returned: 0 }
    rows.set(stockId, ordered)
    if (quantity > 0) ordered.sold += quantity
    else ordered.returned -= quantity
  }
  return [...rows.values()]
}

function assertInStock(rows: readonly OrderedRow[]): void {
  const short = rows.filter(({ row, sold, returned }) => sold > 0 && (row.stock ?? 0) - sold + returned < 0)
  if (short.length === 0) return
  throw new ApiFailure(409, 'insufficient-stock', 'There is not enough in stock. Order fewer, or allow a backorder.', {
    lines: short.map(({ row, sold }) => ({ sku: row.sku, requested: sold, available: row.stock })),
  })
}

function orderLineOf(catalogue: Catalogue, line: OrderLineBody, index: number): OrderLine {
  const product =
    line.productId === undefined ? productUnderSku(catalogue, line.sku ?? '', index) : catalogue.product(line.productId)
  if (product === null) {
    const path = `lines.${index}.productId`
    throw new ApiFailure(422, 'product-unknown', 'There is no product with this id.', { path })
  }
  const { id: productId, stockId, sku, name } = product
  return { productId, stockId, sku, name, quantity: line.quantity, tracked: rowOf(catalogue, product).stock !== null }
}

function productUnderSku(catalogue: Catalogue, sku: string, index: number): Product {
  const key = keyOf(sku)
  const [product, ...others] = key === null ? [] : catalogue.productsUnder(key)
  const details = { path: `lines.${index}.sku`, sku }
  if (product === undefined) {
    throw new ApiFailure(422, 'sku-unknown', 'No product has this model/varenr.', details)
  }
  if (others.some((other) => other.stockId !== product.stockId)) {
    throw new ApiFailure(409, 'sku-ambiguous', 'Several products have this model/varenr. Order by productId.', details)
  }
  return product
}

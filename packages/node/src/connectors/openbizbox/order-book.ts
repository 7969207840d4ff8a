/**
 * Reading orders that are new or were changed, and the lines in which they took from the stock or gave back. The order
 * in which the shop lists orders is not published, so a question goes on upwards and downwards by id until nothing comes.
 *
 * New orders are found by their ids. Changed ones are found by their time of change, which the shop tells without a
 * zone: a question reaches back by more than the zone and the change to winter time can hide.
 */
import type { OrderLine } from '../observed/observed-shop.ts'
import { type Order, orders } from './answers.ts'
import { answerInvalid } from '../shop-exchange.ts'
import type { OpenBizBoxClient } from './client.ts'
import { orderPagesMax, ordersLateMsMax, ordersOverlapMs, pageItemsAsked } from './limits.ts'
import { momentOf } from './product-rows.ts'
import { stockIdOf } from './stock-id.ts'

/** How far orders were read. */
export interface OrderMark {
  /** Highest id. */
  readonly id: number
  /** Time of the last change, as the shop writes it and without its zone, read as if it were UTC; null: none yet. */
  readonly changedAt: number | null
  /** Time of the last change in milliseconds since 1970; null: none was told with its zone. */
  readonly newest: number | null
}

const noMark: OrderMark = { id: 0, changedAt: null, newest: null }

export async function markOfNow(client: OpenBizBoxClient, signal: AbortSignal): Promise<OrderMark> {
  let newest: Order | null = null
  let step = 1
  // Steps that double, then shrink again: the highest id is found without reading every order.
  for (let low = 0, missed = false; ; ) {
    const page = await readOnePage(client, `id=gt=${low + step - 1}`, 1, signal)
    const found: Order | undefined = page.toSorted((left, right) => right.id - left.id)[0]
    if (found !== undefined) {
      newest = found
      low = found.id
      step = missed ? Math.max(1, Math.floor(step / 2)) : step * 2
    } else if (step === 1) break
    else {
      missed = true
      step = Math.max(1, Math.floor(step / 2))
    }
  }
  return newest === null ? noMark : markAfter(noMark, [newest])
}

export async function readOrders(
  client: OpenBizBoxClient,
  mark: OrderMark,
  signal: AbortSignal,
): Promise<{ readonly orders: readonly Order[]; readonly mark: OrderMark }> {
  const wanted = filterOf(mark)
  const first = await readOnePage(client, wanted, pageItemsAsked, signal)
  const found = new Map(first.map((order) => [order.id, order]))
  /** From the edge of the first page on, until nothing more comes. */
  const readOn = async (direction: 'gt' | 'lt', start: number): Promise<void> => {
    for (let [edge, pages] = [start, 0]; ; pages += 1) {
      if (pages === orderPagesMax) throw answerInvalid('the list of changed orders has no end')
      const page = await readOnePage(client, `${wanted};id=${direction}=${edge}`, pageItemsAsked, signal)
      if (page.length === 0) return
      for (const order of page) {
        const isBeyond = direction === 'gt' ? order.id > edge : order.id < edge
        if (!isBeyond) throw answerInvalid('the orders are not those that were asked for')
        found.set(order.id, order)
      }
      const ids = page.map(({ id }) => id)
      edge = direction === 'gt' ? Math.max(...ids) : Math.min(...ids)
    }
  }
  if (found.size > 0) {
    const ids = [...found.keys()]
    await Promise.all([readOn('gt', Math.max(...ids)), readOn('lt', Math.min(...ids))])
  }
  const all = [...found.values()].sort((left, right) => left.id - right.id)
  return { orders: all, mark: markAfter(mark, all) }
}

/** Whether an order may have changed since the mark; a time that has its zone says so, any other order may have. */
export function mayBeFresh({ id, modified_at: text }: Order, mark: OrderMark): boolean {
  const at = text !== null && hasZone(text) ? momentOf(text) : null
  return id > mark.id || at === null || mark.newest === null || at >= mark.newest - ordersLateMsMax
}

/** Variants that an order names. */
export function stockIdsOfOrder({ lines }: Order): readonly string[] {
  return (lines ?? []).flatMap(({ product_id: product, variant_id: variant }) =>
    product == null || variant == null ? [] : [stockIdOf(product, variant)],
  )
}

/**
 * What an order took and gave back. A cancelled order gives back what its refunds did not. A line whose quantity is
 * no whole number tells nothing.
 */
export function linesOfOrder(order: Order): readonly OrderLine[] {
  const reference = String(order.id)
  const at = momentOf(order.created_at) ?? 0
  const changedAt = momentOf(order.modified_at) ?? at
  const found: OrderLine[] = []
  for (const line of order.lines ?? []) {
    const { product_id: product, variant_id: variant, quantity } = line
    if (product == null || variant == null || quantity === null || quantity <= 0) continue
    const stockId = stockIdOf(product, variant)
    const id = `${order.id}-${line.order_line_id}`
    found.push({ id, stockId, delta: -quantity, kind: 'sale', reference, at })
    let refunded = 0
    for (const refund of order.refunds ?? []) {
      const part = refundedOf(refund, line.order_line_id, quantity - refunded)
      if (part === 0) continue
      refunded += part
      if (!restocks(refund.restock)) continue
      found.push({ id: `${id}-refund-${refund.id}`, stockId, delta: part, kind: 'return', reference, at: changedAt })
    }
    if (order.status?.is_cancelled === true && refunded < quantity) {
      found.push({ id: `${id}-cancel`, stockId, delta: quantity - refunded, kind: 'cancel', reference, at: changedAt })
    }
  }
  return found
}

/** A refund without lines is one of the whole order; a line without a quantity is refunded whole. */
function refundedOf(refund: NonNullable<Order['refunds']>[number], lineId: number, left: number): number {
  if (refund.lines.length === 0) return left
  const line = refund.lines.find((one) => one.order_line_id === lineId)
  return line === undefined ? 0 : Math.max(0, Math.min(left, line.quantity ?? left))
}

function restocks(value: unknown): boolean {
  return value !== false && value !== 0 && value !== '0' && value !== 'false'
}

function hasZone(text: string): boolean {
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(text)
}

function filterOf({ id, changedAt }: OrderMark): string {
  if (changedAt === null) return `id=gt=${id}`
  const since = new Date(changedAt - ordersOverlapMs).toISOString().slice(0, 19).replace('T', ' ')
  return `(modified_at=gte=${since},id=gt=${id})`
}

function markAfter(mark: OrderMark, read: readonly Order[]): OrderMark {
  let { id, changedAt, newest } = mark
  for (const order of read) {
    id = Math.max(id, order.id)
    const text = order.modified_at ?? order.created_at
    const at = momentOf(text)
    if (text === null || at === null) continue
    const written = Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`)
    // The shop may compare with its own time of day or with UTC: the earlier of both misses nothing.
    if (hasZone(text)) newest = Math.max(newest ?? 0, at)
    changedAt = Math.max(changedAt ?? 0, Math.min(at, Number.isNaN(written) ? at : written))
  }
  return { id, changedAt, newest }
}

async function readOnePage(
  client: OpenBizBoxClient,
  filter: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Order[]> {
  const path = `/api/v3/orders.json?limit=${limit}&filter=${encodeURIComponent(filter)}`
  return (await client.ask({ method: 'GET', path, schema: orders }, signal)).value
}

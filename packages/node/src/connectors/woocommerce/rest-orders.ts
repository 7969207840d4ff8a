/**
 * What orders hold of the stock, read from the lines of those that were changed lately. Each line says it itself, in the
 * note `_reduced_stock` that WooCommerce keeps: set when it takes, lowered by a refund that puts goods back, gone when
 * the order is cancelled. An order in the trash still holds what it took.
 */
import { z } from 'zod'
import type { ObservedOrder, OrderLines } from '../observed/observed-shop.ts'
import { hasHeld, ids, type Order, orderFields, orders, unitsHeld } from './rest-answers.ts'
import { firstPage, pagePlace, type RestCalls } from './rest-calls.ts'
import { timeText } from './rest-catalogue.ts'
import { ordersKnownMs, ordersOverlapMs } from './rest-limits.ts'
import { stockIdOf } from './rest-rows.ts'

const ordersCursor = z.object({
  /** When orders were asked for last, by the shop's clock. */
  askedAt: z.number(),
  /** The first look: orders above this id, or made since then, held nothing before. */
  begun: z.object({ id: z.int().min(0), knownFrom: z.number() }),
  /** In the middle of a list: which, where, when it was begun, and whether it is the first look. */
  list: z
    .object({ of: z.enum(['any', 'trash']), place: pagePlace, startedAt: z.number(), isBeginning: z.boolean() })
    .nullable(),
})
type OrdersCursor = z.infer<typeof ordersCursor>

/** Statuses in which an order has given back what it held, as WooCommerce does it. */
const cancelled = new Set(['cancelled', 'failed', 'pending', 'checkout-draft'])

export async function readOrders(
  calls: RestCalls,
  cursor: string | null,
  { looksIntoTrash, now }: { readonly looksIntoTrash: boolean; readonly now: number },
  signal: AbortSignal,
): Promise<OrderLines> {
  const at = cursor === null ? await begin(calls, now, signal) : ordersCursor.parse(JSON.parse(cursor))
  const of = at.list?.of ?? 'any'
  const since = at.list?.isBeginning === true ? at.begun.knownFrom : at.askedAt - ordersOverlapMs
  const query = `status=${of}&modified_after=${timeText(since)}&dates_are_gmt=true&_fields=${orderFields}`
  const asked = { path: '/orders', query, schema: orders }
  const { items, next, shopTime } = await calls.page(asked, at.list?.place ?? firstPage, signal)
  const list = at.list ?? { of, startedAt: shopTime ?? newestOf(items, at.askedAt), isBeginning: false }
  const more = next ?? (of === 'any' && (list.isBeginning || looksIntoTrash) ? firstPage : null)
  const after: OrdersCursor =
    more === null
      ? { ...at, askedAt: list.startedAt, list: null }
      : { ...at, list: { ...list, of: next === null ? 'trash' : of, place: more } }
  return {
    lines: [],
    orders: items.map((order) => stateOf(order, at.begun)),
    ...(list.isBeginning ? { isBeginning: true as const } : {}),
    cursor: JSON.stringify(after),
    hasMore: more !== null,
  }
}

/** The first look: what the orders of the last weeks hold is known from then on, and is no news. */
async function begin(calls: RestCalls, now: number, signal: AbortSignal): Promise<OrdersCursor> {
  const { value, shopTime } = await calls.get('/orders', 'orderby=id&order=desc&per_page=1&_fields=id', ids, signal)
  const startedAt = shopTime ?? now
  const knownFrom = startedAt - ordersKnownMs
  const list = { of: 'any', place: firstPage, startedAt, isBeginning: true } as const
  return { askedAt: startedAt, begun: { id: value[0]?.id ?? 0, knownFrom }, list }
}

function stateOf(order: Order, begun: OrdersCursor['begun']): ObservedOrder {
  const { id, date_created_gmt: createdAt, date_modified_gmt: changedAt } = order
  return {
    id: String(id),
    reference: order.number === '' ? String(id) : order.number,
    createdAt,
    changedAt,
    ...(cancelled.has(order.status) ? { givesBack: 'cancel', isClosed: true } : { givesBack: 'return' }),
    // A draft of a checkout has its id before it is an order.
    isNew: id > begun.id || createdAt > begun.knownFrom,
    lines: order.line_items.flatMap((line) => {
      const { product_id: product, variation_id: variation, quantity } = line
      if (product === 0) return []
      const pool = stockIdOf(product, null)
      const stockIds = variation === 0 ? [pool] : [stockIdOf(product, variation), pool]
      const units = unitsHeld(line)
      const ordered = Math.max(0, Math.floor(quantity))
      return [{ id: String(line.id), stockIds, units, ordered, ...(hasHeld(line) ? { hasHeld: true as const } : {}) }]
    }),
  }
}

function newestOf(items: readonly Order[], before: number): number {
  return items.reduce((newest, { date_modified_gmt: at }) => Math.max(newest, at), before)
}

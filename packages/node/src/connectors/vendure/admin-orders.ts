/**
 * What orders hold of the stock, read from those that were changed lately. An order holds its units from its payment on,
 * whether they are allocated or have left the house, until they are cancelled: then its lines have fewer.
 */
import { z } from 'zod'
import type { ObservedOrder, OrderLines } from '../observed/observed-shop.ts'
import type { AdminClient } from './admin-client.ts'
import { changesOverlapMs, ordersKnownMs } from './admin-limits.ts'
import { firstPage, place, readPage } from './admin-pages.ts'
import { type Order, orderFields, orderPage } from './admin-rows.ts'

const cursorText = z.object({
  /** When orders were asked for last, by the shop's clock. */
  askedAt: z.number(),
  /** What orders of before hold was looked at first; one that was placed since held nothing before it was seen. */
  knownFrom: z.number(),
  /** In the middle of a list: where, when it was begun, and whether it is the first look. */
  list: z.object({ place, startedAt: z.number(), isBeginning: z.boolean() }).nullable(),
})
type Cursor = z.infer<typeof cursorText>

const query = `query StockmeshOrders($options: OrderListOptions) { orders(options: $options) { totalItems items { ${orderFields} } } }`

export async function readOrders(
  client: AdminClient,
  cursor: string | null,
  now: number,
  signal: AbortSignal,
): Promise<OrderLines> {
  const at = cursor === null ? null : cursorText.parse(JSON.parse(cursor))
  const knownFrom = at?.knownFrom ?? now - ordersKnownMs
  const isBeginning = at === null || at.list?.isBeginning === true
  const since = isBeginning ? knownFrom : at.askedAt - changesOverlapMs
  const filter = { updatedAt: { after: new Date(since).toISOString() }, orderPlacedAt: { isNull: false } }
  const asked = {
    name: 'StockmeshOrders',
    query,
    filter,
    schema: orderPage,
    listOf: ({ orders }: z.infer<typeof orderPage>) => orders,
  }
  const page = await readPage(client, asked, at?.list?.place ?? firstPage, signal)
  const list = at?.list ?? { startedAt: page.shopTime ?? at?.askedAt ?? now, isBeginning }
  const next: Cursor =
    page.next === null
      ? { askedAt: list.startedAt, knownFrom, list: null }
      : { askedAt: at?.askedAt ?? list.startedAt, knownFrom, list: { ...list, place: page.next } }
  return {
    lines: [],
    orders: page.items.map((order) => stateOf(order, knownFrom)),
    ...(list.isBeginning ? { isBeginning: true as const } : {}),
    cursor: JSON.stringify(next),
    hasMore: page.next !== null,
  }
}

function stateOf({ id, code, createdAt, updatedAt, orderPlacedAt, lines }: Order, knownFrom: number): ObservedOrder {
  return {
    id,
    reference: code,
    createdAt: orderPlacedAt ?? createdAt,
    changedAt: updatedAt,
    givesBack: 'cancel',
    isNew: (orderPlacedAt ?? createdAt) > knownFrom,
    lines: lines.map(({ id: line, quantity, orderPlacedQuantity, productVariant }) => ({
      id: line,
      stockIds: [productVariant.id],
      units: orderPlacedAt === null ? 0 : quantity,
      ordered: Math.max(orderPlacedQuantity, quantity),
    })),
  }
}

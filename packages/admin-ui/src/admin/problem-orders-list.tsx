/** The orders of an oversold SKU, the time between them, and what the shop of each should do. */
import type { CollidingOrder } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { memberName } from '../live/live-store.ts'
import { Delta } from '../parts/count.tsx'
import { Moment } from '../parts/time.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'
import { secondsBetween } from './problem-orders.ts'

interface OrdersProps {
  readonly orders: readonly CollidingOrder[]
  /** One below that of the card. */
  readonly heading: 'h3' | 'h4'
}

export function Orders({ orders, heading: Heading }: OrdersProps): JSX.Element {
  const words = text.value.oversoldPage
  if (orders.length === 0) {
    return <p>{words.noOrders}</p>
  }
  return (
    <>
      <Heading class="orders-title">{text.value.problems.orders}</Heading>
      {orders.length > 1 && <p>{words.between(format.value.duration(secondsBetween(orders)), orders.length)}</p>}
      <ul class="rows">
        {orders.map((order) => (
          <li key={`${order.member}|${order.reference}|${order.at}`}>
            <span>
              {memberName(order.member)} <span class="mono">{order.reference ?? ''}</span>{' '}
              <span class={order.short > 0 ? 'strong' : 'muted'}>
                {order.short > 0 ? words.write(order.short) : words.send}
              </span>
            </span>
            <span class="rows-end">
              <span class="muted">
                <Moment at={order.at} />
              </span>
              <Delta value={order.delta} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

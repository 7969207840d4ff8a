/** The orders of an oversold SKU, so that a person can decide which buyer to write to. */
import type { JSX } from 'preact'
import { memberName } from '../live/live-store.ts'
import { Delta } from '../parts/count.tsx'
import { Moment } from '../parts/time.tsx'
import { text } from '../text/admin-language.ts'
import type { CollidingOrder } from './problem-orders.ts'

export function Orders({ orders }: { readonly orders: readonly CollidingOrder[] }): JSX.Element | null {
  if (orders.length === 0) {
    return null
  }
  return (
    <>
      <h4>{text.value.problems.orders}</h4>
      <ul class="rows">
        {orders.map((order) => (
          <li key={`${order.member}|${order.reference}|${order.at}`}>
            <span>
              {memberName(order.member)} <span class="mono">{order.reference ?? ''}</span>
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

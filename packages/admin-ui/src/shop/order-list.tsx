/** The latest orders, newest first; cancelling puts their units back into stock once. */
import { useSignal } from '@preact/signals'
import type { List } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { type Reading, useReading } from '../api/use-reading.ts'
import { isViewer } from '../api/viewer.ts'
import { Badge } from '../parts/badge.tsx'
import { CsvLinks } from '../parts/csv-links.tsx'
import { Empty } from '../parts/empty.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Moment } from '../parts/time.tsx'
import { format } from '../text/language.ts'
import type { ShopOrder } from './shop-api.ts'
import { text } from './shop-language.ts'

const pollMs = 3000

export function OrderList({ onChanged }: { readonly onChanged: () => void }): JSX.Element {
  const words = text.value
  const reading = useReading<List<ShopOrder>>('/shop/v1/orders?limit=20', 0)
  const said = useSignal('')
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) {
        reading.refresh()
      }
    }, pollMs)
    return () => clearInterval(timer)
  }, [reading])
  const items = reading.value.value?.items
  return (
    <section class="section" aria-labelledby="orders">
      <h2 id="orders">{words.orders}</h2>
      <FailureNotice failure={reading.failure} />
      <div aria-live="polite">{said.value !== '' && <p class="notice notice-good">{said.value}</p>}</div>
      {items !== undefined && items.length === 0 && <Empty>{words.ordersNone}</Empty>}
      {items !== undefined && items.length > 0 && (
        <ul class="rows card">
          {items.map((order) => (
            <OrderRow
              key={order.id}
              order={order}
              reading={reading}
              onCancelled={(sentence) => {
                said.value = sentence
                onChanged()
              }}
            />
          ))}
        </ul>
      )}
      {items !== undefined && items.length > 0 && (
        <p class="actions">
          <CsvLinks path="/shop/v1/orders.csv" words={words} />
        </p>
      )}
    </section>
  )
}

interface OrderRowProps {
  readonly order: ShopOrder
  readonly reading: Reading<List<ShopOrder>>
  readonly onCancelled: (sentence: string) => void
}

function OrderRow({ order, reading, onCancelled }: OrderRowProps): JSX.Element {
  const words = text.value
  const action = useAction()
  return (
    <li class="order">
      <span>
        <span class="mono">{order.id}</span>{' '}
        <span class="muted">
          <Moment at={order.createdAt} />
        </span>
        <br />
        {order.lines
          .map((line) => `${format.value.number(line.quantity)} × ${line.name === '' ? words.noName : line.name}`)
          .join(', ')}
        <FailureNotice failure={action.failure} />
      </span>
      <span class="rows-end">
        {order.state === 'cancelled' ? (
          <Badge tone="quiet" label={words.cancelled} />
        ) : (
          <button
            type="button"
            class="button"
            aria-label={`${words.cancelOrder} ${order.id}`}
            disabled={action.isBusy.value || isViewer.value}
            onClick={() =>
              action.run(async () => {
                const path = `/shop/v1/orders/${encodeURIComponent(order.id)}/cancel`
                const cancelled = await sendApi<ShopOrder>('POST', path)
                const gone = cancelled.skipped.filter((line) => line.reason === 'product-deleted')
                reading.refresh()
                onCancelled(words.orderCancelled(order.id, gone.length))
              })
            }
          >
            {words.cancelOrder}
          </button>
        )}
      </span>
    </li>
  )
}

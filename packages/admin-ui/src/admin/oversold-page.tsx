/** The SKUs of which more was sold than there was. One goes from here by itself when its level is back. */
import type { OversoldItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { usePagedList } from '../api/use-reading.ts'
import { versions } from '../live/live-store.ts'
import { Badge } from '../parts/badge.tsx'
import { CsvLinks } from '../parts/csv-links.tsx'
import { Empty } from '../parts/empty.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Pager } from '../parts/pager.tsx'
import { text } from '../text/admin-language.ts'
import { Orders } from './problem-orders-list.tsx'
import { formatRoute } from './route.ts'

export function OversoldPage(): JSX.Element {
  const list = usePagedList<OversoldItem>('/api/v1/oversold', versions.value.stock)
  const words = text.value.oversoldPage
  const items = list.items.value
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{words.title}</h1>
          <p class="lead">{words.intro}</p>
        </div>
        {items !== null && items.length > 0 && (
          <p class="actions">
            <CsvLinks path="/api/v1/oversold.csv" words={text.value.common} />
          </p>
        )}
      </div>
      <FailureNotice failure={list.failure} />
      {items === null && <p class="muted">{text.value.common.loading}</p>}
      {items !== null && items.length === 0 && (
        <Empty>
          <strong>{words.none}</strong>
        </Empty>
      )}
      <div class="stack">
        {items?.map((item) => (
          <Oversold key={item.sku} item={item} />
        ))}
      </div>
      <Pager list={list} />
    </>
  )
}

function Oversold({ item }: { readonly item: OversoldItem }): JSX.Element {
  const words = text.value.oversoldPage
  const product = formatRoute('products', { q: item.sku, open: item.sku })
  return (
    <article class="card problem">
      <div class="card-head">
        <h2>
          <a class="mono" href={product}>
            {item.sku}
          </a>{' '}
          {item.name}
        </h2>
        <Badge tone="attention" label={words.missing(-item.level)} />
      </div>
      <Orders orders={item.orders} heading="h3" />
      <p class="hint">{words.solve}</p>
      <p class="actions">
        <a class="button" href={product}>
          {words.restock}
        </a>
      </p>
    </article>
  )
}

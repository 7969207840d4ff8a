/** The whole log with its filters, kept in the address so that it can be bookmarked; the same filters give the CSV. */
import type { Cause, LogItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { pathWith } from '../api/query.ts'
import { usePagedList } from '../api/use-reading.ts'
import { channel, versions } from '../live/live-store.ts'
import { Choice } from '../parts/choice.tsx'
import { CsvLinks } from '../parts/csv-links.tsx'
import { Empty } from '../parts/empty.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Pager } from '../parts/pager.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { text } from '../text/admin-language.ts'
import { causeLabel, LogTable } from './log-table.tsx'
import { replaceParameters, route } from './route.ts'

const causes: readonly Cause[] = [
  'sale',
  'cancel',
  'return',
  'manual',
  'stock-count',
  'received',
  'created',
  'import',
  'repair',
  'undo',
  'catch-up',
  'unknown',
]

export function LogPage(): JSX.Element {
  const { sku = '', member = '', cause = '' } = route.value.parameters
  const filter = { sku, member, cause }
  const list = usePagedList<LogItem>(pathWith('/api/v1/log', filter), versions.value.log)
  const words = text.value.log
  const members = channel.state.value?.status.network?.members ?? []
  const items = list.items.value
  return (
    <>
      <div class="page-head">
        <h1>{text.value.nav.log}</h1>
        <p class="actions">
          <CsvLinks path="/api/v1/log.csv" filter={filter} words={text.value.common} />
        </p>
      </div>
      <div class="filters">
        <SearchBox
          label={text.value.products.sku}
          hint={text.value.products.sku}
          value={sku}
          onSearch={(query) => replaceParameters({ ...filter, sku: query })}
        />
        <Choice
          label={words.shop}
          value={member}
          options={[['', text.value.common.all], ...members.map((one) => [one.id, one.name] as const)]}
          onChange={(next) => replaceParameters({ ...filter, member: next })}
        />
        <Choice
          label={words.cause}
          value={cause}
          options={[['', text.value.common.all], ...causes.map((one) => [one, causeLabel(one)] as const)]}
          onChange={(next) => replaceParameters({ ...filter, cause: next })}
        />
      </div>
      <FailureNotice failure={list.failure} />
      {items === null && <p class="muted">{text.value.common.loading}</p>}
      {items !== null && (items.length === 0 ? <Empty>{words.empty}</Empty> : <LogTable items={items} />)}
      <Pager list={list} />
    </>
  )
}

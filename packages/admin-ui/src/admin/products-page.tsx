/** Every SKU of the network and of this shop. Search, filter, sort and the open row stand in the address. */
import type { StockItem, StockState } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { pathWith } from '../api/query.ts'
import { usePagedList } from '../api/use-reading.ts'
import { versions } from '../live/live-store.ts'
import { Choice } from '../parts/choice.tsx'
import { Count } from '../parts/count.tsx'
import { CsvLinks } from '../parts/csv-links.tsx'
import { Empty } from '../parts/empty.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Pager } from '../parts/pager.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { Moment } from '../parts/time.tsx'
import { text } from '../text/admin-language.ts'
import { NumberExplained } from './number-explained.tsx'
import { formatRoute, replaceParameters, route } from './route.ts'
import { StockBadge } from './stock-badge.tsx'

const sorts = ['sku', 'name', 'level', '-level', '-updatedAt'] as const
const states: readonly StockState[] = [
  'synced',
  'waiting',
  'duplicate',
  'held',
  'oversold',
  'untracked',
  'not-here',
  'only-here',
]

export function ProductsPage(): JSX.Element {
  const { q = '', state = '', sort = 'sku', open = '' } = route.value.parameters
  const filter = { q, state, sort }
  const list = usePagedList<StockItem>(pathWith('/api/v1/stock', filter), versions.value.stock)
  const words = text.value.products
  const items = list.items.value
  return (
    <>
      <div class="page-head">
        <h1>{text.value.nav.products}</h1>
        <p class="actions">
          <a class="button" href={formatRoute('count')}>
            {text.value.stockList.open}
          </a>{' '}
          <CsvLinks path="/api/v1/stock.csv" filter={filter} words={text.value.common} />
        </p>
      </div>
      <div class="filters">
        <SearchBox
          label={text.value.common.search}
          hint={words.searchHint}
          value={q}
          onSearch={(query) => replaceParameters({ ...filter, q: query })}
        />
        <Choice
          label={words.state}
          value={state}
          options={[['', text.value.common.all], ...states.map((one) => [one, words.states[one]] as const)]}
          onChange={(next) => replaceParameters({ ...filter, state: next })}
        />
        <Choice
          label={words.sort}
          value={sorts.find((one) => one === sort) ?? 'sku'}
          options={sorts.map((one) => [one, words.sorts[one]] as const)}
          onChange={(next) => replaceParameters({ ...filter, sort: next })}
        />
      </div>
      <FailureNotice failure={list.failure} />
      {items === null && <p class="muted">{text.value.common.loading}</p>}
      {items !== null && items.length === 0 && <Empty>{q + state === '' ? words.empty : words.emptySearch}</Empty>}
      {items !== null && items.length > 0 && (
        <StockTable
          items={items}
          open={open}
          onToggle={(sku) => replaceParameters({ ...filter, open: sku === open ? '' : sku })}
        />
      )}
      <Pager list={list} />
    </>
  )
}

interface StockTableProps {
  readonly items: readonly StockItem[]
  readonly open: string
  readonly onToggle: (sku: string) => void
}

function StockTable({ items, open, onToggle }: StockTableProps): JSX.Element {
  const words = text.value.products
  return (
    <div class="table-frame">
      <table class="table table-fold table-open">
        <thead>
          <tr>
            <th scope="col">{words.sku}</th>
            <th scope="col">{words.name}</th>
            <th scope="col" class="right">
              {words.level}
            </th>
            <th scope="col" class="right">
              {words.shownHere}
            </th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.updated}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <StockRow key={item.sku} item={item} isOpen={item.sku === open} onToggle={onToggle} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface StockRowProps {
  readonly item: StockItem
  readonly isOpen: boolean
  readonly onToggle: (sku: string) => void
}

function StockRow({ item, isOpen, onToggle }: StockRowProps): JSX.Element {
  const words = text.value.products
  return (
    <>
      <tr class={isOpen ? 'row-open' : undefined}>
        <td class="mono fold-title">
          <button type="button" class="row-button" aria-expanded={isOpen} onClick={() => onToggle(item.sku)}>
            <span class="row-arrow" aria-hidden="true" />
            {item.sku}
          </button>
        </td>
        <td class="fold-wide">
          {item.name === '' ? <span class="muted">{text.value.common.noName}</span> : item.name}
        </td>
        <td class="right strong" data-label={words.level}>
          <Count value={item.level} />
        </td>
        <td class="right" data-label={words.shownHere}>
          <Count value={item.shown} />
        </td>
        <td class="fold-state">
          <StockBadge state={item.state} />
        </td>
        <td class="muted fold-hide">{item.updatedAt === null ? '–' : <Moment at={item.updatedAt} />}</td>
      </tr>
      {isOpen && (
        <tr class="row-detail">
          <td colSpan={6}>
            <NumberExplained sku={item.sku} />
          </td>
        </tr>
      )}
    </>
  )
}

/**
 * Why a SKU has the number it has: the baseline, what every shop added and removed since, and each movement. The
 * rows shown always add up to the level shown, because both come from one answer.
 */
import type { MovementItem, StockDetail } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { usePagedList, useReading } from '../api/use-reading.ts'
import { channel, memberName, versions } from '../live/live-store.ts'
import { CsvLinks } from '../parts/csv-links.tsx'
import { Count, Delta } from '../parts/count.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Pager } from '../parts/pager.tsx'
import { Moment } from '../parts/time.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'
import { CourseChart } from './course-chart.tsx'
import { causeLabel } from './log-table.tsx'
import { ProductRows } from './product-rows.tsx'
import { referenceWords } from './movement-reference.ts'
import { formatRoute } from './route.ts'
import { SkuChoiceCard } from './sku-choice.tsx'
import { StockBadge } from './stock-badge.tsx'
import { StockChange } from './stock-change.tsx'

const movementsPerPage = 20

export function NumberExplained({ sku }: { readonly sku: string }): JSX.Element {
  const path = `/api/v1/stock/${encodeURIComponent(sku)}`
  const reading = useReading<StockDetail>(path, versions.value.stock)
  const detail = reading.value.value
  return (
    <div class="explained">
      <FailureNotice failure={reading.failure} />
      {detail === null ? (
        reading.failure.value === null && <p class="muted">{text.value.common.loading}</p>
      ) : (
        <>
          <StateHelp detail={detail} />
          <div class="explained-columns">
            <Sum detail={detail} />
            <Shops detail={detail} />
          </div>
        </>
      )}
      {detail !== null && detail.level !== null && <CourseChart sku={sku} />}
      {detail !== null && detail.level !== null && <StockChange sku={detail.sku} />}
      {detail !== null && <SkuChoiceCard detail={detail} />}
      <Movements path={`${path}/movements`} sku={sku} />
    </div>
  )
}

/** What its state means; and why fewer units are shown than there are, while other shops are out of reach. */
function StateHelp({ detail: { shown, level, state } }: { readonly detail: StockDetail }): JSX.Element {
  const percent = channel.state.value?.status.partitionGuard.shownPercent ?? null
  const isShare = percent !== null && shown !== null && level !== null && shown < level
  return (
    <>
      {(!isShare || state !== 'synced') && <p class="explained-help">{text.value.products.stateHelp[state]}</p>}
      {isShare && <p class="notice">{text.value.guard.productHint(percent / 100)}</p>}
    </>
  )
}

/** Baseline + added − removed, shop by shop, down to the sum. */
function Sum({ detail }: { readonly detail: StockDetail }): JSX.Element {
  const words = text.value.products
  const { baseline } = detail
  return (
    <section>
      <h2>{words.explained}</h2>
      {baseline === null ? (
        <p class="muted">{words.noBaseline}</p>
      ) : (
        <table class="table table-sum">
          <thead>
            <tr>
              <td />
              <th scope="col" class="right">
                {words.added}
              </th>
              <th scope="col" class="right">
                {words.removed}
              </th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">
                {words.start}
                <span class="muted sum-by">
                  {words.startBy(memberName(baseline.by), format.value.moment(baseline.at, Date.now()))}
                </span>
              </th>
              <td class="right" colSpan={2}>
                <Count value={baseline.quantity} />
              </td>
            </tr>
            {detail.byShop.map((shop) => (
              <tr key={shop.member}>
                <th scope="row">{memberName(shop.member)}</th>
                <td class="right">
                  <Delta value={shop.added} />
                </td>
                <td class="right">
                  <Delta value={-shop.removed} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{words.sum}</th>
              <td class="right strong" colSpan={2}>
                <Count value={detail.level} />
              </td>
            </tr>
          </tfoot>
        </table>
      )}
    </section>
  )
}

function Shops({ detail }: { readonly detail: StockDetail }): JSX.Element {
  const words = text.value.products
  return (
    <section>
      <h2>{words.ownRows}</h2>
      {detail.products.length === 0 ? (
        <p class="muted">{words.noOwnRows}</p>
      ) : (
        <ProductRows products={detail.products} />
      )}
      <h2>{words.otherShops}</h2>
      <ul class="rows">
        {detail.shops.map((shop) => (
          <li key={shop.member}>
            <span>{memberName(shop.member)}</span>
            <span class="rows-end">
              {shop.state !== null && <StockBadge state={shop.state} />}
              {shop.listed === false && <span class="muted">{words.notListed}</span>}
              {shop.readAt === null && shop.shown === null && shop.listed !== false ? (
                <span class="muted">{words.noAnswer}</span>
              ) : (
                <Count value={shop.shopLevel ?? shop.shown} />
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Movements({ path, sku }: { readonly path: string; readonly sku: string }): JSX.Element {
  const list = usePagedList<MovementItem>(path, versions.value.stock, movementsPerPage)
  const words = text.value.products
  const items = list.items.value
  return (
    <section>
      <div class="section-head">
        <h2>{words.movements}</h2>
        <a href={formatRoute('log', { sku })}>{words.showInLog}</a>
      </div>
      <FailureNotice failure={list.failure} />
      {items !== null && items.length === 0 && <p class="muted">{words.noMovements}</p>}
      {items !== null && items.length > 0 && (
        <ol class="rows movements">
          {items.map((item) => (
            <li key={[item.at, item.member, item.delta, item.levelAfter, item.reference].join('|')}>
              <span class="muted">
                <Moment at={item.at} />
              </span>
              <span>
                {memberName(item.member)} · {causeLabel(item.cause)}
                {item.reference !== null && <span class="muted"> {referenceWords(item)}</span>}
              </span>
              <span class="rows-end">
                <Delta value={item.delta} />
                <span class="muted movement-after">
                  {item.levelAfter === null ? '' : `= ${format.value.number(item.levelAfter)}`}
                </span>
              </span>
            </li>
          ))}
        </ol>
      )}
      <Pager list={list} />
      {items !== null && items.length > 0 && (
        <p class="actions">
          <CsvLinks path={`${path}.csv`} words={text.value.common} />
        </p>
      )}
    </section>
  )
}

/** One problem: what it is, what it means, which products it is about, and what can be done. */
import { useSignal } from '@preact/signals'
import type { ProblemItem, ProblemKind, StockDetail, StockItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { usePagedList, useReading } from '../api/use-reading.ts'
import { channel, memberName } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Confirmation } from '../parts/confirmation.tsx'
import { Count } from '../parts/count.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Pager } from '../parts/pager.tsx'
import { text } from '../text/admin-language.ts'
import { format, sentenceFor } from '../text/language.ts'
import { MassChange } from './mass-change.tsx'
import { parseMassChange } from './mass-change-details.ts'
import { parseOrders } from './problem-orders.ts'
import { Orders } from './problem-orders-list.tsx'
import { ProductRows } from './product-rows.tsx'
import { formatRoute } from './route.ts'
import { shopFailureText } from './shop-failure.ts'
import { SkuName } from './sku-name.tsx'

interface ProblemCardProps {
  readonly problem: ProblemItem
  readonly onChanged: () => void
}

/** Kinds that concern the shop as a whole have no products to list. */
const kindsWithItems: ReadonlySet<ProblemKind> = new Set(['held', 'rollback'])

export function ProblemCard({ problem, onChanged }: ProblemCardProps): JSX.Element {
  const words = text.value.problems
  // A newer node may know kinds that this page does not: then its own sentence is shown.
  const titles: Readonly<Record<string, string>> = words.titles
  const title = titles[problem.kind]
  const isKnown = title !== undefined
  return (
    <article class="card problem">
      <div class="card-head">
        <h3>
          {problem.sku !== null && (
            <a class="mono" href={formatRoute('products', { q: problem.sku, open: problem.sku })}>
              {problem.sku}
            </a>
          )}
          {problem.kind === 'duplicate' && problem.sku !== null ? null : <span>{title ?? problem.kind}</span>}
        </h3>
        <span class="muted">
          {memberName(problem.member)} · {words.since(format.value.since(problem.since, Date.now()))}
        </span>
      </div>
      <p>{isKnown ? explain(problem) : problem.message}</p>
      {problem.kind === 'duplicate' && problem.sku !== null && (
        <Colliding sku={problem.sku} version={problem.version} />
      )}
      {problem.kind === 'oversold' && <Orders orders={parseOrders(problem)} heading="h4" />}
      <MassChange problem={problem} />
      {kindsWithItems.has(problem.kind) && problem.count > 0 && <Items problem={problem} />}
      {problem.kind === 'unclear' && problem.sku !== null && (
        <p class="actions">
          <a class="button button-main" href={formatRoute('products', { q: problem.sku, open: problem.sku })}>
            {words.countIt}
          </a>
        </p>
      )}
      {problem.kind === 'oversold' && problem.sku !== null && (
        <p class="actions">
          <a class="button button-main" href={formatRoute('products', { q: problem.sku, open: problem.sku })}>
            {text.value.oversoldPage.restock}
          </a>
        </p>
      )}
      {problem.actions.length > 0 && <Buttons problem={problem} onChanged={onChanged} />}
    </article>
  )
}

function explain(problem: ProblemItem): string {
  const words = text.value.problems
  const { code, units } = problem.details
  if (code === 'bundle') return words.bundleRow
  if (problem.kind === 'held' && typeof code === 'string') {
    return words.heldRow
  }
  const change = parseMassChange(problem)
  if (change !== null) {
    const zeros = change.toZero === 0 ? [] : [words.goToZero(change.toZero)]
    const what = change.by === null ? words.massChange(problem.count) : words.memberMassChange(change.by, problem.count)
    return [what, words.differBy(change.units), ...zeros].join(' ')
  }
  const sentence = words.explain(problem.kind, problem.count)
  if (problem.kind === 'shop-unreachable') return shopFailureText(problem, sentence, sentenceFor)
  return kindsWithItems.has(problem.kind) && typeof units === 'number'
    ? `${sentence} ${words.differBy(units)}`
    : sentence
}

function Colliding({ sku, version }: { readonly sku: string; readonly version: number }): JSX.Element {
  const reading = useReading<StockDetail>(`/api/v1/stock/${encodeURIComponent(sku)}`, version)
  const detail = reading.value.value
  return (
    <>
      <FailureNotice failure={reading.failure} />
      {detail !== null && (
        <>
          <h4>{text.value.problems.colliding}</h4>
          <ProductRows products={detail.products} />
        </>
      )}
    </>
  )
}

function Items({ problem }: { readonly problem: ProblemItem }): JSX.Element {
  const isShown = useSignal(false)
  const words = text.value.problems
  return (
    <div class="problem-items">
      <button
        type="button"
        class="button button-quiet"
        aria-expanded={isShown.value}
        onClick={() => {
          isShown.value = !isShown.value
        }}
      >
        {isShown.value ? words.hideItems : words.showItems(problem.count)}
      </button>
      {isShown.value && <ItemRows problem={problem} />}
    </div>
  )
}

function ItemRows({ problem }: { readonly problem: ProblemItem }): JSX.Element {
  const path = `/api/v1/problems/${encodeURIComponent(problem.id)}/items`
  const list = usePagedList<StockItem>(path, problem.version)
  const words = text.value.products
  return (
    <>
      <FailureNotice failure={list.failure} />
      <ul class="rows">
        {list.items.value?.map((item) => (
          <li key={item.sku}>
            <SkuName sku={item.sku} name={item.name} />
            <span class="rows-end">
              <span class="muted">{words.level}</span> <Count value={item.level} />
              <span class="muted">{words.shopHas}</span> <Count value={item.shopLevel} />
            </span>
          </li>
        ))}
      </ul>
      <Pager list={list} />
    </>
  )
}

function Buttons({ problem, onChanged }: ProblemCardProps): JSX.Element {
  const action = useAction()
  const asked = useSignal<string | null>(null)
  const words = text.value.problems
  const label = (id: string): string => words.actions[id] ?? id
  function perform(id: string): void {
    action.run(async () => {
      try {
        await sendApi('POST', `/api/v1/problems/${encodeURIComponent(problem.id)}/${encodeURIComponent(id)}`, {
          version: problem.version,
        })
      } finally {
        asked.value = null
        onChanged()
        await channel.refresh()
      }
    })
  }
  return (
    <>
      <FailureNotice failure={action.failure} />
      <p class="actions">
        {problem.actions.map(({ id, destructive }, index) => (
          <BusyButton
            key={id}
            action={action}
            {...(index === 0 && !destructive && id !== 'dismiss' ? { kind: 'main' as const } : {})}
            onPress={() => {
              if (destructive) {
                asked.value = id
              } else {
                perform(id)
              }
            }}
          >
            {label(id)}
          </BusyButton>
        ))}
      </p>
      {asked.value !== null && (
        <Confirmation
          title={words.confirmTitle}
          action={action}
          label={label(asked.value)}
          cancel={text.value.common.cancel}
          onConfirm={() => asked.value !== null && perform(asked.value)}
          onClose={() => {
            asked.value = null
          }}
        >
          <p>{words.confirmIntro}</p>
        </Confirmation>
      )}
    </>
  )
}

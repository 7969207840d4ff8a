/** What needs a person, one card each, with the buttons that solve it. A solved card goes away by itself. */
import type { ProblemItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { type PagedList } from '../api/paged-list.ts'
import { usePagedList } from '../api/use-reading.ts'
import { channel, versions } from '../live/live-store.ts'
import { CsvLinks } from '../parts/csv-links.tsx'
import { Empty } from '../parts/empty.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Pager } from '../parts/pager.tsx'
import { text } from '../text/admin-language.ts'
import { GuardNotice } from './guard-notice.tsx'
import { ProblemCard } from './problem-card.tsx'

export function ProblemsPage(): JSX.Element {
  const list = usePagedList<ProblemItem>('/api/v1/problems', versions.value.problems)
  const words = text.value.problems
  const items = list.items.value
  const status = channel.state.value?.status ?? null
  const duplicates = items?.filter((item) => item.kind === 'duplicate') ?? []
  const others = items?.filter((item) => item.kind !== 'duplicate') ?? []
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{text.value.nav.problems}</h1>
          <p class="lead">{words.intro}</p>
        </div>
        {items !== null && items.length > 0 && (
          <p class="actions">
            <CsvLinks path="/api/v1/problems.csv" words={text.value.common} />
          </p>
        )}
      </div>
      {status !== null && <GuardNotice status={status} />}
      <FailureNotice failure={list.failure} />
      {items === null && <p class="muted">{text.value.common.loading}</p>}
      {items !== null && items.length === 0 && (
        <Empty>
          <strong>{words.none}</strong>
          <p>{words.noneHint}</p>
        </Empty>
      )}
      {others.length > 0 && (
        <section aria-labelledby="decisions">
          <h2 id="decisions" class="sr-only">
            {words.decisionsTitle}
          </h2>
          <Cards items={others} list={list} />
        </section>
      )}
      {duplicates.length > 0 && (
        <section class="section" aria-labelledby="duplicates">
          <h2 id="duplicates">{words.duplicateTitle}</h2>
          <p class="lead">{words.duplicateHelp}</p>
          <Cards items={duplicates} list={list} />
        </section>
      )}
      <Pager list={list} />
    </>
  )
}

interface CardsProps {
  readonly items: readonly ProblemItem[]
  readonly list: PagedList<ProblemItem>
}

function Cards({ items, list }: CardsProps): JSX.Element {
  return (
    <div class="stack">
      {items.map((item) => (
        <ProblemCard key={item.id} problem={item} onChanged={() => list.refresh()} />
      ))}
    </div>
  )
}

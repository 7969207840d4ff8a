/** What a merchant sees first: one sentence, the next step when there is one, the shops and the latest changes. */
import type { List, LiveState, LogItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { useReading } from '../api/use-reading.ts'
import { channel, versions } from '../live/live-store.ts'
import { nowMs } from '../live/now.ts'
import { Empty } from '../parts/empty.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'
import { ActivitySection } from './activity-chart.tsx'
import { GuardNotice } from './guard-notice.tsx'
import { LogTable } from './log-table.tsx'
import { MemberList } from './member-list.tsx'
import { NextStep } from './next-step.tsx'
import { overviewSentence } from './overview-sentence.ts'
import { JoinRequests } from './join-requests.tsx'
import { formatRoute } from './route.ts'
import { StopAllSection } from './stop-all-card.tsx'

export function OverviewPage(): JSX.Element | null {
  const live = channel.state.value
  if (live === null) {
    return null
  }
  return (
    <>
      <Summary live={live} />
      <GuardNotice status={live.status} />
      {live.status.stopAll.stopped && <StopAllSection />}
      <NextStep live={live} />
      <JoinRequests version={live.versions.requests} isShownEmpty={false} />
      <section class="section" aria-labelledby="overview-shops">
        <h2 id="overview-shops">{text.value.overview.shops}</h2>
        <MemberList status={live.status} />
      </section>
      {live.status.network !== null && <ActivitySection />}
      <LatestLog />
    </>
  )
}

/** Only headline and findings are announced; the seconds since the last change would be read aloud every second. */
function Summary({ live }: { readonly live: LiveState }): JSX.Element {
  const sentence = overviewSentence(live.status, live.join, text.value.sentence, format.value, nowMs.value)
  const words = text.value.overview
  const { problems, oversold } = live.status.stock
  const isPaused = live.status.shop.state === 'paused'
  return (
    <section class={`summary summary-${sentence.tone}`}>
      <div aria-live="polite">
        <h1>
          <span class="summary-shape" aria-hidden="true" />
          {sentence.headline}
        </h1>
        {sentence.also.length > 0 && <p>{sentence.also.join(' ')}</p>}
      </div>
      <p class="summary-facts">{sentence.facts}</p>
      {(problems > 0 || oversold > 0 || isPaused) && (
        <p class="actions">
          {problems > 0 && (
            <a class="button button-main" href={formatRoute('problems')}>
              {words.problemsLink(problems)}
            </a>
          )}
          {isPaused && (
            <a class="button" href={formatRoute('shops')}>
              {text.value.pause.link}
            </a>
          )}
          {oversold > 0 && (
            <a class="button" href={formatRoute('oversold')}>
              {words.oversoldLink}
            </a>
          )}
        </p>
      )}
    </section>
  )
}

function LatestLog(): JSX.Element {
  const reading = useReading<List<LogItem>>('/api/v1/log?limit=20', versions.value.log)
  const items = reading.value.value?.items
  const words = text.value.overview
  return (
    <section class="section" aria-labelledby="overview-log">
      <div class="section-head">
        <h2 id="overview-log">{words.latestLogs}</h2>
        <a href={formatRoute('log')}>{words.allLog}</a>
      </div>
      <FailureNotice failure={reading.failure} />
      {items !== undefined && (items.length === 0 ? <Empty>{words.noLog}</Empty> : <LogTable items={items} isShort />)}
    </section>
  )
}

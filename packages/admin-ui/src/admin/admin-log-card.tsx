/** What admins did in these pages and over the interface, the newest first. */
import type { AdminActItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { usePagedList } from '../api/use-reading.ts'
import { knownMemberName } from '../live/live-store.ts'
import { CsvLinks } from '../parts/csv-links.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Pager } from '../parts/pager.tsx'
import type { ActName } from '../text/access-text.ts'
import { text } from '../text/admin-language.ts'
import { format, sentenceFor } from '../text/language.ts'

const path = '/api/v1/admin-log'
const rowsShown = 20

export function AdminLogCard(): JSX.Element {
  const words = text.value.adminLog
  const list = usePagedList<AdminActItem>(path, 0, rowsShown)
  const items = list.items.value ?? []
  return (
    <section class="card settings" aria-labelledby="admin-log">
      <h2 id="admin-log">{words.title}</h2>
      <p class="hint">{words.intro}</p>
      <FailureNotice failure={list.failure} />
      {list.items.value !== null && items.length === 0 && <p>{words.none}</p>}
      <ul class="rows">
        {items.map((act) => (
          <li key={act.id}>
            <span>
              <strong>{callName(act.call)}</strong>
              {subjectWords(act.subject)}
              <br />
              <span class="muted">
                {format.value.moment(act.at, Date.now())} · {words.by[act.by]}
                {act.name !== null && ` ${act.name}`}
                {act.address !== null && ` · ${act.address}`}
              </span>
              {act.result !== 'done' && (
                <>
                  <br />
                  {act.result === null ? words.unknown : sentenceFor({ code: act.result, message: act.result })}
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      <Pager list={list} />
      <p class="actions">
        <CsvLinks path={`${path}.csv`} words={text.value.common} />
      </p>
    </section>
  )
}

/** A shop by its name; of what is known by an id alone, the file tells the id. */
function subjectWords(subject: string | null): JSX.Element | null {
  const isId = subject !== null && /^[0-9a-f]{32}$/.test(subject)
  const name = isId ? knownMemberName(subject) : subject
  return name === null ? null : <span class="break"> · {name}</span>
}

/** A call that has no words of its own is named as it is. */
function callName(call: string): string {
  const { calls } = text.value.adminLog
  return Object.hasOwn(calls, call) ? calls[call as ActName] : call
}

/** Shops that ask to join. Accepting asks first whether both pages show the same code. */
import { useSignal } from '@preact/signals'
import type { JoinRequestItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { type PagedList } from '../api/paged-list.ts'
import { usePagedList } from '../api/use-reading.ts'
import { isViewer } from '../api/viewer.ts'
import { channel } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { CsvLinks } from '../parts/csv-links.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Empty } from '../parts/empty.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Ago } from '../parts/time.tsx'
import { text } from '../text/admin-language.ts'
import { Code } from './join-progress.tsx'

interface JoinRequestsProps {
  readonly version: number
  readonly isShownEmpty: boolean
}

export function JoinRequests({ version, isShownEmpty }: JoinRequestsProps): JSX.Element | null {
  const list = usePagedList<JoinRequestItem>('/api/v1/join-requests', version)
  const items = list.items.value ?? []
  if (items.length === 0 && !isShownEmpty) {
    return null
  }
  return (
    <section class="section" aria-labelledby="requests">
      <h2 id="requests">{text.value.requests.title}</h2>
      <FailureNotice failure={list.failure} />
      {list.items.value !== null && items.length === 0 && <Empty>{text.value.requests.none}</Empty>}
      <div class="stack">
        {items.map((item) => (
          <RequestCard key={item.id} item={item} list={list} />
        ))}
      </div>
      {isShownEmpty && (
        <p class="actions">
          <CsvLinks path="/api/v1/join-requests.csv" filter={{ state: 'all' }} words={text.value.common} />
        </p>
      )}
    </section>
  )
}

interface RequestCardProps {
  readonly item: JoinRequestItem
  readonly list: PagedList<JoinRequestItem>
}

function RequestCard({ item, list }: RequestCardProps): JSX.Element {
  const asking = useSignal<'accept' | 'refuse' | null>(null)
  const words = text.value.requests
  return (
    <article class="card card-accent">
      <div class="card-head">
        <h3>{item.name}</h3>
        <span class="muted">
          <Ago at={item.at} />
        </span>
      </div>
      <p class="muted break">{item.url}</p>
      {item.code === null ? <p class="muted">{words.waitingCode}</p> : <Code code={item.code} />}
      <p class="actions">
        <button
          type="button"
          class="button button-main"
          disabled={item.code === null || isViewer.value}
          onClick={() => {
            asking.value = 'accept'
          }}
        >
          {words.accept}
        </button>
        <button
          type="button"
          class="button"
          disabled={isViewer.value}
          onClick={() => {
            asking.value = 'refuse'
          }}
        >
          {words.refuse}
        </button>
      </p>
      {asking.value !== null && (
        <Decision
          item={item}
          list={list}
          isAccept={asking.value === 'accept'}
          onClose={() => {
            asking.value = null
          }}
        />
      )}
    </article>
  )
}

interface DecisionProps extends RequestCardProps {
  readonly isAccept: boolean
  readonly onClose: () => void
}

function Decision({ item, list, isAccept, onClose }: DecisionProps): JSX.Element {
  const action = useAction()
  const words = text.value.requests
  const path = `/api/v1/join-requests/${encodeURIComponent(item.id)}/${isAccept ? 'accept' : 'refuse'}`
  return (
    <Dialog title={isAccept ? words.confirmTitle(item.name) : words.refuseTitle(item.name)} onClose={onClose}>
      {isAccept && item.code !== null && <Code code={item.code} />}
      <p>{isAccept ? words.confirmIntro : words.refuseIntro}</p>
      <FailureNotice failure={action.failure} />
      <p class="actions">
        <BusyButton
          action={action}
          kind="main"
          onPress={() =>
            action.run(async () => {
              await sendApi('POST', path, isAccept ? { code: item.code } : {})
              list.refresh()
              await channel.refresh()
              onClose()
            })
          }
        >
          {isAccept ? words.confirmDo : words.refuse}
        </BusyButton>
        <button type="button" class="button" onClick={onClose}>
          {isAccept ? words.confirmNot : text.value.common.cancel}
        </button>
      </p>
    </Dialog>
  )
}

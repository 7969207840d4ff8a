/** The network's members, requests to join it, our own way into another one, and the way out. */
import { useSignal } from '@preact/signals'
import type { LiveState } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { channel } from '../live/live-store.ts'
import { CsvLinks } from '../parts/csv-links.tsx'
import { text } from '../text/admin-language.ts'
import { Asked } from './asked.tsx'
import { GuardNotice } from './guard-notice.tsx'
import { ImportUndoSection } from './import-undo.tsx'
import { JoinForm } from './join-form.tsx'
import { JoinProgress } from './join-progress.tsx'
import { JoinRequests } from './join-requests.tsx'
import { MemberList } from './member-list.tsx'
import { PauseSection } from './pause-card.tsx'
import { StopAllSection } from './stop-all-card.tsx'

export function ShopsPage(): JSX.Element | null {
  const live = channel.state.value
  if (live === null) {
    return null
  }
  const words = text.value.shops
  const { network, shop, node } = live.status
  return (
    <>
      <div class="page-head">
        <h1>{text.value.nav.shops}</h1>
      </div>
      <section aria-labelledby="members">
        <h2 id="members" class="sr-only">
          {words.members}
        </h2>
        {network === null && <p class="lead">{words.alone}</p>}
        <MemberList status={live.status} canEvict />
        <p class="hint">
          {words.promises[shop.promise]} {words.release(node.release)}
        </p>
        {network !== null && (
          <p class="actions">
            <CsvLinks path="/api/v1/members.csv" words={text.value.common} />
          </p>
        )}
      </section>
      <GuardNotice status={live.status} />
      <JoinRequests version={live.versions.requests} isShownEmpty={network !== null} />
      <Join live={live} />
      {shop.state !== 'idle' && <PauseSection isPaused={shop.state === 'paused'} />}
      {live.import.undo !== null && <ImportUndoSection undo={live.import.undo} />}
      {network !== null && <StopAllSection />}
      {network !== null && <Leave />}
    </>
  )
}

function Join({ live }: { readonly live: LiveState }): JSX.Element {
  const words = text.value.shops
  const address = useSignal('')
  const members = live.status.network?.members.length ?? 0
  const { join } = live
  return (
    <section class="section" aria-labelledby="join">
      <h2 id="join">{words.joinTitle}</h2>
      {join.state === 'sent' || join.state === 'seen' ? (
        <JoinProgress join={join} />
      ) : (
        <div class="card">
          {members > 1 ? (
            <p>{words.joinLater}</p>
          ) : (
            <>
              <p>{text.value.overview.otherIntro}</p>
              <JoinForm address={address} />
            </>
          )}
        </div>
      )}
    </section>
  )
}

function Leave(): JSX.Element {
  const words = text.value.shops
  return (
    <section class="section" aria-labelledby="leave">
      <h2 id="leave">{words.leaveTitle}</h2>
      <div class="card">
        <p>{words.leaveIntro}</p>
        <p class="actions">
          <Asked
            open={words.leaveDo}
            title={words.leaveConfirmTitle}
            stays={words.leaveStays}
            label={words.leaveConfirmDo}
            perform={async () => void (await sendApi('POST', '/api/v1/leave'))}
          />
        </p>
      </div>
    </section>
  )
}

/** What has to be done next: found a network or join one, import, or invite the next shop. Nothing when all is done. */
import { useSignal } from '@preact/signals'
import type { ImportAnswer, JoinAnswer, LiveState } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { channel } from '../live/live-store.ts'
import { nowMs } from '../live/now.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { late } from '../parts/late.tsx'
import { text } from '../text/admin-language.ts'
import { ImportCard } from './import-card.tsx'
import { JoinForm } from './join-form.tsx'
import { JoinProgress } from './join-progress.tsx'

type Step = 'choose' | 'join' | 'import' | 'invite' | 'none'

const FirstSteps = late(async () => (await import('./first-steps.tsx')).FirstSteps)

/** An import that has just ended is shown as done for this long, so that the person who started it sees the end. */
const doneShownMs = 10 * 60_000

export function NextStep({ live }: { readonly live: LiveState }): JSX.Element | null {
  const step = stepOf(live)
  const isJustDone = step !== 'import' && hasJustEnded(live.import)
  if (step === 'none' && !isJustDone) {
    return null
  }
  const title = text.value.overview.nextStep
  return (
    <section class="section" aria-labelledby="next-step">
      <h2 id="next-step" class={step === 'none' ? 'sr-only' : 'eyebrow'}>
        {step === 'none' ? text.value.import.title : title}
      </h2>
      <div class="stack">
        {isJustDone && <ImportCard importing={live.import} />}
        <StepCard step={step} live={live} />
      </div>
    </section>
  )
}

function hasJustEnded({ state, finishedAt }: ImportAnswer): boolean {
  return state === 'done' && finishedAt !== null && nowMs.value - Date.parse(finishedAt) < doneShownMs
}

function StepCard({ step, live }: { readonly step: Step; readonly live: LiveState }): JSX.Element | null {
  switch (step) {
    case 'choose':
      return <Choose />
    case 'join':
      return live.join.state === 'none' ? null : <JoinProgress join={live.join} />
    case 'import':
      return <ImportCard importing={live.import} />
    case 'invite':
      return <Invite url={live.status.node.url} />
    case 'none':
      return null
  }
}

function stepOf(live: LiveState): Step {
  const { network } = live.status
  if (isImportOpen(live.import, live.join)) {
    return 'import'
  }
  if (isJoinOpen(live.join)) {
    return 'join'
  }
  if (network === null) {
    return 'choose'
  }
  return network.members.length === 1 ? 'invite' : 'none'
}

function isImportOpen(importing: ImportAnswer, join: JoinAnswer): boolean {
  if (importing.state === 'done') {
    return importing.failedCount > 0
  }
  return importing.state !== 'idle' || join.state === 'accepted'
}

function isJoinOpen(join: JoinAnswer): boolean {
  return join.state !== 'none' && join.state !== 'accepted'
}

/** The shop itself first, then the two ways to begin, side by side. */
function Choose(): JSX.Element {
  const words = text.value.overview
  const action = useAction()
  const address = useSignal('')
  return (
    <>
      <h3>{words.stepShop}</h3>
      <FirstSteps />
      <h3 class="next-title">{words.stepStart}</h3>
      <div class="columns">
        <div class="card">
          <h4 class="card-title">{words.firstTitle}</h4>
          <p>{words.firstIntro}</p>
          <FailureNotice failure={action.failure} />
          <p class="actions">
            <BusyButton
              action={action}
              kind="main"
              onPress={() =>
                action.run(async () => {
                  await sendApi('POST', '/api/v1/import')
                  await channel.refresh()
                })
              }
            >
              {words.firstDo}
            </BusyButton>
          </p>
        </div>
        <div class="card">
          <h4 class="card-title">{words.otherTitle}</h4>
          <p>{words.otherIntro}</p>
          <JoinForm address={address} />
        </div>
      </div>
    </>
  )
}

function Invite({ url }: { readonly url: string }): JSX.Element {
  return (
    <div class="card">
      <h3>{text.value.overview.inviteTitle}</h3>
      <p>{text.value.overview.inviteIntro(url)}</p>
    </div>
  )
}

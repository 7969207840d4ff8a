/** Our own join request while it is open: where it stands, the code to compare, and what to do. */
import { useSignal } from '@preact/signals'
import type { JoinAnswer } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { channel } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Badge, type Tone } from '../parts/badge.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { text } from '../text/admin-language.ts'
import { format, sentenceFor } from '../text/language.ts'
import { JoinForm } from './join-form.tsx'

type OpenJoin = Exclude<JoinAnswer, { readonly state: 'none' }>

const tones: Readonly<Record<OpenJoin['state'], Tone>> = {
  sent: 'busy',
  seen: 'busy',
  accepted: 'good',
  refused: 'attention',
  expired: 'attention',
}

export function JoinProgress({ join }: { readonly join: OpenJoin }): JSX.Element {
  const words = text.value.join
  const action = useAction()
  const address = useSignal(join.address)
  const isOver = join.state === 'refused' || join.state === 'expired'
  return (
    <div class="card">
      <div class="card-head">
        <h3>
          {words.title}: {join.address}
        </h3>
        <Badge tone={tones[join.state]} label={words.states[join.state]} />
      </div>
      <p>{words.advice[join.state]}</p>
      {join.error !== null && join.errorCode !== null && (
        <p class="notice notice-bad">{sentenceFor({ code: join.errorCode, message: join.error })}</p>
      )}
      {!isOver && join.code !== null && <Code code={join.code} hint={words.codeHint} />}
      {isOver ? (
        <JoinForm address={address} />
      ) : (
        <>
          <p class="hint">{words.expires(format.value.full(join.expiresAt))}</p>
          <FailureNotice failure={action.failure} />
          <p class="actions">
            <BusyButton
              action={action}
              onPress={() =>
                action.run(async () => {
                  await sendApi('DELETE', '/api/v1/join')
                  await channel.refresh()
                })
              }
            >
              {words.withdraw}
            </BusyButton>
          </p>
        </>
      )}
    </div>
  )
}

export function Code({ code, hint }: { readonly code: string; readonly hint?: string }): JSX.Element {
  return (
    <div class="code">
      <span class="code-label">{text.value.join.codeLabel}</span>
      {/* Read letter by letter, because it is compared aloud. */}
      <output class="code-value" aria-label={code.split('').join(' ')}>
        {code}
      </output>
      {hint !== undefined && <span class="hint">{hint}</span>}
    </div>
  )
}

/** Pausing this shop, and resuming it. Where no feed tells what happened meanwhile, a person decides on it. */
import { useSignal } from '@preact/signals'
import type { PauseAnswer, ResumeChoice, ResumePreview } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { type Action, useAction } from '../api/use-action.ts'
import { useReading } from '../api/use-reading.ts'
import { channel } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Delta } from '../parts/count.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'

/** What differs most is what a person looks at; the rest is in the sum. */
const rowsShown = 20

export function PauseSection({ isPaused }: { readonly isPaused: boolean }): JSX.Element {
  const words = text.value.pause
  const action = useAction()
  return (
    <section class="section" aria-labelledby="pause">
      <h2 id="pause">{words.title}</h2>
      <div class="card">
        {isPaused ? (
          <Paused action={action} />
        ) : (
          <>
            <p>{words.intro}</p>
            <FailureNotice failure={action.failure} />
            <p class="actions">
              <BusyButton
                action={action}
                onPress={() =>
                  action.run(async () => {
                    await sendApi('POST', '/api/v1/pause')
                    await channel.refresh()
                  })
                }
              >
                {words.do}
              </BusyButton>
            </p>
          </>
        )}
      </div>
    </section>
  )
}

function Paused({ action }: { readonly action: Action }): JSX.Element {
  const words = text.value.pause
  const reading = useReading<PauseAnswer>('/api/v1/pause', 0)
  const pause = reading.value.value
  return (
    <>
      <FailureNotice failure={reading.failure} />
      {pause !== null && (
        <>
          {pause.since !== null && <p>{words.since(format.value.since(pause.since, Date.now()))}</p>}
          {pause.exact ? (
            <>
              <p>{words.exact}</p>
              <Look />
            </>
          ) : (
            <>
              <p>{words.inexact}</p>
              <Differences />
            </>
          )}
          <FailureNotice failure={action.failure} />
          <p class="actions">
            {pause.exact ? (
              <ResumeButton action={action} label={words.resume} choice="network" isMain />
            ) : (
              <>
                <ResumeButton action={action} label={words.useNetwork} choice="network" isMain />
                <ResumeButton action={action} label={words.countIn} choice="count-in" />
              </>
            )}
          </p>
        </>
      )}
    </>
  )
}

interface ResumeButtonProps {
  readonly action: Action
  readonly label: string
  readonly choice: ResumeChoice
  readonly isMain?: boolean
}

function ResumeButton({ action, label, choice, isMain = false }: ResumeButtonProps): JSX.Element {
  return (
    <BusyButton
      action={action}
      {...(isMain ? { kind: 'main' as const } : {})}
      onPress={() =>
        action.run(async () => {
          await sendApi('POST', '/api/v1/resume', { differences: choice })
          await channel.refresh()
        })
      }
    >
      {label}
    </BusyButton>
  )
}

/** Reads the whole shop, so it is done when somebody asks. */
function Look(): JSX.Element {
  const isShown = useSignal(false)
  return isShown.value ? (
    <Differences />
  ) : (
    <p class="actions">
      <button
        type="button"
        class="button button-quiet"
        onClick={() => {
          isShown.value = true
        }}
      >
        {text.value.pause.look}
      </button>
    </p>
  )
}

function Differences(): JSX.Element {
  const words = text.value.pause
  const reading = useReading<ResumePreview>('/api/v1/resume/preview', 0)
  const preview = reading.value.value
  return (
    <>
      <FailureNotice failure={reading.failure} />
      {preview === null && reading.failure.value === null && <p class="muted">{text.value.common.loading}</p>}
      {preview !== null && (
        <>
          <p>
            {words.differ(preview.differ, preview.unitsChanged)}
            {preview.differ > rowsShown && ` ${words.largest(rowsShown, preview.differ)}`}
          </p>
          <ul class="rows">
            {preview.items.slice(0, rowsShown).map((item) => (
              <li key={item.sku}>
                <span>
                  <span class="mono">{item.sku}</span> {item.name}
                </span>
                <span class="rows-end">
                  <span class="muted numbers">
                    {format.value.number(item.shown)} → {format.value.number(item.shopLevel)}
                  </span>
                  <Delta value={item.difference} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

/** The partition guard's settings, which hold for the whole network: on or off, from when, and each shop's share. */
import { useSignal } from '@preact/signals'
import type { GuardAnswer, StatusAnswer } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { channel, memberName } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Choice } from '../parts/choice.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'
import { guardPath } from './guard-path.ts'
import { createGuardDraft, type GuardDraft, guardChange, secondsToChoose, shareOf } from './guard-draft.ts'

export function GuardCard({ status }: { readonly status: StatusAnswer }): JSX.Element {
  const words = text.value.guard
  return (
    <section class="card settings" aria-labelledby="guard">
      <h2 id="guard">{words.title}</h2>
      <p class="hint">{words.intro}</p>
      {status.network === null ? (
        <p>{words.alone}</p>
      ) : (
        <GuardForm answer={status.partitionGuard} members={status.network.members.map(({ id }) => id)} />
      )}
    </section>
  )
}

interface GuardFormProps {
  readonly answer: GuardAnswer
  readonly members: readonly string[]
}

function GuardForm({ answer, members }: GuardFormProps): JSX.Element {
  const words = text.value.guard
  const { on, outOfReachSeconds, shares, weights, unheard } = answer
  // What is typed stays until the settings themselves are others, here or in another shop.
  const settings = JSON.stringify([on, outOfReachSeconds, shares, weights, members])
  const draft = useMemo(() => createGuardDraft(answer, members), [settings])
  const said = useSignal(false)
  const action = useAction()
  return (
    <form
      onInput={() => {
        said.value = false
      }}
      onSubmit={(event) => {
        event.preventDefault()
        action.run(async () => {
          await sendApi('POST', guardPath, guardChange(draft))
          await channel.refresh()
          said.value = true
        })
      }}
    >
      <label class="check">
        <input
          type="checkbox"
          checked={draft.isOn.value}
          onChange={(event) => {
            draft.isOn.value = event.currentTarget.checked
          }}
        />
        {words.turnedOn}
      </label>
      <GuardFields answer={answer} draft={draft} />
      {on && unheard.length > 0 && (
        <p>{words.unheard(format.value.list(unheard.map((member) => memberName(member))))}</p>
      )}
      <FailureNotice failure={action.failure} />
      <div aria-live="polite">{said.value && <p class="notice notice-good">{words.saved}</p>}</div>
      <p class="actions">
        <BusyButton action={action}>{words.save}</BusyButton>
      </p>
    </form>
  )
}

const sharesFrom: readonly GuardAnswer['shares'][] = ['equal', 'sales', 'set']

function GuardFields({ answer, draft }: { readonly answer: GuardAnswer; readonly draft: GuardDraft }): JSX.Element {
  const words = text.value.guard
  return (
    <>
      <Choice
        label={words.after}
        hint={words.afterHint}
        value={String(draft.outOfReachSeconds.value)}
        options={secondsToChoose(answer.outOfReachSeconds).map((seconds) => [
          String(seconds),
          format.value.duration(seconds),
        ])}
        onChange={(next) => {
          draft.outOfReachSeconds.value = Number(next)
        }}
      />
      <Choice
        label={words.shares}
        value={draft.shares.value}
        options={sharesFrom.map((one) => [one, words.sharesFrom[one]] as const)}
        onChange={(next) => {
          draft.shares.value = next
        }}
      />
      {draft.shares.value === 'set' ? <TypedShares draft={draft} /> : <SharesNow answer={answer} />}
    </>
  )
}

function TypedShares({ draft }: { readonly draft: GuardDraft }): JSX.Element {
  const words = text.value.guard
  const typed = [...draft.weights.values()].map((weight) => Number(weight.value))
  return (
    <fieldset class="field" aria-describedby="guard-weights-hint">
      <legend>{words.shares}</legend>
      <p class="hint" id="guard-weights-hint">
        {words.weightsHint}
      </p>
      <div class="field-row">
        {[...draft.weights].map(([member, weight]) => (
          <Field
            key={member}
            label={memberName(member)}
            hint={words.weight(shareOf(Number(weight.value), typed))}
            value={weight}
            isWhole
            isRequired
          />
        ))}
      </div>
    </fieldset>
  )
}

function SharesNow({ answer: { on, weights } }: { readonly answer: GuardAnswer }): JSX.Element | null {
  if (!on || weights.length === 0) {
    return null
  }
  const all = weights.map(({ weight }) => weight)
  return (
    <div>
      <h3>{text.value.guard.sharesNow}</h3>
      <ul class="rows">
        {weights.map(({ member, weight }) => (
          <li key={member}>
            <span>{memberName(member)}</span>
            <span class="rows-end count">{format.value.percent(shareOf(weight, all))}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

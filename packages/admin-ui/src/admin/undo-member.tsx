/** Undoing what another shop did since a time, and removing it at the same time. What will happen is shown first. */
import { useSignal } from '@preact/signals'
import type { CountAnswer, MemberStatus } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { isViewer } from '../api/viewer.ts'
import { channel } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { text } from '../text/admin-language.ts'
import { ChangedRows } from './changed-rows.tsx'

const hourMs = 3_600_000
/** Enough to see whether the time is the right one; the rest is in the sum. */
const rowsShown = 10

interface UndoMemberButtonProps {
  readonly name: string
  readonly onPress: () => void
}

export function UndoMemberButton({ name, onPress }: UndoMemberButtonProps): JSX.Element {
  const words = text.value.memberUndo
  return (
    <button
      type="button"
      class="button button-quiet"
      aria-label={`${words.open} ${name}`}
      disabled={isViewer.value}
      onClick={onPress}
    >
      {words.open}
    </button>
  )
}

interface UndoMemberProps {
  readonly member: Pick<MemberStatus, 'id' | 'name'>
  readonly onClose: () => void
}

/** Stands beside the list of members: one that is removed leaves the list, and what came of it is still to be read. */
export function UndoMember({ member, onClose }: UndoMemberProps): JSX.Element {
  return (
    <Dialog title={text.value.memberUndo.title(member.name)} onClose={onClose}>
      <Question id={member.id} onClose={onClose} />
    </Dialog>
  )
}

function Question({ id, onClose }: { readonly id: string; readonly onClose: () => void }): JSX.Element {
  const words = text.value.memberUndo
  const action = useAction()
  const since = useSignal(localTime(Date.now() - hourMs))
  const isEvicted = useSignal(false)
  const seen = useSignal<CountAnswer | null>(null)
  const done = useSignal<CountAnswer | null>(null)
  const undo = (query: string): Promise<CountAnswer> => {
    const at = new Date(since.value)
    const body = { since: Number.isNaN(at.getTime()) ? since.value : at.toISOString() }
    return sendApi<CountAnswer>('POST', `/api/v1/members/${encodeURIComponent(id)}/undo${query}`, body)
  }
  function look(): void {
    action.run(async () => {
      seen.value = await undo('?dryRun=true')
    })
  }
  function perform(): void {
    action.run(async () => {
      done.value = await undo('')
      if (isEvicted.value) {
        await sendApi('DELETE', `/api/v1/members/${encodeURIComponent(id)}`)
        // What it did between the two; undoing the rest again changes nothing.
        await undo('')
      }
      await channel.refresh()
    })
  }
  return (
    <>
      <ul class="stays">
        {words.stays.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <div class="field">
        <label for="undo-since">{words.since}</label>
        <input
          id="undo-since"
          type="datetime-local"
          value={since.value}
          aria-describedby="undo-since-hint"
          onInput={(event) => {
            since.value = event.currentTarget.value
            seen.value = null
          }}
        />
        <p id="undo-since-hint" class="hint">
          {words.sinceHint}
        </p>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={isEvicted.value}
          onChange={(event) => {
            isEvicted.value = event.currentTarget.checked
          }}
        />
        <span>{words.withEvict}</span>
      </label>
      <FailureNotice failure={action.failure} />
      <div role="status">
        {done.value === null ? (
          seen.value !== null && <Outcome answer={seen.value} say={words.would} />
        ) : (
          <Outcome answer={done.value} say={words.done} />
        )}
      </div>
      {done.value === null && seen.value !== null && <Largest answer={seen.value} />}
      <p class="actions">
        {done.value === null && (
          <>
            <BusyButton action={action} onPress={look}>
              {words.look}
            </BusyButton>
            <BusyButton action={action} kind="danger" isOff={seen.value === null} onPress={perform}>
              {words.do}
            </BusyButton>
          </>
        )}
        <button type="button" class="button" onClick={onClose}>
          {done.value === null ? text.value.common.cancel : text.value.common.close}
        </button>
      </p>
    </>
  )
}

interface OutcomeProps {
  readonly answer: CountAnswer
  readonly say: (skus: number, units: number) => string
}

function Outcome({ answer, say }: OutcomeProps): JSX.Element {
  return (
    <>
      <p>{say(answer.counted, answer.unitsChanged)}</p>
      {answer.refused > 0 && <p>{text.value.memberUndo.unclear(answer.refused)}</p>}
    </>
  )
}

/** Outside of what is announced, where a list would be read aloud from end to end. */
function Largest({ answer }: { readonly answer: CountAnswer }): JSX.Element | null {
  const changed = answer.items.flatMap(({ sku, name, from, to }) =>
    from === null || to === null || from === to ? [] : [{ sku, name: name ?? '', from, to }],
  )
  return changed.length === 0 ? null : (
    <>
      <h3>{text.value.preview.largest}</h3>
      <ChangedRows items={changed.slice(0, rowsShown)} />
    </>
  )
}

/** A moment as such a field takes it: in the time of the place where the page is read. */
function localTime(ms: number): string {
  const date = new Date(ms)
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

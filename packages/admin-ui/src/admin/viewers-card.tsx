/** The password of those who may look at everything and change nothing: set, replaced, or removed. */
import { useSignal } from '@preact/signals'
import type { ViewerPasswordAnswer } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { useReading } from '../api/use-reading.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import { text } from '../text/admin-language.ts'

const path = '/api/v1/viewer-password'

export function ViewersCard(): JSX.Element {
  const words = text.value.viewers
  const reading = useReading<ViewerPasswordAnswer>(path, 0)
  const typed = useSignal('')
  const done = useSignal<'saved' | 'removed' | null>(null)
  const action = useAction()
  const answer = reading.value.value
  function change(what: 'saved' | 'removed'): void {
    done.value = null
    action.run(async () => {
      const method = what === 'saved' ? 'POST' : 'DELETE'
      const body = what === 'saved' ? { password: typed.value } : {}
      reading.value.value = await sendApi<ViewerPasswordAnswer>(method, path, body)
      typed.value = ''
      done.value = what
    })
  }
  return (
    <form
      class="card settings"
      aria-labelledby="viewers"
      onSubmit={(event) => {
        event.preventDefault()
        change('saved')
      }}
    >
      <h2 id="viewers">{words.title}</h2>
      <p class="hint">{words.intro}</p>
      <FailureNotice failure={reading.failure} />
      {answer !== null && <p>{answer.set ? words.some : words.none}</p>}
      <Field
        label={words.password}
        hint={words.passwordHint}
        value={typed}
        type="password"
        autoComplete="new-password"
        lengthMin={10}
        isRequired
      />
      <FailureNotice failure={action.failure} />
      <div aria-live="polite">{done.value !== null && <p class="notice notice-good">{words[done.value]}</p>}</div>
      <p class="actions">
        <BusyButton action={action}>{words.save}</BusyButton>
        {answer?.set === true && (
          <BusyButton action={action} onPress={() => change('removed')}>
            {words.remove}
          </BusyButton>
        )}
      </p>
    </form>
  )
}

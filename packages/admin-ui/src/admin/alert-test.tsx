/** A test message to wherever alerts are sent, and what became of it at each place. */
import { useSignal } from '@preact/signals'
import type { AlertTestAnswer } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { text } from '../text/admin-language.ts'
import { sentenceFor } from '../text/language.ts'

export function AlertTest(): JSX.Element {
  const words = text.value.settings
  const action = useAction()
  const results = useSignal<AlertTestAnswer['results']>([])
  function send(): void {
    results.value = []
    action.run(async () => {
      results.value = (await sendApi<AlertTestAnswer>('POST', '/api/v1/settings/alerts/test')).results
    })
  }
  return (
    <section class="card settings" aria-labelledby="alert-test">
      <h2 id="alert-test">{words.alertTest}</h2>
      <p class="hint">{words.alertTestIntro}</p>
      <FailureNotice failure={action.failure} />
      <div aria-live="polite">
        {results.value.map(({ target, delivered, code, message }) => (
          <p key={target} class={delivered ? 'notice notice-good' : 'notice notice-bad'}>
            {delivered ? words.delivered(target) : words.undelivered(target, whyNot(code ?? '', message ?? ''))}
          </p>
        ))}
      </div>
      <p class="actions">
        <BusyButton action={action} onPress={send}>
          {words.alertTestDo}
        </BusyButton>
      </p>
    </section>
  )
}

/** The code of an address that is not allowed is told of shops elsewhere, in words that do not fit a webhook. */
function whyNot(code: string, message: string): string {
  return sentenceFor({ code: code === 'address-refused' ? 'target-address-refused' : code, message })
}

/** "Stop everything": no shop of the network is written to until somebody lets them all go on. */
import type { StopAllAnswer } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { useReading } from '../api/use-reading.ts'
import { memberName, versions } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'

export function StopAllSection(): JSX.Element {
  const words = text.value.stopAll
  // Every word is a line of the log, so the state is read again when the log has grown.
  const reading = useReading<StopAllAnswer>('/api/v1/stop-all', versions.value.log)
  const answer = reading.value.value
  const action = useAction()
  const isStopped = answer?.stopped === true
  const say = (path: string): void =>
    action.run(async () => {
      reading.value.value = await sendApi<StopAllAnswer>('POST', path)
    })
  return (
    <section class="section" aria-labelledby="stop-all">
      <h2 id="stop-all">{words.title}</h2>
      <div class="card">
        <FailureNotice failure={reading.failure} />
        {isStopped && answer.since !== null && (
          <p class="notice">{words.since(format.value.moment(answer.since, Date.now()))}</p>
        )}
        <p>{isStopped ? words.stays : words.intro}</p>
        {answer !== null && answer.unheard.length > 0 && (
          <p>{words.unheard(format.value.list(answer.unheard.map((id) => memberName(id))))}</p>
        )}
        <FailureNotice failure={action.failure} />
        <p class="actions">
          {isStopped ? (
            <BusyButton action={action} kind="main" onPress={() => say('/api/v1/resume-all')}>
              {words.resume}
            </BusyButton>
          ) : (
            <BusyButton action={action} onPress={() => say('/api/v1/stop-all')}>
              {words.do}
            </BusyButton>
          )}
        </p>
      </div>
    </section>
  )
}

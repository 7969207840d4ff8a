/** "Stop everything": no shop of the network is written to until somebody lets them all go on. */
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { channel, memberName } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'

export function StopAllSection(): JSX.Element | null {
  const words = text.value.stopAll
  const answer = channel.state.value?.status.stopAll ?? null
  const action = useAction()
  if (answer === null) {
    return null
  }
  const isStopped = answer.stopped
  const say = (path: string): void =>
    action.run(async () => {
      await sendApi('POST', path)
      await channel.refresh()
    })
  return (
    <section class="section" aria-labelledby="stop-all">
      <h2 id="stop-all">{isStopped ? words.isStopped : words.title}</h2>
      <div class="card">
        {isStopped && answer.since !== null && (
          <p class="notice">{words.since(format.value.moment(answer.since, Date.now()))}</p>
        )}
        <p>{isStopped ? words.stays : words.intro}</p>
        {answer.unheard.length > 0 && (
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

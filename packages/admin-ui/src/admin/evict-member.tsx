/** Removes another shop from the network, after a question that says what happens and what stays. */
import { useSignal } from '@preact/signals'
import type { MemberStatus } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { channel } from '../live/live-store.ts'
import { Dialog } from '../parts/dialog.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { text } from '../text/admin-language.ts'

export function EvictMember({ member }: { readonly member: MemberStatus }): JSX.Element {
  const words = text.value.evict
  const isAsking = useSignal(false)
  const action = useAction()
  function close(): void {
    isAsking.value = false
  }
  return (
    <>
      <button
        type="button"
        class="button button-quiet"
        aria-label={`${words.open} ${member.name}`}
        onClick={() => {
          isAsking.value = true
        }}
      >
        {words.open}
      </button>
      {isAsking.value && (
        <Dialog title={words.title(member.name)} onClose={close}>
          <ul class="stays">
            {words.stays.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          <FailureNotice failure={action.failure} />
          <p class="actions">
            <button
              type="button"
              class="button button-danger"
              disabled={action.isBusy.value}
              onClick={() =>
                action.run(async () => {
                  await sendApi('DELETE', `/api/v1/members/${encodeURIComponent(member.id)}`)
                  close()
                  await channel.refresh()
                })
              }
            >
              {words.do}
            </button>
            <button type="button" class="button" onClick={close}>
              {text.value.common.cancel}
            </button>
          </p>
        </Dialog>
      )}
    </>
  )
}

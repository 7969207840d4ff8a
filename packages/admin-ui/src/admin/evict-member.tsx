/** Removes another shop from the network, after a question that says what happens and what stays. */
import { useSignal } from '@preact/signals'
import type { MemberStatus } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { isViewer } from '../api/viewer.ts'
import { channel } from '../live/live-store.ts'
import { Confirmation } from '../parts/confirmation.tsx'
import { text } from '../text/admin-language.ts'

export function EvictMember({ member }: { readonly member: MemberStatus }): JSX.Element {
  const words = text.value.evict
  const isAsking = useSignal(false)
  const action = useAction()
  function close(): void {
    isAsking.value = false
  }
  function evict(): void {
    action.run(async () => {
      await sendApi('DELETE', `/api/v1/members/${encodeURIComponent(member.id)}`)
      close()
      await channel.refresh()
    })
  }
  return (
    <>
      <button
        type="button"
        class="button button-quiet"
        aria-label={`${words.open} ${member.name}`}
        disabled={isViewer.value}
        onClick={() => {
          isAsking.value = true
        }}
      >
        {words.open}
      </button>
      {isAsking.value && (
        <Confirmation
          title={words.title(member.name)}
          action={action}
          label={words.do}
          cancel={text.value.common.cancel}
          onConfirm={evict}
          onClose={close}
        >
          <ul class="stays">
            {words.stays.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Confirmation>
      )}
    </>
  )
}

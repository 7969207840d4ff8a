/** Sends a join request to the address of another shop's node. */
import type { Signal } from '@preact/signals'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { channel } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import { text } from '../text/admin-language.ts'

export function JoinForm({ address }: { readonly address: Signal<string> }): JSX.Element {
  const action = useAction()
  const words = text.value.join
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        action.run(async () => {
          await sendApi('POST', '/api/v1/join', { address: address.value.trim() })
          await channel.refresh()
        })
      }}
    >
      <Field label={words.address} hint={words.addressHint} value={address} name="address" isRequired />
      <FailureNotice failure={action.failure} />
      <p class="actions">
        <BusyButton action={action} kind="main">
          {words.send}
        </BusyButton>
      </p>
    </form>
  )
}

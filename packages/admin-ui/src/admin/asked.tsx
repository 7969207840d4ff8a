/** A button that says first what changes and what stays, and does it when the person still wants it. */
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useAction } from '../api/use-action.ts'
import { isViewer } from '../api/viewer.ts'
import { channel } from '../live/live-store.ts'
import { Confirmation } from '../parts/confirmation.tsx'
import { text } from '../text/admin-language.ts'

interface AskedProps {
  readonly open: string
  readonly title: string
  readonly stays: readonly string[]
  readonly label: string
  /** What it is about, where several stand beside each other; such a button is a quiet one. */
  readonly about?: string
  readonly perform: () => Promise<void>
}

export function Asked({ open, title, stays, label, about, perform }: AskedProps): JSX.Element {
  const isAsking = useSignal(false)
  const action = useAction()
  function close(): void {
    isAsking.value = false
  }
  return (
    <>
      <button
        type="button"
        class={about === undefined ? 'button' : 'button button-quiet'}
        aria-label={about === undefined ? undefined : `${open} ${about}`}
        disabled={isViewer.value}
        onClick={() => {
          isAsking.value = true
        }}
      >
        {open}
      </button>
      {isAsking.value && (
        <Confirmation
          title={title}
          action={action}
          label={label}
          cancel={text.value.common.cancel}
          onConfirm={() =>
            action.run(async () => {
              await perform()
              close()
              await channel.refresh()
            })
          }
          onClose={close}
        >
          <ul class="stays">
            {stays.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Confirmation>
      )}
    </>
  )
}

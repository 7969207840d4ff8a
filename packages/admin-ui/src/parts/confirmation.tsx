/** A question before something that cannot be taken back: what happens, the one button that does it, and the way out. */
import type { ComponentChildren, JSX } from 'preact'
import type { Action } from '../api/use-action.ts'
import { BusyButton } from './busy-button.tsx'
import { Dialog } from './dialog.tsx'
import { FailureNotice } from './failure-notice.tsx'

interface ConfirmationProps {
  readonly title: string
  readonly action: Action
  /** What the button says that does it. */
  readonly label: string
  readonly cancel: string
  readonly onConfirm: () => void
  readonly onClose: () => void
  /** What happens, and what stays. */
  readonly children: ComponentChildren
}

export function Confirmation(props: ConfirmationProps): JSX.Element {
  const { title, action, label, cancel, onConfirm, onClose, children } = props
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <FailureNotice failure={action.failure} />
      <p class="actions">
        <BusyButton action={action} kind="danger" onPress={onConfirm}>
          {label}
        </BusyButton>
        <button type="button" class="button" onClick={onClose}>
          {cancel}
        </button>
      </p>
    </Dialog>
  )
}

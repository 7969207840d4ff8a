/** The button of one change: off while it is under way, and for whoever may only look. Without `onPress` it sends its form. */
import type { ComponentChildren, JSX } from 'preact'
import type { Action } from '../api/use-action.ts'
import { isViewer } from '../api/viewer.ts'

interface BusyButtonProps {
  readonly action: Action
  readonly kind?: 'main' | 'danger'
  /** What was entered does not fit yet. */
  readonly isOff?: boolean
  readonly onPress?: () => void
  readonly children: ComponentChildren
}

export function BusyButton({ action, kind, isOff = false, onPress, children }: BusyButtonProps): JSX.Element {
  return (
    <button
      type={onPress === undefined ? 'submit' : 'button'}
      class={kind === undefined ? 'button' : `button button-${kind}`}
      disabled={action.isBusy.value || isOff || isViewer.value}
      aria-busy={action.isBusy.value}
      {...(onPress === undefined ? {} : { onClick: onPress })}
    >
      {children}
    </button>
  )
}

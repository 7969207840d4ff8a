/** The button of one action: it cannot be pressed again while that is under way. Without `onPress` it sends its form. */
import type { ComponentChildren, JSX } from 'preact'
import type { Action } from '../api/use-action.ts'

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
      disabled={action.isBusy.value || isOff}
      {...(onPress === undefined ? {} : { onClick: onPress })}
    >
      {children}
    </button>
  )
}

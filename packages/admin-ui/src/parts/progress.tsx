/** How far something has come, as a bar and as words. */
import type { JSX } from 'preact'

interface ProgressProps {
  readonly label: string
  readonly done: number
  /** 0 while it is not known yet. */
  readonly total: number
}

export function Progress({ label, done, total }: ProgressProps): JSX.Element {
  return total > 0 ? (
    <progress aria-label={label} value={Math.min(done, total)} max={total} />
  ) : (
    <progress aria-label={label} />
  )
}

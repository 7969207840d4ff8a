/** A state as a shape and a word, so that its colour is never needed to read it. */
import type { JSX } from 'preact'

export type Tone = 'good' | 'busy' | 'attention' | 'quiet'

const shapes: Readonly<Record<Tone, string>> = { good: '✓', busy: '↻', attention: '!', quiet: '·' }

interface BadgeProps {
  readonly tone: Tone
  readonly label: string
  readonly help?: string
}

export function Badge({ tone, label, help }: BadgeProps): JSX.Element {
  return (
    <span class={`badge badge-${tone}`} title={help}>
      <span class="badge-shape" aria-hidden="true">
        {shapes[tone]}
      </span>
      {label}
    </span>
  )
}

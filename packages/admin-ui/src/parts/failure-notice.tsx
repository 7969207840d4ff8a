/** A failure in the user's language, announced to screen readers; nothing when there is none. */
import type { ReadonlySignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { ApiFailure } from '../api/client.ts'
import { sentenceFor } from '../text/language.ts'

export function FailureNotice({ failure }: { readonly failure: ReadonlySignal<ApiFailure | null> }): JSX.Element {
  return (
    <div role="alert" class="failure-slot">
      {failure.value !== null && <p class="notice notice-bad">{sentenceFor(failure.value)}</p>}
    </div>
  )
}

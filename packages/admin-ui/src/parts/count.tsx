/** A number that shows for a moment that it has just changed, and a signed change. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { format } from '../text/language.ts'

export function Count({ value }: { readonly value: number | null }): JSX.Element {
  const before = useRef(value)
  const [changes, setChanges] = useState(0)
  useEffect(() => {
    if (before.current !== value) {
      before.current = value
      setChanges((count) => count + 1)
    }
  }, [value])
  return (
    // A new key starts the animation again.
    <span key={changes} class={changes > 0 ? 'count count-changed' : 'count'}>
      {value === null ? '–' : format.value.number(value)}
    </span>
  )
}

export function Delta({ value }: { readonly value: number | null }): JSX.Element {
  if (value === null) {
    return <span class="count muted">–</span>
  }
  if (value === 0) {
    return <span class="count muted">{format.value.number(0)}</span>
  }
  return <span class={`count ${value < 0 ? 'delta-down' : 'delta-up'}`}>{format.value.signed(value)}</span>
}

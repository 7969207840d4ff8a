/** A search that asks when the typing pauses, so that a word costs one call. */
import type { JSX } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'

interface SearchBoxProps {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly onSearch: (query: string) => void
}

const pauseMs = 250

export function SearchBox({ label, hint, value, onSearch }: SearchBoxProps): JSX.Element {
  const id = useId()
  const [typed, setTyped] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // What the page does with a search may change while the typing pauses: another filter may have been chosen.
  const latest = useRef(onSearch)
  latest.current = onSearch
  useEffect(() => setTyped(value), [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    <form
      role="search"
      class="field field-search"
      onSubmit={(event) => {
        event.preventDefault()
        clearTimeout(timer.current)
        onSearch(typed.trim())
      }}
    >
      <label for={id} class="sr-only">
        {label}
      </label>
      <input
        id={id}
        type="search"
        placeholder={hint}
        value={typed}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => {
          const next = event.currentTarget.value
          setTyped(next)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => latest.current(next.trim()), pauseMs)
        }}
      />
    </form>
  )
}

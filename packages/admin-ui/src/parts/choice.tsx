/** A labelled select over a typed set of values. */
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly (readonly [T, string])[]
  readonly isLabelHidden?: boolean
  readonly hint?: string
  readonly onChange: (value: T) => void
}

export function Choice<T extends string>(props: ChoiceProps<T>): JSX.Element {
  const id = useId()
  return (
    <div class="field field-choice">
      <label for={id} class={props.isLabelHidden === true ? 'sr-only' : undefined}>
        {props.label}
      </label>
      <select
        id={id}
        value={props.value}
        aria-describedby={props.hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => {
          const picked = props.options.find(([value]) => value === event.currentTarget.value)
          if (picked !== undefined) {
            props.onChange(picked[0])
          }
        }}
      >
        {props.options.map(([value, label]) => (
          <option key={value} value={value} selected={value === props.value}>
            {label}
          </option>
        ))}
      </select>
      {props.hint !== undefined && (
        <p id={`${id}-hint`} class="hint">
          {props.hint}
        </p>
      )}
    </div>
  )
}

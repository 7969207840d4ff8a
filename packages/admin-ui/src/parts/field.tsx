/** A labelled input with its hint; the hint is read together with the label. */
import type { Signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps {
  readonly label: string
  readonly value: Signal<string>
  readonly hint?: string
  readonly type?: 'text' | 'password' | 'time'
  readonly name?: string
  readonly autoComplete?: string
  readonly isRequired?: boolean
  readonly lengthMin?: number
  readonly isMono?: boolean
  /** Takes a whole number from 0 on. */
  readonly isWhole?: boolean
  readonly hasFocus?: boolean
}

const wholeNumber = { inputMode: 'numeric', pattern: '[0-9]{1,9}' } as const

export function Field(props: FieldProps): JSX.Element {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        class={props.isMono === true ? 'mono' : undefined}
        {...inputType(props.type ?? 'text')}
        name={props.name}
        value={props.value.value}
        required={props.isRequired === true}
        minLength={props.lengthMin}
        {...(props.isWhole === true ? wholeNumber : {})}
        autocomplete={props.autoComplete ?? 'off'}
        autofocus={props.hasFocus === true}
        spellcheck={false}
        aria-describedby={props.hint === undefined ? undefined : `${id}-hint`}
        onInput={(event) => {
          props.value.value = event.currentTarget.value
        }}
      />
      {props.hint !== undefined && (
        <p id={`${id}-hint`} class="hint">
          {props.hint}
        </p>
      )}
    </div>
  )
}

/** The attribute types tell the kinds of input apart, so the kind is given as one of them. */
function inputType(type: 'text' | 'password' | 'time'): { type: 'text' } | { type: 'password' } | { type: 'time' } {
  if (type === 'text') {
    return { type: 'text' }
  }
  return type === 'password' ? { type: 'password' } : { type: 'time' }
}

/** What a person says of the shelf for one SKU: a stock count, or goods that came in. Both say what they did. */
import { type Signal, useSignal } from '@preact/signals'
import type { CountAnswer } from '@stockmesh/protocol/api'
import type { ComponentChildren, JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { ApiFailure, createIdempotencyKey, sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { memberName } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'

export function StockChange({ sku }: { readonly sku: string }): JSX.Element {
  const words = text.value.stockChange
  return (
    <details class="stock-change">
      <summary>{words.title}</summary>
      <div class="explained-columns">
        <StockCount sku={sku} />
        <Received sku={sku} />
      </div>
    </details>
  )
}

function StockCount({ sku }: { readonly sku: string }): JSX.Element {
  const words = text.value.stockChange
  const counted = useSignal('')
  const unsent = useSignal('')
  return (
    <ChangeForm
      title={words.count}
      intro={words.countIntro}
      button={words.countDo}
      fields={[counted, unsent]}
      path={`/api/v1/stock/${encodeURIComponent(sku)}/count`}
      body={() => ({
        quantity: Number(counted.value),
        ...(unsent.value === '' ? {} : { unsent: Number(unsent.value) }),
      })}
    >
      <Field label={words.counted} value={counted} isRequired isWhole />
      <Field label={words.unsent} hint={words.unsentHint} value={unsent} isWhole />
    </ChangeForm>
  )
}

function Received({ sku }: { readonly sku: string }): JSX.Element {
  const words = text.value.stockChange
  const quantity = useSignal('')
  const note = useSignal('')
  return (
    <ChangeForm
      title={words.received}
      intro={words.receivedIntro}
      button={words.receivedDo}
      fields={[quantity, note]}
      path="/api/v1/received"
      body={() => ({
        items: [{ sku, quantity: Number(quantity.value) }],
        ...(note.value.trim() === '' ? {} : { note: note.value.trim() }),
      })}
    >
      <Field label={words.quantity} value={quantity} isRequired isWhole />
      <Field label={words.note} hint={words.noteHint} value={note} />
    </ChangeForm>
  )
}

interface ChangeFormProps {
  readonly title: string
  readonly intro: string
  readonly button: string
  readonly fields: readonly Signal<string>[]
  readonly path: string
  readonly body: () => object
  readonly children: ComponentChildren
}

function ChangeForm({ title, intro, button, fields, path, body, children }: ChangeFormProps): JSX.Element {
  const action = useAction()
  const said = useSignal('')
  // The same form sent again after a lost answer keeps its key, so that it is counted once.
  const key = useMemo(() => ({ value: createIdempotencyKey() }), [path])
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        said.value = ''
        action.run(async () => {
          try {
            said.value = whatWasDone(await sendApi<CountAnswer>('POST', path, body(), key.value))
          } catch (thrown) {
            if (thrown instanceof ApiFailure && thrown.status < 500) key.value = createIdempotencyKey()
            throw thrown
          }
          key.value = createIdempotencyKey()
          for (const field of fields) field.value = ''
        })
      }}
    >
      <h3>{title}</h3>
      <p class="hint">{intro}</p>
      {children}
      <FailureNotice failure={action.failure} />
      <div aria-live="polite">{said.value !== '' && <p class="notice notice-good">{said.value}</p>}</div>
      <p class="actions">
        <BusyButton action={action}>{button}</BusyButton>
      </p>
    </form>
  )
}

/** A line that was refused is a failure of the form, which has only one. */
function whatWasDone({ items, unheard }: CountAnswer): string {
  const words = text.value.stockChange
  const [item] = items
  if (item === undefined) {
    return words.done(null, null)
  }
  if (item.error !== null) {
    throw new ApiFailure(422, item.error.code, item.error.message)
  }
  const names = format.value.list(unheard.map((id) => memberName(id)))
  return [words.done(item.from, item.to), ...(unheard.length === 0 ? [] : [words.unheard(names)])].join(' ')
}

/** A stock count or a delivery as a list: pasted or from a file, shown as differences first, then saved in one step. */
import { useSignal } from '@preact/signals'
import type { CountAnswer } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import { createIdempotencyKey, sendApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { memberName } from '../live/live-store.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Choice } from '../parts/choice.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Field } from '../parts/field.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'
import { begunAt, parseStockLines } from './stock-lines.ts'
import { StockListPreview } from './stock-list-preview.tsx'

type Kind = 'count' | 'received'

/** A call as it was previewed, to be made for good: what is typed afterwards is another one. */
interface Prepared {
  readonly kind: Kind
  readonly body: object
  /** Sent again after a lost answer it is done once. */
  readonly key: string
  readonly answer: CountAnswer
}

const paths: Readonly<Record<Kind, string>> = { count: '/api/v1/counts', received: '/api/v1/received' }
const kinds: readonly Kind[] = ['count', 'received']

export function StockListPage(): JSX.Element {
  const words = text.value.stockList
  const kind = useSignal<Kind>('count')
  const lines = useSignal('')
  const begun = useSignal('')
  const note = useSignal('')
  const unread = useSignal('')
  const prepared = useSignal<Prepared | null>(null)
  const said = useSignal('')
  const action = useAction()

  function preview(): void {
    said.value = ''
    prepared.value = null
    const parsed = parseStockLines(lines.value, kind.value === 'count')
    if (parsed.unread.length > 0 || parsed.lines.length === 0) {
      unread.value =
        parsed.unread.length === 0
          ? words.empty
          : words.unread(format.value.list(parsed.unread.slice(0, 10).map((one) => format.value.number(one))))
      return
    }
    unread.value = ''
    const asOf = kind.value === 'count' ? begunAt(begun.value, Date.now()) : null
    const items = asOf === null ? parsed.lines : parsed.lines.map((line) => ({ ...line, asOf }))
    const noted = kind.value === 'received' && note.value.trim() !== '' ? { note: note.value.trim() } : {}
    const call = { kind: kind.value, body: { items, ...noted }, key: createIdempotencyKey() }
    action.run(async () => {
      const answer = await sendApi<CountAnswer>('POST', `${paths[call.kind]}?dryRun=true`, call.body)
      prepared.value = { ...call, answer }
    })
  }

  function save({ kind: chosen, body, key }: Prepared): void {
    action.run(async () => {
      const answer = await sendApi<CountAnswer>('POST', paths[chosen], body, key)
      const unheard = format.value.list(answer.unheard.map((id) => memberName(id)))
      said.value = [
        words.saved(answer.counted, answer.unitsChanged),
        ...(answer.refused === 0 ? [] : [words.refused(answer.refused)]),
        ...(answer.unheard.length === 0 ? [] : [text.value.stockChange.unheard(unheard)]),
      ].join(' ')
      prepared.value = null
      lines.value = ''
    })
  }

  return (
    <>
      <div class="page-head">
        <h1>{words.title}</h1>
      </div>
      <form
        class="card settings"
        onInput={() => {
          prepared.value = null
          said.value = ''
        }}
        onSubmit={(event) => {
          event.preventDefault()
          preview()
        }}
      >
        <Choice
          label={words.kind}
          value={kind.value}
          options={kinds.map((one) => [one, words.kinds[one]] as const)}
          onChange={(next) => {
            kind.value = next
          }}
        />
        <p class="hint">{kind.value === 'count' ? words.countIntro : words.receivedIntro}</p>
        <Lines value={lines.value} hint={words.linesHint[kind.value]} onChange={(next) => (lines.value = next)} />
        {kind.value === 'count' ? (
          <Field label={words.begun} hint={words.begunHint} value={begun} type="time" />
        ) : (
          <Field label={text.value.stockChange.note} hint={text.value.stockChange.noteHint} value={note} />
        )}
        <div role="alert">{unread.value !== '' && <p class="notice notice-bad">{unread.value}</p>}</div>
        <FailureNotice failure={action.failure} />
        <div aria-live="polite">{said.value !== '' && <p class="notice notice-good">{said.value}</p>}</div>
        <p class="actions">
          <BusyButton action={action} {...(prepared.value === null ? { kind: 'main' as const } : {})}>
            {words.preview}
          </BusyButton>
        </p>
      </form>
      {prepared.value !== null && (
        <StockListPreview
          answer={prepared.value.answer}
          action={action}
          button={words.save[prepared.value.kind]}
          onSave={() => prepared.value !== null && save(prepared.value)}
        />
      )}
    </>
  )
}

interface LinesProps {
  readonly value: string
  readonly hint: string
  readonly onChange: (next: string) => void
}

function Lines({ value, hint, onChange }: LinesProps): JSX.Element {
  const words = text.value.stockList
  const id = useId()
  return (
    <>
      <div class="field">
        <label for={id}>{words.lines}</label>
        <textarea
          id={id}
          class="mono"
          rows={8}
          spellcheck={false}
          value={value}
          aria-describedby={`${id}-hint`}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      </div>
      <label class="button file">
        {words.file}
        <input
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/plain"
          onChange={(event) => {
            const input = event.currentTarget
            // A file that cannot be read leaves the lines as they are.
            void input.files?.[0]?.text().then(onChange, () => undefined)
            input.value = ''
          }}
        />
      </label>
    </>
  )
}

/** Taking the import back: this shop gets its own numbers again, or every shop gets them. Each is asked about first. */
import { useSignal } from '@preact/signals'
import type { CountAnswer, ImportUndoAnswer } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { sendApi } from '../api/client.ts'
import { Progress } from '../parts/progress.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'
import { Asked } from './asked.tsx'

export function ImportUndoSection({ undo }: { readonly undo: ImportUndoAnswer }): JSX.Element {
  const words = text.value.undo
  const used = useSignal<CountAnswer | null>(null)
  return (
    <section class="section" aria-labelledby="import-undo">
      <h2 id="import-undo">{words.title}</h2>
      <div class="card">
        {undo.state === 'available' && <p>{words.until(format.value.since(undo.until, Date.now()))}</p>}
        {undo.state === 'running' && (
          <>
            <p>{words.running}</p>
            <Progress label={words.title} done={undo.done} total={undo.total} />
            <p class="numbers">{text.value.import.progress(undo.done, undo.total)}</p>
          </>
        )}
        {undo.state === 'done' && <p>{words.done}</p>}
        {undo.refusedCount > 0 && <p>{words.refused(undo.refusedCount)}</p>}
        {used.value !== null && <p role="status">{words.used(used.value.counted, used.value.unitsChanged)}</p>}
        <p class="actions">
          {undo.state === 'available' && (
            <Asked
              open={words.open}
              title={words.confirmTitle}
              stays={words.stays}
              label={words.do}
              perform={async () => void (await sendApi('POST', '/api/v1/import/undo'))}
            />
          )}
          {undo.state !== 'running' && (
            <Asked
              open={words.useOpen}
              title={words.useTitle}
              stays={words.useStays}
              label={words.useDo}
              perform={async () => {
                used.value = await sendApi<CountAnswer>('POST', '/api/v1/import/use-this-shop')
              }}
            />
          )}
        </p>
      </div>
    </section>
  )
}

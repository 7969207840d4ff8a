/** What the import will do to this shop, before anything is written: totals, the largest changes first, and all as CSV. */
import type { Signal } from '@preact/signals'
import type { ImportPreview, ImportPreviewItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { usePagedList, useReading } from '../api/use-reading.ts'
import { versions } from '../live/live-store.ts'
import { CsvLinks } from '../parts/csv-links.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Pager } from '../parts/pager.tsx'
import { text } from '../text/admin-language.ts'
import { ChangedRows } from './changed-rows.tsx'

const rowsShown = 10

/** The preview as it is now, read again when a number changes; `seen` is the id of what is shown. */
export function ImportPreviewTotals({ seen }: { readonly seen: Signal<string | null> }): JSX.Element {
  const words = text.value.preview
  const reading = useReading<ImportPreview>('/api/v1/import/preview', versions.value.stock)
  const preview = reading.value.value
  useEffect(() => {
    seen.value = preview?.id ?? null
  }, [preview, seen])
  return (
    <>
      <FailureNotice failure={reading.failure} />
      {preview !== null && (
        <section class="preview" aria-label={words.title}>
          <h4>{words.title}</h4>
          <ul class="preview-totals">
            <li>{preview.differ === 0 ? words.noneDiffer : words.differ(preview.differ, preview.unitsChanged)}</li>
            {preview.toZero > 0 && <li class="preview-zero">{words.toZero(preview.toZero)}</li>}
            {preview.onlyHere > 0 && <li>{words.onlyHere(preview.onlyHere)}</li>}
            {preview.onlyNetwork > 0 && <li>{words.onlyNetwork(preview.onlyNetwork)}</li>}
          </ul>
          {preview.differ > 0 && <Changes />}
          <p class="hint">{words.nothingYet}</p>
        </section>
      )}
    </>
  )
}

function Changes(): JSX.Element {
  const words = text.value.preview
  const version = versions.value.stock
  const list = usePagedList<ImportPreviewItem>('/api/v1/import/preview/items', version, rowsShown)
  return (
    <>
      <div class="card-head">
        <h4>{words.largest}</h4>
        <span>
          <CsvLinks path="/api/v1/import/preview/items.csv" words={text.value.common} />
        </span>
      </div>
      <FailureNotice failure={list.failure} />
      <ChangedRows items={list.items.value ?? []} />
      <Pager list={list} />
    </>
  )
}

/** The preview of a mass change that is held: its largest changes, and all of it as a list to take along. */
import type { ProblemItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { CsvLinks } from '../parts/csv-links.tsx'
import { text } from '../text/admin-language.ts'
import { ChangedRows } from './changed-rows.tsx'
import { parseMassChange } from './mass-change-details.ts'

export function MassChange({ problem }: { readonly problem: ProblemItem }): JSX.Element | null {
  const change = parseMassChange(problem)
  if (change === null) {
    return null
  }
  return (
    <>
      <div class="card-head">
        <h4>{text.value.preview.largest}</h4>
        <span>
          <CsvLinks path={`/api/v1/problems/${encodeURIComponent(problem.id)}/items.csv`} words={text.value.common} />
        </span>
      </div>
      <ChangedRows items={change.examples} />
    </>
  )
}

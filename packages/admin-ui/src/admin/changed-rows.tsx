/** Products whose number would change, from what to what. */
import type { JSX } from 'preact'
import { Delta } from '../parts/count.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'

interface ChangedRowsProps {
  readonly items: readonly { readonly sku: string; readonly name: string; readonly from: number; readonly to: number }[]
}

export function ChangedRows({ items }: ChangedRowsProps): JSX.Element {
  const words = text.value.preview
  return (
    <ul class="rows">
      {items.map(({ sku, name, from, to }) => (
        <li key={sku}>
          <span>
            <span class="mono">{sku}</span> {name}
          </span>
          <span class="rows-end">
            <span class="muted numbers">
              <span class="sr-only">{words.change(from, to)}</span>
              <span aria-hidden="true">
                {format.value.number(from)} → {format.value.number(to)}
              </span>
            </span>
            <Delta value={to - from} />
          </span>
        </li>
      ))}
    </ul>
  )
}

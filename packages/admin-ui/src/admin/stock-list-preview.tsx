/** What a list would do, line by line, before anything is saved; refused lines first, then the largest differences. */
import type { CountAnswer, CountItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import type { Action } from '../api/use-action.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Count, Delta } from '../parts/count.tsx'
import { text } from '../text/admin-language.ts'
import { sentenceFor } from '../text/language.ts'

interface StockListPreviewProps {
  readonly answer: CountAnswer
  readonly action: Action
  readonly button: string
  readonly onSave: () => void
}

/** Of a long list the rest is told by the totals. */
const rowsMax = 500

export function StockListPreview({ answer, action, button, onSave }: StockListPreviewProps): JSX.Element {
  const words = text.value.stockList
  const products = text.value.products
  const rows = answer.items
    .map((item, index) => ({ item, index }))
    .toSorted((a, b) => weightOf(b.item) - weightOf(a.item))
    .slice(0, rowsMax)
  return (
    <section class="section" aria-labelledby="differences">
      <h2 id="differences">{words.difference}</h2>
      <p class="lead" aria-live="polite">
        {words.summary(answer.counted, answer.unitsChanged)} {answer.refused > 0 && words.refused(answer.refused)}
      </p>
      <div class="table-frame">
        <table class="table table-fold">
          <thead>
            <tr>
              <th scope="col">{products.sku}</th>
              <th scope="col">{products.name}</th>
              <th scope="col" class="right">
                {words.before}
              </th>
              <th scope="col" class="right">
                {words.after}
              </th>
              <th scope="col" class="right">
                {words.difference}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ item, index }) => (
              <tr key={index}>
                <td class="mono fold-title">{item.sku}</td>
                <td class="fold-wide">{item.error === null ? item.name : `! ${sentenceFor(item.error)}`}</td>
                <td class="right" data-label={words.before}>
                  <Count value={item.from} />
                </td>
                <td class="right" data-label={words.after}>
                  <Count value={item.to} />
                </td>
                <td class="right" data-label={words.difference}>
                  <Delta value={item.error === null ? (item.to ?? 0) - (item.from ?? 0) : null} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="actions">
        <BusyButton action={action} kind="main" isOff={answer.counted === 0} onPress={onSave}>
          {button}
        </BusyButton>
      </p>
    </section>
  )
}

function weightOf({ error, from, to }: CountItem): number {
  return error === null ? Math.abs((to ?? 0) - (from ?? 0)) : Number.POSITIVE_INFINITY
}

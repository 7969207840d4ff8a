/** The products for which something was chosen in this shop: a buffer of their own, or that they are left out. */
import type { SkuChoiceItem } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { usePagedList } from '../api/use-reading.ts'
import { CsvLinks } from '../parts/csv-links.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { Pager } from '../parts/pager.tsx'
import { text } from '../text/admin-language.ts'
import { SkuName } from './sku-name.tsx'

const path = '/api/v1/sku-choices'
const rowsShown = 20

export function SkuChoicesCard(): JSX.Element {
  const words = text.value.skuChoice
  const list = usePagedList<SkuChoiceItem>(path, 0, rowsShown)
  const items = list.items.value
  return (
    <section class="card settings" aria-labelledby="sku-choices">
      <h2 id="sku-choices">{words.list}</h2>
      <p class="hint">{words.listIntro}</p>
      <FailureNotice failure={list.failure} />
      {items !== null && items.length === 0 && <p>{words.listNone}</p>}
      {items !== null && items.length > 0 && (
        <>
          <ul class="rows">
            {items.map((item) => (
              <li key={item.sku}>
                <SkuName sku={item.sku} name={item.name} />
                <span class="rows-end">{choiceWords(item)}</span>
              </li>
            ))}
          </ul>
          <Pager list={list} />
          <p class="actions">
            <CsvLinks path={`${path}.csv`} words={text.value.common} />
          </p>
        </>
      )}
    </section>
  )
}

function choiceWords({ buffer, leftOut }: SkuChoiceItem): string {
  const parts = [
    ...(buffer === null ? [] : [text.value.skuChoice.held(buffer)]),
    ...(leftOut === null ? [] : [text.value.products.states['left-out']]),
  ]
  return parts.join(' · ')
}

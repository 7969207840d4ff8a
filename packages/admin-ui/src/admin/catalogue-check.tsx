/** Reads the shop's catalogue for what cannot be synchronised: counts here, the list as CSV. */
import { useSignal } from '@preact/signals'
import type { CatalogueFault, CatalogueHealth } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { readApi } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { CsvLinks } from '../parts/csv-links.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { text } from '../text/admin-language.ts'
import { format } from '../text/language.ts'

const kinds: readonly CatalogueFault[] = ['no-sku', 'duplicate', 'untracked', 'fraction', 'bundle', 'negative', 'other']

export function CatalogueCheck(): JSX.Element {
  const words = text.value.connection
  const health = useSignal<CatalogueHealth | null>(null)
  const action = useAction()
  return (
    <>
      <h3>{words.health}</h3>
      <p class="hint">{words.healthIntro}</p>
      <FailureNotice failure={action.failure} />
      <div aria-live="polite">{health.value !== null && <Findings health={health.value} />}</div>
      <p class="actions">
        <button
          type="button"
          class="button"
          disabled={action.isBusy.value}
          onClick={() =>
            action.run(async () => {
              health.value = await readApi<CatalogueHealth>('/api/v1/connector/health?limit=1')
            })
          }
        >
          {words.healthDo}
        </button>
        {health.value !== null && health.value.total > 0 && (
          <CsvLinks path="/api/v1/connector/health.csv" words={text.value.common} />
        )}
      </p>
    </>
  )
}

function Findings({ health }: { readonly health: CatalogueHealth }): JSX.Element {
  const words = text.value.connection
  const found = kinds.filter((kind) => health.counts[kind] > 0)
  return (
    <>
      <p>{words.healthRead(health.products)}</p>
      {found.length === 0 ? (
        <p class="notice notice-good">{words.healthGood}</p>
      ) : (
        <ul class="rows">
          {found.map((kind) => (
            <li key={kind}>
              <span>{words.faults[kind]}</span>
              <span class="rows-end numbers">{format.value.number(health.counts[kind])}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

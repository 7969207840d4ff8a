/** What the trial of a shop found, in words: the right shop, may it be written to, and what is promised. */
import type { ConnectorTrial } from '@stockmesh/protocol/api'
import type { JSX } from 'preact'
import { text } from '../text/admin-language.ts'

export function ConnectionTrial({ trial }: { readonly trial: ConnectorTrial }): JSX.Element {
  const words = text.value.connection
  const { release, sample, mayWrite, promise, warnings } = trial
  const writing = mayWrite === null ? words.mayWriteUnknown : mayWrite ? words.mayWrite : words.mayNotWrite
  return (
    <div class={mayWrite === false ? 'notice notice-bad' : 'notice notice-good'}>
      <p>
        {words.answers(release)}{' '}
        {sample === null ? words.noSample : words.sample(sample.name, sample.sku, sample.stock)}
      </p>
      <p>{writing}</p>
      <p>{promise === 'exact' ? words.exact : words.bestEffort}</p>
      {warnings.length > 0 && (
        <ul>
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

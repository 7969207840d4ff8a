/** Why the shop refused an order, in the buyer's language, with what is left of each short line. */
import type { JSX } from 'preact'
import type { ApiFailure } from '../api/client.ts'
import { sentenceFor } from '../text/language.ts'
import { shortLines } from './order-failure.ts'
import { text } from './shop-language.ts'

export function OrderFailure({ failure }: { readonly failure: ApiFailure }): JSX.Element {
  const short = shortLines(failure)
  return (
    <div class="notice notice-bad">
      <p>{sentenceFor(failure)}</p>
      {short.length > 0 && (
        <ul>
          {short.map((line) => (
            <li key={line.sku}>
              <span class="mono">{line.sku ?? text.value.noSku}</span>: {text.value.inStock(line.available)}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

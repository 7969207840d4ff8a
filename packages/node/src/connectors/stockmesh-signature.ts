/**
 * How a shop signs its hints: `Stockmesh-Signature: v1=<hex of HMAC-SHA256 over the body's bytes>`, with a key that it
 * shares with its node.
 */
import { hasSigned } from './body-signature.ts'
import type { HintVerdict, ShopHint } from './platform.ts'

/** Any of the keys signs. The time it takes tells nothing of a key. */
export function checkStockmeshSignature({ body, headers }: ShopHint, keys: readonly string[]): HintVerdict {
  const given = /^v1=([0-9a-f]{64})$/.exec(headers['stockmesh-signature'] ?? '')?.[1] ?? ''
  const matches = keys.map((key) => hasSigned(key, body, given))
  return matches.includes(true) ? 'hint' : 'signature-invalid'
}

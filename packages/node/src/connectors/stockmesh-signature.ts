/**
 * How a shop signs its hints: `Stockmesh-Signature: v1=<hex of HMAC-SHA256 over the body's bytes>`, with a key that it
 * shares with its node.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { HintVerdict, ShopHint } from './platform.ts'

/** Any of the keys signs. The time it takes tells nothing of a key. */
export function checkStockmeshSignature({ body, headers }: ShopHint, keys: readonly string[]): HintVerdict {
  const given = Buffer.from(/^v1=([0-9a-f]{64})$/.exec(headers['stockmesh-signature'] ?? '')?.[1] ?? '', 'hex')
  const matches = keys.map((key) => {
    const expected = createHmac('sha256', key).update(body).digest()
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  return matches.includes(true) ? 'hint' : 'signature-invalid'
}

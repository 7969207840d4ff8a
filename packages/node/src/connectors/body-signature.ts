/** Whether a key signed a body, as most platforms do it. */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** HMAC-SHA256 over the body's bytes, in hex of either case. The time it takes tells nothing of the key. */
export function hasSigned(key: string, body: Uint8Array, signature: string): boolean {
  const given = Buffer.from(/^[0-9a-f]{64}$/i.test(signature) ? signature : '', 'hex')
  const expected = createHmac('sha256', key).update(body).digest()
  return given.length === expected.length && timingSafeEqual(given, expected)
}

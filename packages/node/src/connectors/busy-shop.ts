/** A shop that asks for fewer calls (HTTP 429): how long is waited before a call is put again, and how often it is. */
import { shopTimeOf, type ShopResponse } from './shop-exchange.ts'

/** Times that a call is put again; then whoever asked waits by its own rules. */
export const busyTriesMax = 5
/** Pause before the first of them where the shop names none, in milliseconds; each one after it is twice as long. */
const busyPauseMs = 1_000
/** The longest that is waited, whatever the shop asks for, in milliseconds. */
const busyPauseMsMax = 60_000

/** The pause before the next try, in milliseconds; `tries` were made before. */
export function busyPause(askedMs: number | null, tries: number): number {
  return Math.min(askedMs ?? busyPauseMs * 2 ** tries, busyPauseMsMax)
}

/**
 * The pause that `Retry-After` names, in milliseconds: seconds, or a date by the shop's own clock (RFC 9110, 10.2.3). null:
 * none that can be read. `now` is used where the shop does not say what its clock shows.
 */
export function retryAfterMs(response: Pick<ShopResponse, 'headers'>, now: number): number | null {
  const asked = response.headers['retry-after']
  if (typeof asked !== 'string' || asked.trim() === '') return null
  const seconds = Number(asked)
  if (Number.isFinite(seconds)) return seconds < 0 ? null : seconds * 1_000
  const at = Date.parse(asked)
  return Number.isNaN(at) ? null : Math.max(0, at - (shopTimeOf(response) ?? now))
}

/**
 * Whether so much time has passed. A clock may be set back by years at any moment; a time that lies ahead of it counts
 * as passed, or what waits for it would wait until the clock comes there again.
 */
export function hasPassed(ms: number, since: number, now: number): boolean {
  return now < since || now - since >= ms
}

/**
 * How old the numbers on the page are, as a state that can be said plainly. `stale` is said only when nothing has
 * been heard for a while, so that a short reconnect does not alarm anybody.
 */
export type Freshness =
  | { readonly state: 'live' }
  | { readonly state: 'polling' }
  | { readonly state: 'reconnecting' }
  | { readonly state: 'stale'; readonly sinceMs: number }

export interface Contact {
  readonly channelOpen: boolean
  /** When the node was heard last, over the channel or by a poll; null before the first time. */
  readonly heardMs: number | null
  /** Whether it was heard by a poll since the channel was lost. */
  readonly isPolled: boolean
}

const staleAfterMs = 12_000
/** A poll that succeeds comes every five seconds; without one for longer the page is looking for the node. */
const polledWithinMs = 8_000

export function freshnessOf(contact: Contact, nowMs: number): Freshness {
  if (contact.channelOpen) {
    return { state: 'live' }
  }
  if (contact.heardMs === null) {
    return { state: 'reconnecting' }
  }
  if (nowMs - contact.heardMs >= staleAfterMs) {
    return { state: 'stale', sinceMs: contact.heardMs }
  }
  return { state: contact.isPolled && nowMs - contact.heardMs < polledWithinMs ? 'polling' : 'reconnecting' }
}

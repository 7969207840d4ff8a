/** What the shop says no to, with a stable code: the node is told it with status 409. */
export class LedgerRefusal extends Error {
  constructor(
    readonly code: 'feed-epoch-changed' | 'feed-rolled-back' | 'shop-copied' | 'location-unknown' | 'location-fixed',
    message: string,
  ) {
    super(message)
    this.name = 'LedgerRefusal'
  }
}

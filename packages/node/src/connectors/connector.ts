/**
 * The connector port: how a node reaches its shop. Class *ledger*: an append-only movement feed and an idempotent,
 * relative adjustment, both in the shop's own transaction (the promise is "exact").
 */
import type { ConnectorPromise, FeedRow, StockRow } from '@stockmesh/protocol'

export interface Attachment {
  /** 8 bytes in hex: how long the feed's rows belong to one replica. */
  readonly epoch: string
  /** The feed id at which the epoch began. */
  readonly start: number
}

export interface StockRowPage {
  readonly epoch: string
  readonly items: readonly StockRow[]
  /** Cursor of the next page; null after the last one. */
  readonly next: string | null
  /** Stock rows in the shop. */
  readonly total: number
}

export interface FeedPage {
  readonly rows: readonly FeedRow[]
  /** The feed's last id at the time of the read. */
  readonly end: number
}

export interface Adjustment {
  /** 128 random bits in hex; the same id never applies twice. */
  readonly opId: string
  readonly stockId: string
  /** SKU key: refused where the stock row carries another one by now. */
  readonly key: string
  readonly delta: number
}

/** Nobody can know whether an adjustment was made. */
export const outcomeUnclear = 'outcome-unclear'

export type AdjustmentResult =
  | { readonly opId: string; readonly status: 'applied' | 'repeated'; readonly stock: number; readonly feedId: number }
  /**
   * Codes: `row-gone`, `sku-changed`, `ambiguous`, `untracked`, `out-of-range`, `not-writable`: nothing was changed.
   * `outcome-unclear`: nobody can know whether it was made; the stock row's number was taken as it is.
   */
  | { readonly opId: string; readonly status: 'refused'; readonly code: string }

export interface LedgerConnector {
  readonly name: string
  readonly promise: ConnectorPromise
  /** The storefront's address for people; null if there is none. */
  readonly shopUrl: string | null
  /** Why nothing is written to the shop any more, and what a person does about it; null or absent: it is written to. */
  readonly writeStop?: string | null
  /** Where a person mends one product in the shop's own admin; absent where no address is known. */
  adminUrl?(productId: string): string | null
  /** Begins an epoch for this node in this network, or answers the one that is there; `fresh` begins a new one. */
  attach(request: { network: string; node: string; fresh: boolean }, signal: AbortSignal): Promise<Attachment>
  /** Rows in stock-row id order; a page may be shorter than asked. */
  list(request: { after: string | null; limit: number }, signal: AbortSignal): Promise<StockRowPage>
  /** Rows after `after`, waiting up to `waitMs` for the first. `tag` is the tag of row `after`, null at the start. */
  feed(
    request: { epoch: string; after: number; tag: string | null; limit: number; waitMs: number },
    signal: AbortSignal,
  ): Promise<FeedPage>
  /** One result for each adjustment, in their order; one that is refused does not hold up the others. */
  adjust(adjustments: readonly Adjustment[], signal: AbortSignal): Promise<readonly AdjustmentResult[]>
  /** The shop hints that something changed there. Absent where the feed is told of it anyway. */
  hint?(): void
}

/**
 * Codes: `shop-unreachable`, `shop-error` (a 5xx or the like), `shop-answer-invalid` (not what a shop answers),
 * `key-rejected`, `address-elsewhere`, `certificate-untrusted`, `feed-epoch-changed` (another node was attached), `feed-rolled-back` (the feed is not the one that
 * was read before), `shop-copied` (the shop's database was another shop's).
 */
export class ConnectorError extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ConnectorError'
    this.code = code
  }
}

/** The shop's feed is another node's by now, and nothing of it is told to this one. */
export function anotherNodeAttached(): ConnectorError {
  return new ConnectorError(
    'feed-epoch-changed',
    'Another node was connected to this shop and reads it now. Stop that node, let this one leave the network, and join again.',
  )
}

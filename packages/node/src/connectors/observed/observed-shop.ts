/**
 * The port to a shop that keeps no movement feed: it can be listed, read and written, and what happened in between is
 * worked out by comparing. `ObservedConnector` makes a `LedgerConnector` of it, with a journal of its own on disk; an
 * `ObservedShop` itself remembers nothing and decides nothing.
 *
 * Whatever is not exactly an answer of the platform is a `ConnectorError` and never a number.
 */
import type { OrderState, OrderStateLine, ShopProduct } from '@stockmesh/protocol'

/** What has one stock number in the shop: a product, a variant, or a pool that several of them share. */
export interface ObservedRow {
  /** Stable for as long as the row lives; never reused by the platform. */
  readonly stockId: string
  readonly sku: string | null
  readonly name: string
  /** Units that can be sold, or null: not tracked. */
  readonly stock: number | null
  /** Why the stock cannot be taken as it is: `stock-fraction`, `bundle` and the like. */
  readonly fault?: string
  /** Milliseconds since 1970; 0 where the platform does not say. */
  readonly createdAt: number
  readonly products: readonly ShopProduct[]
}

export interface ObservedPage {
  readonly items: readonly ObservedRow[]
  /** Cursor of the next page; null after the last one. It stays good when rows come and go meanwhile. */
  readonly next: string | null
  /** Stock rows in the shop; null where the platform does not say. */
  readonly total: number | null
}

/** Rows that may have changed. They may repeat; none may be missing. */
export interface ChangedRows {
  readonly stockIds: readonly string[]
  readonly cursor: string
  readonly hasMore: boolean
}

export interface StockWrite {
  /** 128 random bits in hex. A shop of class *idempotent* never applies the same one twice. */
  readonly opId: string
  readonly stockId: string
  /** Signed units. */
  readonly delta: number
  /** The stock that the shop had when it was last read. Class *absolute* sets `expected + delta`. */
  readonly expected: number
}

export type StockWriteResult =
  /** `stock` is what the shop says that it has now; null where it does not say, and is then read again. */
  | { readonly opId: string; readonly status: 'applied' | 'repeated'; readonly stock: number | null }
  /** Nothing was changed. Codes: `row-gone`, `untracked`, `out-of-range`, `not-writable`. */
  | { readonly opId: string; readonly status: 'refused'; readonly code: string }
  /** Whether it was applied is not known: a lost answer, an error in the middle. */
  | { readonly opId: string; readonly status: 'unknown' }
  /** Nothing was done, and it may be sent again. */
  | { readonly opId: string; readonly status: 'not-made' }

/** One line of an order, a refund or a cancellation, by which a difference is explained or a lost write is proven. */
export interface OrderLine {
  /** Stable: the same line is never counted twice. */
  readonly id: string
  readonly stockId: string
  /** What the order took from the stock (negative) or gave back. */
  readonly delta: number
  readonly kind: 'sale' | 'cancel' | 'return'
  readonly reference: string
  /** Milliseconds since 1970, by the shop's clock. */
  readonly at: number
}

/** What an order holds now, where the platform tells that instead of movements. */
export interface ObservedOrder extends Omit<OrderState, 'lines'> {
  /** Of the stock ids, the first that is a tracked row counts: a variant may share its parent's stock. */
  readonly lines: readonly (Omit<OrderStateLine, 'stockId'> & { readonly stockIds: readonly string[] })[]
}

export interface OrderLines {
  readonly lines: readonly OrderLine[]
  readonly orders?: readonly ObservedOrder[]
  /** The orders are the beginning of what is known of them, and no news. */
  readonly isBeginning?: true
  readonly cursor: string
  readonly hasMore: boolean
}

export interface ObservedShop extends AsyncDisposable {
  /** As in `/hooks/<name>`. */
  readonly name: string
  /** The strongest way of writing that this installation really offers. */
  readonly writing: 'idempotent' | 'relative' | 'absolute'
  /** Units below which the shop does not go, whether it says so or not; null: none. */
  readonly stockMin: number | null
  readonly shopUrl: string | null
  /** Why nothing is written to the shop any more, and what a person does about it; null or absent: it is written to. */
  readonly writeStop?: string | null
  /** How often `changes` is asked where no hint comes. */
  readonly pollMs: number
  /** How long a read may still give an older number, in milliseconds. */
  readonly readLagMs: number
  /**
   * How long after the stock has moved the line may come that tells of it, in milliseconds; absent: they come together.
   * A line that comes within this time after a write may have been overwritten by it.
   */
  readonly lateLineMs?: number
  /** How long a write whose answer was lost may still be made, in milliseconds; absent: it is made by then or never. */
  readonly unansweredMs?: number
  readonly readsPerCallMax: number
  readonly writesPerCallMax: number
  list(request: { after: string | null; limit: number }, signal: AbortSignal): Promise<ObservedPage>
  /** From `cursor`, or from now on with null. */
  changes(cursor: string | null, signal: AbortSignal): Promise<ChangedRows>
  /** Fresh, never from a cache. A row that the shop does not have is absent from the answer. */
  read(stockIds: readonly string[], signal: AbortSignal): Promise<readonly ObservedRow[]>
  /** One result for each write, in their order; one that is refused does not hold up the others. */
  write(writes: readonly StockWrite[], signal: AbortSignal): Promise<readonly StockWriteResult[]>
  /** Absent where the platform has no order lines to read. From `cursor`, or from now on with null. */
  readonly orderLines?: (cursor: string | null, signal: AbortSignal) => Promise<OrderLines>
}

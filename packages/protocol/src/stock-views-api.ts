/**
 * Bodies of the HTTP interface about what happened to stock, beside the lists of `api.ts`, as types only: what is
 * oversold, and the figures of the charts. Times are ISO 8601 UTC, quantities are integers.
 */

/** An order of an oversold SKU. */
export interface CollidingOrder {
  readonly member: string
  readonly reference: string | null
  /** Negative: what it took. */
  readonly delta: number
  readonly at: string
  /** Units of it that there are not: the orders that came last are short. */
  readonly short: number
}

/** A SKU of which more was sold than there was. */
export interface OversoldItem {
  readonly sku: string
  readonly name: string
  /** Below 0. */
  readonly level: number
  /** The newest first, back to the order that took the last unit that was there. */
  readonly orders: readonly CollidingOrder[]
}

/** What became of one SKU in the last 30 days, for a chart. */
export interface StockCourse {
  /** From when on everything that moved is known; null where nothing is. */
  readonly from: string | null
  /** Units that there were then; null with `from`. */
  readonly level: number | null
  /** Hours in which something moved, the oldest first. */
  readonly hours: readonly {
    /** When the hour began. */
    readonly at: string
    /** Units that came and went; a stock count is in neither. */
    readonly added: number
    readonly removed: number
    /** At the end of the hour. */
    readonly level: number
  }[]
}

/** How many changes of stock each shop made in each of the last 24 hours, the one that is not over among them. */
export interface ActivityAnswer {
  /** From when on every change is counted. */
  readonly from: string
  /** The oldest first; hours without a change are left out. */
  readonly hours: readonly {
    readonly at: string
    readonly shops: readonly { readonly member: string; readonly changes: number }[]
  }[]
}

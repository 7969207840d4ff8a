/** The limits of the built-in shop, each with its unit in the name and the reason beside it. */

/** Longest SKU and name that are kept, in characters: a real shop accepts odd data, the node holds what is too long. */
export const shopTextCharactersMax = 1_000
/** Longest name of a pool, in characters. */
export const poolCharactersMax = 100
/** Units of one order line. */
export const orderUnitsMax = 1_000_000
/** Lines of one order; a page of that many still fits a request body. */
export const orderLinesMax = 10_000
/** Variants of one product. */
export const variantsMax = 1_000
/** Entries of one page of a list, and of the feed. */
export const pageItemsMax = 1_000
export const pageItemsDefault = 100
/** Adjustments in one call. */
export const adjustmentsMax = 1_000
/** Longest wait of a feed read, in milliseconds: below the idle time-out of common proxies. */
export const feedWaitMsMax = 25_000
/** Length of an Idempotency-Key, in characters. */
export const idempotencyKeyCharactersMax = 128
/** How long the answer under an Idempotency-Key is kept, in milliseconds. */
export const receiptMsMax: number = 7 * 24 * 3_600_000
/** Expired answers are looked for this often, in milliseconds. */
export const receiptPruneIntervalMs: number = 3_600_000
/** Expired answers that one look removes: a flush stays short. */
export const receiptsPrunedMax = 10_000
/** After a failed write the database is opened anew this often until it can be written, in milliseconds. */
export const reopenIntervalMs = 2_000
/** How long somebody stays signed in to the shop's admin page, in milliseconds. */
export const sessionMsMax: number = 12 * 3_600_000
/** Sessions kept; the oldest goes first. */
export const sessionsMax = 1_000

/**
 * The limits of the OpenBizBox connector, with the unit in the name and the reason beside each. The vendor publishes
 * no rate limits and no page size, so these are careful ones.
 */

/** How long an answer may take, in milliseconds. */
export const answerMsMax: number = 30_000
/** A page of 100 products with long texts stays far below; more is not this platform. */
export const answerBytesMax: number = 32 * 1024 * 1024
/** Products, or orders, that one page is asked for; the shop may give fewer. */
export const pageItemsAsked: number = 100
/** Products named in one question. */
export const productsPerReadMax: number = 50
/** A token is renewed this long before the shop ends it, in milliseconds. */
export const tokenMarginMs: number = 60_000
/** Calls under way at once. */
export const callsAtOnceMax: number = 4
/** How often the shop is asked for changes where no hint comes, in milliseconds. */
export const pollMs: number = 10_000
/** How far each question for changes reaches back behind the one before, in milliseconds: times have whole seconds. */
export const changesOverlapMs: number = 15_000
/**
 * How far a question for changed orders reaches back, in milliseconds: the shop's time of day has no zone, and goes
 * back by an hour once a year.
 */
export const ordersOverlapMs: number = 62 * 60_000
/** An order may be seen this long after the time that it bears, in milliseconds: its checkout takes a while. */
export const ordersLateMsMax: number = 10 * 60_000
/**
 * A hint older than this, or from further in the future, is an old one sent again, in milliseconds: the shop's clock may be
 * five minutes off, and a hint takes its time.
 */
export const hintAgeMsMax: number = 600_000
/** The same for a hint that the shop says it sends again, because nobody answered: it keeps its first time. */
export const retriedHintAgeMsMax: number = 24 * 3_600_000
/** Pages of orders in one question; more changed orders wait for the next. */
export const orderPagesMax: number = 50
/** Writes in one call without batches: each takes up to three requests. */
export const singleWritesPerCallMax: number = 40
/** Writes in one call with batches: the vendor advises about 1,000 operations, and each may have several variants. */
export const batchWritesPerCallMax: number = 500
/** From this many products on a batch is quicker than a request for each. */
export const batchProductsMin: number = 8
/** Shortest and longest pause between two questions how far a batch is, in milliseconds. */
export const batchPauseMs: number = 250
export const batchPauseMsMax: number = 5_000
/** A batch of which only the sending is known is done, or will never be, after this long, in milliseconds. */
export const batchLostMsMax: number = 5 * 60_000
/** Stock that a product must have for the trial of the writing: it is taken away and given back, never promised to anybody. */
export const trialStockMin: number = 10
export const trialStockMax: number = 10_000
/** Changes that are sent at the same moment in the trial, each way. */
export const trialWritesAtOnce: number = 10

/** Bounds of the talk with a WooCommerce shop, with the unit in the name and the reason beside each. */

/** How long an answer may take, in milliseconds: 100 adjustments in a slow shop take some seconds. */
export const answerMsMax = 30_000
/** A page of 1,000 stock rows with long names stays below; more is not this platform. */
export const answerBytesMax: number = 32 * 1024 * 1024
/** Calls under way at once: each holds one of the shop's few PHP workers. */
export const callsAtOnceMax = 4
/** Adjustments of one call, as the companion takes them. */
export const adjustmentsPerCallMax = 100
/** Between two looks into the companion's feed where no hint comes, in milliseconds: each is a request of WordPress. */
export const pollMs = 5_000

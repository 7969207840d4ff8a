/** Bounds of the talk with Vendure's Admin API, with the unit in the name and the reason beside each. */

/** How long an answer may take, in milliseconds. */
export const answerMsMax = 30_000
/** A page of variants with long names stays far below; more is not this platform. */
export const answerBytesMax: number = 32 * 1024 * 1024
/** Calls under way at once: each variant of an answer costs the shop several questions to its database. */
export const callsAtOnceMax = 2
/** Items of one page, and variants named in one question: Vendure gives up to 1,000, at several questions to its database for each. */
export const pageItemsMax = 200
/** How often a page is sought further in front, because items before it went: more is no listing any more. */
export const stepsBackMax = 50
/** Writes of one call, which the shop makes in one transaction: other people wait for it. */
export const writesPerCallMax = 20
/** How often the shop is asked for changes, in milliseconds: it sends no hints. */
export const pollMs = 10_000
/** How far a question for what was changed reaches back, in milliseconds: times have whole seconds in some databases. */
export const changesOverlapMs = 15_000
/** Orders that were changed in so many milliseconds before the first look are known from then on. */
export const ordersKnownMs: number = 30 * 24 * 3_600_000
/** How long a write whose answer was lost may still be made, in milliseconds: the shop works on when the line is cut. */
export const unansweredMs = 30_000
/** Times that what a write overlapped is put right in the shop before it is left to whoever decides. */
export const repairsMax = 5
/** Movements of one variant between a reading and a writing; more of them are not looked through. */
export const movementsMax = 20
/** GraphQL has no larger whole numbers. */
export const graphQlIntMax: number = 2 ** 31 - 1

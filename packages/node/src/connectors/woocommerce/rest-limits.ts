/** Bounds of the talk with a WooCommerce shop without a companion, with the unit in the name and the reason beside each. */

/** Items of one page; WooCommerce gives no more. */
export const pageItemsMax = 100
/** How often a page is sought further in front, because items before it went: more is no listing any more. */
export const stepsBackMax = 50
/** Writes of one call: WooCommerce takes no larger batch. */
export const writesPerCallMax = 100
/** How often the shop is asked for changes where no hint comes, in milliseconds: each question holds a PHP worker. */
export const pollMs = 10_000
/** How far a question for changed products reaches back, in milliseconds: their times have whole seconds. */
export const changesOverlapMs = 15_000
/**
 * How far a question for changed orders reaches back, in milliseconds: an order bears the time at which its checkout
 * began to save it, and what it took from the stock is written in it after the mails and the payment.
 */
export const ordersOverlapMs = 120_000
/** How long after the stock has moved the order's line may tell of it, in milliseconds: other plugins work in between. */
export const lateLineMs = 60_000
/** How long a write whose answer was lost may still be made, in milliseconds: PHP works on when the line is cut. */
export const unansweredMs = 90_000
/** Orders that were changed in so many milliseconds before the first look are known from then on. */
export const ordersKnownMs: number = 30 * 24 * 3_600_000
/** Between two looks for orders in the trash, in milliseconds. */
export const trashMs = 10_000
/** Between two looks whether the shop still sends its webhook, in milliseconds: it is switched off after six failures. */
export const webhookCheckMs = 30_000

/**
 * The limits of alerts, with the unit in the name and the reason beside it.
 */

/** What begins within this time is one message, in milliseconds. */
export const gatherMs: number = 2_000
/** After a message of a kind the next of that kind waits this long and gathers, in milliseconds: never a storm. */
export const kindPauseMs: number = 5 * 60_000
/** How often it is looked whether the quiet hours have ended, in milliseconds: nobody minds a minute in the morning. */
export const quietLookMs: number = 60_000
/** How long a target may take to answer, in milliseconds. */
export const deliveryMsMax: number = 10_000
/** The shortest and the longest pause before a message is tried again, in milliseconds. */
export const retryMsMin: number = 2_000
export const retryMsMax: number = 3_600_000
/** A message that nobody took for this long is given up, in milliseconds: its news is in the list of problems. */
export const messageMsMax: number = 48 * 3_600_000
/** Messages that wait to be delivered; the oldest makes room. */
export const messagesMax: number = 200
/** Things named in one message; the rest is a number. */
export const itemsNamedMax: number = 10

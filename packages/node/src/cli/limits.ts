/**
 * The limits of the command line, with the unit in the name and the reason beside each.
 */

/** What is read from a file or from the input: lines of a stock count fit many times over. */
export const inputBytesMax: number = 8 * 1024 * 1024
/** How long the node may take to answer: a busy one takes a second. */
export const answerMsMax: number = 30_000
/** Leaving waits up to 60 s for a member that has everything; the node needs a moment for itself. */
export const leaveMsMax: number = 90_000
/** An audit reads every row of the node, and every row of the shop. */
export const auditMsMax: number = 900_000
/** A long list of counts is one transaction of the node. */
export const countsMsMax: number = 120_000
/** What one call may answer: a page of 1,000 items takes less than one of these 64 MiB. */
export const answerBytesMax: number = 64 * 1024 * 1024
/** How often a call is sent whose answer broke off; with the same key, so that nothing is done twice. */
export const attemptsMax: number = 2
/** Items in one page of a list. */
export const pageItems: number = 1_000
/** The node pings its event stream every 20 s; one that is silent for this long is opened anew. */
export const eventSilenceMsMax: number = 60_000
/** Shortest and longest pause before the event stream is opened again. */
export const reconnectMsMin: number = 500
export const reconnectMsMax: number = 10_000
/** Lines of the log that are shown before it is followed. */
export const followedLines: number = 10
/** Lines of the log that are read again after a gap in the event stream. */
export const caughtUpLinesMax: number = 1_000
/** Faults of a file that are told in one go. */
export const faultsMax: number = 20
/** A trial of a shop takes up to 30 s; the node needs a moment for itself, and for its next life. */
export const connectMsMax: number = 60_000

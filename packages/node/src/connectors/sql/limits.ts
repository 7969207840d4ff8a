/** Bounds of the talk with a shop's own database. */

/** Connections at most: one that numbers, one that lists, two that adjust. A shop's database has few to spare. */
export const connectionsMax = 4
/** Opening a connection, in milliseconds. */
export const connectMsMax = 10_000
/** One statement, in milliseconds: an audit reads 1,000 rows by their key, and nothing else reads more. */
export const statementMsMax = 30_000
/** Waiting for a row that somebody has locked, in milliseconds: a shop that holds one longer is asked again later. */
export const lockMsMax = 5_000
/** How often a transaction is made again that the database broke off because another was in its way. */
export const attemptsMax = 6
/** Between two attempts, in milliseconds, times the number of the attempt. */
export const retryPauseMs = 20
/** Between two looks for movements, in milliseconds: most of a sale's way to the other shops is this wait. */
export const pollMs = 200
/** The same in a shop where nothing has moved for a while, in milliseconds: its first sale may come that much later. */
export const idlePollMs = 1_000
/** For so long nothing must have moved, in milliseconds. */
export const idleAfterMs = 60_000
/** Adjustments in one transaction: a customer waits at one of these rows for all of them. */
export const adjustmentsPerTransaction = 25
/** Movements that are numbered in one transaction. */
export const changesPerTransaction = 500
/** Rows of the shop's table that an audit compares at a time. */
export const auditPageRows = 1_000
/** Between two audits, in milliseconds: they find what triggers cannot tell, such as a cascade in MariaDB. */
export const auditEveryMs: number = 15 * 60_000
/** Between two rehearsals, in milliseconds: they find that the triggers went with a table that was made anew. */
export const rehearsalEveryMs = 60_000
/** Stock rows and feed rows of one answer. */
export const pageRowsMax = 1_000

/**
 * Takes away feed rows that the node has read long ago, with the operations that they tell of. The row that it read last
 * stays, since by its tag the node sees that the feed is still the one that it knows.
 */
import { type FeedRow, limits } from '@stockmesh/protocol'
import { marks } from './books.ts'
import { type Database, text } from './database.ts'

/** `readUpTo`: the last row that is on the node's disk. */
export async function pruneFeed(database: Database, readUpTo: number, now: number, signal: AbortSignal): Promise<void> {
  for (let isMore = true; isMore && !signal.aborted; ) isMore = await pruneSome(database, readUpTo, now)
}

/** Answers whether there may be more. */
async function pruneSome(database: Database, readUpTo: number, now: number): Promise<boolean> {
  const { own } = database.dialect
  return await database.transaction('read committed', async (session) => {
    const oldest = await session.query(
      `SELECT body FROM ${own('feed')} WHERE seq < ? ORDER BY seq LIMIT ${limits.feedPruneRowsMax}`,
      [readUpTo],
    )
    const rows = oldest.map((row) => JSON.parse(text(row['body'])) as FeedRow)
    const young = rows.findIndex(({ at }) => at > now - limits.feedKeptMs)
    const old = young === -1 ? rows : rows.slice(0, young)
    const last = old.at(-1)
    if (last === undefined) return false
    const opIds = old.flatMap(({ opId }) => opId ?? [])
    if (opIds.length > 0) {
      await session.query(`DELETE FROM ${own('applied')} WHERE op_id IN (${marks(opIds.length)})`, opIds)
    }
    await session.query(`DELETE FROM ${own('feed')} WHERE seq <= ?`, [last.id])
    return old.length === limits.feedPruneRowsMax
  })
}

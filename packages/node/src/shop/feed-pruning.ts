/**
 * Takes away feed rows that the node has read long ago, with the operations that they tell of. The row that it read last
 * stays, since by its tag the node sees that the feed is still the one that it knows.
 */
import { limits } from '@stockmesh/protocol'
import { decodeJson } from '../storage/json.ts'
import { lastNumber, prefixRange } from '../storage/key.ts'
import { del } from '../storage/storage.ts'
import type { Journal } from './journal.ts'
import { type FeedRecord, keys, tables } from './shop-table.ts'

/** `readUpTo`: the last row that is on the node's disk. */
export async function pruneFeed(journal: Journal, readUpTo: number, now: number): Promise<void> {
  for (let isMore = true; isMore; ) isMore = await pruneSome(journal, readUpTo, now)
}

/** Answers whether there may be more. */
async function pruneSome(journal: Journal, readUpTo: number, now: number): Promise<boolean> {
  const gone: Uint8Array[] = []
  let rows = 0
  const range = { ...prefixRange(tables.feed), limit: limits.feedPruneRowsMax }
  for await (const [key, value] of journal.storage.scan(range)) {
    const { at, opId } = decodeJson<FeedRecord>(value)
    if (lastNumber(key) >= readUpTo || at > now - limits.feedKeptMs) break
    gone.push(key, ...(opId === null ? [] : [keys.operation(opId)]))
    rows += 1
  }
  if (rows === 0) return false
  await journal.commit(now, (transaction) => {
    for (const key of gone) transaction.write(del(key))
  })
  return rows === limits.feedPruneRowsMax
}

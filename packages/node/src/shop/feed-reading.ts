/** Reading the shop's feed: only what is on disk, and only to whoever follows the feed that this is. */
import type { FeedRow } from '@stockmesh/protocol'
import { ApiFailure } from '../http/node-api.ts'
import { decodeJson } from '../storage/json.ts'
import { lastNumber } from '../storage/key.ts'
import type { Journal } from './journal.ts'
import type { FeedQuery } from './shop-body.ts'
import { type FeedRecord, keys } from './shop-table.ts'

/** Errors: 409 `feed-epoch-changed`, 409 `feed-rolled-back`. */
export async function assertFeedIs(journal: Journal, { epoch, position, tag }: FeedQuery): Promise<void> {
  if (journal.failed) await journal.settled()
  if (journal.state.sequence.attachment?.epoch !== epoch) {
    throw new ApiFailure(409, 'feed-epoch-changed', 'Another node was attached to this shop. Attach again.')
  }
  if (position > journal.feedEnd) throw rolledBack(journal)
  if (tag === null || position === 0) return
  if ((await tagOf(journal, position)) !== tag) throw rolledBack(journal)
}

function rolledBack({ feedEnd: end }: Journal): ApiFailure {
  return new ApiFailure(409, 'feed-rolled-back', 'The feed is not the one that was read before.', { end })
}

/** The tag of a feed row that is on disk. */
async function tagOf(journal: Journal, id: number): Promise<string | null> {
  const kept = journal.feedTail.tagOf(id)
  if (kept !== null) return kept
  const row = await journal.storage.get(keys.feed(id))
  return row === undefined ? null : decodeJson<FeedRecord>(row).tag
}

/** Rows after one id up to another that is on disk, at most so many. Error: 409 `feed-rolled-back`. */
export async function readFeed(journal: Journal, after: number, end: number, limit: number): Promise<FeedRow[]> {
  const rows = journal.feedTail.read(after, end, limit) ?? (await readStored(journal, after, end, limit))
  // Rows that are kept no longer are as little to be had as rows that never were.
  if (rows[0]?.id !== after + 1) throw rolledBack(journal)
  return rows
}

async function readStored(journal: Journal, after: number, end: number, limit: number): Promise<FeedRow[]> {
  const rows: FeedRow[] = []
  const range = { gte: keys.feed(after + 1), lt: keys.feed(end + 1), limit }
  for await (const [key, value] of journal.storage.scan(range)) {
    rows.push({ id: lastNumber(key), ...decodeJson<FeedRecord>(value) })
  }
  return rows
}

/**
 * Where records of this shop's own feed are damaged, nobody needs to be asked for them: the feed itself is read again
 * from the beginning of its epoch, and gives the same records. As after a restore, nothing is written to the shop
 * meanwhile.
 */
import { emptySum, encodeRid, type RecordHashes, type Rid, type ShopId } from '@stockmesh/protocol'
import { claimRow } from '../ledger/rows.ts'
import type { Clock } from '../ports.ts'
import { deleteRange } from '../storage/deletion.ts'
import { prefixRange } from '../storage/key.ts'
import { markRestored, readRestoredMark } from '../storage/restored-mark.ts'
import { put, type Storage } from '../storage/storage.ts'
import { encodeJson } from '../storage/json.ts'
import { tables } from '../storage/tables.ts'
import { type FeedPosition, feedKey, readFeed } from './book.ts'
import { feedRid } from './follower.ts'

/**
 * Forgets what is held of the feed's replica if it is one of these, and answers whether it was. The claim goes last, so
 * that one that is interrupted is found damaged again.
 */
export async function forgetFeed(
  storage: Storage,
  self: ShopId,
  suspects: Iterable<Rid>,
  clock: Clock,
  hashes: RecordHashes,
): Promise<boolean> {
  const feed = await readFeed(storage)
  if (feed === null) return false
  const rid = feedRid(self, feed)
  if (![...suspects].includes(rid)) return false
  const now = clock.now()
  const mark = (await readRestoredMark(storage)) ?? { backupAt: now, restoredAt: now, shop: false }
  const position = { ...feed, position: feed.start, tag: null } satisfies FeedPosition
  await storage.write([markRestored(mark), put(feedKey, encodeJson(position))])
  for (const table of [tables.record, tables.testimony, tables.replacedRecord, tables.sum]) {
    await deleteRange(storage, prefixRange(table, encodeRid(rid)))
  }
  await storage.write([claimRow({ rid, high: 0, signature: null, records: 0, sum: emptySum(hashes), replaced: 0 })])
  return true
}

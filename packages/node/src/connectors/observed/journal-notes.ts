/** What in a journal no feed row leads to, and how long it is kept: orders, their lines, and operations that were refused. */
import { limits } from '@stockmesh/protocol'
import { decodeJson } from '../../storage/json.ts'
import { prefixRange } from '../../storage/key.ts'
import { del, type Operation, type Range, type Storage } from '../../storage/storage.ts'
import { type EndedOperation, type KeptOrder, tables } from './journal-tables.ts'

/**
 * How long an order and its lines are known, in milliseconds: 400 days. A platform tells all lines of an order anew when it changes,
 * and an order may be changed for long.
 */
const lineKeptMs = 400 * 24 * 3_600_000
/** A line of an order that is older is not taken, in milliseconds: it may have been known once. */
export const lineAgeMsMax: number = lineKeptMs - 30 * 24 * 3_600_000

/** Takes away those of long ago. */
export async function pruneNotes(storage: Storage, now: number): Promise<void> {
  await deleteWhere<number>(storage, prefixRange(tables.line), (notedAt) => notedAt <= now - lineKeptMs)
  // One that changes after that is told like one whose past is not known.
  await deleteWhere<KeptOrder>(storage, prefixRange(tables.order), ({ at }) => at <= now - lineKeptMs)
  await deleteWhere<EndedOperation>(
    storage,
    prefixRange(tables.ended),
    (ended) => ended.status === 'refused' && ended.at <= now - limits.feedKeptMs,
  )
}

async function deleteWhere<T>(storage: Storage, range: Range, isOver: (value: T) => boolean): Promise<void> {
  let gone: Operation[] = []
  for await (const [key, value] of storage.scan(range)) {
    if (isOver(decodeJson<T>(value))) gone.push(del(key))
    if (gone.length < limits.feedPruneRowsMax) continue
    await storage.write(gone)
    gone = []
  }
  if (gone.length > 0) await storage.write(gone)
}

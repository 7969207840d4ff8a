/**
 * Loads what is known of the histories. In a folder of an earlier release movements have no numbers: what they come to
 * counts as carried, and the lines that were kept of them stay in the log as events of the past.
 */
import {
  type Claim,
  type History,
  limits,
  type NumberedRow,
  type Rid,
  type ShopId,
  shopOfRid,
} from '@stockmesh/protocol'
import { decodeJson } from '../storage/json.ts'
import { lastNumber, prefixRange } from '../storage/key.ts'
import { del, type Operation, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { historyRow, movementRange, parseHistoryRow, parseMovementRow, placeRows } from './history-rows.ts'
import type { LogLine } from './log-line.ts'
import { RecentHistory } from './recent-history.ts'

const operationsPerBatch = 5_000

/** `claims`: of all replicas. Error: `database-damaged`. */
export async function loadHistories(storage: Storage, claims: ReadonlyMap<Rid, Claim>): Promise<Map<Rid, History>> {
  const histories = new Map<Rid, History>()
  for await (const entry of storage.scan(prefixRange(tables.history))) {
    const { rid, history } = parseHistoryRow(entry)
    histories.set(rid, history)
  }
  const older = [...claims].filter(([rid]) => !histories.has(rid))
  if (older.length === 0) return histories
  await placeOldLines(storage)
  const rows: Operation[] = []
  for (const [rid, { high }] of older) {
    const history = { first: 2, through: 1, seq: high, complete: high, adopted: 2 }
    histories.set(rid, history)
    rows.push(historyRow(rid, history))
  }
  await storage.write(rows)
  return histories
}

/** The newest movements of this shop's replicas, which others may have missed while it was down. */
export async function loadRecent(
  storage: Storage,
  histories: ReadonlyMap<Rid, History>,
  shop: ShopId,
): Promise<RecentHistory> {
  const recent = new RecentHistory()
  const own = [...histories].filter(([rid]) => shopOfRid(rid) === shop)
  own.sort(([, a], [, b]) => b.through - a.through)
  for (const [rid, { first, through, complete }] of own.slice(0, limits.recentReplicasMax)) {
    const from = Math.max(first, through + 1 - limits.chunkMovementsMax)
    const rows: NumberedRow[] = []
    for await (const entry of storage.scan(movementRange(rid, from, through))) {
      const { n, row } = parseMovementRow(entry)
      if (row !== null) rows.push({ n, row, bytes: entry[1] })
    }
    const isAll = from === 1 && rows.length === through
    recent.set(rid, isAll ? 0 : (rows[0]?.row.seq ?? complete + 1) - 1, rows)
  }
  return recent
}

async function placeOldLines(storage: Storage): Promise<void> {
  let operations: Operation[] = []
  const write = async (): Promise<void> => {
    if (operations.length > 0) await storage.write(operations)
    operations = []
  }
  for await (const [key, value] of storage.scan(prefixRange(tables.log))) {
    const { key: sku, at, cause } = decodeJson<LogLine>(value)
    operations.push(...placeRows(sku, { at, rid: null, n: lastNumber(key), cause }))
    if (operations.length >= operationsPerBatch) await write()
  }
  for await (const [key] of storage.scan(prefixRange(tables.oldLogOfSku))) {
    operations.push(del(key))
    if (operations.length >= operationsPerBatch) await write()
  }
  await write()
}

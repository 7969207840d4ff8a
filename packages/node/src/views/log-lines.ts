/**
 * Lines of the log by their place in time, newest first: movements from the histories, and events. The place of a
 * movement is the same at every node.
 */
import { decodeHistoryRow, recordsOf, type Rid, shopOfRid, type SkuKey, spelling } from '@stockmesh/protocol'
import { movementKey, parsePlace, type Place, type PlacedLine, placeKey } from '../ledger/history-rows.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type LogLine, movementLine } from '../ledger/log-line.ts'
import { decodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import type { Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

export interface LineSource {
  readonly storage: Storage
  readonly ledger: Pick<Ledger, 'holdings' | 'histories'>
}

/** A line that is found, and read only where it is wanted. */
export interface FoundLine {
  readonly place: PlacedLine
  /** null where it was dropped since it was found. */
  readonly read: () => Promise<LogLine | null>
}

/** All lines, or those of a SKU; `before`: only those that stand before this place. */
export async function* foundLines(
  source: LineSource,
  key: SkuKey | null,
  before: Place | null,
): AsyncGenerator<FoundLine> {
  const all = key === null ? prefixRange(tables.timeline) : prefixRange(tables.timelineOfSku, key)
  const end = before === null ? {} : { lt: placeKey(key, before) }
  for await (const entry of source.storage.scan({ ...all, ...end, reverse: true })) {
    const place = parsePlace(entry)
    yield { place, read: () => readLine(source, place) }
  }
}

/** Whether a place comes later in a list that begins with the newest line. */
export function isBefore(place: Place, other: Place): boolean {
  return Buffer.compare(placeKey(null, place), placeKey(null, other)) < 0
}

async function readLine({ storage, ledger }: LineSource, { rid, n }: Place): Promise<LogLine | null> {
  if (rid === null) {
    const event = await storage.get(encodeKey(tables.log, n))
    return event === undefined ? null : decodeJson<LogLine>(event)
  }
  const row = await readRow(storage, rid, n)
  if (row === null) return null
  return movementLine(shopOfRid(rid), row.key, spelling(recordsOf(ledger.holdings, row.key)), row.movement, false)
}

/** One row of a history; null where it is not held. */
export async function readRow(
  storage: Storage,
  rid: Rid,
  n: number,
): Promise<Extract<ReturnType<typeof decodeHistoryRow>, { ok: true }>['value'] | null> {
  const bytes = await storage.get(movementKey(rid, n))
  const row = bytes === undefined ? null : decodeHistoryRow(bytes)
  return row?.ok === true ? row.value : null
}

/**
 * How histories lie on disk: movements by their number, what was carried, how much is held, and two timelines that name
 * movements and events in the order in which they happened, which is the same at every node.
 */
import {
  type Carried,
  createWriter,
  decodeHistoryRow,
  decodeRid,
  encodeRid,
  finish,
  type History,
  type HistoryRow,
  parseBytes,
  readInt,
  readUint,
  type Rid,
  ridBytes,
  type SkuKey,
  writeInt,
  writeUint,
} from '@stockmesh/protocol'
import { encodeKey, firstBytes, firstText, lastNumber } from '../storage/key.ts'
import { del, type Entry, type Operation, put, type Range, StorageError } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

/** Where a line stands in time. `rid`: null for an event, which is numbered by this node. */
export interface Place {
  readonly at: number
  readonly rid: Rid | null
  readonly n: number
}

export interface PlacedLine extends Place {
  readonly cause: string
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const nothing = new Uint8Array()

export function movementKey(rid: Rid, n: number): Uint8Array {
  return encodeKey(tables.movement, bytesOf(rid), n)
}

/** Movements of a replica from one number to another, both inclusive. */
export function movementRange(rid: Rid, from: number, through: number): Range {
  return { gte: movementKey(rid, from), lt: movementKey(rid, through + 1) }
}

export function parseMovementRow([key, value]: Entry): { readonly n: number; readonly row: HistoryRow | null } {
  const row = decodeHistoryRow(value)
  return { n: lastNumber(key), row: row.ok ? row.value : null }
}

/** The rows that name a line in time; `key`: of the SKU that it is about. */
export function placeRows(key: SkuKey | null, { at, rid, n, cause }: PlacedLine): Operation[] {
  const value = encoder.encode(cause)
  return placeKeys(key, { at, rid, n }).map((place) => put(place, value))
}

export function placeDeletions(key: SkuKey | null, place: Place): Operation[] {
  return placeKeys(key, place).map(del)
}

/** The key of a place in the timeline of a SKU, or of all. */
export function placeKey(key: SkuKey | null, { at, rid, n }: Place): Uint8Array {
  const replica = rid === null ? nothing : bytesOf(rid)
  return key === null
    ? encodeKey(tables.timeline, at, replica, n)
    : encodeKey(tables.timelineOfSku, key, at, replica, n)
}

/** A row of either timeline. */
export function parsePlace([key, value]: Entry): PlacedLine {
  const view = new DataView(key.buffer, key.byteOffset, key.length)
  const start = key[0] === tables.timeline ? 1 : 3 + view.getUint16(1)
  const replica = key.subarray(start + 10, start + 10 + view.getUint16(start + 8))
  return {
    at: Number(view.getBigUint64(start)),
    rid: replica.length === ridBytes ? decodeRid(replica) : null,
    n: lastNumber(key),
    cause: decoder.decode(value),
  }
}

export function historyRow(rid: Rid, history: History): Operation {
  const writer = createWriter()
  for (const part of [history.first, history.through, history.seq, history.complete, history.adopted]) {
    writeUint(writer, part)
  }
  return put(encodeKey(tables.history, encodeRid(rid)), finish(writer))
}

/** Error: `database-damaged`. */
export function parseHistoryRow([key, value]: Entry): { readonly rid: Rid; readonly history: History } {
  const history = parseBytes(value, (reader) => ({
    first: readUint(reader),
    through: readUint(reader),
    seq: readUint(reader),
    complete: readUint(reader),
    adopted: readUint(reader),
  }))
  if (!history.ok) throw damaged()
  return { rid: decodeRid(firstBytes(key)), history: history.value }
}

export function carriedRow(rid: Rid, key: SkuKey, { n, net }: Carried): Operation {
  const writer = createWriter()
  writeUint(writer, n)
  writeInt(writer, net)
  return put(encodeKey(tables.carried, encodeRid(rid), key), finish(writer))
}

/** Error: `database-damaged`. */
export function parseCarriedRow([key, value]: Entry): { readonly key: SkuKey; readonly carried: Carried } {
  const carried = parseBytes(value, (reader) => ({ n: readUint(reader), net: readInt(reader) }))
  if (!carried.ok) throw damaged()
  return { key: firstText(key.subarray(2 + ridBytes)) as SkuKey, carried: carried.value }
}

/** The bytes of the replica that was asked for last: the movements of one batch are mostly of one. */
let asked: { readonly rid: Rid | null; readonly bytes: Uint8Array } = { rid: null, bytes: nothing }

function bytesOf(rid: Rid): Uint8Array {
  if (asked.rid !== rid) asked = { rid, bytes: encodeRid(rid) }
  return asked.bytes
}

function placeKeys(key: SkuKey | null, place: Place): Uint8Array[] {
  return key === null ? [placeKey(null, place)] : [placeKey(null, place), placeKey(key, place)]
}

function damaged(): StorageError {
  return new StorageError('database-damaged', "A row of the node's history is damaged. Restore it from a backup.")
}

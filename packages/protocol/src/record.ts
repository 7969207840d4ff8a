/**
 * Records: what is replicated under (replica, SKU, kind), and their bytes. An origin encodes a record once; every
 * other node stores, hashes and relays those bytes as they came, so an older release never changes a digest.
 *
 * Totals, never deltas: a record applied twice, late or out of order does nothing. Each change takes one `seq` of its
 * replica; the record with the larger seq replaces the one before it.
 */
import {
  createWriter,
  finish,
  Malformed,
  parseBytes,
  type Reader,
  readByte,
  readFixed,
  readInt,
  readList,
  readText,
  readUint,
  skipBytes,
  type Writer,
  writeByte,
  writeFixed,
  writeInt,
  writeList,
  writeText,
  writeUint,
} from './bytes.ts'
import { decodeRid, encodeRid, type Rid, ridBytes } from './ids.ts'
import { nameCharactersMax, replicasMax, skuCharactersMax, stockUnitsMax, totalUnitsMax } from './limits.ts'
import { type Result, unreachable } from './result.ts'
import { isSkuKey, type SkuKey } from './sku.ts'

export type Kind = 'totals' | 'baseline' | 'listed'

/** What a replica added to and removed from a SKU since it began; both only grow. */
export interface TotalsRecord {
  readonly kind: 'totals'
  readonly seq: number
  readonly key: SkuKey
  readonly added: number
  readonly removed: number
}

/** What of a replica a stock count has already seen. */
export interface Cover {
  readonly rid: Rid
  readonly seq: number
  readonly net: number
}

/** The number a SKU starts from. `covers` is empty for a first baseline. */
export interface Baseline {
  readonly kind: 'first' | 'count'
  readonly quantity: number
  /** Milliseconds since 1970: when the shop created the product, or when it was counted. */
  readonly stamp: number
  readonly covers: readonly Cover[]
}

export interface BaselineRecord {
  readonly kind: 'baseline'
  readonly seq: number
  readonly key: SkuKey
  /** The SKU as the author's shop spells it. */
  readonly text: string
  readonly name: string
  readonly baseline: Baseline
}

/** Whether the replica's shop sells the SKU. */
export interface ListedRecord {
  readonly kind: 'listed'
  readonly seq: number
  readonly key: SkuKey
  readonly text: string
  readonly name: string
  readonly value: boolean
  readonly stamp: number
}

export type StockRecord = TotalsRecord | BaselineRecord | ListedRecord

/** What a record of a replica stands for: the one with the larger seq replaces the other of its place. */
export function placeOf({ kind, key }: Pick<StockRecord, 'kind' | 'key'>): string {
  return `${kind} ${key}`
}

/** Whether a later record of a replica has a smaller total, which none has of one history. */
export function shrinks(before: StockRecord, after: StockRecord): boolean {
  if (before.kind !== 'totals' || after.kind !== 'totals' || after.seq <= before.seq) return false
  return after.added < before.added || after.removed < before.removed
}

const kindBytes = { totals: 1, baseline: 2, listed: 3 } as const
const kindsByByte: ReadonlyMap<number, Kind> = new Map(
  Object.entries(kindBytes).map(([kind, byte]) => [byte, kind as Kind]),
)

export function encodeRecord(record: StockRecord): Uint8Array {
  const writer = createWriter()
  writeRecord(writer, record)
  return finish(writer)
}

function writeRecord(writer: Writer, record: StockRecord): void {
  writeByte(writer, kindBytes[record.kind])
  writeUint(writer, record.seq)
  writeText(writer, record.key)
  switch (record.kind) {
    case 'totals':
      writeUint(writer, record.added)
      writeUint(writer, record.removed)
      break
    case 'baseline':
      writeText(writer, record.text)
      writeText(writer, record.name)
      writeByte(writer, record.baseline.kind === 'first' ? 1 : 2)
      writeInt(writer, record.baseline.quantity)
      writeUint(writer, record.baseline.stamp)
      writeList(writer, record.baseline.covers, writeCover)
      break
    case 'listed':
      writeText(writer, record.text)
      writeText(writer, record.name)
      writeByte(writer, record.value ? 1 : 0)
      writeUint(writer, record.stamp)
      break
    default:
      unreachable(record)
  }
}

/** Any bytes give a record or the failure `malformed`. Bytes after the known fields are a newer release's. */
export function decodeRecord(bytes: Uint8Array): Result<StockRecord> {
  return parseBytes(bytes, readRecord)
}

/** Where a record belongs. */
export interface RecordHead {
  readonly kind: Kind
  readonly seq: number
  readonly key: SkuKey
}

/** As `decodeRecord`, for bytes that are known to be of this SKU: its text is not read again. */
export function recordOfSku(bytes: Uint8Array, key: SkuKey): Result<StockRecord> {
  return parseBytes(bytes, (reader) => {
    const head = readHead(reader)
    skipBytes(reader, 3 * skuCharactersMax)
    return readBody(reader, head, key)
  })
}

/** What a record begins with. Throws `Malformed`. */
export function readHead(reader: Reader): Pick<RecordHead, 'kind' | 'seq'> {
  const kind = kindsByByte.get(readByte(reader))
  if (kind === undefined) throw new Malformed('A record is of no known kind.')
  return { kind, seq: readSeq(reader) }
}

function readRecord(reader: Reader): StockRecord {
  return readBody(reader, readHead(reader), readKey(reader))
}

function readSeq(reader: Reader): number {
  const seq = readUint(reader)
  if (seq < 1) throw new Malformed('A record has no sequence number.')
  return seq
}

function readKey(reader: Reader): SkuKey {
  const key = readText(reader, 3 * skuCharactersMax)
  if (!isSkuKey(key)) throw new Malformed('A record has no SKU key.')
  return key
}

function readBody(reader: Reader, { kind, seq }: Pick<RecordHead, 'kind' | 'seq'>, key: SkuKey): StockRecord {
  switch (kind) {
    case 'totals':
      return {
        kind: 'totals',
        seq,
        key,
        added: readUint(reader, totalUnitsMax - 1),
        removed: readUint(reader, totalUnitsMax - 1),
      }
    case 'baseline':
      return {
        kind: 'baseline',
        seq,
        key,
        text: readText(reader, skuCharactersMax),
        name: readText(reader, nameCharactersMax),
        baseline: readBaseline(reader),
      }
    case 'listed':
      return {
        kind: 'listed',
        seq,
        key,
        text: readText(reader, skuCharactersMax),
        name: readText(reader, nameCharactersMax),
        value: readByte(reader) === 1,
        stamp: readUint(reader),
      }
    default:
      unreachable(kind)
  }
}

function readBaseline(reader: Reader): Baseline {
  const kind = readByte(reader)
  if (kind !== 1 && kind !== 2) throw new Malformed('A baseline is of no known kind.')
  return {
    kind: kind === 1 ? 'first' : 'count',
    quantity: readInt(reader, totalUnitsMax + stockUnitsMax),
    stamp: readUint(reader),
    covers: readCovers(reader),
  }
}

const noCovers: readonly Cover[] = []

function readCovers(reader: Reader): readonly Cover[] {
  const covers = readList(reader, replicasMax, readCover)
  return covers.length === 0 ? noCovers : covers
}

function writeCover(writer: Writer, cover: Cover): void {
  writeFixed(writer, encodeRid(cover.rid))
  writeUint(writer, cover.seq)
  writeInt(writer, cover.net)
}

function readCover(reader: Reader): Cover {
  return { rid: decodeRid(readFixed(reader, ridBytes)), seq: readUint(reader), net: readInt(reader) }
}

/**
 * How the ledger's records, claims and stages lie on disk.
 */
import {
  createWriter,
  decodeRid,
  encodeRecordRow,
  encodeRid,
  equalBytes,
  finish,
  type HeldRecord,
  type Holdings,
  type Kind,
  parseBytes,
  readByte,
  readBytes,
  readFixed,
  readUint,
  type Rid,
  ridBytes,
  signatureBytes,
  type Stage,
  writeByte,
  writeBytes,
  writeFixed,
  writeUint,
} from '@stockmesh/protocol'
import { encodeKey, firstBytes, firstText, lastNumber } from '../storage/key.ts'
import { del, type Entry, type Operation, put, StorageError } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

export const sumBytesMax = 4_096

const kindNumbers = { totals: 1, baseline: 2, listed: 3 } as const

export function recordRow(held: HeldRecord): Operation {
  return put(recordKey(tables.record, held), encodeRecordRow(held))
}

/** What removes a record that its origin does not have. */
export function recordDeletion(held: HeldRecord): Operation {
  return del(recordKey(tables.record, held))
}

export function recordKey(table: number, { rid, record: { kind, key } }: HeldRecord): Uint8Array {
  return encodeKey(table, encodeRid(rid), kindNumbers[kind], key)
}

/** Of what a row of the table says that it is by its key; `kind`: null where there is no such. */
export function placeOfRecord(key: Uint8Array): { readonly kind: Kind | null; readonly key: string } {
  const kindAt = 1 + 2 + ridBytes
  if (key.length < kindAt + 8 + 2) return { kind: null, key: '' }
  const number = lastNumber(key.subarray(0, kindAt + 8))
  const kind = (['totals', 'baseline', 'listed'] as const).find((one) => kindNumbers[one] === number)
  return { kind: kind ?? null, key: firstText(key.subarray(kindAt + 8 - 1)) }
}

/**
 * Puts record rows, in key order, into the holdings: those of one replica follow each other, and share its id. Answers
 * whether the row is a record that lies where it belongs; another one is left out.
 */
export function createRecordLoader(holdings: Holdings): (entry: Entry) => boolean {
  let bytes = new Uint8Array()
  let rid: Rid | null = null
  return ([key, value]) => {
    const first = firstBytes(key)
    if (first.length !== ridBytes) return false
    if (rid === null || !equalBytes(first, bytes)) {
      rid = decodeRid(first)
      bytes = first.slice()
    }
    const place = placeOfRecord(key)
    return holdings.load(rid, value, (head) => place.kind === head.kind && place.key === head.key).ok
  }
}

/** The signature of a claim of this shop may not be there: it signs anew. */
export interface ClaimRow {
  readonly rid: Rid
  readonly high: number
  readonly signature: Uint8Array | null
  /** How many there are of the replica. */
  readonly records: number
  /** Empty where it lies elsewhere (`sum-rows.ts`); an earlier release wrote it here. */
  readonly sum: Uint8Array
  /** How many records were replaced since it was written there. */
  readonly replaced: number
}

export function claimRow({ rid, high, signature, records, sum, replaced }: ClaimRow): Operation {
  const writer = createWriter()
  writeUint(writer, high)
  writeBytes(writer, sum)
  writeUint(writer, records)
  if (sum.length === 0) writeUint(writer, replaced)
  writeByte(writer, signature === null ? 0 : 1)
  if (signature !== null) writeFixed(writer, signature)
  return put(encodeKey(tables.claim, encodeRid(rid)), finish(writer))
}

/** null: the row is damaged. */
export function parseClaimRow([key, value]: Entry): ClaimRow | null {
  const row = parseBytes(value, (reader) => {
    const [high, sum, records] = [readUint(reader), readBytes(reader, sumBytesMax), readUint(reader)]
    const replaced = sum.length === 0 ? readUint(reader) : 0
    const signature = readByte(reader) === 1 ? readFixed(reader, signatureBytes) : null
    return { high, sum, signature, records, replaced }
  })
  const rid = firstBytes(key)
  return row.ok && rid.length === ridBytes ? { rid: decodeRid(rid), ...row.value } : null
}

export function stageRow(rid: Rid, stage: Stage): Operation {
  const writer = createWriter()
  for (const part of [stage.through, stage.announced, stage.records, stage.bytes]) writeUint(writer, part)
  return put(encodeKey(tables.stage, encodeRid(rid)), finish(writer))
}

export function parseStageRow([key, value]: Entry): { readonly rid: Rid; readonly stage: Stage } {
  const stage = parseBytes(value, (reader) => ({
    through: readUint(reader),
    announced: readUint(reader),
    records: readUint(reader),
    bytes: readUint(reader),
  }))
  if (!stage.ok) throw damaged('stage')
  return { rid: decodeRid(firstBytes(key)), stage: stage.value }
}

function damaged(what: string): StorageError {
  return new StorageError('database-damaged', `A ${what} in the node's database is damaged. Restore it from a backup.`)
}

/**
 * How the ledger's records, claims and stages lie on disk.
 */
import {
  type Claim,
  createWriter,
  decodeRecord,
  decodeRid,
  digestBytes,
  encodeRid,
  equalBytes,
  finish,
  type HeldRecord,
  type Holdings,
  holdRecord,
  originBytes,
  parseBytes,
  readBytes,
  readFixed,
  readList,
  readUint,
  type Rid,
  shareTexts,
  type Stage,
  viewBytes,
  writeBytes,
  writeFixed,
  writeList,
  writeUint,
} from '@stockmesh/protocol'
import { encodeKey, firstBytes } from '../storage/key.ts'
import { del, type Entry, type Operation, put, StorageError } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

const rowBytesMax = 64 * 1024 * 1024
const kindNumbers = { totals: 1, baseline: 2, listed: 3 } as const

export function recordRow(held: HeldRecord): Operation {
  const writer = createWriter()
  writeBytes(writer, originBytes(held))
  writeList(writer, held.movements, writeBytes)
  return put(recordKey(held), finish(writer))
}

/** What removes a record that its origin does not have. */
export function recordDeletion(held: HeldRecord): Operation {
  return del(recordKey(held))
}

function recordKey({ rid, record: { kind, key } }: HeldRecord): Uint8Array {
  return encodeKey(tables.record, encodeRid(rid), kindNumbers[kind], key)
}

/** Parses record rows in key order: those of one replica follow each other, and share its id. */
export function createRecordParser(holdings: Holdings): (entry: Entry) => HeldRecord {
  let bytes = new Uint8Array()
  let rid: Rid | null = null
  return (entry) => {
    const ridBytes = firstBytes(entry[0])
    if (rid === null || !equalBytes(ridBytes, bytes)) {
      rid = decodeRid(ridBytes)
      bytes = ridBytes.slice()
    }
    return parseRecordRow(holdings, rid, entry[1])
  }
}

function parseRecordRow(holdings: Holdings, rid: Rid, value: Uint8Array): HeldRecord {
  const row = parseBytes(value, (reader) => ({
    bytes: viewBytes(reader, rowBytesMax),
    movements: readList(reader, 1_000, (from) => readBytes(from, rowBytesMax)),
  }))
  if (!row.ok) throw damaged('record')
  const record = decodeRecord(row.value.bytes)
  if (!record.ok) throw damaged('record')
  return holdRecord(rid, shareTexts(holdings, record.value), row.value.bytes, row.value.movements)
}

export function claimRow(rid: Rid, claim: Claim): Operation {
  const writer = createWriter()
  writeUint(writer, claim.high)
  writeFixed(writer, claim.digest)
  return put(encodeKey(tables.claim, encodeRid(rid)), finish(writer))
}

export function parseClaimRow([key, value]: Entry): { readonly rid: Rid; readonly claim: Claim } {
  const claim = parseBytes(value, (reader) => ({ high: readUint(reader), digest: readFixed(reader, digestBytes) }))
  if (!claim.ok) throw damaged('claim')
  return { rid: decodeRid(firstBytes(key)), claim: claim.value }
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

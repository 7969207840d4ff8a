/**
 * How the ledger's records, claims and stages lie on disk.
 */
import {
  type Claim,
  createWriter,
  decodeRid,
  digestBytes,
  encodeRecordRow,
  encodeRid,
  equalBytes,
  finish,
  type HeldRecord,
  type Holdings,
  type Kind,
  left,
  parseBytes,
  readFixed,
  readUint,
  type Rid,
  ridBytes,
  type Stage,
  writeFixed,
  writeUint,
} from '@stockmesh/protocol'
import { encodeKey, firstBytes, firstText, lastNumber } from '../storage/key.ts'
import { del, type Entry, type Operation, put, StorageError } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

const kindNumbers = { totals: 1, baseline: 2, listed: 3 } as const

export function recordRow(held: HeldRecord): Operation {
  return put(recordKey(held), encodeRecordRow(held))
}

/** What removes a record that its origin does not have. */
export function recordDeletion(held: HeldRecord): Operation {
  return del(recordKey(held))
}

function recordKey({ rid, record: { kind, key } }: HeldRecord): Uint8Array {
  return encodeKey(tables.record, encodeRid(rid), kindNumbers[kind], key)
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

/** `records`: how many there are of the replica; an earlier release does not look so far. */
export function claimRow(rid: Rid, claim: Claim, records: number): Operation {
  const writer = createWriter()
  writeUint(writer, claim.high)
  writeFixed(writer, claim.digest)
  writeUint(writer, records)
  return put(encodeKey(tables.claim, encodeRid(rid)), finish(writer))
}

/** null: the row is damaged. `records`: null in one of an earlier release. */
export function parseClaimRow([key, value]: Entry): {
  readonly rid: Rid
  readonly claim: Claim
  readonly records: number | null
} | null {
  const row = parseBytes(value, (reader) => ({
    claim: { high: readUint(reader), digest: readFixed(reader, digestBytes) },
    records: left(reader) > 0 ? readUint(reader) : null,
  }))
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

/**
 * Claims on disk. The sum behind a claim is 2 kB, most of what a small commit would write. So it lies there as it was
 * some commits ago, its base, with what was replaced since: the sum is the base without these, and with the records
 * above the base.
 *
 *   S1  A base is the sum over all records that were held up to its `high`.
 *   S2  Of each record in it that was replaced since, the bytes lie beside it, once; the claim says how many do.
 *   S3  All of it is written in one batch with the claim.
 */
import {
  type Applied,
  createWriter,
  decodeRecordRow,
  decodeRid,
  encodeRid,
  finish,
  type HeldRecord,
  type Holdings,
  parseBytes,
  readBytes,
  readUint,
  type RecordHashes,
  type RecordSum,
  replaceInSum,
  type Rid,
  ridBytes,
  type SummedClaim,
  writeBytes,
  writeUint,
} from '@stockmesh/protocol'
import { encodeKey, firstBytes, prefixRange } from '../storage/key.ts'
import { del, type Entry, type OnDamaged, type Operation, put, type Snapshot } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { type ClaimRow, claimRow, parseClaimRow, recordKey, sumBytesMax } from './rows.ts'

/** Records of a replica that may have come since its base: each costs a hash or two at the next start. */
const sinceMax = 256
const noClaim = { high: 0, signature: null }
/** In the claim. */
const nowhere: RecordSum = new Uint8Array()

/** The sum over the records that are still held of those up to `high`. */
interface Base {
  readonly high: number
  readonly sum: RecordSum
}

/** A claim as it was read, and how its sum stands. */
export interface ReadClaim extends Omit<ClaimRow, 'rid' | 'sum'> {
  /** null: what the sum comes of is damaged. */
  readonly base: Base | null
  /** Whether the base has a row of its own. */
  readonly isApart: boolean
  /** Keys of the rows of replaced records. */
  readonly rows: readonly Uint8Array[]
}

/** A record that was replaced; its bytes are null where they are damaged. */
interface Replaced {
  readonly key: Uint8Array
  readonly bytes: Uint8Array | null
}

type Row = Operation & { readonly type: 'put' }

interface Since {
  /** null: there is no base on disk. */
  readonly high: number | null
  /** Keys of the rows of replaced records. */
  readonly rows: Uint8Array[]
  /** Records that came, or came anew. */
  records: number
}

/** What lies on disk of the sums. */
export class SumRows {
  readonly #since = new Map<Rid, Since>()

  /** `records`: how many are held above the base. */
  restore(rid: Rid, { base, isApart, rows }: ReadClaim, records: number): void {
    this.#since.set(rid, { high: isApart ? (base?.high ?? null) : null, rows: [...rows], records })
  }

  /** What is to be written of a claim that changed by `applied`; `isAnew`: other records may have gone. */
  operations(holdings: Holdings, rid: Rid, applied: readonly Applied[], isAnew: boolean): Operation[] {
    const { high, signature } = holdings.replicas.get(rid) ?? noClaim
    const claim = { rid, high, signature, records: holdings.recordCount(rid), sum: nowhere }
    const since = this.#since.get(rid)
    const replaced = isAnew || since === undefined ? null : replacedSince(since, applied, holdings.hashes.sumBytes / 2)
    if (since === undefined || replaced === null) {
      this.#since.set(rid, { high, rows: [], records: 0 })
      // Else nobody needs it before the batch is on its way to the disk.
      const sum = holdings.sum(rid)
      return [claimRow({ ...claim, replaced: 0 }), baseRow(rid, high, sum), ...(since?.rows ?? []).map(del)]
    }
    for (const { key } of replaced.rows) since.rows.push(key)
    since.records += replaced.records
    return [claimRow({ ...claim, replaced: since.rows.length }), ...replaced.rows]
  }
}

/** Rows of the records of the base that were replaced now; null where a new base is less to write, or to read. */
function replacedSince(
  { high, records }: Since,
  applied: readonly Applied[],
  bytesMax: number,
): { readonly rows: readonly Row[]; readonly records: number } | null {
  if (high === null) return null
  const rows: Row[] = []
  let came = 0
  let bytes = 0
  for (const { held, before, beforeBytes } of applied) {
    // It came after the base, and so did what took its place.
    if (before !== null && before.seq > high) continue
    came += 1
    if (beforeBytes !== null) {
      const row: Row = { type: 'put', key: recordKey(tables.replacedRecord, held), value: beforeBytes }
      bytes += row.key.length + row.value.length
      rows.push(row)
    }
    // A whole catalogue in one batch is not looked through for what is not written then.
    if (records + came > sinceMax || bytes > bytesMax) return null
  }
  return { rows, records: came }
}

/** Hears of rows that cannot be read though their checksum is right, and of all else that is not as it should be. */
export interface OnDamagedClaim {
  readonly malformed: (key: Uint8Array) => void
  readonly damaged: () => void
}

/** Every claim on disk. */
export async function readClaims(
  storage: Pick<Snapshot, 'walk'>,
  hashes: RecordHashes,
  { malformed, damaged }: OnDamagedClaim,
): Promise<Map<Rid, ReadClaim>> {
  const bases = new Map<Rid, Base>()
  const replaced = new Map<Rid, Replaced[]>()
  const claims = new Map<Rid, ClaimRow>()
  const walk = async (table: number, read: (entry: Entry) => boolean, onDamaged: OnDamaged): Promise<void> => {
    await storage.walk(prefixRange(table), (entry) => read(entry) || malformed(entry[0]), onDamaged)
  }
  const keep = (key: Uint8Array, bytes: Uint8Array | null): boolean => {
    const rid = firstBytes(key)
    if (rid.length !== ridBytes) return false
    const id = decodeRid(rid)
    const rows = replaced.get(id) ?? []
    rows.push({ key: key.slice(), bytes })
    replaced.set(id, rows)
    return true
  }
  const sum = (entry: Entry): boolean => {
    const base = parseBaseRow(entry)
    if (base !== null) bases.set(base.rid, base)
    return base !== null
  }
  const claimed = (entry: Entry): boolean => {
    const claim = parseClaimRow(entry)
    if (claim !== null) claims.set(claim.rid, claim)
    return claim !== null
  }
  await walk(tables.sum, sum, damaged)
  await walk(
    tables.replacedRecord,
    ([key, value]) => keep(key, value.slice()),
    (key) => {
      damaged()
      if (key !== null) keep(key, null)
    },
  )
  await walk(tables.claim, claimed, damaged)
  const read = new Map<Rid, ReadClaim>()
  for (const [rid, claim] of claims) {
    const rows = replaced.get(rid) ?? []
    const base = baseOf(hashes, claim, bases.get(rid), rows)
    if (base === null) damaged()
    read.set(rid, { ...claim, base, isApart: claim.sum.length === 0, rows: rows.map(({ key }) => key) })
  }
  return read
}

/** Every claim on disk with its sum; an unknown one where something of it, or a record, is damaged. */
export async function readSummedClaims(
  storage: Pick<Snapshot, 'walk'>,
  hashes: RecordHashes,
  on: OnDamagedClaim,
): Promise<Map<Rid, SummedClaim>> {
  const summed = new Map<Rid, SummedClaim>()
  for (const [rid, { high, signature, records, base }] of await readClaims(storage, hashes, on)) {
    const above: { readonly bytes: Uint8Array }[] = []
    let found = 0
    const keep = ([, value]: Entry): void => {
      const row = decodeRecordRow(value)
      if (!row.ok || base === null) return
      found += 1
      if (row.value.record.seq > base.high) above.push(row.value)
    }
    const isOlder = base !== null && base.high < high
    if (isOlder) await storage.walk(prefixRange(tables.record, encodeRid(rid)), keep, () => undefined)
    const isKnown = base !== null && (!isOlder || found === records)
    summed.set(rid, { high, signature, sum: isKnown ? sumAbove(hashes, base, above) : unknownSum(hashes) })
  }
  return summed
}

/** What no records come to. */
export function unknownSum({ sumBytes }: RecordHashes): RecordSum {
  return new Uint8Array(sumBytes).fill(0xff)
}

/** The sum of a claim, from its base and the records above that. */
export function sumAbove(hashes: RecordHashes, base: Base, above: Iterable<Pick<HeldRecord, 'bytes'>>): RecordSum {
  const sum = base.sum.slice()
  for (const { bytes } of above) replaceInSum(hashes, sum, null, bytes)
  return sum
}

function baseOf(
  hashes: RecordHashes,
  { high, sum, replaced }: ClaimRow,
  base: Base | undefined,
  rows: readonly Replaced[],
): Base | null {
  // As an earlier release wrote it.
  if (sum.length > 0) return { high, sum }
  if (base === undefined || base.high > high || base.sum.length !== hashes.sumBytes || rows.length !== replaced) {
    return null
  }
  const left = base.sum.slice()
  for (const { bytes } of rows) {
    if (bytes === null) return null
    replaceInSum(hashes, left, bytes, null)
  }
  return { high: base.high, sum: left }
}

function baseRow(rid: Rid, high: number, sum: RecordSum): Operation {
  const writer = createWriter()
  writeUint(writer, high)
  writeBytes(writer, sum)
  return put(encodeKey(tables.sum, encodeRid(rid)), finish(writer))
}

function parseBaseRow([key, value]: Entry): (Base & { readonly rid: Rid }) | null {
  const row = parseBytes(value, (reader) => ({ high: readUint(reader), sum: readBytes(reader, sumBytesMax) }))
  const rid = firstBytes(key)
  return row.ok && rid.length === ridBytes ? { rid: decodeRid(rid), ...row.value } : null
}

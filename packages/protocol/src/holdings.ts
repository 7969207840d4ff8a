/**
 * Everything a node holds, in memory: the records of every SKU and, for each replica, its claim and its records in
 * seq order. The owner changes it in place, one commit at a time, and writes each commit to disk in the same order.
 *
 *   H1  For each (replica, SKU, kind) one record is held, the newest that was applied.
 *   H2  The digest of a replica is the sum over exactly the records held of it.
 *   H3  For one replica a larger seq never has a smaller total.
 */
import { equalBytes, type Digest, emptyDigest, replaceInDigest } from './digest.ts'
import type { Rid } from './ids.ts'
import { dropReplica, findRecord, type Issued, levelOf, mergeRecord, noRecords, type SkuRecords } from './level.ts'
import {
  type BaselineRecord,
  encodeRecord,
  isEncodingOf,
  type ListedRecord,
  type StockRecord,
  type TotalsRecord,
} from './record.ts'
import { assert, failure, type Result, success } from './result.ts'
import type { Claim } from './claim.ts'
import type { ReceivedRecord, RecordSource } from './replication-step.ts'
import type { SkuKey } from './sku.ts'

export interface HeldRecord extends Issued<StockRecord> {
  /** The origin's bytes where they are not what this release would write; null where they are. */
  readonly raw: Uint8Array | null
  /** The movements that made the record, encoded. */
  readonly movements: readonly Uint8Array[]
  /** Replaced by a newer one; it stays in the replica's list until that is swept. */
  replaced: boolean
}

export interface Replica {
  readonly rid: Rid
  high: number
  digest: Digest
  /** In seq order, with replaced ones among them. */
  records: HeldRecord[]
  replaced: number
}

export interface Holdings {
  readonly skus: Map<SkuKey, SkuRecords>
  readonly replicas: Map<Rid, Replica>
}

/** A record that came into the holdings, with what it took the place of. */
export interface Applied {
  readonly held: HeldRecord
  readonly before: StockRecord | null
}

export function createHoldings(): Holdings {
  return { skus: new Map(), replicas: new Map() }
}

export function recordsOf(holdings: Holdings, key: SkuKey): SkuRecords {
  return holdings.skus.get(key) ?? noRecords
}

export function levelIn(holdings: Holdings, key: SkuKey): number | null {
  const records = holdings.skus.get(key)
  return records === undefined ? null : levelOf(records)
}

export function claimOf(holdings: Holdings, rid: Rid): Claim {
  const replica = holdings.replicas.get(rid)
  return replica === undefined ? { high: 0, digest: emptyDigest } : { high: replica.high, digest: replica.digest }
}

export function totalsOf(holdings: Holdings, rid: Rid, key: SkuKey): TotalsRecord | null {
  return recordsOf(holdings, key).totals.find((one) => one.rid === rid)?.record ?? null
}

/** The bytes of a record as its origin wrote them. */
export function originBytes(held: HeldRecord): Uint8Array {
  return held.raw ?? encodeRecord(held.record)
}

/** Keeps the raw bytes only where this release would write others. */
export function holdRecord(
  rid: Rid,
  record: StockRecord,
  bytes: Uint8Array,
  movements: readonly Uint8Array[],
): HeldRecord {
  return { ...holdIssued(rid, record, movements), raw: isEncodingOf(record, bytes) ? null : bytes.slice() }
}

const noMovements: readonly Uint8Array[] = []

/**
 * The record with the texts that are held of its SKU already. A text for each record would be a third of what a node
 * holds in memory.
 */
export function shareTexts(holdings: Holdings, record: StockRecord): StockRecord {
  const { totals, baselines, listed } = recordsOf(holdings, record.key)
  const spelled = (baselines[0] ?? listed[0])?.record
  const key = (spelled ?? totals[0]?.record)?.key
  if (key === undefined) return record
  if (record.kind === 'totals' || spelled === undefined) return { ...record, key }
  const text = record.text === spelled.text ? spelled.text : record.text
  return { ...record, key, text, name: record.name === spelled.name ? spelled.name : record.name }
}

/** Puts a record that was read from disk in its place, in any order; `restoreClaim` ends a replica. */
export function restoreRecord(holdings: Holdings, held: HeldRecord): void {
  replicaOf(holdings, held.rid).records.push(held)
  const { key } = held.record
  holdings.skus.set(key, mergeRecord(recordsOf(holdings, key), held))
}

export function restoreClaim(holdings: Holdings, rid: Rid, claim: Claim): void {
  const replica = replicaOf(holdings, rid)
  replica.high = claim.high
  replica.digest = claim.digest
  replica.records.sort((a, b) => a.record.seq - b.record.seq)
}

/** Applies records that this node issues under a replica of its own; `high` is what it claims afterwards. */
export function applyIssued(
  holdings: Holdings,
  rid: Rid,
  issued: readonly { readonly record: StockRecord; readonly movements: readonly Uint8Array[] }[],
  high: number,
): readonly Applied[] {
  const replica = replicaOf(holdings, rid)
  assert(high >= replica.high, 'a claim never goes back')
  const applied = issued.map(({ record, movements }) => {
    assert(record.seq > replica.high && record.seq <= high, 'an issued record lies above the claim')
    const held = holdIssued(rid, shareTexts(holdings, record), movements)
    const before = heldBefore(holdings, held)
    replica.digest = replaceInDigest(
      replica.digest,
      before === undefined ? null : originBytes(before),
      encodeRecord(record),
    )
    return { held, before: place(holdings, replica, held) }
  })
  replica.high = high
  return applied
}

/**
 * Applies a claimed range that was received: all of it, or nothing. `fresh`: the records are all that the origin has,
 * and replace what is held of it. Errors: `digest-mismatch`, `totals-shrink`. A claim that is not above the own one
 * changes nothing.
 */
export function applyReceived(
  holdings: Holdings,
  rid: Rid,
  received: readonly ReceivedRecord[],
  claim: Claim,
  fresh: boolean,
): Result<readonly Applied[]> {
  const own = claimOf(holdings, rid)
  const known = holdings.replicas.get(rid)?.rid ?? rid
  if (claim.high < own.high || (claim.high === own.high && !fresh)) return success([])
  const newer = new Map<string, HeldRecord>()
  let digest: Digest = fresh ? emptyDigest : own.digest
  for (const { record, bytes, movements } of received) {
    // Below the own claim everything is held already.
    if (!fresh && record.seq <= own.high) continue
    const held = holdRecord(known, shareTexts(holdings, record), bytes, movements)
    const place = `${record.kind} ${record.key}`
    const earlier = newer.get(place) ?? heldBefore(holdings, held)
    if (earlier !== undefined && shrinks(earlier.record, record)) {
      return failure('totals-shrink', `A later record of ${rid} has a smaller total.`)
    }
    const counted = fresh ? newer.get(place) : earlier
    if (counted !== undefined && counted.record.seq >= record.seq) continue
    digest = replaceInDigest(digest, counted === undefined ? null : originBytes(counted), bytes)
    newer.set(place, held)
  }
  if (!equalBytes(digest, claim.digest)) {
    return failure('digest-mismatch', `The records of ${rid} up to ${claim.high} do not match their digest.`)
  }
  const befores = [...newer.values()].map((held) => ({ held, before: heldBefore(holdings, held)?.record ?? null }))
  const replica = replicaOf(holdings, rid)
  if (fresh) dropRecords(holdings, replica)
  befores.sort((a, b) => a.held.record.seq - b.held.record.seq)
  for (const { held } of befores) place(holdings, replica, held)
  replica.digest = digest
  replica.high = claim.high
  return success(befores)
}

/** Reads the records of a replica above a seq, as the replication machine asks for them. */
export const readHoldings =
  (holdings: Holdings, isAhead: (rid: Rid) => boolean): RecordSource['read'] =>
  (rid, above, limit) => {
    if (isAhead(rid)) return null
    const replica = holdings.replicas.get(rid)
    if (replica === undefined) return { records: [], through: above, end: true }
    const records: { bytes: Uint8Array; movements: readonly Uint8Array[] }[] = []
    let bytes = 0
    let through = above
    for (let index = firstAbove(replica, above); index < replica.records.length; index += 1) {
      const held = replica.records[index]
      if (held === undefined || held.replaced) continue
      const encoded = originBytes(held)
      const size = encoded.length + held.movements.reduce((sum, movement) => sum + movement.length, 0)
      if (records.length === limit.records || (records.length > 0 && bytes + size > limit.bytes)) {
        return { records, through, end: false }
      }
      records.push({ bytes: encoded, movements: held.movements })
      bytes += size
      through = held.record.seq
    }
    return { records, through, end: true }
  }

/** SKUs with a record of this replica above a seq: what a member that claims `above` has not got yet. */
export function skusAbove(holdings: Holdings, rid: Rid, above: number): Set<SkuKey> {
  const keys = new Set<SkuKey>()
  const replica = holdings.replicas.get(rid)
  if (replica === undefined || replica.high <= above) return keys
  for (let index = firstAbove(replica, above); index < replica.records.length; index += 1) {
    const held = replica.records[index]
    if (held !== undefined && !held.replaced) keys.add(held.record.key)
  }
  return keys
}

/** A record that is held of a SKU and has its texts, whichever it is. */
export function spelledRecord(holdings: Holdings, key: SkuKey): BaselineRecord | ListedRecord | undefined {
  const { baselines, listed } = recordsOf(holdings, key)
  return (baselines[0] ?? listed[0])?.record
}

function holdIssued(rid: Rid, record: StockRecord, movements: readonly Uint8Array[]): HeldRecord {
  return { rid, record, raw: null, movements: movements.length === 0 ? noMovements : movements, replaced: false }
}

function replicaOf(holdings: Holdings, rid: Rid): Replica {
  let replica = holdings.replicas.get(rid)
  if (replica === undefined) {
    replica = { rid, high: 0, digest: emptyDigest, records: [], replaced: 0 }
    holdings.replicas.set(rid, replica)
  }
  return replica
}

function heldBefore(holdings: Holdings, { rid, record }: HeldRecord): HeldRecord | undefined {
  // Only held records are ever put into the holdings.
  return findRecord(recordsOf(holdings, record.key), rid, record.kind) as HeldRecord | undefined
}

/** Puts a record in its place and answers the one that was there. */
function place(holdings: Holdings, replica: Replica, held: HeldRecord): StockRecord | null {
  const earlier = heldBefore(holdings, held)
  if (earlier !== undefined) {
    assert(!shrinks(earlier.record, held.record), 'a larger seq never has a smaller total')
    earlier.replaced = true
    replica.replaced += 1
  }
  const { key, seq } = held.record
  const last = replica.records.at(-1)
  assert(last === undefined || last.record.seq < seq, 'records are placed in seq order')
  replica.records.push(held)
  if (replica.replaced > 1_000 && replica.replaced * 2 > replica.records.length) {
    replica.records = replica.records.filter((one) => !one.replaced)
    replica.replaced = 0
  }
  holdings.skus.set(key, mergeRecord(recordsOf(holdings, key), held))
  return earlier?.record ?? null
}

function shrinks(before: StockRecord, after: StockRecord): boolean {
  if (before.kind !== 'totals' || after.kind !== 'totals' || after.seq <= before.seq) return false
  return after.added < before.added || after.removed < before.removed
}

function dropRecords(holdings: Holdings, replica: Replica): void {
  for (const { record } of replica.records) {
    holdings.skus.set(record.key, dropReplica(recordsOf(holdings, record.key), replica.rid))
  }
  replica.records = []
  replica.replaced = 0
}

function firstAbove(replica: Replica, above: number): number {
  let low = 0
  let high = replica.records.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((replica.records[middle]?.record.seq ?? 0) <= above) low = middle + 1
    else high = middle
  }
  return low
}

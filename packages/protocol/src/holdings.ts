/**
 * Everything a node holds, in memory: the records of every SKU and, for each replica, its claim and its records in
 * seq order. The owner changes it in place, one commit at a time, and writes each commit to disk in the same order.
 *
 *   H1  For each (replica, SKU, kind) one record is held, the newest that was applied.
 *   H2  The sum behind the digest of a replica is over exactly the records held of it.
 *   H3  For one replica a larger seq never has a smaller total.
 */
import { type Claim, isSameClaim } from './claim.ts'
import { emptySum, equalBytes, type RecordHashes, type RecordSum, replaceInSum, sumOf } from './digest.ts'
import type { Rid } from './ids.ts'
import { levelOf, type SkuRecords } from './level.ts'
import { encodeRecord, placeOf, shrinks, type StockRecord, type TotalsRecord } from './record.ts'
import { isMerged, type MergedHistories, mergeHistories } from './merged-histories.ts'
import { type HeldRecord, RecordStore } from './record-store.ts'
import type { ReceivedRecord, RecordSource } from './replication-step.ts'
import { assert, failure, type Result, success } from './result.ts'
import type { SkuKey } from './sku.ts'
import { byPlace, isBeginning, isFork, recordsIn, testify, type Testimony } from './testimony.ts'

export type Holdings = RecordStore

/** A record that came into the holdings, with what it took the place of. */
export interface Applied {
  readonly held: HeldRecord
  readonly before: StockRecord | null
  /** The bytes of that, where it went out of the sum on its own. */
  readonly beforeBytes: Uint8Array | null
}

export function createHoldings(hashes: RecordHashes): Holdings {
  return new RecordStore(hashes)
}

export function recordsOf(holdings: Holdings, key: SkuKey): SkuRecords {
  return holdings.recordsOf(key)
}

export function levelIn(holdings: Holdings, key: SkuKey): number | null {
  return levelOf(holdings.recordsOf(key))
}

export function claimOf(holdings: Holdings, rid: Rid): Claim {
  return holdings.claim(rid)
}

/** Up to where a replica is claimed, without what its digest costs. */
export function highOf(holdings: Holdings, rid: Rid): number {
  return holdings.replicas.get(rid)?.high ?? 0
}

export function totalsOf(holdings: Holdings, rid: Rid, key: SkuKey): TotalsRecord | null {
  return recordsOf(holdings, key).totals.find((one) => one.rid === rid)?.record ?? null
}

/** Applies records that this node issues under a replica of its own; `high` is what it claims afterwards, unsigned. */
export function applyIssued(
  holdings: Holdings,
  rid: Rid,
  issued: readonly StockRecord[],
  high: number,
): readonly Applied[] {
  const claimed = highOf(holdings, rid)
  assert(high >= claimed, 'a claim never goes back')
  const applied = issued.map((record) => {
    assert(record.seq > claimed && record.seq <= high, 'an issued record lies above the claim')
    const held = { rid, record, bytes: encodeRecord(record) }
    return place(holdings, held, holdings.find(rid, record.kind, record.key))
  })
  holdings.issued(rid, high, applied)
  return applied
}

/**
 * Applies a claimed range that was received: all of it, or nothing. `fresh`: the records are all that the origin has,
 * and replace what is held of it. Errors: `digest-mismatch`, `totals-shrink`; with `fresh` also `fork`: they are as
 * their claim says, and so is what is held, but the one does not follow from the other. A claim that is not above the
 * own one changes nothing.
 */
export function applyReceived(
  holdings: Holdings,
  rid: Rid,
  received: readonly ReceivedRecord[],
  claim: Claim,
  fresh: boolean,
): Result<readonly Applied[]> {
  const ownHigh = highOf(holdings, rid)
  assert(!isMerged(claim.high), 'what was merged is received as what it was merged of')
  if (!(fresh && isMerged(ownHigh)) && (claim.high < ownHigh || (claim.high === ownHigh && !fresh))) {
    return success([])
  }
  const newer = new Map<string, Coming>()
  const sum = fresh ? emptySum(holdings.hashes) : holdings.sum(rid).slice()
  for (const { record, bytes } of received) {
    // Below the own claim everything is held already.
    if (!fresh && record.seq <= ownHigh) continue
    const place = placeOf(record)
    const known = newer.get(place)
    const before = known === undefined ? holdings.find(rid, record.kind, record.key) : known.before
    const earlier = known?.held ?? (fresh ? undefined : before)
    if (earlier !== undefined && shrinks(earlier.record, record)) {
      return failure('totals-shrink', `A later record of ${rid} has a smaller total.`)
    }
    if (earlier !== undefined && earlier.record.seq >= record.seq) continue
    replaceInSum(holdings.hashes, sum, earlier?.bytes ?? null, bytes)
    newer.set(place, { held: { rid, record, bytes }, before })
  }
  if (!equalBytes(holdings.hashes.condense(sum), claim.digest)) {
    return failure('digest-mismatch', `The records of ${rid} up to ${claim.high} do not match their digest.`)
  }
  if (fresh && contradicts(holdings, rid, newer, claim.high)) {
    return failure('fork', `There are two histories of ${rid}: one is held, and another one came.`)
  }
  if (fresh) holdings.dropReplica(rid)
  const coming = [...newer.values()].sort((a, b) => a.held.record.seq - b.held.record.seq)
  const applied = coming.map(({ held, before }) => place(holdings, held, before, fresh))
  holdings.setClaim(rid, { high: claim.high, sum, signature: claim.signature })
  return success(applied)
}

/** What proves all that is held of a replica; nothing where its claim is not signed, as of what is being issued. */
export function testimoniesOf(holdings: Holdings, rid: Rid): readonly Testimony[] {
  if (isMerged(highOf(holdings, rid))) return holdings.testimonies.get(rid) ?? []
  const own = testify(claimOf(holdings, rid), holdings.above(rid, 0))
  return own === null ? [] : [own]
}

/** Several histories of a replica, and what they come to. */
export interface Merge extends MergedHistories {
  readonly testimonies: readonly Testimony[]
  readonly sum: RecordSum
  /** As it is claimed by whoever holds these and no others. */
  readonly claim: Claim
}

export function mergeTestimonies(hashes: RecordHashes, rid: Rid, testimonies: readonly Testimony[]): Merge {
  const merged = mergeHistories(
    rid,
    testimonies.map((one) => [...recordsIn(one)].map(({ record }) => record)),
  )
  const sum = sumOf(hashes, merged.records)
  const claim = { high: merged.high, digest: hashes.condense(sum), signature: null }
  return { ...merged, testimonies, sum, claim }
}

/** What the histories of a replica come to takes the place of what is held of it. */
export function applyMerged(
  holdings: Holdings,
  rid: Rid,
  { testimonies, records, high, sum }: Merge,
): readonly Applied[] {
  const before = new Map([...holdings.above(rid, 0)].map((held) => [placeOf(held.record), held.record]))
  holdings.dropReplica(rid)
  for (const held of records) holdings.place(held)
  holdings.setClaim(rid, { high, sum, signature: null })
  holdings.testimonies.set(rid, testimonies)
  return records.map((held) => ({ held, before: before.get(placeOf(held.record)) ?? null, beforeBytes: null }))
}

/** Whether these are several histories, and come to this claim. Each has proved to be what its shop signed. */
export function isProof(
  hashes: RecordHashes,
  { rid, claim, testimonies }: { readonly rid: Rid; readonly claim: Claim; readonly testimonies: readonly Testimony[] },
): boolean {
  return isFork(testimonies) && isSameClaim(mergeTestimonies(hashes, rid, testimonies).claim, claim)
}

/**
 * Whether all that came of a replica, up to its claim, did not grow out of what is held. What is held without matching
 * its own claim is damaged and proves nothing.
 */
function contradicts(holdings: Holdings, rid: Rid, coming: ReadonlyMap<string, Coming>, high: number): boolean {
  const held = [...holdings.above(rid, 0)]
  if (!equalBytes(sumOf(holdings.hashes, held), holdings.sum(rid))) return false
  const came = byPlace([...coming.values()].map((one) => one.held))
  return !isBeginning({ high: highOf(holdings, rid), records: byPlace(held) }, { high, records: came })
}

/** Reads the records of a replica above a seq, as the replication machine asks for them. */
export const readHoldings =
  (holdings: Holdings, isAhead: (rid: Rid) => boolean): RecordSource['read'] =>
  (rid, above, limit) => {
    if (isAhead(rid)) return null
    const records: Uint8Array[] = []
    let size = 0
    let through = above
    for (const { record, bytes } of holdings.above(rid, above)) {
      if (records.length === limit.records || (records.length > 0 && size + bytes.length > limit.bytes)) {
        return { records, through, end: false }
      }
      records.push(bytes)
      size += bytes.length
      through = record.seq
    }
    return { records, through, end: true }
  }

/** SKUs with a record of this replica above a seq: what a member that claims `above` has not got yet. */
export function skusAbove(holdings: Holdings, rid: Rid, above: number): Set<SkuKey> {
  return holdings.keysAbove(rid, above)
}

/** A record that is to be applied, and the one that is held in its place. */
interface Coming {
  readonly held: HeldRecord
  readonly before: HeldRecord | undefined
}

/** `isAnew`: what was held before is not what the record grew out of. */
function place(holdings: Holdings, held: HeldRecord, before: HeldRecord | undefined, isAnew = false): Applied {
  assert(
    before === undefined || isAnew || !shrinks(before.record, held.record),
    'a larger seq never has a smaller total',
  )
  holdings.place(held)
  return { held, before: before?.record ?? null, beforeBytes: before?.bytes ?? null }
}

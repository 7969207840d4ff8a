/**
 * Loads the records. A row that is damaged is left out, and so that nothing is summed or served that is not whole, every
 * replica whose records are then not those of its digest is suspect: it is fetched again, and until then counts as not
 * held. What shows damage is a wrong checksum, a row that cannot be read or lies elsewhere than it says, a claim without
 * its records or the reverse, and a number of records that is not the one of the claim; only then are digests made anew.
 */
import {
  decodeRid,
  emptySum,
  equalBytes,
  type Holdings,
  type Rid,
  ridBytes,
  type SkuKey,
  type SummedClaim,
  sumOf,
} from '@stockmesh/protocol'
import { firstBytes, prefixRange } from '../storage/key.ts'
import type { Entry, Snapshot } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { createRecordLoader, placeOfRecord } from './rows.ts'
import { type ReadClaim, readClaims, sumAbove, type SumRows, unknownSum } from './sum-rows.ts'

/** A replica of which not all is held that was. */
export interface Suspect {
  /** SKUs of the records that are missing; null where any may be concerned. */
  readonly keys: ReadonlySet<SkuKey> | null
  /** Up to where it was held, as far as can be told. */
  readonly high: number
  /** Keys of rows that are none. */
  readonly rows: readonly Uint8Array[]
}

export async function loadRecords(
  storage: Pick<Snapshot, 'walk'>,
  holdings: Holdings,
  sums: SumRows,
): Promise<Map<Rid, Suspect>> {
  const bad = new Map<Rid, Uint8Array[]>()
  let isDamaged = false
  const note = (key: Uint8Array | null): void => {
    isDamaged = true
    const rid = key === null ? null : ridOfKey(key)
    if (key !== null && rid !== null) bad.set(rid, [...(bad.get(rid) ?? []), key.slice()])
  }
  const load = createRecordLoader(holdings)
  const astray = new Set<Rid>()
  const place = (entry: Entry): void => {
    if (load(entry)) return
    note(entry[0])
    // Its checksum is right, so it may be its key that is not, and of which SKU it is nobody knows.
    const rid = ridOfKey(entry[0])
    if (rid !== null) astray.add(rid)
  }
  await storage.walk(prefixRange(tables.record), place, note)
  const damaged = (): void => {
    isDamaged = true
  }
  const claims = await readClaims(storage, holdings.hashes, { malformed: damaged, damaged })
  const lost = new Set<Rid>()
  // A replica of which there is a history had records and a claim.
  await storage.walk(
    prefixRange(tables.history),
    ({ 0: key }) => {
      const rid = ridOfKey(key)
      if (rid !== null && !claims.has(rid)) lost.add(rid)
    },
    damaged,
  )
  const unclaimed = (rid: Rid): SummedClaim => {
    return { high: holdings.lastSeq(rid), sum: emptySum(holdings.hashes), signature: null }
  }
  for (const rid of lost) holdings.restore(rid, unclaimed(rid))
  for (const [rid, claim] of claims) restore(holdings, rid, claim, sums)
  for (const rid of holdings.replicas.keys()) {
    const held = claims.get(rid)
    if (held === undefined) holdings.restore(rid, unclaimed(rid))
    if (held?.records !== holdings.recordCount(rid)) isDamaged = true
  }
  return isDamaged || lost.size > 0 ? suspectsIn(holdings, { claims, bad, lost, astray }) : new Map()
}

/** Where records are missing no sum is made of the others: it would fit them, and hide that they are not all. */
function restore(holdings: Holdings, rid: Rid, claim: ReadClaim, sums: SumRows): void {
  const { high, signature, base } = claim
  const isKnown = base !== null && claim.records === holdings.recordCount(rid)
  holdings.restore(rid, { high, sum: isKnown ? base.sum : unknownSum(holdings.hashes), signature })
  const above = isKnown && base.high < high ? [...holdings.above(rid, base.high)] : []
  if (isKnown && above.length > 0) {
    holdings.setClaim(rid, { high, sum: sumAbove(holdings.hashes, base, above), signature })
  }
  sums.restore(rid, claim, above.length)
}

interface Damage {
  readonly claims: ReadonlyMap<Rid, ReadClaim>
  /** Rows that are left out. */
  readonly bad: ReadonlyMap<Rid, readonly Uint8Array[]>
  /** Replicas without a claim that had one. */
  readonly lost: ReadonlySet<Rid>
  /** Replicas at whose place lies what does not belong there. */
  readonly astray: ReadonlySet<Rid>
}

function suspectsIn(holdings: Holdings, { claims, bad, lost, astray }: Damage): Map<Rid, Suspect> {
  const suspects = new Map<Rid, Suspect>()
  for (const { rid, high } of holdings.replicas.values()) {
    const sum = sumOf(holdings.hashes, holdings.above(rid, 0))
    if (!lost.has(rid) && equalBytes(sum, holdings.sum(rid))) continue
    const rows = bad.get(rid) ?? []
    const isAll = !astray.has(rid) && claims.get(rid)?.records === holdings.recordCount(rid) + rows.length
    const keys = isAll ? new Set(rows.map((key) => placeOfRecord(key).key as SkuKey)) : null
    suspects.set(rid, { keys, high, rows })
  }
  return suspects
}

function ridOfKey(key: Uint8Array): Rid | null {
  const bytes = firstBytes(key)
  return bytes.length === ridBytes ? decodeRid(bytes) : null
}

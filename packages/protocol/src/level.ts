/**
 * The level of a SKU: the winning baseline plus what every replica added and removed and the baseline does not cover.
 * Pure functions over the records held for one SKU; the order in which they came does not matter.
 */
import { isOfShop, type Rid, type ShopId, shopOfRid } from './ids.ts'
import type { Baseline, BaselineRecord, ListedRecord, StockRecord, TotalsRecord } from './record.ts'

/** A record with the replica that issued it. */
export interface Issued<R extends StockRecord> {
  readonly rid: Rid
  readonly record: R
}

/** What is held for one SKU: at most one record of each kind for each replica. */
export interface SkuRecords {
  readonly totals: readonly Issued<TotalsRecord>[]
  readonly baselines: readonly Issued<BaselineRecord>[]
  readonly listed: readonly Issued<ListedRecord>[]
}

export const noRecords: SkuRecords = { totals: [], baselines: [], listed: [] }

/**
 * The baseline that counts. Any count beats any first; among firsts the lowest (stamp, shop id), among counts the
 * highest. Null while none is known.
 */
export function winningBaseline(baselines: readonly Issued<BaselineRecord>[]): Issued<BaselineRecord> | null {
  let winner: Issued<BaselineRecord> | null = null
  for (const candidate of baselines) {
    if (winner === null || beats(candidate, winner)) winner = candidate
  }
  return winner
}

function beats(a: Issued<BaselineRecord>, b: Issued<BaselineRecord>): boolean {
  const kindA = a.record.baseline.kind
  const kindB = b.record.baseline.kind
  if (kindA !== kindB) return kindA === 'count'
  const stamps = a.record.baseline.stamp - b.record.baseline.stamp
  const order = stamps !== 0 ? stamps : a.rid < b.rid ? -1 : 1
  return kindA === 'count' ? order > 0 : order < 0
}

/** Units that can be sold, network-wide; null while the SKU has no baseline. */
export function levelOf(held: SkuRecords): number | null {
  const winner = winningBaseline(held.baselines)
  return winner === null ? null : levelFrom(winner.record.baseline, held.totals)
}

/** The level that a baseline and the totals that it does not cover make. */
export function levelFrom({ quantity, covers }: Baseline, totals: SkuRecords['totals']): number {
  if (covers.length === 0) return totals.reduce((sum, { record }) => sum + record.added - record.removed, quantity)
  const covered = new Map(covers.map((cover) => [cover.rid, cover]))
  return totals.reduce((sum, { rid, record }) => {
    const cover = covered.get(rid)
    if (cover === undefined) return sum + record.added - record.removed
    return record.seq <= cover.seq ? sum : sum + record.added - record.removed - cover.net
  }, quantity)
}

/** Units that all replicas moved a SKU by, since they began: whatever baseline counts, it only changes by movements. */
export function movedBy(totals: SkuRecords['totals']): number {
  return totals.reduce((sum, { record }) => sum + record.added - record.removed, 0)
}

/** What each shop added and removed since the baseline; their sum and the baseline's quantity make the level. */
export function sinceBaseline(held: SkuRecords): ReadonlyMap<ShopId, { added: number; removed: number }> {
  const covered = new Map(winningBaseline(held.baselines)?.record.baseline.covers.map((cover) => [cover.rid, cover]))
  const shops = new Map<ShopId, { added: number; removed: number }>()
  for (const { rid, record } of held.totals) {
    const cover = covered.get(rid)
    if (cover !== undefined && record.seq <= cover.seq) continue
    const sum = shops.get(shopOfRid(rid)) ?? { added: 0, removed: 0 }
    shops.set(shopOfRid(rid), sum)
    sum.added += record.added
    sum.removed += record.removed
    // A cover keeps one net figure: take it off the side that it came from.
    if (cover !== undefined && cover.net >= 0) sum.added -= cover.net
    if (cover !== undefined && cover.net < 0) sum.removed += cover.net
  }
  return shops
}

/** Whether a shop sells the SKU, by the newest of its replicas' records; null if it never said. */
export function listedBy(held: SkuRecords, shop: ShopId): boolean | null {
  let last: Issued<ListedRecord> | null = null
  for (const one of held.listed) if (isOfShop(one.rid, shop) && (last === null || isLater(one, last))) last = one
  return last?.record.value ?? null
}

function latest(listed: readonly Issued<ListedRecord>[]): Issued<ListedRecord> | null {
  return listed.reduce<Issued<ListedRecord> | null>(
    (last, one) => (last === null || isLater(one, last) ? one : last),
    null,
  )
}

function isLater(a: Issued<ListedRecord>, b: Issued<ListedRecord>): boolean {
  return a.record.stamp === b.record.stamp ? a.rid > b.rid : a.record.stamp > b.record.stamp
}

/** How the network spells the SKU and names it: by its baseline, else by who last said whether it is listed. */
export function spelling(held: SkuRecords): { text: string; name: string } | null {
  const record = winningBaseline(held.baselines)?.record ?? latest(held.listed)?.record
  return record === undefined ? null : { text: record.text, name: record.name }
}

/** What a stock count made now covers: everything that is held. */
export function coverAll(held: SkuRecords): { rid: Rid; seq: number; net: number }[] {
  return held.totals.map(({ rid, record }) => ({ rid, seq: record.seq, net: record.added - record.removed }))
}

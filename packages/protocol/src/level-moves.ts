/**
 * Which shop moved the level of a SKU, and by how much, in one batch of records: what it bought, sold and received, and
 * what its stock count changed. The moves of a batch add up to what the level changed by.
 */
import type { Applied } from './holdings.ts'
import type { Rid } from './ids.ts'
import { levelOf, type Issued, type SkuRecords, winningBaseline } from './level.ts'
import type { StockRecord, TotalsRecord } from './record.ts'
import type { SkuKey } from './sku.ts'

export interface LevelMove {
  readonly key: SkuKey
  readonly rid: Rid
  /** Whoever claims this much of the replica has heard of the move. */
  readonly seq: number
  /** Signed, never 0. */
  readonly units: number
}

/** `applied`: all records of one SKU that came, in their order; `held`: what is held of it since. */
export function levelMoves(key: SkuKey, held: SkuRecords, applied: readonly Applied[]): LevelMove[] {
  const before = heldBefore(held, applied)
  const baseline = winningBaseline(before.baselines)
  const moves: LevelMove[] = []
  let from = levelOf(before) ?? 0
  const seen = new Set<Rid>()
  for (const { rid, record } of applied.map((one) => one.held)) {
    if (record.kind !== 'totals' || seen.has(rid) || baseline === null) continue
    seen.add(rid)
    const newest = held.totals.filter((one) => one.rid === rid)
    const oldest = before.totals.filter((one) => one.rid === rid)
    const cover = { baselines: [baseline], listed: [] }
    const units = (levelOf({ ...cover, totals: newest }) ?? 0) - (levelOf({ ...cover, totals: oldest }) ?? 0)
    if (units !== 0) moves.push({ key, rid, seq: newest[0]?.record.seq ?? record.seq, units })
    from += units
  }
  const winner = winningBaseline(held.baselines)
  const rest = (levelOf(held) ?? 0) - from
  if (winner !== null && rest !== 0) moves.push({ key, rid: winner.rid, seq: winner.record.seq, units: rest })
  return moves
}

/** What was held before the records came. */
function heldBefore(held: SkuRecords, applied: readonly Applied[]): SkuRecords {
  const earlier = new Map<string, StockRecord | null>()
  for (const { held: one, before } of applied) {
    const place = `${one.record.kind} ${one.rid}`
    if (!earlier.has(place)) earlier.set(place, before)
  }
  const back = <R extends StockRecord>(list: readonly Issued<R>[]): Issued<R>[] =>
    list.flatMap((one) => {
      const before = earlier.get(`${one.record.kind} ${one.rid}`)
      if (before === undefined) return [one]
      return before === null ? [] : [{ rid: one.rid, record: before as R }]
    })
  return { totals: back<TotalsRecord>(held.totals), baselines: back(held.baselines), listed: held.listed }
}

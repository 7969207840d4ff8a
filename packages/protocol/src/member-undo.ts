/**
 * Undoing what one member did since a time: the level without it becomes a stock count that covers all that is known.
 * What a count covers is in no level any more, so undoing twice is undoing once, and what the member sells from then on
 * counts as ever.
 */
import { isOfShop, type Rid, type ShopId } from './ids.ts'
import { type Issued, levelFrom, type SkuRecords, winningBaseline } from './level.ts'
import { countAheadMsMax, historyMsMax } from './limits.ts'
import type { BaselineRecord } from './record.ts'
import { failure, type Result, success } from './result.ts'

/** One movement that a member made, by its place in its replica. */
export interface MadeMovement {
  readonly rid: Rid
  readonly seq: number
  /** Signed units. */
  readonly delta: number
}

export interface MemberUndoing {
  readonly member: ShopId
  /** Who undoes it. */
  readonly by: ShopId
  /** In milliseconds since 1970. */
  readonly since: number
  /** The member's movements since then. */
  readonly made: readonly MadeMovement[]
}

/**
 * The level that a SKU would have without what the member did; null where it has none. A stock count of its own from then
 * on is left out too, if there is another number to go on from; not where it undoes what it did itself, since that is
 * such a count.
 */
export function levelWithout(held: SkuRecords, { member, by, since, made }: MemberUndoing): number | null {
  const isUndone = ({ rid, record: { baseline } }: Issued<BaselineRecord>): boolean =>
    member !== by && isOfShop(rid, member) && baseline.kind === 'count' && baseline.stamp >= since
  const others = held.baselines.filter((one) => !isUndone(one))
  const winner = winningBaseline(others) ?? winningBaseline(held.baselines)
  if (winner === null) return null
  const { baseline } = winner.record
  const covered = new Map(baseline.covers.map(({ rid, seq }) => [rid, seq]))
  const moved = made.reduce((sum, { rid, seq, delta }) => (seq > (covered.get(rid) ?? 0) ? sum + delta : sum), 0)
  return levelFrom(baseline, held.totals) - moved
}

/** From when on a member's movements are undone, in milliseconds since 1970. Errors: `since-future`, `since-too-old`. */
export function checkSince(since: number, now: number): Result<number> {
  if (since > now + countAheadMsMax) {
    return failure('since-future', 'Nothing has happened since a time in the future. Check the time in since.')
  }
  if (since < now - historyMsMax) {
    return failure('since-too-old', 'What happened is known one by one for 90 days. Choose a later time.')
  }
  return success(since)
}

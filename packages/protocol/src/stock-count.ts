/**
 * A stock count: a person's number becomes the baseline from which a SKU's level goes on. It covers what was held when
 * it was made, so whatever the counting shop had not heard of is still added and subtracted. Counts made apart never
 * add up: the one with the later stamp stands at every node, in whatever order they arrive.
 */
import type { CountLine } from './api.ts'
import { type Issued, levelOf, type SkuRecords, winningBaseline } from './level.ts'
import { countAheadMsMax, countAgeMsMax } from './limits.ts'
import type { Baseline, BaselineRecord, Cover } from './record.ts'
import { failure, type Result, success } from './result.ts'

/**
 * The baseline of a count made at `now`. Its stamp lies above that of the count it replaces, so a clock that runs ahead
 * wins one count and not every later one. `covers`: what had been heard when the number was true.
 */
export function countBaseline(
  held: SkuRecords,
  count: { readonly quantity: number; readonly covers: readonly Cover[]; readonly now: number },
): Baseline {
  const replaced = winningBaseline(held.baselines)?.record.baseline
  const stamp = Math.max(count.now, replaced?.kind === 'count' ? replaced.stamp + 1 : 0)
  return { kind: 'count', quantity: count.quantity, stamp, covers: count.covers }
}

/**
 * Units that could be sold of what was counted. `moved` is the signed sum of the movements between the counting and
 * what the count covers; units sold and not yet sent lie on the shelf and belong to somebody.
 */
export function countedQuantity(line: Pick<CountLine, 'quantity' | 'unsent'>, moved: number): number {
  return line.quantity - (line.unsent ?? 0) + moved
}

/** Whether the number that the SKU stands on was counted at `since` or later, in milliseconds since 1970. */
export function isCountedSince({ baselines }: Pick<SkuRecords, 'baselines'>, since: number): boolean {
  const baseline = winningBaseline(baselines)?.record.baseline
  return baseline?.kind === 'count' && baseline.stamp >= since
}

/** When counting began, in milliseconds since 1970, never after `now`. Errors: `as-of-future`, `as-of-too-old`. */
export function checkAsOf(asOf: number, now: number): Result<number> {
  if (asOf > now + countAheadMsMax) {
    return failure('as-of-future', 'Counting cannot begin in the future. Check the time in asOf and the clock.')
  }
  if (asOf < now - countAgeMsMax) {
    return failure('as-of-too-old', 'The count began too long ago to be told from what was sold since. Count again.')
  }
  return success(Math.min(asOf, now))
}

/** What a baseline makes of a SKU's level. */
export interface BaselineEffect {
  /** The level without it; null where there was none. */
  readonly from: number | null
  readonly to: number | null
  /** False where a baseline that was known already counts in its place. */
  readonly stands: boolean
}

/** The effect of a baseline among the records that hold it; `before` is the record of the same replica it replaced. */
export function baselineEffect(
  held: SkuRecords,
  { rid, record }: Issued<BaselineRecord>,
  before: BaselineRecord | null,
): BaselineEffect {
  const isIt = (one: Issued<BaselineRecord>): boolean => one.rid === rid && one.record.seq === record.seq
  const without = held.baselines.flatMap((one) => {
    if (!isIt(one)) return [one]
    return before === null ? [] : [{ rid, record: before }]
  })
  const winner = winningBaseline(held.baselines)
  return {
    from: levelOf({ ...held, baselines: without }),
    to: levelOf(held),
    stands: winner !== null && isIt(winner),
  }
}

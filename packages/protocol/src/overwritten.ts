/**
 * Units that order lines tell of and that the shop's number lacks. Either they were told before their lines came, or a
 * write of ours overwrote them: nothing else takes whole lines out of a number. What fits neither is not explained.
 */
/** Lines of which so many different sums can be made that any number would fit prove nothing. */
const sumsMax = 5_000

export interface MissingUnits {
  /** Of them, units that were told already. */
  readonly early: number
  readonly overwritten: number
}

/**
 * `lines` are the deltas of the lines that came, `early` units that were told without a line for which one may come, and
 * `earlyLines` the deltas of lines that came for others of those: a line's units may be early in one part and another
 * line's in the other. Null: the lines do not explain it.
 */
export function explainMissing(
  missing: number,
  given: { readonly lines: readonly number[]; readonly early: number; readonly earlyLines: readonly number[] },
): MissingUnits | null {
  const sums = sumsOf([...given.lines, ...given.earlyLines])
  if (sums === null || !sums.has(missing)) return null
  const early = [...sums]
    .filter((units) => Math.sign(units) === Math.sign(given.early) && Math.abs(units) <= Math.abs(given.early))
    .sort((left, right) => Math.abs(right) - Math.abs(left))
  const [least, most] = [sumOfSign(given.lines, -1), sumOfSign(given.lines, 1)]
  for (const units of new Set([...early, 0])) {
    const overwritten = missing - units
    if (sums.has(overwritten) && overwritten >= least && overwritten <= most) return { early: units, overwritten }
  }
  return null
}

function sumOfSign(numbers: readonly number[], sign: number): number {
  return numbers.filter((number) => Math.sign(number) === sign).reduce((sum, number) => sum + number, 0)
}

/** Every sum that some of the numbers make, that of none of them included. */
function sumsOf(numbers: readonly number[]): ReadonlySet<number> | null {
  let sums = new Set([0])
  for (const number of numbers) {
    const more = new Set(sums)
    for (const sum of sums) more.add(sum + number)
    if (more.size > sumsMax) return null
    sums = more
  }
  return sums
}

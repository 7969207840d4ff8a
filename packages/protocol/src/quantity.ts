/**
 * Quantities as shops report them: integer units, null for "not tracked". Anything else is a reason to hold the SKU,
 * never a number to guess.
 */
import { stockUnitsMax } from './limits.ts'
import { failure, type Result, success } from './result.ts'

/**
 * Reads a stock number from a shop's answer: a number, or a text such as "12" or "12.0". Null is untracked.
 * Errors: `stock-fraction`, `stock-out-of-range`, `stock-not-a-number`.
 */
export function parseStock(raw: unknown): Result<number | null> {
  if (raw === null) return success(null)
  const value = typeof raw === 'string' ? parseDecimal(raw) : raw
  if (typeof value !== 'number' || Number.isNaN(value)) {
    return failure('stock-not-a-number', 'The shop reports a stock that is not a number.')
  }
  if (Math.abs(value) > stockUnitsMax) {
    return failure('stock-out-of-range', `The shop reports a stock beyond ${stockUnitsMax} units.`)
  }
  if (!Number.isInteger(value)) return failure('stock-fraction', 'The shop reports a fraction of a unit.')
  return success(value === 0 ? 0 : value)
}

function parseDecimal(text: string): number {
  const decimal = /^\s*(-?\d+)(?:\.(\d+))?\s*$/.exec(text)
  if (decimal === null) return Number.NaN
  const [, units, fraction = ''] = decimal
  // Rounding could hide a fraction of many digits.
  return /[^0]/.test(fraction) ? 0.5 : Number(units)
}

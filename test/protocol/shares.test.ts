/** Units shared out by weight: the laws that let two sides compute apart and never share out more than there is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ShopId } from '../../packages/protocol/src/ids.ts'
import { shareOf, shareOut } from '../../packages/protocol/src/shares.ts'
import { check, shopAt } from './arbitraries.ts'

const weightsOf = (numbers: readonly number[]): ReadonlyMap<ShopId, number> =>
  new Map(numbers.map((weight, index) => [shopAt(index + 1), weight]))
const anyWeights = fc
  .array(fc.oneof(fc.nat(3), fc.nat(10_000)), { minLength: 1, maxLength: 8 })
  .filter((numbers) => numbers.some((weight) => weight > 0))
const anyUnits = fc.oneof(fc.nat(50), fc.nat(1_000_000_000))

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0)

describe('shares of the units', () => {
  it('add up to the units, each within one unit or more of its part', () => {
    check(
      fc.property(anyUnits, anyWeights, (units, numbers) => {
        const shares = shareOut(units, weightsOf(numbers))
        expect(sum(shares.values())).toBe(units)
        for (const [shop, share] of shares) {
          const weight = weightsOf(numbers).get(shop) ?? 0
          expect(share).toBeGreaterThanOrEqual(Math.floor((units * weight) / sum(numbers)))
        }
      }),
    )
  })

  it('go to the highest average one by one, and among equal ones to the first by id', () => {
    check(
      fc.property(fc.nat(60), anyWeights, (units, numbers) => {
        const given = numbers.map(() => 0)
        const inOrder = numbers.map((_, index) => index).toSorted((a, b) => (shopAt(a + 1) < shopAt(b + 1) ? -1 : 1))
        for (let unit = 0; unit < units; unit += 1) {
          const averages = numbers.map((weight, index) => weight / ((given[index] ?? 0) + 1))
          const highest = Math.max(...averages)
          const best = inOrder.find((index) => averages[index] === highest) ?? 0
          given[best] = (given[best] ?? 0) + 1
        }
        const shares = shareOut(units, weightsOf(numbers))
        expect(numbers.map((_, index) => shares.get(shopAt(index + 1)) ?? 0)).toEqual(given)
      }),
    )
  })

  it('never shrink when there are more units', () => {
    check(
      fc.property(anyUnits, fc.nat(20), anyWeights, (units, more, numbers) => {
        const before = shareOut(units, weightsOf(numbers))
        for (const [shop, share] of shareOut(units + more, weightsOf(numbers))) {
          expect(share).toBeGreaterThanOrEqual(before.get(shop) ?? 0)
        }
      }),
    )
  })

  it('never grow when another shop takes part', () => {
    check(
      fc.property(anyUnits, anyWeights, fc.nat(10_000), (units, numbers, more) => {
        const before = shareOut(units, weightsOf(numbers))
        const after = shareOut(units, weightsOf([...numbers, more]))
        for (const [shop, share] of before) expect(after.get(shop) ?? 0).toBeLessThanOrEqual(share)
      }),
    )
  })

  it('of ten units are 5 and 5, of seven 4 and 3, of one 1 and 0', () => {
    const even = weightsOf([1, 1])
    expect([...shareOut(10, even).values()]).toEqual([5, 5])
    expect([...shareOut(7, even).values()]).toEqual([4, 3])
    expect([...shareOut(1, even).values()]).toEqual([1, 0])
  })

  it('are nothing of less than nothing, and nothing where nobody has weight', () => {
    expect(shareOf(-3, weightsOf([1, 1]), new Set([shopAt(1)]))).toBe(0)
    expect(shareOut(10, weightsOf([0, 0])).size).toBe(0)
  })
})

/** The partition guard for one SKU: what all sides may sell never adds up to more than there is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ShopId } from '../../packages/protocol/src/ids.ts'
import { noRecords } from '../../packages/protocol/src/level.ts'
import { type PartingTerms, rightAtParting, sellersOf, type SkuAtParting } from '../../packages/protocol/src/parting.ts'
import { check, listed, ridAt, shopAt } from './arbitraries.ts'

const [A, B, C] = [shopAt(1), shopAt(2), shopAt(3)] as const
const all = new Set([A, B, C])
const even = new Map([...all].map((shop) => [shop, 1]))
const sold = (level: number, more: Partial<SkuAtParting> = {}): SkuAtParting => {
  return { level, right: null, unclaimed: 0, sellers: all, knownSellers: all, ...more }
}
const terms = (side: readonly ShopId[], more: Partial<PartingTerms> = {}): PartingTerms => {
  return { side: new Set(side), sideBefore: null, isAgain: false, weights: [even], ...more }
}

/** What one shop did while the lines were going: signed units, in order, and how much of it each other shop got. */
const anyFlight = fc.record({
  moves: fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 5 }),
  /** Per other shop: how many of them it has, and how many of those its claims have told. */
  heard: fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { minLength: 3, maxLength: 3 }),
})

describe('rights at a parting', () => {
  it('of shops that are all alone never add up to more than the level, whatever was under way', () => {
    check(
      fc.property(
        fc.nat(40),
        fc.array(anyFlight, { minLength: 3, maxLength: 3 }),
        fc.array(fc.nat(9), { minLength: 3, maxLength: 3 }),
        fc.array(fc.array(fc.nat(9), { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
        (start, flights, common, others) => {
          const shops = [A, B, C]
          const has = (from: number, at: number): number => Math.min(flights[from]?.heard[at]?.[0] ?? 0, 5)
          const told = (from: number, at: number): number => Math.min(flights[from]?.heard[at]?.[1] ?? 0, has(from, at))
          const net = (moves: readonly number[]): number => moves.reduce((sum, move) => sum + move, 0)
          let rights = 0
          let reference = start
          let level = start
          let soldUnclaimed = 0
          for (const [index, shop] of shops.entries()) {
            const own = flights[index]?.moves ?? []
            const claimed = Math.min(...shops.flatMap((_, at) => (at === index ? [] : [told(index, at)])))
            const unclaimed = -net(own.slice(claimed).filter((move) => move < 0))
            const seen = flights.map(({ moves }, from) =>
              net(from === index ? moves : moves.slice(0, has(from, index))),
            )
            const weightsOf = (numbers: readonly number[]): Map<ShopId, number> =>
              new Map(shops.map((each, at) => [each, numbers[at] ?? 0]))
            // Each may go by terms that the others do not know of, and by those that all know of.
            const weights = [weightsOf(common), weightsOf(others[index] ?? [])]
            rights += rightAtParting(sold(start + net(seen), { unclaimed }), terms([shop], { weights }))
            reference += net(own) + unclaimed
            level += net(own)
            soldUnclaimed += unclaimed
          }
          expect(rights).toBeLessThanOrEqual(Math.max(0, reference) - soldUnclaimed)
          if (reference >= 0) expect(rights).toBeLessThanOrEqual(level)
        },
      ),
      1_000,
    )
  })

  it('are what the side had a share in, less what the others may not know that it sold', () => {
    expect(rightAtParting(sold(9), terms([A, B]))).toBe(6)
    expect(rightAtParting(sold(7, { unclaimed: 2 }), terms([A, B]))).toBe(4)
    expect(rightAtParting(sold(0, { unclaimed: 9 }), terms([A, B]))).toBe(-3)
  })

  it('of a side that parts again are shared out of what it still has', () => {
    const before = { sideBefore: new Set([A, B]) }
    expect(rightAtParting(sold(7, { right: 4 }), terms([A], before))).toBe(2)
    expect(rightAtParting(sold(2, { right: 4 }), terms([A], before))).toBe(1)
  })

  it('do not grow when one that was back is out again, and fall with what was sold meanwhile', () => {
    const again = { sideBefore: new Set([A]), isAgain: true }
    expect(rightAtParting(sold(90, { right: 3 }), terms([A], again))).toBe(3)
    expect(rightAtParting(sold(3, { right: 3 }), terms([A], again))).toBe(1)
  })

  it('are shared among the shops that sell the SKU', () => {
    const sellers = new Set([A, C])
    expect(rightAtParting(sold(10, { sellers, knownSellers: sellers }), terms([A, B]))).toBe(5)
  })

  it('give nothing to a shop of which another may not know that it sells the SKU', () => {
    expect(rightAtParting(sold(9, { knownSellers: new Set([B, C]) }), terms([A]))).toBe(0)
  })
})

describe('who sells a SKU', () => {
  const rid = ridAt(B)
  const held = { ...noRecords, listed: [{ rid, record: listed(7, true, 1) }] }

  it('is known where every member claims the record of it', () => {
    expect(sellersOf(held, all, () => 7)).toEqual({ sellers: new Set([B]), knownSellers: new Set([B]) })
  })

  it('is not known while somebody has not claimed it', () => {
    expect(sellersOf(held, all, () => 6)).toEqual({ sellers: new Set([B]), knownSellers: new Set() })
  })
})

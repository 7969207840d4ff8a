/** Which orders collided over an oversold SKU, and which of them came too late. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collidingSales, collisionAt, foldBack, type MovedUnits } from '@stockmesh/protocol'

function moved(member: string, delta: number, cause: string, reference: string | null = null): MovedUnits {
  return { member, delta, cause, reference }
}

/** `movements` from the oldest to the newest. */
function collide(
  level: number,
  movements: readonly MovedUnits[],
): readonly (readonly [string | null, number, number])[] {
  const collision = movements.toReversed().reduce(foldBack, collisionAt(level))
  return collidingSales(level, collision).map(({ sale, units, short }) => [sale.reference, units, short])
}

describe('an oversold SKU', () => {
  test('two shops sold the last one: the later order is short, the earlier one is named beside it', () => {
    const story = [moved('M', 5, 'received'), moved('M', -4, 'sale', '1'), moved('M', -1, 'sale', '2')]
    expect(collide(-1, [...story, moved('E', -1, 'sale', 'A')])).toEqual([
      ['A', 1, 1],
      ['2', 1, 0],
    ])
  })

  test('an order is short by a part of it', () => {
    expect(collide(-2, [moved('M', 3, 'received'), moved('E', -5, 'sale', 'A')])).toEqual([['A', 5, 2]])
  })

  test('a cancelled order is nobody to write to', () => {
    const story = [
      moved('M', 1, 'received'),
      moved('M', -1, 'sale', '1'),
      moved('E', -1, 'sale', '1'),
      moved('N', -1, 'sale', 'X'),
      moved('E', 1, 'cancel', '1'),
    ]
    // Shops number their orders alike: only that of E was cancelled.
    expect(collide(-1, story)).toEqual([
      ['X', 1, 1],
      ['1', 1, 0],
    ])
  })

  test('what was sold before somebody counted belongs to another story', () => {
    const story = [moved('M', -9, 'sale', 'old'), moved('M', 0, 'stock-count'), moved('E', -1, 'sale', 'A')]
    expect(collide(-1, story)).toEqual([['A', 1, 1]])
  })

  test('a SKU that is not oversold has no colliding orders', () => {
    expect(collide(0, [moved('M', -1, 'sale', '1')])).toEqual([])
  })

  test('what is short adds up to what is missing, as far as orders explain it', () => {
    const movement = fc.record({
      member: fc.constantFrom('M', 'E'),
      delta: fc.integer({ min: -5, max: 5 }),
      cause: fc.constantFrom('sale', 'cancel', 'manual', 'received'),
      reference: fc.constantFrom(null, '1', '2'),
    })
    fc.assert(
      fc.property(fc.array(movement, { maxLength: 12 }), fc.integer({ min: -20, max: 5 }), (raw, level) => {
        const story = raw.map((one) => ({
          ...one,
          delta: one.cause === 'sale' ? -Math.abs(one.delta) : Math.abs(one.delta),
        }))
        const sales = collidingSales(level, story.toReversed().reduce(foldBack, collisionAt<MovedUnits>(level)))
        const short = sales.reduce((sum, one) => sum + one.short, 0)
        const units = sales.reduce((sum, one) => sum + one.units, 0)
        expect(short).toBe(Math.min(units, Math.max(0, -level)))
        expect(sales.every((one) => one.short >= 0 && one.short <= one.units)).toBe(true)
      }),
    )
  })
})

/** Stock counts: whoever counted, whatever came first, every node ends at the same number. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coverAll, type Issued, levelOf, noRecords, type SkuRecords } from '../../packages/protocol/src/level.ts'
import { countAgeMsMax, countAheadMsMax } from '../../packages/protocol/src/limits.ts'
import type { BaselineRecord, StockRecord } from '../../packages/protocol/src/record.ts'
import { baselineEffect, checkAsOf, countBaseline, countedQuantity } from '../../packages/protocol/src/stock-count.ts'
import { anyHistory, baseline, check, ridAt, shopAt, totals } from './arbitraries.ts'
import { mergeRecord } from './record-model.ts'

const [M, E] = [ridAt(shopAt(1)), ridAt(shopAt(2))] as const
/** A replica that no generated history has. */
const counter = ridAt(shopAt(9))

function merge(issued: readonly Issued<StockRecord>[], held: SkuRecords = noRecords): SkuRecords {
  return issued.reduce(mergeRecord, held)
}

function count(held: SkuRecords, seq: number, quantity: number, now: number): BaselineRecord {
  return baseline(seq, quantity, countBaseline(held, { quantity, covers: coverAll(held), now }))
}

describe('a stock count', () => {
  it('is the level where it was made, whatever was known before', () => {
    check(
      fc.property(anyHistory, fc.integer({ min: -20, max: 200 }), fc.nat(10), (history, quantity, now) => {
        const held = merge(history)
        expect(levelOf(mergeRecord(held, { rid: counter, record: count(held, 1, quantity, now) }))).toBe(quantity)
      }),
    )
  })

  it('covers what was heard, and what was not is still added and subtracted when it comes', () => {
    check(
      fc.property(anyHistory, fc.nat(40), fc.integer({ min: 0, max: 200 }), (history, heardOf, quantity) => {
        const changes = history.filter(({ record }) => record.kind === 'totals')
        const held = merge(changes.slice(0, heardOf))
        const counted = mergeRecord(held, { rid: counter, record: count(held, 1, quantity, 1) })
        const all = merge(changes, counted)
        const unheard = sum(all) - sum(held)
        expect(levelOf(all)).toBe(quantity + unheard)
        // The same records once more, in another order, change nothing.
        expect(levelOf(merge(changes.toReversed(), all))).toBe(quantity + unheard)
      }),
    )
  })

  it('made twice while apart, stands once: every delivery order agrees on the later one', () => {
    const clocks = fc.tuple(fc.nat(50), fc.nat(50))
    check(
      fc.property(anyHistory, fc.tuple(fc.nat(100), fc.nat(100)), clocks, (history, [byM, byE], [atM, atE]) => {
        const held = merge(history)
        const one = { rid: ridAt(shopAt(8)), record: count(held, 1, byM, atM) }
        const other = { rid: counter, record: count(held, 1, byE, atE) }
        const [there, back] = [merge([one, other], held), merge([other, one], held)]
        expect(levelOf(there)).toBe(levelOf(back))
        const later = one.record.baseline.stamp > other.record.baseline.stamp ? byM : byE
        expect(levelOf(there)).toBe(later)
        // Never the sum of both, and hearing both again is hearing them once.
        expect(levelOf(merge([one, other, one], back))).toBe(later)
      }),
    )
  })

  it('lies above the count that it replaces, also when the clock went back', () => {
    const held = merge([{ rid: M, record: baseline(1, 50, { kind: 'count', stamp: 9_000 }) }])
    expect(countBaseline(held, { quantity: 60, covers: [], now: 3_000 }).stamp).toBe(9_001)
    expect(countBaseline(noRecords, { quantity: 60, covers: [], now: 3_000 }).stamp).toBe(3_000)
    // A first baseline of the far future takes no part in this: any count beats it.
    const first = merge([{ rid: M, record: baseline(1, 50, { stamp: 9_000 }) }])
    expect(countBaseline(first, { quantity: 60, covers: [], now: 3_000 }).stamp).toBe(3_000)
  })

  it('is worth what lay on the shelf, less what is sold and not sent, and with what moved since counting began', () => {
    expect(countedQuantity({ quantity: 60 }, 0)).toBe(60)
    expect(countedQuantity({ quantity: 60, unsent: 4 }, -3 + 1)).toBe(54)
    expect(countedQuantity({ quantity: 1, unsent: 3 }, 0)).toBe(-2)
  })
})

describe('when counting began', () => {
  const now = 1_800_000_000_000

  it('is a time that can be told from what was sold since', () => {
    expect(checkAsOf(now - 3_600_000, now)).toEqual({ ok: true, value: now - 3_600_000 })
    expect(checkAsOf(now - countAgeMsMax, now)).toMatchObject({ ok: true })
    expect(checkAsOf(now - countAgeMsMax - 1, now)).toMatchObject({ ok: false, code: 'as-of-too-old' })
  })

  it('is now where the clock of whoever counted runs a little ahead, and refused in the future', () => {
    expect(checkAsOf(now + countAheadMsMax, now)).toEqual({ ok: true, value: now })
    expect(checkAsOf(now + countAheadMsMax + 1, now)).toMatchObject({ ok: false, code: 'as-of-future' })
  })
})

describe('what a count did to the level', () => {
  it('is told from the number without it, with the changes that came in the same range', () => {
    const held = merge([
      { rid: M, record: baseline(1, 100) },
      { rid: E, record: totals(1, 0, 3) },
    ])
    const record = count(held, 2, 60, 1)
    const all = merge(
      [
        { rid: E, record },
        { rid: M, record: totals(2, 0, 1) },
      ],
      held,
    )
    expect(baselineEffect(all, { rid: E, record }, null)).toEqual({ from: 96, to: 59, stands: true })
  })

  it('is nothing where a later count stands already, and an earlier one of the same shop is what it replaced', () => {
    const later = { rid: M, record: baseline(1, 60, { kind: 'count', stamp: 9 }) }
    const earlier = { rid: E, record: baseline(1, 50, { kind: 'count', stamp: 5 }) }
    const held = merge([later, earlier])
    expect(baselineEffect(held, earlier, null)).toEqual({ from: 60, to: 60, stands: false })
    const again = { rid: E, record: baseline(2, 70, { kind: 'count', stamp: 12 }) }
    const only = merge([earlier, again])
    expect(baselineEffect(only, again, earlier.record)).toEqual({ from: 50, to: 70, stands: true })
    expect(baselineEffect(only, again, null)).toEqual({ from: null, to: 70, stands: true })
  })
})

function sum({ totals: held }: SkuRecords): number {
  return held.reduce((all, { record }) => all + record.added - record.removed, 0)
}

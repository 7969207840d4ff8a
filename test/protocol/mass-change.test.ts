/** Which changes without a sale are held for a person, however they are cut into reads. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Catalogue,
  isMassChange,
  judgeManualChanges,
  type ManualChange,
  mayBeHeld,
  type Unexplained,
} from '../../packages/protocol/src/mass-change.ts'
import type { SkuKey } from '../../packages/protocol/src/sku.ts'
import { check } from './arbitraries.ts'

const minuteMs = 60_000
const large: Catalogue = { skus: 10_000, units: 100_000 }

describe('a mass change', () => {
  const few: Unexplained & Catalogue = { differing: 50, toZero: 0, unitsDiffering: 50, ...large }

  it.each<[string, Partial<typeof few>, boolean]>([
    ['50 of 10,000 is not', {}, false],
    ['49 is not, whatever they are', { differing: 49, skus: 49, units: 1, unitsDiffering: 900, toZero: 49 }, false],
    ['a fifth is not', { skus: 250 }, false],
    ['more than a fifth is', { skus: 249 }, true],
    ['half of the units is not', { unitsDiffering: 50_000 }, false],
    ['more than half of the units is', { unitsDiffering: 50_001 }, true],
    ['499 is not', { differing: 499 }, false],
    ['500 is', { differing: 500 }, true],
    ['199 to zero is not', { differing: 199, toZero: 199 }, false],
    ['200 to zero is', { differing: 200, toZero: 200 }, true],
  ])('%s', (_story, change, held) => {
    const seen = { ...few, ...change }
    expect(isMassChange(seen, () => seen)).toBe(held)
  })
})

/** Each SKU goes from 10 to `stock`, one after the other. */
function setTo(stock: number, count: number, { from = 1, at = 0, everyMs = 0 } = {}): ManualChange[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `sku-${from + index}` as SkuKey,
    seq: from + index,
    at: at + index * everyMs,
    delta: stock - 10,
    stock,
    isCounted: true,
  }))
}

function judge(read: readonly ManualChange[], recent: readonly ManualChange[] = [], held: readonly SkuKey[] = []) {
  return judgeManualChanges({ recent, read, isHeld: (key) => held.includes(key), catalogue: () => large })
}

describe('changes without a sale', () => {
  it('count while a person types them', () => {
    const { held, takenBack, recent } = judge(setTo(0, 199))
    expect([held.size, takenBack.length, recent.length]).toEqual([0, 0, 199])
  })

  it('are held all together where they are read at once', () => {
    const { held, takenBack } = judge(setTo(0, 200))
    expect([held.size, takenBack.length]).toEqual([200, 0])
  })

  it('are taken back where they were counted before they could be known as a mass change, once', () => {
    const first = judge(setTo(0, 150))
    const second = judge(setTo(0, 50, { from: 151 }), first.recent)
    expect([first.held.size, second.held.size, second.takenBack.length]).toEqual([0, 50, 150])
    const third = judge(setTo(0, 1, { from: 201 }), second.recent)
    expect([third.held.size, third.takenBack.length]).toEqual([1, 0])
  })

  it('count where they were made over hours, though they are read at once', () => {
    expect(judge(setTo(0, 2_000, { everyMs: 2 * minuteMs })).held.size).toBe(0)
  })

  it('count that came long after the mass change, or long before it', () => {
    const early = setTo(0, 3)
    const mass = setTo(0, 300, { from: 4, at: 60 * minuteMs })
    const late = setTo(0, 3, { from: 304, at: 120 * minuteMs })
    const { held } = judge([...early, ...mass, ...late])
    expect([...held]).toEqual(mass.map(({ seq }) => seq))
  })

  it('to and fro are none', () => {
    const there = setTo(0, 400)
    const back = there.map((change) => ({ ...change, seq: change.seq + 400, delta: 10, stock: 10 }))
    expect(judge([...there, ...back]).held.size).toBe(0)
  })

  it('of a SKU that is held wait with it, long afterwards as well', () => {
    const mended = { ...setTo(0, 1, { at: 600 * minuteMs })[0], delta: 10, stock: 10 } as ManualChange
    expect([...judge([mended], [], [mended.key]).held]).toEqual([mended.seq])
    expect(judge([mended]).held.size).toBe(0)
  })

  it('end the same, held or counted, however they were cut into reads', () => {
    check(
      fc.property(fc.integer({ min: 150, max: 600 }), fc.array(fc.integer({ min: 1, max: 200 })), (count, cuts) => {
        const all = setTo(0, count, { everyMs: 100 })
        const counted = new Set<number>()
        let recent: readonly ManualChange[] = []
        let from = 0
        for (const size of [...cuts, count]) {
          const read = all.slice(from, from + size)
          from += size
          const verdict = judge(read, recent)
          for (const { seq } of read) if (!verdict.held.has(seq)) counted.add(seq)
          for (const { seq } of verdict.takenBack) expect(counted.delete(seq)).toBe(true)
          recent = verdict.recent
        }
        expect(counted.size).toBe(count < 200 ? count : 0)
      }),
    )
  })
})

describe('changes that were read before in other parts', () => {
  const mayHave = (read: readonly ManualChange[], held: readonly SkuKey[] = []): boolean =>
    mayBeHeld({ recent: [], read, isHeld: (key) => held.includes(key), catalogue: () => large, fromSkus: 50 })

  it('may have been held where they end as they began', () => {
    const there = setTo(0, 200)
    const back = there.map((change) => ({ ...change, seq: change.seq + 200, delta: 10, stock: 10 }))
    expect(judge([...there, ...back]).held.size).toBe(0)
    expect(mayHave([...there, ...back])).toBe(true)
    expect(mayHave(setTo(0, 199))).toBe(false)
    expect(mayHave(setTo(0, 1), ['sku-1' as SkuKey])).toBe(true)
  })

  it('were held in no parts where they may not have been', () => {
    const change = fc.record({ sku: fc.nat(15), stock: fc.nat(9), after: fc.nat(9 * minuteMs) })
    const changes = fc.array(change, { maxLength: 60 })
    const around = { isHeld: () => false, catalogue: () => ({ skus: 40, units: 300 }), fromSkus: 8 }
    check(
      fc.property(changes, fc.array(fc.integer({ min: 1, max: 20 })), (made, cuts) => {
        const stocks = new Map<SkuKey, number>()
        let at = 0
        const all = made.map(({ sku, stock, after }, index): ManualChange => {
          const key = `sku-${sku}` as SkuKey
          const delta = stock - (stocks.get(key) ?? 5)
          stocks.set(key, stock)
          at += after / 20
          return { key, seq: index + 1, at, delta, stock, isCounted: true }
        })
        if (mayBeHeld({ recent: [], read: all, ...around })) return
        let recent: readonly ManualChange[] = []
        let from = 0
        for (const size of [...cuts, made.length]) {
          const verdict = judgeManualChanges({ recent, read: all.slice(from, from + size), ...around })
          from += size
          expect([verdict.held.size, verdict.takenBack.length]).toEqual([0, 0])
          recent = verdict.recent
        }
      }),
    )
  })
})

/** The level of a SKU: laws of merging as properties, the merchant's cases as stories. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Rid } from '../../packages/protocol/src/ids.ts'
import {
  coverAll,
  type Issued,
  levelOf,
  listedBy,
  noRecords,
  sinceBaseline,
  type SkuRecords,
  spelling,
  winningBaseline,
} from '../../packages/protocol/src/level.ts'
import type { StockRecord } from '../../packages/protocol/src/record.ts'
import { countBaseline } from '../../packages/protocol/src/stock-count.ts'
import { decide } from '../../packages/protocol/src/reconcile.ts'
import { anyHistory, baseline, check, listed, ridAt, shopAt, totals } from './arbitraries.ts'
import { dropReplica, findRecord, mergeRecord } from './record-model.ts'

const [shopM, shopE, shopT] = [shopAt(1), shopAt(2), shopAt(3)] as const
const [M, E, T] = [ridAt(shopM), ridAt(shopE), ridAt(shopT)] as const

function merge(...issued: readonly Issued<StockRecord>[]): SkuRecords {
  return issued.reduce(mergeRecord, noRecords)
}

/** The records as a set: the order in which they lie has no meaning. */
function asSet(held: SkuRecords): Set<string> {
  return new Set([...held.totals, ...held.baselines, ...held.listed].map((one) => JSON.stringify(one)))
}

/** One node's view of one SKU and the changes that it makes, so that a story reads as what people did. */
class View {
  held: SkuRecords
  readonly #rid: Rid
  #seq: number

  constructor(rid: Rid, held: SkuRecords = noRecords, seq = 0) {
    this.#rid = rid
    this.held = held
    this.#seq = seq
  }

  get level(): number | null {
    return levelOf(this.held)
  }

  create(quantity: number, stamp = 1_000): this {
    return this.#issue(baseline(this.#next(), quantity, { stamp }))
  }

  change(delta: number): this {
    const before = findRecord(this.held, this.#rid, 'totals')?.record
    const [added, removed] = before?.kind === 'totals' ? [before.added, before.removed] : [0, 0]
    return this.#issue(totals(this.#next(), added + Math.max(0, delta), removed + Math.max(0, -delta)))
  }

  count(quantity: number, clock: number): this {
    const counted = countBaseline(this.held, { quantity, covers: coverAll(this.held), now: clock })
    return this.#issue(baseline(this.#next(), quantity, counted))
  }

  hear(other: View): this {
    for (const one of issuedIn(other.held)) this.held = mergeRecord(this.held, one)
    return this
  }

  #next(): number {
    this.#seq += 1
    return this.#seq
  }

  #issue(record: StockRecord): this {
    this.held = mergeRecord(this.held, { rid: this.#rid, record })
    return this
  }
}

function issuedIn(held: SkuRecords): readonly Issued<StockRecord>[] {
  return [...held.totals, ...held.baselines, ...held.listed]
}

/** Everybody hears everybody. */
function heal(...views: readonly View[]): void {
  for (const one of views) for (const other of views) one.hear(other)
}

function network(quantity: number): readonly [View, View, View] {
  const views = [new View(M).create(quantity), new View(E), new View(T)] as const
  heal(...views)
  return views
}

const levels = (...views: readonly View[]): (number | null)[] => views.map((view) => view.level)

describe('merging records', () => {
  it('does not depend on order, grouping or repetition', () => {
    check(
      fc.property(anyHistory, fc.infiniteStream(fc.nat()), (history, picks) => {
        const shuffled = [...history, ...history]
          .map((one) => ({ one, rank: picks.next().value }))
          .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
          .map(({ one }) => one)
        const once = merge(...history)
        expect(asSet(merge(...shuffled))).toEqual(asSet(once))
        expect(levelOf(merge(...shuffled))).toBe(levelOf(once))
        const half = Math.floor(history.length / 2)
        const [left, right] = [merge(...history.slice(0, half)), merge(...history.slice(half))]
        expect(asSet(issuedIn(right).reduce(mergeRecord, left))).toEqual(asSet(once))
        expect(asSet(issuedIn(left).reduce(mergeRecord, right))).toEqual(asSet(once))
        expect(asSet(issuedIn(once).reduce(mergeRecord, once))).toEqual(asSet(once))
      }),
    )
  })

  it('gives one winner, one listing and one spelling in every order', () => {
    check(
      fc.property(anyHistory, (history) => {
        const [there, back] = [merge(...history), merge(...history.toReversed())]
        expect(winningBaseline(back.baselines)).toEqual(winningBaseline(there.baselines))
        for (const shop of [shopM, shopE, shopT]) expect(listedBy(back, shop)).toBe(listedBy(there, shop))
        expect(spelling(back)).toEqual(spelling(there))
        expect(sinceBaseline(back)).toEqual(sinceBaseline(there))
      }),
    )
  })

  it('what the shops added and removed since the baseline makes the level, and no side is negative', () => {
    check(
      fc.property(anyHistory, (history) => {
        const held = merge(...history)
        const level = levelOf(held)
        const shops = [...sinceBaseline(held).values()]
        for (const { added, removed } of shops) expect(Math.min(added, removed)).toBeGreaterThanOrEqual(0)
        const sum = shops.reduce((all, { added, removed }) => all + added - removed, 0)
        const start = winningBaseline(held.baselines)?.record.baseline.quantity
        expect(level).toBe(start === undefined ? null : start + sum)
      }),
    )
  })

  it('a replica that is dropped leaves nothing behind', () => {
    check(
      fc.property(anyHistory, (history) => {
        const without = merge(...history.filter((one) => one.rid !== M))
        expect(asSet(dropReplica(merge(...history), M))).toEqual(asSet(without))
      }),
    )
  })

  it('without a baseline a SKU is known and has no level', () => {
    expect(levelOf(noRecords)).toBeNull()
    expect(levelOf(merge({ rid: M, record: totals(1, 5, 0) }))).toBeNull()
    expect(spelling(noRecords)).toBeNull()
    expect(spelling(merge({ rid: M, record: listed(1, true, 1, 'a') }))).toEqual({ text: 'a', name: '' })
  })

  it('the newest word of a shop says whether it lists the SKU, over all its replicas', () => {
    const later = ridAt(shopM, 2)
    const held = merge({ rid: later, record: listed(1, false, 20) }, { rid: M, record: listed(9, true, 10) })
    expect([listedBy(held, shopM), listedBy(held, shopE)]).toEqual([false, null])
  })
})

describe('scenarios', () => {
  it('1: R-1 = 0 everywhere, +1 +10 -1 -2, then a split and its healing', () => {
    const [m, e, t] = network(0)
    m.change(1)
    e.change(10)
    heal(m, e, t)
    expect(levels(m, e, t)).toEqual([11, 11, 11])
    t.change(-1)
    e.change(-2)
    heal(m, e, t)
    expect(levels(m, e, t)).toEqual([8, 8, 8])
    m.change(5)
    t.change(-2)
    heal(m, e)
    expect(levels(m, e, t)).toEqual([13, 13, 6])
    heal(m, e, t)
    expect(levels(m, e, t)).toEqual([11, 11, 11])
  })

  it('2: KOP-2 = 100, both sell while apart: 99 | 97, after healing 96', () => {
    const [m, e] = network(100)
    m.change(-1)
    e.change(-3)
    expect(levels(m, e)).toEqual([99, 97])
    heal(m, e)
    expect(levels(m, e)).toEqual([96, 96])
  })

  it('3: SET-3 = 100, M types 50 and E types 60 while apart: 10', () => {
    const [m, e] = network(100)
    m.change(-50)
    e.change(-40)
    heal(m, e)
    expect(levels(m, e)).toEqual([10, 10])
  })

  it('3: counted instead of typed, the later count stands, however often M counted', () => {
    const [m, e] = network(100)
    for (let again = 0; again < 5; again += 1) m.count(50, 2_000)
    e.count(60, 3_000)
    heal(m, e)
    expect(levels(m, e)).toEqual([60, 60])
  })

  it('3: sales that the counting shop had not heard of are subtracted: 57', () => {
    const [m, e] = network(100)
    m.change(-3)
    m.count(50, 2_000)
    e.count(60, 3_000)
    heal(m, e)
    expect(levels(m, e)).toEqual([57, 57])
    // What the count had seen is not subtracted once more.
    e.count(55, 4_000)
    heal(m, e)
    expect(levels(m, e)).toEqual([55, 55])
  })

  it('3: a clock that runs ahead wins one count, not every later one', () => {
    const [m, e] = network(100)
    m.count(50, 9_999_999)
    heal(m, e)
    e.count(60, 3_000)
    heal(m, e)
    expect(levels(m, e)).toEqual([60, 60])
  })

  it('4: SIDSTE-4 = 1, both sell one: -1; then M types 10 and it is 9', () => {
    const [m, e] = network(1)
    m.change(-1)
    e.change(-1)
    heal(m, e)
    expect(levels(m, e)).toEqual([-1, -1])
    // M's shop showed 0, so typing 10 is +10.
    m.change(10)
    heal(m, e)
    expect(levels(m, e)).toEqual([9, 9])
  })

  it('5: DUP-5 = 80, the same batch 1,000 times and in reverse: 80', () => {
    const [m, e] = network(100)
    const batch: Issued<StockRecord>[] = []
    for (let sale = 1; sale <= 20; sale += 1) {
      m.change(-1)
      batch.push(...issuedIn(m.held).filter(({ record }) => record.kind === 'totals'))
    }
    for (let time = 0; time < 1_000; time += 1) {
      for (const one of time % 2 === 0 ? batch : batch.toReversed()) e.held = mergeRecord(e.held, one)
    }
    expect(e.level).toBe(80)
    expect(e.held.totals).toHaveLength(1)
  })

  it('16: NY-16, created apart with 100 and half a second later with 40, 3 sold there: 97', () => {
    const m = new View(M).create(100, 36_000_000)
    const e = new View(E).create(40, 36_000_500).change(-3)
    expect(levels(m, e)).toEqual([100, 37])
    heal(m, e)
    expect(levels(m, e)).toEqual([97, 97])
  })

  it('17: NY-17, created in the same millisecond: the lower shop id wins in every delivery order', () => {
    const created = [
      { rid: M, record: baseline(1, 100) },
      { rid: E, record: baseline(1, 40) },
      { rid: T, record: baseline(1, 7) },
      { rid: E, record: totals(2, 0, 3) },
    ]
    expect(M < E && E < T).toBe(true)
    for (const order of permutations(created)) expect(levelOf(merge(...order))).toBe(97)
  })

  it('30: deleted in every shop and created again with 5, it counts again from 5', () => {
    const [m, e] = network(12)
    m.change(-2)
    heal(m, e)
    const again = {
      rows: 1,
      shadow: 5,
      fault: null,
      offset: 0,
      intentOpen: false,
      level: e.level,
      elsewhere: 'unknown',
      dropped: true,
      leftOut: false,
      buffer: 0,
      floor: 0,
      ceiling: null,
      withheld: 0,
      writable: true,
    } as const
    expect(decide(again)).toEqual({ type: 'count-again' })
    e.count(5, 2_000)
    heal(m, e)
    expect(levels(m, e)).toEqual([5, 5])
    // Deleted in one shop only, it takes the network's number.
    expect(decide({ ...again, level: 12, dropped: false })).toEqual({ type: 'adjust', delta: 7 })
  })

  it('33: ALLE-33 = 30, each of three sells 3 while offline and all restart under new replicas: 21', () => {
    const views = network(30)
    for (const view of views) view.change(-3)
    heal(...views)
    expect(levels(...views)).toEqual([21, 21, 21])
    const again = [shopM, shopE, shopT].map((shop, index) => new View(ridAt(shop, 2), views[index]?.held))
    expect(levels(...again)).toEqual([21, 21, 21])
    again[0]?.change(-1)
    heal(...again)
    expect(levels(...again)).toEqual([20, 20, 20])
  })
})

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))
}

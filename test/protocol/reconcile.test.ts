/** Decisions at the shop boundary: every branch, the invariants under crashes, and the merchant's cases. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Decision,
  decide,
  type Observation,
  observe,
  offsetFor,
  type Reaction,
  shownLevel,
  type Situation,
} from '../../packages/protocol/src/reconcile.ts'
import { check } from './arbitraries.ts'
import { ModelShop } from './model-shop.ts'

const ordinary: Situation = {
  rows: 1,
  shadow: 40,
  fault: null,
  offset: 0,
  intentOpen: false,
  level: 40,
  elsewhere: 'known',
  dropped: false,
  leftOut: false,
  buffer: 0,
  floor: 0,
  ceiling: null,
  withheld: 0,
  writable: true,
}
const rest = (why: Extract<Decision, { type: 'rest' }>['why']): Decision => ({ type: 'rest', why })
const adjust = (delta: number): Decision => ({ type: 'adjust', delta })

describe('deciding', () => {
  it.each<[string, Partial<Situation>, Decision]>([
    ['nothing differs', {}, rest('equal')],
    ['the shop has no such row', { rows: 0, fault: 'x', shadow: null }, rest('absent')],
    ['it stands twice', { rows: 2, level: 38 }, rest('duplicate')],
    ['the row cannot be taken', { fault: 'stock-fraction', shadow: null }, rest('held')],
    ['the shop does not track it', { shadow: null, level: 38 }, rest('untracked')],
    ['an adjustment is under way', { intentOpen: true, level: 38 }, rest('adjusting')],
    ['the import has not been started', { writable: false, level: 38 }, rest('not-yet')],
    ['nor may a baseline be made before', { writable: false, level: null, elsewhere: 'unknown' }, rest('not-yet')],
    ['the network knows it, the number is on its way', { level: null }, rest('awaiting-baseline')],
    ['nobody knows it', { level: null, elsewhere: 'unknown' }, { type: 'create-baseline' }],
    ['who knew its number is gone, and this one counts', { level: null, elsewhere: 'gone' }, { type: 'count-again' }],
    ['every shop had dropped it', { dropped: true, shadow: 5 }, { type: 'count-again' }],
    [
      'a dropped one without a level is new',
      { dropped: true, level: null, elsewhere: 'unknown' },
      { type: 'create-baseline' },
    ],
    ['others sold two', { level: 38 }, adjust(-2)],
    ['others took in two', { level: 42 }, adjust(2)],
    ['it is oversold and the shop shows 0', { level: -3, shadow: 0 }, rest('equal')],
    ['it is oversold and the shop shows 1', { level: -3, shadow: 1 }, adjust(-1)],
    ['the shop keeps negative stock', { level: -3, shadow: 0, floor: null }, adjust(-3)],
    ['a buffer is kept back', { buffer: 5 }, adjust(-5)],
    ['a buffer over the level', { buffer: 50, shadow: 0 }, rest('equal')],
    ['a difference waits for a person', { shadow: 86, level: 88, offset: -2 }, rest('equal')],
    ['and a foreign sale meanwhile', { shadow: 86, level: 87, offset: -2 }, adjust(-1)],
    ['a difference down to nothing waits, and a foreign sale', { shadow: 0, level: 9, offset: -10 }, rest('equal')],
  ])('%s', (_story, change, decision) => {
    expect(decide({ ...ordinary, ...change })).toEqual(decision)
  })
})

describe('the shown level', () => {
  const amount = fc.integer({ min: -1_000, max: 1_000 })
  const rules = fc.record({
    level: amount,
    buffer: fc.nat(20),
    floor: fc.constantFrom(0, null),
    ceiling: fc.option(fc.nat(500)),
    withheld: fc.integer({ min: -500, max: 500 }),
  })

  it('with the offset for a reading is that reading, or the floor', () => {
    check(
      fc.property(amount, rules, (reading, shown) => {
        const floor = shown.floor ?? Number.NEGATIVE_INFINITY
        expect(shownLevel({ ...shown, offset: offsetFor(reading, shown) })).toBe(Math.max(floor, reading))
      }),
    )
  })

  it('is never below the floor, nor above the level or its ceiling, without the buffer', () => {
    check(
      fc.property(rules, (shown) => {
        const v = shownLevel({ ...shown, offset: 0 })
        if (shown.floor !== null) expect(v).toBeGreaterThanOrEqual(shown.floor)
        const left = Math.min(shown.level + shown.withheld, shown.ceiling ?? Number.POSITIVE_INFINITY)
        expect(v).toBe(Math.max(shown.floor ?? Number.NEGATIVE_INFINITY, left - shown.buffer))
      }),
    )
  })
})

describe('observing', () => {
  const seen: Observation = {
    reading: 38,
    shadow: 40,
    intentOpen: false,
    doubtful: false,
    recentValue: false,
    stoodMs: 0,
    readLagMs: 30_000,
  }

  it.each<[string, Partial<Observation>, Reaction]>([
    ['two were sold', {}, { type: 'count', delta: -2 }],
    ['two came back', { reading: 42 }, { type: 'count', delta: 2 }],
    ['nothing happened', { reading: 40 }, { type: 'nothing' }],
    ['an adjustment is under way', { intentOpen: true }, { type: 'nothing' }],
    ['not tracked any more', { reading: null }, { type: 'take' }],
    ['tracked again', { shadow: null }, { type: 'take' }],
    ['still not tracked', { reading: null, shadow: null }, { type: 'nothing' }],
    ['not tracked any more, in doubt', { reading: null, doubtful: true }, { type: 'take' }],
    ['our memory may be old', { doubtful: true }, { type: 'hold' }],
    ['our memory may be old, and it looks equal', { doubtful: true, reading: 40 }, { type: 'hold' }],
    ['maybe a cache, at once', { recentValue: true }, { type: 'read-again', afterMs: 2_000 }],
    ['maybe a cache, after 2 s', { recentValue: true, stoodMs: 2_000 }, { type: 'read-again', afterMs: 8_000 }],
    ['maybe a cache, after 10 s', { recentValue: true, stoodMs: 10_000 }, { type: 'read-again', afterMs: 20_000 }],
    ['no cache lasts so long', { recentValue: true, stoodMs: 30_000 }, { type: 'count', delta: -2 }],
    [
      'a slow platform is waited for to the end',
      { recentValue: true, stoodMs: 31_000, readLagMs: 60_000 },
      { type: 'read-again', afterMs: 29_000 },
    ],
    ['a platform without caches', { recentValue: true, readLagMs: 0 }, { type: 'count', delta: -2 }],
  ])('%s', (_story, change, reaction) => {
    expect(observe({ ...seen, ...change })).toEqual(reaction)
  })
})

describe('B1 to B5, for any interleaving and any crash between two durable steps', () => {
  const step = fc.oneof(
    fc.record({ type: fc.constantFrom('move' as const, 'foreign' as const), delta: fc.integer({ min: -4, max: 4 }) }),
    fc.record({ type: fc.constantFrom('observe' as const, 'decide' as const, 'lost' as const, 'answered' as const) }),
  )

  it('the shop ends at max(floor, level - buffer), and publishes exactly what really moved', () => {
    check(
      fc.property(
        fc.integer({ min: 0, max: 12 }),
        fc.record({ buffer: fc.nat(2), floor: fc.constantFrom(0, null) }),
        fc.array(step, { maxLength: 40 }),
        (start, rules, steps) => {
          const shop = new ModelShop(start, rules)
          for (const one of steps) {
            const opened = shop.intent
            switch (one.type) {
              case 'move':
                shop.move(one.delta)
                break
              case 'foreign':
                shop.foreign += one.delta
                break
              case 'observe':
                shop.observe()
                break
              case 'decide':
                shop.decide()
                // B5: an open intent is never replaced.
                if (opened !== null) expect(shop.intent).toBe(opened)
                break
              // A crash before the answer, or a lost answer: the shop moved, the node's disk did not.
              case 'lost':
                if (shop.intent !== null) shop.call()
                break
              case 'answered':
                if (shop.intent !== null) shop.close(shop.call())
            }
            const sum = shop.published.reduce((total, delta) => total + delta, 0)
            if (shop.intent === null && shop.stock === shop.shadow) expect(sum).toBe(shop.moved)
          }
          shop.settle()
          expect(shop.stock).toBe(shop.shown)
          expect(shop.published.reduce((total, delta) => total + delta, 0)).toBe(shop.moved)
        },
      ),
      1_000,
    )
  })
})

describe('scenarios', () => {
  /** E's shop at 40; M sold 2, and the intent for it is durable. */
  function adjusting(): ModelShop {
    const shop = new ModelShop(40)
    shop.foreign -= 2
    shop.decide()
    expect(shop.intent?.delta).toBe(-2)
    return shop
  }

  it('7: KILL-7, the shop already went from 40 to 38, killed before the answer: 38, not 36', () => {
    const shop = adjusting()
    shop.call()
    expect([shop.stock, shop.shadow]).toEqual([38, 40])
    // The reading of 38 is our own doing, and says nothing while the intent is open.
    shop.observe()
    shop.settle()
    expect([shop.stock, shop.shadow, shop.level]).toEqual([38, 38, 38])
    expect([shop.published, shop.calls]).toEqual([[], 2])
  })

  it('8: KILL-8, the intent is durable and the call never left: 38', () => {
    const shop = adjusting()
    shop.settle()
    expect([shop.stock, shop.level, shop.calls]).toEqual([38, 38, 1])
    expect(shop.published).toEqual([])
  })

  it('9: RACE-9, as 7, and a customer buys 1 meanwhile: 37, exactly one local delta of -1', () => {
    const shop = adjusting()
    shop.call()
    shop.move(-1)
    shop.settle()
    expect([shop.stock, shop.level]).toEqual([37, 37])
    expect(shop.published).toEqual([-1])
  })

  it('4: SIDSTE-4, at -1 the shop shows 0; typing 10 makes 9, and the shop is corrected to 9', () => {
    const shop = new ModelShop(1)
    shop.move(-1)
    shop.foreign -= 1
    shop.settle()
    expect([shop.level, shop.stock]).toEqual([-1, 0])
    shop.move(10)
    shop.settle()
    expect([shop.level, shop.stock]).toEqual([9, 9])
    expect(shop.published).toEqual([-1, 10])
  })
})

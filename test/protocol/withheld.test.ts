/** What a shop does not go by of another shop's mass change, and that nothing of it is left once it has ended. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BaselineRecord,
  coverAll,
  inLevel,
  isByHand,
  type Issued,
  judgeMemberChanges,
  levelOf,
  levelTakenBack,
  limits,
  type MemberChange,
  type ShopId,
  ridOf,
  type SkuKey,
  type SkuRecords,
  tellThrough,
  withheldUnits,
  withhold,
  type WithheldChange,
  type WithheldSku,
} from '../../packages/protocol/src/index.ts'
import { check } from './arbitraries.ts'

const rid = ridOf('b'.repeat(26) as ShopId, new Uint8Array(8))
const other = ridOf('c'.repeat(26) as ShopId, new Uint8Array(8))
const key = 'abc' as SkuKey

function baseline(
  quantity: number,
  covers: BaselineRecord['baseline']['covers'],
  stamp: number,
): Issued<BaselineRecord> {
  const kind = covers.length === 0 ? 'first' : 'count'
  const record = {
    kind: 'baseline',
    seq: stamp,
    key,
    text: 'ABC',
    name: '',
    baseline: { kind, quantity, stamp, covers },
  }
  return { rid: other, record: record as BaselineRecord }
}

/** What is held after these changes of the member, one seq each, from 10 units on. */
function heldAfter(deltas: readonly number[]): SkuRecords {
  const sum = (sign: 1 | -1): number => deltas.reduce((units, delta) => units + Math.max(0, sign * delta), 0)
  const record = { kind: 'totals', seq: deltas.length, key, added: sum(1), removed: sum(-1) } as const
  return { baselines: [baseline(10, [], 1)], totals: deltas.length === 0 ? [] : [{ rid, record }], listed: [] }
}

function counted(held: SkuRecords, quantity: number): SkuRecords {
  return { ...held, baselines: [...held.baselines, baseline(quantity, coverAll(held), 9)] }
}

function sku(changes: readonly WithheldChange[], told: WithheldSku['told'] = []): WithheldSku {
  return { since: 0, changes, told }
}

const zeroed: WithheldChange = { rid, seq: 1, delta: -10 }

describe('what is withheld of a SKU', () => {
  it('is what the change by hand did, and nothing of the sales around it', () => {
    const held = heldAfter([-10, -2, -1])
    expect((levelOf(held) ?? 0) + withheldUnits(sku([zeroed]), held)).toBe(7)
  })

  it('W3: is nothing once a count covers the change, and again what comes after the count', () => {
    const held = counted(heldAfter([-10]), 8)
    expect(withheldUnits(sku([zeroed]), held)).toBe(0)
    const more = { ...held, totals: heldAfter([-10, -8]).totals }
    expect(levelOf(more)).toBe(0)
    expect(withheldUnits(sku([zeroed, { rid, seq: 2, delta: -8 }]), more)).toBe(8)
  })

  it('does not show what came since and may be the number that was put right, before its movement has told', () => {
    const told = [{ rid, seq: 1, net: -10 }]
    const corrected = heldAfter([-10, 10])
    expect((levelOf(corrected) ?? 0) + withheldUnits(sku([zeroed], told), corrected)).toBe(10)
    const sold = heldAfter([-10, -3])
    expect((levelOf(sold) ?? 0) + withheldUnits(sku([zeroed], told), sold)).toBe(7)
    // A delivery that was told counts at once.
    const delivered = tellThrough(told, { rid, seq: 2, net: 0 })
    expect((levelOf(corrected) ?? 0) + withheldUnits(sku([zeroed], delivered), corrected)).toBe(20)
    expect(tellThrough(delivered, { rid, seq: 1, net: -10 })).toBe(delivered)
  })

  it('W6: is not taken back while a movement that came since may be a sale', () => {
    const told = [{ rid, seq: 1, net: -10 }]
    // A sale of 1 and a number that was put up by 4.
    const untold = heldAfter([-10, -1, 4])
    expect(levelTakenBack(sku([zeroed], told), untold, () => 1)).toBeNull()
    expect(levelTakenBack(sku([zeroed], told), untold, () => 2)).toBeNull()
    const changes = [zeroed, { rid, seq: 3, delta: 4 }]
    expect(levelTakenBack(sku(changes, tellThrough(told, { rid, seq: 3, net: -7 })), untold, () => 3)).toBe(9)
    // What another replica is about to tell of is nothing of it.
    const record = { kind: 'totals', seq: 5, key, added: 0, removed: 2 } as const
    const sold = { ...heldAfter([-10]), totals: [...heldAfter([-10]).totals, { rid: other, record }] }
    expect(levelTakenBack(sku([zeroed], told), sold, (one) => (one === rid ? 1 : 0))).toBe(8)
  })

  it('W5: for any changes, released or covered, is nothing', () => {
    const deltas = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 12 })
    check(
      fc.property(deltas, fc.integer({ min: 0, max: 50 }), (moved, quantity) => {
        const held = counted(heldAfter(moved), quantity)
        const changes = moved.map((delta, index) => ({ rid, seq: index + 1, delta }))
        expect(withheldUnits(sku(changes), held)).toBe(0)
        expect(withheldUnits(sku([]), heldAfter(moved))).toBe(0)
        expect(inLevel(changes, heldAfter(moved).baselines)).toEqual(changes)
      }),
    )
  })

  it('is kept one by one up to a limit, and its sum beyond it', () => {
    const many = Array.from({ length: 3 * limits.withheldPerSkuMax }, (_, index) => ({
      rid,
      seq: index + 1,
      delta: -1,
    }))
    const kept = many.reduce<readonly WithheldChange[]>((changes, change) => withhold(changes, change), [])
    expect(kept).toHaveLength(limits.withheldPerSkuMax)
    expect(kept.at(-1)).toEqual(many.at(-1))
    expect(withheldUnits(sku(kept), heldAfter(many.map(({ delta }) => delta)))).toBe(many.length)
  })
})

/** Each SKU goes from 10 to zero, one a second. */
function zeroes(count: number, { from = 1, at = 0, everyMs = 1_000, delta = -10 } = {}): MemberChange[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `sku-${from + index}` as SkuKey,
    rid,
    seq: from + index,
    at: at + index * everyMs,
    delta,
    net: delta,
    isWithheld: false,
    takesBack: false,
  }))
}

interface Around {
  readonly recent?: readonly MemberChange[]
  readonly withheld?: readonly SkuKey[]
  readonly fromSkus?: number | null
  readonly level?: number
}

function judge(read: readonly MemberChange[], around: Around = {}) {
  const { recent = [], withheld = [], fromSkus = 50, level = 0 } = around
  return judgeMemberChanges({
    recent,
    read,
    isWithheld: (one) => withheld.includes(one),
    levelOf: () => level,
    catalogue: () => ({ skus: 10_000, units: 100_000 }),
    fromSkus,
  })
}

describe('changes by hand of another shop', () => {
  it('count while they are few, or far apart by their own times', () => {
    expect(judge(zeroes(199)).withheld).toEqual([])
    expect(judge(zeroes(400, { everyMs: 2_000 })).withheld).toEqual([])
    expect(judge(zeroes(400), { level: 3 }).withheld).toEqual([])
  })

  it('are withheld all together where 200 go to zero within minutes, however they were cut into parts', () => {
    expect(judge(zeroes(200)).withheld).toHaveLength(200)
    const first = judge(zeroes(150))
    expect(first.withheld).toEqual([])
    const second = judge(zeroes(50, { from: 151, at: 150_000 }), { recent: first.recent })
    expect(second.withheld).toHaveLength(200)
    expect(second.recent.every(({ isWithheld }) => isWithheld)).toBe(true)
    // What is withheld already is not withheld twice.
    const third = judge(zeroes(1, { from: 300, at: 201_000 }), { recent: second.recent })
    expect(third.withheld).toHaveLength(1)
  })

  it('W4: belong to what is withheld of their SKU, be it one', () => {
    const correction = zeroes(1, { at: 9_000_000, delta: 10 })
    expect(judge(correction, { withheld: ['sku-1' as SkuKey] }).withheld).toEqual(correction)
    expect(judge(correction).withheld).toEqual([])
  })

  it('that its own node took back are nothing, whichever is heard first', () => {
    const made = zeroes(200)
    const back = zeroes(200, { delta: 10 }).map((one) => ({ ...one, rid: other, takesBack: true }))
    const early = judge(back, { level: 10 })
    expect(early.withheld).toEqual([])
    expect(judge(made, { recent: early.recent, level: 10 }).withheld).toEqual([])
    const late = judge(made, { level: 0 })
    const keys = made.map((one) => one.key)
    expect(judge(back, { recent: late.recent, withheld: keys }).withheld).toEqual(back)
  })

  it('are withheld from a number on that a person chose, or never', () => {
    const small = { skus: 40, units: 400 }
    const around = { recent: [], isWithheld: () => false, levelOf: () => 0, catalogue: () => small }
    expect(judgeMemberChanges({ ...around, read: zeroes(12), fromSkus: 10 }).withheld).toHaveLength(12)
    expect(judgeMemberChanges({ ...around, read: zeroes(12), fromSkus: 50 }).withheld).toEqual([])
    expect(judge(zeroes(5_000), { fromSkus: null }).withheld).toEqual([])
  })

  it('are those that nothing else explains', () => {
    expect((['manual', 'unknown'] as const).every(isByHand)).toBe(true)
    expect((['sale', 'cancel', 'return', 'repair', 'received', 'undo', 'import'] as const).some(isByHand)).toBe(false)
  })
})

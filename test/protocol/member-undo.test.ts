/** What a member did since a time goes out of the level once, however often it is undone and in whatever order it comes. */
import { describe, expect, test } from 'vitest'
import * as fc from 'fast-check'
import {
  checkSince,
  countBaseline,
  coverAll,
  type Issued,
  levelOf,
  levelWithout,
  limits,
  type MadeMovement,
  type BaselineRecord,
  ridOf,
  type ShopId,
  type SkuKey,
  type SkuRecords,
} from '../../packages/protocol/src/index.ts'

const key = 'abc' as SkuKey
const me = 'a'.repeat(26) as ShopId
const other = 'b'.repeat(26) as ShopId
const mine = ridOf(me, new Uint8Array(8))
const theirs = ridOf(other, new Uint8Array(8))
const since = 1_000

function firstOf(quantity: number): Issued<BaselineRecord> {
  const baseline = { kind: 'first', quantity, stamp: 1, covers: [] } as const
  return { rid: mine, record: { kind: 'baseline', seq: 1, key, text: 'ABC', name: '', baseline } }
}

/** What is held after these changes; each takes one seq of its replica. */
function heldAfter(quantity: number, changes: readonly { readonly of: 'mine' | 'theirs'; readonly delta: number }[]) {
  const totals = (['mine', 'theirs'] as const).map((of) => {
    const own = changes.filter((change) => change.of === of)
    const added = own.reduce((sum, { delta }) => sum + Math.max(0, delta), 0)
    const removed = own.reduce((sum, { delta }) => sum + Math.max(0, -delta), 0)
    const rid = of === 'mine' ? mine : theirs
    return { rid, record: { kind: 'totals', seq: 1 + own.length, key, added, removed } as const }
  })
  return { baselines: [firstOf(quantity)], totals, listed: [] } satisfies SkuRecords
}

function count(held: SkuRecords, quantity: number, by = mine, now = 5_000): SkuRecords {
  const baseline = countBaseline(held, { quantity, covers: coverAll(held), now })
  const record = { kind: 'baseline', seq: 99, key, text: 'ABC', name: '', baseline } as const
  return { ...held, baselines: [...held.baselines.filter(({ rid }) => rid !== by), { rid: by, record }] }
}

describe('the level without a member', () => {
  test('what it moved since then goes, what it and others moved before or otherwise stays', () => {
    const held = heldAfter(100, [
      { of: 'theirs', delta: -3 },
      { of: 'mine', delta: -2 },
      { of: 'theirs', delta: -95 },
    ])
    expect(levelOf(held)).toBe(0)
    const made: MadeMovement[] = [{ rid: theirs, seq: 3, delta: -95 }]
    expect(levelWithout(held, { member: other, by: me, since, made })).toBe(95)
  })

  test('a count that somebody made since has it in it already: nothing of what it covers is undone', () => {
    const held = count(heldAfter(100, [{ of: 'theirs', delta: -95 }]), 40)
    expect(levelWithout(held, { member: other, by: me, since, made: [{ rid: theirs, seq: 2, delta: -95 }] })).toBe(40)
  })

  test('a count of its own since then is left out where another number is known, and stays where none is', () => {
    const held = count(heldAfter(100, [{ of: 'mine', delta: -2 }]), 0, theirs)
    expect(levelOf(held)).toBe(0)
    expect(levelWithout(held, { member: other, by: me, since, made: [] })).toBe(98)
    expect(levelWithout(held, { member: other, by: me, since: 6_000, made: [] })).toBe(0)
    const alone = { ...held, baselines: held.baselines.filter(({ rid }) => rid === theirs) }
    expect(levelWithout(alone, { member: other, by: me, since, made: [] })).toBe(0)
    expect(levelWithout({ ...held, baselines: [] }, { member: other, by: me, since, made: [] })).toBeNull()
  })

  test('undone once more, only what the member moved since the first time goes', () => {
    const made = { rid: theirs, seq: 2, delta: -95 }
    const once = count(heldAfter(100, [{ of: 'theirs', delta: -95 }]), 100)
    const changes = [
      { of: 'theirs', delta: -95 },
      { of: 'theirs', delta: -2 },
      { of: 'mine', delta: -1 },
    ] as const
    const held = { ...once, totals: heldAfter(100, changes).totals }
    expect(levelOf(held)).toBe(97)
    const undo = { member: other, by: me, since, made: [made, { rid: theirs, seq: 3, delta: -2 }] }
    expect(levelWithout(held, undo)).toBe(99)
  })

  test('who undoes what it did itself, twice, undoes it once', () => {
    const held = heldAfter(100, [{ of: 'mine', delta: -95 }])
    const undo = { member: me, by: me, since, made: [{ rid: mine, seq: 2, delta: -95 }] }
    const level = levelWithout(held, undo) ?? 0
    expect(level).toBe(100)
    const once = count({ ...held, baselines: [{ ...firstOf(100), rid: theirs }] }, level)
    expect(levelWithout(once, undo)).toBe(100)
  })

  test('any changes: undoing twice is undoing once, and what comes afterwards counts', () => {
    const change = fc.record({ of: fc.constantFrom('mine', 'theirs'), delta: fc.integer({ min: -9, max: 9 }) })
    fc.assert(
      fc.property(fc.array(change), fc.nat(20), fc.array(change), (before, undoneFrom, later) => {
        const held = heldAfter(50, before)
        const madeOf = (changes: readonly { of: 'mine' | 'theirs'; delta: number }[]): MadeMovement[] =>
          changes
            .filter(({ of }) => of === 'theirs')
            .map(({ delta }, index) => ({ rid: theirs, seq: index + 2, delta }))
            .slice(undoneFrom)
        const undo = { member: other, by: me, since, made: madeOf(before) }
        const level = levelWithout(held, undo) ?? 0
        expect(level).toBe((levelOf(held) ?? 0) - undo.made.reduce((sum, { delta }) => sum + delta, 0))
        const once = count(held, level)
        expect(levelWithout(once, undo)).toBe(levelOf(once))
        const after = { ...once, totals: heldAfter(50, [...before, ...later]).totals }
        expect(levelOf(after)).toBe(level + later.reduce((sum, { delta }) => sum + delta, 0))
      }),
    )
  })
})

test('since when: not the future, and not longer ago than movements are known one by one', () => {
  const now = 200 * 24 * 3_600_000
  expect(checkSince(now - 5, now)).toEqual({ ok: true, value: now - 5 })
  expect(checkSince(now + limits.countAheadMsMax + 1, now)).toMatchObject({ ok: false, code: 'since-future' })
  expect(checkSince(now - limits.historyMsMax - 1, now)).toMatchObject({ ok: false, code: 'since-too-old' })
})

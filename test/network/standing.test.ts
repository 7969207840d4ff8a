/** Which of two processes of a shop is its node, and when it is sure that both are alive. */
import fc from 'fast-check'
import { comparedStart, processIdOf, type ShopId, shopIdOfKey, startOf } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { Standing } from '../../packages/node/src/network/standing.ts'

const [m, t] = [1, 2].map((byte) => shopIdOfKey(new Uint8Array(32).fill(byte))) as [ShopId, ShopId]

test('processes are compared by when they started, whatever chance added', () => {
  const start = fc.integer({ min: 0, max: 2 ** 48 - 1 })
  const chance = fc.uint8Array({ minLength: 16, maxLength: 16 })
  fc.assert(
    fc.property(start, start, chance, chance, (one, other, chanceOne, chanceOther) => {
      const [a, b] = [processIdOf(one, chanceOne), processIdOf(other, chanceOther)]
      expect([startOf(a), startOf(b)]).toEqual([one, other])
      expect(comparedStart(a, b)).toBe(one === other ? 'same' : one < other ? 'earlier' : 'later')
      expect(a.subarray(6)).toEqual(chanceOne.subarray(6))
    }),
  )
})

test('a process stands aside as long as a member says so, and is sure once the member says it again later', () => {
  let now = 1_000
  const members = new Set([m, t])
  const sure: ShopId[] = []
  const standing = new Standing(
    { now: () => now },
    (shop) => members.has(shop),
    (by) => sure.push(by),
  )
  expect(standing.isAside).toBe(false)
  standing.refuse(m)
  expect([standing.isAside, sure]).toEqual([true, []])
  // What another member says does not undo it.
  standing.accept(t)
  now += 3_999
  standing.refuse(m)
  expect([standing.isAside, sure]).toEqual([true, []])
  now += 1
  standing.refuse(m)
  expect(sure).toEqual([m])
  standing.accept(m)
  expect(standing.isAside).toBe(false)
  standing.refuse(m)
  expect([standing.isAside, sure]).toEqual([true, [m]])
  // A shop that is no member any more has no say.
  members.delete(m)
  expect(standing.isAside).toBe(false)
})

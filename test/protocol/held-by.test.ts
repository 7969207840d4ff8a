/** Whether a member could stay behind as the only one that knows what this node knows. */
import { expect, it } from 'vitest'
import { isHeldBy } from '../../packages/protocol/src/agreement.ts'
import { ridAt, shopAt } from './arbitraries.ts'
import { claim, Machine } from './machine.ts'

const [shopM, shopE, shopT] = [shopAt(1), shopAt(2), shopAt(3)] as const
const [M, E, T] = [ridAt(shopM), ridAt(shopE), ridAt(shopT)] as const

function heard(lines: readonly (readonly [typeof M, number])[], complete = true): Machine {
  const machine = new Machine([
    [M, claim(5)],
    [T, claim(9)],
  ])
  machine.open(shopE)
  const claims = lines.map(([rid, high]) => ({ rid, ...claim(high) }))
  machine.hear(shopE, { type: 'have', claims, complete })
  return machine
}

it('it is who claims as much of every replica, of others too, once all that it claims is known', () => {
  const is = (machine: Machine): boolean => isHeldBy(machine.state, shopE)
  expect(is(new Machine())).toBe(false)
  expect(is(heard([[T, 9]]))).toBe(false)
  expect(
    is(
      heard([
        [M, 4],
        [T, 9],
      ]),
    ),
  ).toBe(false)
  expect(
    is(
      heard(
        [
          [M, 5],
          [T, 9],
        ],
        false,
      ),
    ),
  ).toBe(false)
  expect(
    is(
      heard([
        [M, 5],
        [T, 9],
      ]),
    ),
  ).toBe(true)
  expect(
    is(
      heard([
        [M, 7],
        [T, 9],
        [E, 1],
      ]),
    ),
  ).toBe(true)
})

it('what lies above the cut of a removed shop is nobody’s to hold', () => {
  const machine = heard([[T, 9]])
  const cut = { highs: new Map([[M, 4]]), by: new Map(), isFinal: true }
  machine.step({ type: 'members', shops: new Set([shopE, shopT]), cuts: new Map([[shopM, cut]]), now: machine.now })
  expect(isHeldBy(machine.state, shopE)).toBe(true)
})

/**
 * Every number is explained at every node: each movement with where it was, its cause and its order, also of what
 * happened while shops were apart, and at a shop that came later. Baseline and movements add up to the level.
 */
import type { MovementItem } from '@stockmesh/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { add, sell, showsLevel, type } from './trade.ts'

// A line that drops bytes is noticed after 10 s of silence, and dialed again after that.

let network: Network
let m: Member
let e: Member
let t: Member
/** By shop id. */
const names = new Map<string, string>()

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E', 'T'] })
  m = network.member('M')
  e = network.member('E')
  t = network.member('T')
  for (const member of network.members) {
    await fillShop(member, [
      { sku: 'FORK-1', name: 'Vase', stock: 100 },
      { sku: 'FORK-2', name: 'Kurv', stock: 50 },
    ])
  }
  for (const { name, api } of network.members) names.set((await api.status()).node.id, name)
  await m.api.startImport()
  await eventually('M is imported', async () => (await m.api.importState()).state === 'done')
  await network.join('E', 'M')
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

/** Movements in one line each, in the order of the list. */
function told(movements: readonly MovementItem[]): string[] {
  return movements.map(({ member, cause, delta, reference }) =>
    `${names.get(member)} ${cause} ${delta} ${reference ?? ''}`.trim(),
  )
}

async function checkSum(member: Member, sku: string, movements: readonly MovementItem[]): Promise<void> {
  const stock = await member.api.stockOf(sku)
  const { level, baseline, byShop } = stock ?? {}
  expect(movements.reduce((sum, { delta }) => sum + delta, baseline?.quantity ?? 0)).toBe(level)
  expect(byShop?.reduce((sum, { added, removed }) => sum + added - removed, baseline?.quantity ?? 0)).toBe(level)
}

test('what happened while two shops were apart is told at both, with cause and order', async () => {
  network.partition(['M'], ['E'])
  const orders = [await sell(m, 'FORK-1', 1), await sell(m, 'FORK-1', 2), await sell(e, 'FORK-1', 3)]
  await type(m, 'FORK-1', 90)
  await add(e, 'FORK-1', 10)
  await eventually('M shows 90', () => showsLevel(m, 'FORK-1', 90))
  await eventually('E shows 107', () => showsLevel(e, 'FORK-1', 107))
  network.heal()
  const expected = [
    `M sale -1 ${orders[0]}`,
    `M sale -2 ${orders[1]}`,
    `E sale -3 ${orders[2]}`,
    // What was typed.
    'M manual -7 =90',
    'E manual 10',
  ]
  for (const member of [m, e]) {
    const movements = await eventually(`${member.name} tells of everything`, async () => {
      const all = await member.api.movements('FORK-1')
      return all.length === expected.length ? all : null
    })
    expect(told(movements).toSorted()).toEqual(expected.toSorted())
    await eventually(`${member.name} shows 97`, () => showsLevel(member, 'FORK-1', 97))
    await checkSum(member, 'FORK-1', movements)
  }
  // The same list in the same order, whenever a line came.
  expect(told(await e.api.movements('FORK-1'))).toEqual(told(await m.api.movements('FORK-1')))
})

test('a shop that comes later tells the same as those that were there', async () => {
  const first = await sell(m, 'FORK-2', 4)
  const second = await sell(e, 'FORK-2', 1)
  await eventually('M shows 45', () => showsLevel(m, 'FORK-2', 45))
  await network.join('T', 'E')
  for (const sku of ['FORK-1', 'FORK-2']) {
    const known = told(await m.api.movements(sku))
    const movements = await eventually(`T tells of ${sku}`, async () => {
      const all = await t.api.movements(sku)
      if (told(all).join() !== known.join()) throw new Error(told(all).join(', '))
      return all
    })
    await checkSum(t, sku, movements)
  }
  expect(told(await t.api.movements('FORK-2')).toSorted()).toEqual([`E sale -1 ${second}`, `M sale -4 ${first}`])
})

/**
 * A shop whose numbers are changed by the hundred without a sale: the other shops are not told before a person has
 * looked, sales go on counting everywhere, and the decision is made once, over kill -9 as well.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillAlike, type Member, Network } from '../harness/network.ts'
import { heldAt, levelsAt, untilLevels, upload } from './mass-change.ts'
import { codeOf } from './refusal.ts'
import { sell, type, untilShown } from './trade.ts'

const skus = Array.from({ length: 200 }, (_, index) => `MASSE-${index}`)
const changed = skus.slice(0, 150)

let network: Network
let m: Member
let e: Member

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E'] })
  m = network.member('M')
  e = network.member('E')
  await fillAlike(network, skus, 10)
  await network.found()
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

test('15: 150 of 200 SKUs set from 10 to 4 are held, sales at both ends count, and "use the network" puts them right', async () => {
  await upload(e, changed, 4)
  const held = await heldAt(e, 150)
  expect(held).toMatchObject({
    details: { reason: 'mass-change', units: 900, toZero: 0 },
    actions: [
      { id: 'use-network', destructive: false },
      { id: 'approve', destructive: true },
    ],
  })
  expect(held.details['examples']).toHaveLength(5)
  expect((held.details['examples'] as unknown[])[0]).toMatchObject({ from: 10, to: 4 })
  await untilLevels(network, changed, 10)
  expect((await e.api.status()).network?.inStep).toBe(false)
  expect(await m.api.problems()).toEqual([])
  const list = await e.api.call<{ items: { level: number; shopLevel: number }[]; total: number }>(
    'GET',
    `/problems/${held.id}/items?limit=1`,
  )
  expect(list).toMatchObject({ total: 150, items: [{ level: 10, shopLevel: 4 }] })

  await sell(e, 'MASSE-0', 1)
  await sell(m, 'MASSE-1', 2)
  await untilShown(network, 'MASSE-0', 9, 3)
  await untilShown(network, 'MASSE-1', 8, 2)
  await e.node.kill()
  await sell(e, 'MASSE-2', 3)
  await e.node.start()
  await untilShown(network, 'MASSE-2', 7, 1)
  // What is decided on has not changed.
  const current = await heldAt(e, 150)
  expect(current).toMatchObject({ id: held.id, version: held.version })

  await e.api.act(current, 'use-network')
  await network.untilEverywhere('MASSE-0', 9)
  await network.untilEverywhere('MASSE-1', 8)
  await network.untilEverywhere('MASSE-2', 7)
  await untilLevels(network, changed.slice(3), 10)
  await network.untilAgreed({ deadlineMs: 60_000 })
  expect(await e.api.problems()).toEqual([])
  expect((await m.api.movements('MASSE-0')).filter(({ cause }) => cause === 'sale')).toMatchObject([{ delta: -1 }])
  expect(await codeOf(e.api.act(current, 'approve'))).toBe('409 problem-solved')
})

test('a change by hand of what is held belongs to it, and the right spreadsheet ends it', async () => {
  const some = changed.slice(10)
  await upload(e, some, 0)
  const held = await heldAt(e, 140)
  expect(held.details).toMatchObject({ units: 1_400, toZero: 140 })
  await untilShown(network, 'MASSE-10', 10, 0)
  await sell(m, 'MASSE-10', 1)
  // A SKU that is held at nothing is not led below it.
  await untilShown(network, 'MASSE-10', 9, 0)
  await type(e, 'MASSE-11', 7)
  await eventually('it is part of what is held', async () => {
    const problem = await heldAt(e, 140)
    return problem.details['units'] === 1_393
  })
  await upload(e, some, 10)
  await eventually('nothing is held any more', async () => (await e.api.problems()).length === 0)
  await untilLevels(network, some.slice(1), 10)
  await network.untilEverywhere('MASSE-10', 9)
  await network.untilAgreed({ deadlineMs: 60_000 })
})

test('killed in the middle of the mass change the node still knows it as one; approved it counts once, everywhere', async () => {
  const some = changed.slice(20)
  await upload(e, some.slice(0, 40), 3)
  await eventually('the first of them have come to M', async () => (await levelsAt(m, some)).has(3))
  await e.node.kill()
  await upload(e, some.slice(40), 3)
  await e.node.start()
  const held = await heldAt(e, 130)
  expect(held.details).toMatchObject({ units: 910 })
  await untilLevels(network, some, 10)
  await untilShown(network, 'MASSE-20', 10, 3)
  await sell(m, 'MASSE-20', 4)
  await untilShown(network, 'MASSE-20', 6, 0)

  const current = await heldAt(e, 130)
  const answers = await Promise.allSettled([e.api.act(current, 'approve'), e.api.act(current, 'approve')])
  expect(answers.map(({ status }) => status)).toContain('fulfilled')
  await untilLevels(network, some.slice(1), 3)
  await eventually('the one that was sold meanwhile is short of one', async () =>
    (await network.levels('MASSE-20')).every((level) => level === -1),
  )
  await network.untilAgreed({ deadlineMs: 60_000 })
  expect(await network.shopStocks('MASSE-21')).toEqual([3, 3])
  expect(await network.shopStocks('MASSE-20')).toEqual([0, 0])
  // A person who types a number right after it is not asked again.
  await type(e, 'MASSE-21', 5)
  await network.untilEverywhere('MASSE-21', 5)
})

/** Without one of which more was sold than there is. */
const whole = skus.filter((sku) => sku !== 'MASSE-20')
const zeroed = whole.slice(0, 150)

async function heldBy({ api }: Member): Promise<readonly unknown[]> {
  return (await api.problems()).filter(({ kind }) => kind === 'held')
}

test('25: a shop that holds nothing back sets 150 SKUs to zero: the other one is not emptied, and undoes it for all', async () => {
  await upload(e, whole, 10)
  await eventually('what is held of it is nothing or all', async () => {
    const problem = (await e.api.problems()).find(({ kind }) => kind === 'held')
    if (problem !== undefined) await e.api.act(problem, 'approve')
    return problem === undefined && (await levelsAt(m, whole)).size === 1
  })
  await untilLevels(network, whole, 10)
  await network.untilAgreed({ deadlineMs: 60_000 })
  await e.api.call('PATCH', '/settings', { body: { holdOwnChanges: false } })
  await sell(e, 'MASSE-1', 1)
  await network.untilEverywhere('MASSE-1', 9)

  await upload(e, zeroed, 0)
  const held = await heldAt(m, 150)
  const { id: member, name } = (await e.api.status()).node
  expect(held).toMatchObject({
    details: { reason: 'member-mass-change', member, name, units: 1_499, toZero: 150 },
    actions: [
      { id: 'undo', destructive: true },
      { id: 'approve', destructive: true },
    ],
  })
  expect(await heldBy(e)).toEqual([])
  await untilLevels(network, zeroed, 0)
  expect((await m.api.stockOf('MASSE-7'))?.state).toBe('held')
  expect((await m.api.status()).network?.inStep).toBe(false)
  // Sales of both count meanwhile, and this shop sells what it shows.
  await sell(m, 'MASSE-2', 3)
  await untilShown(network, 'MASSE-2', 7, 0)
  await m.node.kill()
  await sell(e, 'MASSE-170', 2)
  await m.node.start()
  await network.untilEverywhere('MASSE-170', 8)
  await untilShown(network, 'MASSE-2', 7, 0)
  // A number that is put right over there is not held any more.
  await type(e, 'MASSE-3', 10)
  const current = await heldAt(m, 149)

  await m.api.act(current, 'undo')
  await network.untilEverywhere('MASSE-1', 9)
  await network.untilEverywhere('MASSE-2', 7)
  await network.untilEverywhere('MASSE-170', 8)
  await untilLevels(network, zeroed.slice(3), 10)
  await network.untilAgreed({ deadlineMs: 60_000 })
  expect(await network.shopStocks('MASSE-9')).toEqual([10, 10])
  expect(await heldBy(m)).toEqual([])
  expect(await codeOf(m.api.act(current, 'undo'))).toBe('409 problem-solved')
})

test('what a person approves here is gone by here, and one that was approved over there asks nobody again', async () => {
  const some = zeroed.slice(20)
  await upload(e, some, 4)
  await untilLevels(network, some, 4)
  const held = await heldAt(m, 130)
  await untilShown(network, 'MASSE-22', 10, 4)
  await m.api.act(held, 'approve')
  await network.untilEverywhere('MASSE-22', 4)
  await network.untilAgreed({ deadlineMs: 60_000 })

  await e.api.call('PATCH', '/settings', { body: { holdOwnChanges: null } })
  await upload(e, some, 9)
  await e.api.act(await heldAt(e, 130), 'approve')
  await network.untilEverywhere('MASSE-22', 9)
  await network.untilAgreed({ deadlineMs: 60_000 })
  expect(await heldBy(m)).toEqual([])
})

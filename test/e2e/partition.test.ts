/**
 * Shops that are cut off from each other go on selling; when the line is back, every number is the sum of what
 * happened. Three nodes and three shops as processes; links are cut by dropping bytes, not by closing sockets.
 */
import type { ActivityAnswer, List, OversoldItem, StockCourse } from '@stockmesh/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { add, create, sell, showsLevel, type } from './trade.ts'

const opening = { 'R-1': 0, 'KOP-2': 100, 'SET-3': 100, 'SIDSTE-4': 1, 'ALLE-33': 30 } as const

// A line that drops bytes is noticed after 10 s of silence, and dialed again after that.

let network: Network
let m: Member
let e: Member
let t: Member

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E', 'T'] })
  m = network.member('M')
  e = network.member('E')
  t = network.member('T')
  for (const member of network.members) {
    const products = Object.entries(opening).map(([sku, stock]) => ({ sku, name: `Vare ${sku}`, stock }))
    await fillShop(member, member === m ? products : products.map((product) => ({ ...product, stock: 3 })))
  }
  await network.found()
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

test('1: changes in all three shops add up, also those of a shop that was cut off', async () => {
  await Promise.all([add(m, 'R-1', 1), add(e, 'R-1', 10)])
  await network.untilEverywhere('R-1', 11)
  await Promise.all([sell(t, 'R-1', 1), sell(e, 'R-1', 2)])
  await network.untilEverywhere('R-1', 8)
  network.partition(['M', 'E'], ['T'])
  await add(m, 'R-1', 5)
  await sell(t, 'R-1', 2)
  for (const [member, level] of [
    [m, 13],
    [e, 13],
    [t, 6],
  ] as const) {
    await eventually(`${member.name} shows ${level}`, () => showsLevel(member, 'R-1', level))
  }
  network.heal()
  await network.untilEverywhere('R-1', 11)
  await network.untilAgreed()
  expect(await t.api.movements('R-1')).toHaveLength(6)
})

test('2: two shops sell while apart; both sales count, once', async () => {
  network.partition(['M'], ['E', 'T'])
  await sell(m, 'KOP-2', 1)
  await sell(e, 'KOP-2', 3)
  await eventually('M shows 99', () => showsLevel(m, 'KOP-2', 99))
  await eventually('E shows 97', () => showsLevel(e, 'KOP-2', 97))
  network.heal()
  await network.untilEverywhere('KOP-2', 96)
  for (const member of network.members) {
    const movements = await member.api.movements('KOP-2')
    expect(movements.map(({ delta, cause }) => `${cause} ${delta}`).sort()).toEqual(['sale -1', 'sale -3'])
  }
})

test('3: two shops type a number while apart; both changes add up, and that is flagged', async () => {
  network.partition(['M'], ['E', 'T'])
  await type(m, 'SET-3', 50)
  await type(e, 'SET-3', 60)
  await eventually('M shows 50', () => showsLevel(m, 'SET-3', 50))
  await eventually('E shows 60', () => showsLevel(e, 'SET-3', 60))
  network.heal()
  await network.untilEverywhere('SET-3', 10)
  for (const member of [m, e]) {
    const flagged = await eventually(`${member.name} flags it`, async () =>
      (await member.api.problems()).find(({ kind }) => kind === 'counted-together'),
    )
    expect(flagged).toMatchObject({ sku: 'SET-3', count: 1 })
    await member.api.call('POST', `/problems/${flagged.id}/dismiss`, { body: { version: flagged.version } })
    expect((await member.api.problems()).filter(({ kind }) => kind === 'counted-together')).toEqual([])
  }
})

test('4: the last one is sold twice; it is listed with both orders, and the next delivery is corrected', async () => {
  network.partition(['M'], ['E', 'T'])
  const orders = [await sell(m, 'SIDSTE-4', 1), await sell(e, 'SIDSTE-4', 1)]
  await eventually('M shows 0', () => showsLevel(m, 'SIDSTE-4', 0))
  await eventually('E shows 0', () => showsLevel(e, 'SIDSTE-4', 0))
  network.heal()
  await eventually(
    'the level is -1 at both',
    async () => (await network.levels('SIDSTE-4')).every((level) => level === -1),
    {
      deadlineMs: 40_000,
    },
  )
  await network.untilAgreed()
  expect(await network.shopStocks('SIDSTE-4')).toEqual([0, 0, 0])
  for (const member of network.members) {
    const oversold = (await member.api.problems()).filter(({ kind }) => kind === 'oversold')
    expect(oversold).toHaveLength(1)
    expect(oversold[0]).toMatchObject({ sku: 'SIDSTE-4', count: 1 })
    const listed = oversold[0]?.details['orders'] as { reference: string }[] | undefined
    expect(listed?.map(({ reference }) => reference).sort()).toEqual([...orders].sort())
    expect((await member.api.status()).stock.oversold).toBe(1)
    const page = await member.api.call<List<OversoldItem>>('GET', '/oversold')
    expect(page.items).toMatchObject([{ sku: 'SIDSTE-4', level: -1, orders: [{ short: 1 }, { short: 0 }] }])
    const course = await member.api.call<StockCourse>('GET', '/stock/SIDSTE-4/course')
    expect(course.hours.at(-1)?.level).toBe(-1)
    expect(course.hours.reduce((sum, { removed }) => sum + removed, 0)).toBe(2)
    const { hours } = await member.api.call<ActivityAnswer>('GET', '/activity')
    const sellers = new Set(hours.flatMap(({ shops }) => shops.map((shop) => shop.member)))
    expect(page.items[0]?.orders.every((order) => sellers.has(order.member))).toBe(true)
  }
  await type(m, 'SIDSTE-4', 10)
  await network.untilEverywhere('SIDSTE-4', 9)
  expect((await m.api.problems()).filter(({ kind }) => kind === 'oversold')).toEqual([])
  expect((await m.api.call<List<OversoldItem>>('GET', '/oversold')).items).toEqual([])
})

test('16: the same SKU is created in two shops apart; the earlier number stays and the sales of the other count', async () => {
  network.partition(['M'], ['E', 'T'])
  await create(m, 'NY-16', 100)
  await create(e, 'NY-16', 40)
  await sell(e, 'NY-16', 3)
  await eventually('M shows 100', () => showsLevel(m, 'NY-16', 100))
  await eventually('E shows 37', () => showsLevel(e, 'NY-16', 37))
  network.heal()
  await eventually('97 in all nodes', async () => (await network.levels('NY-16')).every((level) => level === 97), {
    deadlineMs: 40_000,
  })
  await network.untilAgreed()
  expect(await network.shopStocks('NY-16')).toEqual([97, 97, null])
  const replaced = (await e.api.log()).filter(({ sku, cause }) => sku === 'NY-16' && cause === 'created')
  expect(replaced.map(({ result }) => result)).toContain('40 replaced by 100')
})

test('33: three shops sell while offline and all nodes are killed; every sale counts', async () => {
  network.partition(['M'], ['E'], ['T'])
  await Promise.all(network.members.map((member) => sell(member, 'ALLE-33', 3)))
  for (const member of network.members) {
    await eventually(`${member.name} shows 27`, () => showsLevel(member, 'ALLE-33', 27))
  }
  await Promise.all(network.members.map(({ node }) => node.kill()))
  network.heal()
  await Promise.all(network.members.map(({ node }) => node.restart()))
  await network.untilEverywhere('ALLE-33', 21)
  await network.untilAgreed()
  expect(await m.api.movements('ALLE-33')).toHaveLength(3)
})

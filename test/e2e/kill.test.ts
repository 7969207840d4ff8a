/**
 * kill -9 at the worst moments of an adjustment: before it is sent, before it is answered, while a customer buys.
 * A proxy between E's node and its shop holds the call still while the node is killed.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import type { HttpFaultProxy } from '../harness/http-fault-proxy.ts'
import { fillShop, type Member, Network, shopAnswersOf } from '../harness/network.ts'
import { sell } from './trade.ts'

const skus = ['KILL-6', 'KILL-7', 'KILL-8', 'RACE-9', 'TABT', 'MENS'] as const

// A line that drops bytes is noticed after 10 s of silence, and dialed again after that.

let network: Network
let m: Member
let e: Member
let answers: HttpFaultProxy

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E'], httpFaults: true, shopProcesses: true })
  m = network.member('M')
  e = network.member('E')
  answers = shopAnswersOf(e)
  for (const member of network.members) {
    await fillShop(
      member,
      skus.map((sku) => ({ sku, name: `Vare ${sku}`, stock: member === m ? 40 : 2 })),
    )
  }
  await network.found()
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

const isAdjustment = ({ path }: { readonly path: string }): boolean => path.includes('/adjust')

async function shopStockOf(member: Member, sku: string): Promise<number | null> {
  return (await network.shopStocks(sku))[network.members.indexOf(member)] ?? null
}

test('KILL-6: the node dies after its commit and before anybody heard; the sale crosses once', async () => {
  network.partition(['M'], ['E'])
  await sell(m, 'KILL-6', 2)
  await eventually('M has committed', async () => (await m.api.stockOf('KILL-6'))?.level === 38)
  await m.node.kill()
  network.heal()
  await m.node.restart()
  await network.untilEverywhere('KILL-6', 38)
  expect(await e.api.movements('KILL-6')).toMatchObject([{ delta: -2, cause: 'sale' }])
})

test('KILL-7: the shop has adjusted, the node dies before the answer; it is not adjusted twice', async () => {
  const hold = answers.hold('after', isAdjustment)
  await sell(m, 'KILL-7', 2)
  await hold.arrived
  expect(await shopStockOf(e, 'KILL-7')).toBe(38)
  await e.node.kill()
  hold.drop()
  await e.node.restart()
  await network.untilEverywhere('KILL-7', 38)
  await network.untilAgreed()
  expect(await shopStockOf(e, 'KILL-7')).toBe(38)
  expect(await m.api.movements('KILL-7')).toMatchObject([{ delta: -2 }])
})

test('KILL-8: the intent is on disk, the call never reached the shop; it is made after the restart', async () => {
  const hold = answers.hold('before', isAdjustment)
  await sell(m, 'KILL-8', 2)
  await hold.arrived
  await e.node.kill()
  hold.drop()
  expect(await shopStockOf(e, 'KILL-8')).toBe(40)
  await e.node.restart()
  await network.untilEverywhere('KILL-8', 38)
  await network.untilAgreed()
  expect(await m.api.movements('KILL-8')).toMatchObject([{ delta: -2 }])
})

test('RACE-9: a customer buys while the node is dead in the middle of an adjustment; exactly one sale is published', async () => {
  const hold = answers.hold('after', isAdjustment)
  await sell(m, 'RACE-9', 2)
  await hold.arrived
  await e.node.kill()
  await sell(e, 'RACE-9', 1)
  hold.drop()
  await e.node.restart()
  await network.untilEverywhere('RACE-9', 37)
  await network.untilAgreed()
  const byE = (await m.api.movements('RACE-9')).filter(({ delta }) => delta === -1)
  expect(byE).toHaveLength(1)
  expect(await m.api.movements('RACE-9')).toHaveLength(2)
})

test('an answer that is lost after the shop has adjusted is asked for again, and nothing is adjusted twice', async () => {
  const hold = answers.hold('after', isAdjustment)
  await sell(m, 'TABT', 5)
  await hold.arrived
  hold.drop()
  await network.untilEverywhere('TABT', 35)
  await network.untilAgreed()
  expect(await shopStockOf(e, 'TABT')).toBe(35)
  expect(await e.api.movements('TABT')).toHaveLength(1)
})

test('sales elsewhere while a shop is down become one adjustment when it is back', async () => {
  await e.shop.kill()
  for (const quantity of [1, 2, 3]) await sell(m, 'MENS', quantity)
  await eventually('E has heard of all of it', async () => (await e.api.stockOf('MENS'))?.level === 34)
  await eventually('E lists its shop as out of reach', async () =>
    (await e.api.problems()).some(({ kind }) => kind === 'shop-unreachable'),
  )
  expect((await e.api.status()).network?.inStep).toBe(false)
  await e.shop.restart()
  await network.untilEverywhere('MENS', 34)
  await network.untilAgreed()
  expect((await e.api.problems()).filter(({ kind }) => kind === 'shop-unreachable')).toEqual([])
})

/**
 * What a person chooses for one SKU in one shop: a buffer of its own, and to leave it out for a while. Neither is ever
 * a movement, and the other shop goes on as if nothing was.
 */
import type { SkuChoiceItem } from '@stockmesh/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillAlike, type Member, Network } from '../harness/network.ts'
import { codeOf } from './refusal.ts'
import { sell, showsLevel, untilShown } from './trade.ts'

let network: Network
let m: Member
let e: Member

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E'] })
  m = network.member('M')
  e = network.member('E')
  await fillAlike(network, ['OWN-20', 'OUT-20', 'OUT-IN'], 20)
  await network.found()
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

function choose(member: Member, sku: string, change: object): Promise<SkuChoiceItem> {
  return member.api.call('PATCH', `/stock/${sku}`, { body: change })
}

test('a SKU has a buffer of its own: it beats that of the shop, outlives a restart, and is no movement', async () => {
  await e.api.call('PATCH', '/settings', { body: { buffer: 1 } })
  await untilShown(network, 'OWN-20', 20, 19)
  expect(await choose(e, 'OWN-20', { buffer: 5 })).toMatchObject({ buffer: 5, shown: 15, level: 20 })
  await untilShown(network, 'OWN-20', 20, 15)
  await e.node.restart()
  await sell(m, 'OWN-20', 2)
  await untilShown(network, 'OWN-20', 18, 13)
  expect(await e.api.call('GET', '/sku-choices')).toMatchObject({ total: 1, items: [{ sku: 'OWN-20', buffer: 5 }] })
  await choose(e, 'OWN-20', { buffer: 0 })
  await untilShown(network, 'OWN-20', 18, 18)
  await choose(e, 'OWN-20', { buffer: null })
  await untilShown(network, 'OWN-20', 18, 17)
  await e.api.call('PATCH', '/settings', { body: { buffer: null } })
  await untilShown(network, 'OWN-20', 18, 18)
  await network.untilAgreed()
  expect(await m.api.movements('OWN-20')).toMatchObject([{ delta: -2, cause: 'sale' }])
  expect(await codeOf(choose(e, 'NO-SUCH', { buffer: 1 }))).toBe('404 sku-unknown')
  expect(await codeOf(choose(e, 'OWN-20', { buffer: -1 }))).toBe('400 body-invalid')
})

test('left out, the SKU is neither counted nor written; taken in again it has the number of the network', async () => {
  expect(await choose(e, 'OUT-20', { leftOut: true })).toMatchObject({ leftOut: { difference: 0 }, shown: null })
  await sell(m, 'OUT-20', 3)
  await sell(e, 'OUT-20', 1)
  await sell(e, 'OUT-20', 4)
  await eventually('E has read its own sales', async () => {
    const own = await choose(e, 'OUT-20', {})
    return own.leftOut?.difference === -5
  })
  await network.untilAgreed()
  expect(await network.levels('OUT-20')).toEqual([17, 17])
  expect(await network.shopStocks('OUT-20')).toEqual([17, 15])
  expect(await e.api.stockOf('OUT-20')).toMatchObject({ state: 'left-out', shown: null, shopLevel: 15, level: 17 })
  const lines = (await e.api.log()).filter(({ sku, result }) => sku === 'OUT-20' && result === 'left-out-not-counted')
  expect(new Set(lines.map(({ delta }) => delta))).toEqual(new Set([-1, -4]))

  await e.node.restart()
  expect(await e.api.stockOf('OUT-20')).toMatchObject({ leftOut: { difference: -5 }, state: 'left-out' })
  expect(await choose(e, 'OUT-20', { leftOut: false })).toMatchObject({ leftOut: null, shown: 17 })
  await untilShown(network, 'OUT-20', 17, 17)
  await sell(e, 'OUT-20', 2)
  await network.untilEverywhere('OUT-20', 15)
  await network.untilAgreed()
  const moved = (await m.api.movements('OUT-20')).map(({ delta }) => delta)
  expect(moved.toSorted((a, b) => a - b)).toEqual([-3, -2])
})

test('taken in again with "count-in", what the shop did meanwhile counts once', async () => {
  await choose(e, 'OUT-IN', { leftOut: true })
  await sell(e, 'OUT-IN', 6)
  await sell(m, 'OUT-IN', 1)
  await eventually('E has read its own sale', async () => (await choose(e, 'OUT-IN', {})).leftOut?.difference === -6)
  await eventually('E has heard of the sale in M', () => showsLevel(e, 'OUT-IN', 19))
  await choose(e, 'OUT-IN', { leftOut: false, differences: 'count-in' })
  await network.untilEverywhere('OUT-IN', 13)
  await network.untilAgreed()
  expect(await network.shopStocks('OUT-IN')).toEqual([13, 13])
})

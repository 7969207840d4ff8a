/**
 * The partition guard: while a member is out of reach each side shows only its share, a kill on the way forgets
 * nothing, and when they meet again everything is shown.
 */
import type { GuardAnswer } from '@stockmesh/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillAlike, type Member, Network } from '../harness/network.ts'
import { sell } from './trade.ts'

let network: Network
let m: Member
let e: Member

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E'] })
  m = network.member('M')
  e = network.member('E')
  await fillAlike(network, ['GUARD-10', 'GUARD-1'], 10)
  await network.found()
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

const guardOf = (member: Member): Promise<GuardAnswer> => member.api.call('GET', '/partition-guard')
const stockOf = async (at: 0 | 1, sku: string): Promise<unknown> => (await network.shopStocks(sku))[at]

test('a shop shows its share while the other one is away, also after a kill, and all when they meet', async () => {
  expect(await guardOf(m)).toMatchObject({ on: false, shownPercent: null })
  const body = { on: true, outOfReachSeconds: 10, shares: 'equal' }
  await m.api.call('POST', '/partition-guard', { body })
  await eventually('both have heard', async () => (await guardOf(m)).unheard.length === 0 && (await guardOf(e)).on)
  await sell(m, 'GUARD-10', 1)
  await network.untilEverywhere('GUARD-10', 9)

  await e.node.kill()
  await eventually('M shows its share', async () => (await guardOf(m)).shownPercent === 50)
  expect((await m.api.status()).partitionGuard).toMatchObject({ on: true, shownPercent: 50 })
  await eventually('its shop does', async () => [4, 5].includes(Number(await stockOf(0, 'GUARD-10'))))
  const share = Number(await stockOf(0, 'GUARD-10'))
  await sell(m, 'GUARD-10', 2)
  await m.node.kill()
  await m.node.start()
  await eventually('M goes on with what it had', async () => (await guardOf(m)).outOfReach.length === 1)
  expect(await guardOf(m)).toMatchObject({ on: true, shownPercent: 50 })
  expect(await stockOf(0, 'GUARD-10')).toBe(share - 2)

  await e.node.start()
  await eventually('they have met', async () => (await guardOf(m)).shownPercent === null)
  await network.untilEverywhere('GUARD-10', 7)
  expect(await network.shopStocks('GUARD-10')).toEqual([7, 7])
})

test('a shop that is declared closed leaves its share to the others', async () => {
  const { node } = await m.api.status()
  const other = (await m.api.members()).find(({ id }) => id !== node.id)
  await e.node.kill()
  await eventually('M shows its share', async () => (await guardOf(m)).shownPercent === 50)
  await m.api.call('POST', '/partition-guard', { body: { closed: [other?.id] } })
  await eventually('M shows everything', async () => (await guardOf(m)).shownPercent === null)
  await eventually('its shop does', async () => (await stockOf(0, 'GUARD-10')) === 7)
})

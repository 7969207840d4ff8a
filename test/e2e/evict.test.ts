/**
 * A shop is removed by another: what it sold until then counts everywhere, nothing later does, it sees for itself that
 * it is out, and it comes back only as a new member.
 */
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { codeOf } from './refusal.ts'
import { sell, showsLevel } from './trade.ts'

async function open(sku: string): Promise<Network> {
  const network = await Network.open({ names: ['M', 'E', 'T'] })
  for (const member of network.members) await fillShop(member, [{ sku, name: 'Spand', stock: 50 }])
  await network.found()
  return network
}

async function idOf({ api }: Member): Promise<string> {
  return (await api.status()).node.id
}

async function isOut({ name, api }: Member): Promise<void> {
  await eventually(`${name} knows that it is out`, async () => (await api.status()).network?.evicted === true)
}

async function hasTwoMembers({ name, api }: Member): Promise<void> {
  await eventually(`${name} drops E`, async () => (await api.members()).length === 2)
}

test('a shop is evicted while it is online: its sales stay, it writes nothing more, and it joins again as a new member', async () => {
  await using network = await open('SPAND-1')
  const [m, e, t] = [network.member('M'), network.member('E'), network.member('T')]
  const evicted = await idOf(e)
  await sell(e, 'SPAND-1', 4)
  await network.untilEverywhere('SPAND-1', 46)
  await network.untilAgreed()

  expect(await codeOf(m.api.evict(await idOf(m)))).toBe('409 use-leave')
  expect(await codeOf(m.api.evict('nobody'))).toBe('404 member-unknown')
  await m.api.evict(evicted)
  expect(await codeOf(m.api.evict(evicted))).toBe('404 member-unknown')
  for (const member of [m, t]) await hasTwoMembers(member)
  await isOut(e)
  for (const { name, api } of [m, t]) {
    await eventually(`${name} has it in its log`, async () =>
      (await api.log()).some(({ cause, result }) => cause === 'removed' && result === 'shop: E'),
    )
  }
  await eventually('M and T are in step', async () => (await m.api.status()).network?.inStep === true)

  // Neither side moves the other any more.
  await sell(e, 'SPAND-1', 1)
  await sell(m, 'SPAND-1', 10)
  await eventually('T hears of M', () => showsLevel(t, 'SPAND-1', 36))
  // The shops are adjusted a moment after their nodes know.
  await eventually('both shops show it', async () => (await network.shopStocks('SPAND-1')).join() === '36,45,36')
  await e.node.restart()
  const status = await e.api.status()
  expect(status.network).toMatchObject({ evicted: true, inStep: false })
  expect(status.network?.members.map(({ self, online }) => self || online)).toEqual([false, false])
  expect(await network.shopStocks('SPAND-1')).toEqual([36, 45, 36])
  expect(await codeOf(e.api.join(m.link.url))).toBe('409 leave-first')
  expect(await codeOf(e.api.evict(await idOf(m)))).toBe('409 not-a-member')

  await e.api.leave()
  expect((await e.api.status()).network).toBeNull()
  expect(await codeOf(e.api.evict(await idOf(m)))).toBe('409 no-network')
  expect(await idOf(e)).not.toBe(evicted)
  expect((await e.shopApi.products()).map(({ stock }) => stock)).toEqual([45])
  await network.join('E', 'T')
  await network.untilEverywhere('SPAND-1', 36)
  await network.untilAgreed()
  await sell(e, 'SPAND-1', 2)
  await network.untilEverywhere('SPAND-1', 34)
  expect((await m.api.movements('SPAND-1')).map(({ delta }) => delta).toSorted((one, other) => one - other)).toEqual([
    -10, -4, -2,
  ])
})

test('25: E is evicted while E and T are cut off: what T heard of it counts everywhere, and its next sale nowhere', async () => {
  await using network = await open('SPAND-25')
  const [m, e, t] = [network.member('M'), network.member('E'), network.member('T')]
  network.partition(['M'], ['E', 'T'])
  await sell(e, 'SPAND-25', 4)
  await eventually('T has heard of it', () => showsLevel(t, 'SPAND-25', 46))
  await m.api.evict(await idOf(e))
  expect((await m.api.stockOf('SPAND-25'))?.level).toBe(50)
  expect((await e.api.status()).network?.evicted).toBe(false)

  network.heal()
  for (const member of [m, t]) await hasTwoMembers(member)
  await isOut(e)
  await eventually('M has what T heard', () => showsLevel(m, 'SPAND-25', 46))
  await sell(e, 'SPAND-25', 1)
  await sell(t, 'SPAND-25', 3)
  await eventually('M hears of T', () => showsLevel(m, 'SPAND-25', 43))
  await eventually('M and T are in step', async () => (await m.api.status()).network?.inStep === true)
  expect([await m.api.stockOf('SPAND-25'), await t.api.stockOf('SPAND-25')].map((item) => item?.level)).toEqual([
    43, 43,
  ])
  await eventually('both shops show it', async () => (await network.shopStocks('SPAND-25')).join() === '43,45,43')
  for (const { api } of [m, t]) {
    const deltas = (await api.movements('SPAND-25')).map(({ delta }) => delta)
    expect(deltas.toSorted((one, other) => one - other)).toEqual([-4, -3])
  }
})

test('a shop that was away when it was evicted hears of it when it comes back', async () => {
  await using network = await open('SPAND-3')
  const [m, e, t] = [network.member('M'), network.member('E'), network.member('T')]
  const evicted = await idOf(e)
  await e.node.kill()
  await t.api.evict(evicted)
  await hasTwoMembers(m)
  await sell(e, 'SPAND-3', 5)
  await sell(m, 'SPAND-3', 1)
  await eventually('T hears of M', () => showsLevel(t, 'SPAND-3', 49))
  await eventually('both shops show it', async () => (await network.shopStocks('SPAND-3')).join() === '49,45,49')
  await e.node.start()
  await isOut(e)
  expect(await network.shopStocks('SPAND-3')).toEqual([49, 45, 49])
  expect([(await m.api.stockOf('SPAND-3'))?.level, (await t.api.stockOf('SPAND-3'))?.level]).toEqual([49, 49])
})

/**
 * The same SKU is created in two shops: which number is the first one, whatever the clocks say, and that the sales of
 * both count against it. A proxy between node and shop dates what the shop created.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { type Member, Network } from '../harness/network.ts'
import { create, sell, showsLevel } from './trade.ts'

let network: Network
let m: Member
let e: Member

beforeAll(async () => {
  network = await Network.open({ names: ['M', 'E'], httpFaults: true })
  m = network.member('M')
  e = network.member('E')
  await create(m, 'START', 1)
  await network.found()
})

afterAll(async () => {
  await network[Symbol.asyncDispose]()
})

/** Whatever this shop creates from now on, it says that it did so at this time. */
function dateCreations(member: Member, at: number): void {
  member.shopAnswers?.rewriteWith((_, body) => body.replaceAll(/"createdAt":\d+/g, `"createdAt":${at}`))
}

test('17: both create it in the same millisecond; the number of the lower shop id stays, at both', async () => {
  const ids = await Promise.all([m, e].map(async ({ api }) => (await api.status()).node.id))
  const [numberOfM, numberOfE] = [100, 40]
  const [winner, loser] = (ids[0] ?? '') < (ids[1] ?? '') ? [numberOfM, numberOfE] : [numberOfE, numberOfM]
  network.partition(['M'], ['E'])
  const now = Date.now()
  for (const member of network.members) dateCreations(member, now)
  await create(m, 'NY-17', numberOfM)
  await create(e, 'NY-17', numberOfE)
  await eventually('M shows its own', () => showsLevel(m, 'NY-17', numberOfM))
  await eventually('E shows its own', () => showsLevel(e, 'NY-17', numberOfE))
  network.heal()
  await network.untilEverywhere('NY-17', winner)
  await network.untilAgreed()
  for (const { api } of network.members) {
    expect(await api.movements('NY-17')).toEqual([])
    expect((await api.stockOf('NY-17'))?.baseline).toMatchObject({ quantity: winner, at: new Date(now).toISOString() })
    const results = (await api.log()).filter(({ sku }) => sku === 'NY-17').map(({ result }) => result)
    expect(results).toContain(`${loser} replaced by ${winner}`)
  }
})

test('18: E’s clock is two years slow and it creates what the network has at 100; it stays 100', async () => {
  await create(m, 'GAMMEL-18', 100)
  await eventually('E knows it', () => showsLevel(e, 'GAMMEL-18', 100))
  dateCreations(e, Date.now() - 2 * 365 * 86_400_000)
  await create(e, 'GAMMEL-18', 40)
  await network.untilEverywhere('GAMMEL-18', 100)
  await network.untilAgreed()
  network.heal()
  const { node } = await m.api.status()
  for (const { api } of network.members) {
    expect(await api.movements('GAMMEL-18')).toEqual([])
    expect((await api.stockOf('GAMMEL-18'))?.baseline).toMatchObject({ quantity: 100, by: node.id })
  }
})

test('a SKU that both shops create and sell at once has one first number, and both sales count', async () => {
  const skus = Array.from({ length: 20 }, (_, index) => `KAPLOEB-${index}`)
  async function createAndSell(member: Member, sku: string, stock: number): Promise<void> {
    await create(member, sku, stock)
    await sell(member, sku, 1)
  }
  await Promise.all(skus.flatMap((sku) => [createAndSell(m, sku, 100), createAndSell(e, sku, 40)]))
  await network.untilAgreed()
  for (const sku of skus) {
    const [level] = await network.levels(sku)
    expect([98, 38]).toContain(level)
    expect(await network.levels(sku)).toEqual([level, level])
    expect(await network.shopStocks(sku)).toEqual([level, level])
    for (const { api } of network.members) {
      expect((await api.movements(sku)).map(({ delta, cause }) => `${cause} ${delta}`)).toEqual(['sale -1', 'sale -1'])
    }
  }
})

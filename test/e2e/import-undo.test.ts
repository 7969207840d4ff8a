/**
 * An import is taken back. The shop gets its own numbers again, with what it sold since, and no other shop hears of it,
 * whenever the node is killed; or the network gets the shop's numbers, with what every shop sold since.
 */
import type { CountAnswer, ImportAnswer, PauseAnswer } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { codeOf } from './refusal.ts'

const numbers = Array.from({ length: 30 }, (_, index) => index)

/** M's numbers are the network's 100; E had 7 of each, and of one as many as M. */
async function openImported(): Promise<Network> {
  const network = await Network.open({ names: ['M', 'E'], httpFaults: true })
  const [m, e] = [network.member('M'), network.member('E')]
  await fillShop(
    m,
    numbers.map((n) => ({ sku: `U-${n}`, name: `Vare ${n}`, stock: 100 })),
  )
  await fillShop(
    e,
    numbers.map((n) => ({ sku: `u-${n}`, name: `Vare ${n}`, stock: n === 5 ? 100 : 7 })),
  )
  await network.found()
  await m.shopApi.placeOrder({ lines: [{ sku: 'U-0', quantity: 2 }] })
  await e.shopApi.placeOrder({ lines: [{ sku: 'u-1', quantity: 3 }] })
  await network.untilEverywhere('U-0', 98)
  await network.untilEverywhere('U-1', 97)
  return network
}

const importOf = ({ api }: Member): Promise<ImportAnswer> => api.importState()

async function stocksOf({ shopApi }: Member): Promise<ReadonlyMap<string, number | null>> {
  return new Map((await shopApi.products()).map(({ sku, stock }) => [(sku ?? '').toUpperCase(), stock]))
}

async function undone(member: Member): Promise<ImportAnswer> {
  return await eventually('the import is taken back', async () => {
    const answer = await importOf(member)
    return answer.undo?.state === 'done' ? answer : null
  })
}

/** The network's level and shop numbers of M, of which nothing may move. */
async function standOf({ api }: Member): Promise<string> {
  const items = await api.stock()
  return JSON.stringify(items.map(({ sku, level, shopLevel }) => [sku, level, shopLevel]))
}

test('an import that is taken back while the node is killed again and again adjusts each SKU once, and M hears nothing of it', async () => {
  await using network = await openImported()
  const [m, e] = [network.member('M'), network.member('E')]
  expect(await codeOf(m.api.call('POST', '/import/undo'))).toBe('409 nothing-to-undo')
  expect(await importOf(e)).toMatchObject({ state: 'done', undo: { state: 'available' } })
  const before = await standOf(m)

  // One by one, and the answers of the shop are lost with the process that waited for them.
  e.shopAnswers?.delay(150, ({ path }) => path.includes('/adjust'))
  await e.api.call('POST', '/import/undo')
  expect(await e.api.call<PauseAnswer>('GET', '/pause')).toMatchObject({ paused: true })
  for (let kills = 0; kills < 3; kills += 1) {
    await e.node.kill()
    await e.node.start()
  }
  const { undo } = await undone(e)
  expect(undo).toMatchObject({ done: 29, total: 29, refusedCount: 0 })

  const stocks = await stocksOf(e)
  expect(stocks.get('U-0'), 'what M sold was adjusted apart from the import').toBe(5)
  expect(stocks.get('U-1')).toBe(4)
  expect(stocks.get('U-5')).toBe(100)
  for (const n of numbers) if (![0, 1, 5].includes(n)) expect([n, stocks.get(`U-${n}`)]).toEqual([n, 7])
  expect(await standOf(m)).toBe(before)
  expect(await e.api.call<PauseAnswer>('GET', '/pause')).toMatchObject({ paused: true })
  // Asking again changes nothing.
  await e.api.call('POST', '/import/undo')
  expect(await stocksOf(e)).toEqual(stocks)

  // What is sold while it is paused counts when it takes part again, with the network's numbers.
  await e.shopApi.placeOrder({ lines: [{ sku: 'u-2', quantity: 1 }] })
  await e.api.call('POST', '/resume')
  await network.untilEverywhere('U-2', 99)
  for (const sku of ['U-0', 'U-1', 'U-3']) await network.untilEverywhere(sku, { 'U-0': 98, 'U-1': 97 }[sku] ?? 100)
  await network.untilAgreed()
  // And that can be taken back as well.
  await eventually('it is imported again', async () => (await importOf(e)).undo?.state === 'available')
  await e.api.call('POST', '/import/undo')
  await undone(e)
  expect((await stocksOf(e)).get('U-2')).toBe(6)
  expect((await stocksOf(e)).get('U-3')).toBe(7)
  expect((await m.api.stockOf('U-3'))?.level).toBe(100)
})

test('"use this shop" makes its old numbers the network’s, with all that was sold since, once and for some or all', async () => {
  await using network = await openImported()
  const [m, e] = [network.member('M'), network.member('E')]
  const use = (body: object, query = ''): Promise<CountAnswer> =>
    e.api.call('POST', `/import/use-this-shop${query}`, { body })
  expect(await codeOf(m.api.call('POST', '/import/use-this-shop', { body: {} }))).toBe('409 nothing-to-undo')

  const dry = await use({}, '?dryRun=true')
  expect(dry).toMatchObject({ counted: 29, refused: 0, dryRun: true })
  expect((await m.api.stockOf('U-0'))?.level).toBe(98)
  const one = await use({ skus: ['U-0', 'nobody-has-it'] })
  expect(one).toMatchObject({ counted: 1, refused: 1 })
  await network.untilEverywhere('U-0', 5)
  expect((await m.api.stockOf('U-3'))?.level).toBe(100)

  await e.api.call('POST', '/import/undo')
  await undone(e)
  expect(await use({})).toMatchObject({ counted: 28, refused: 0 })
  expect(await use({})).toMatchObject({ counted: 0, refused: 0, unitsChanged: 0 })
  await eventually('M has E’s numbers', async () => (await m.api.stockOf('U-3'))?.level === 7)
  await m.shopApi.placeOrder({ lines: [{ sku: 'U-3', quantity: 2 }] })
  await e.api.call('POST', '/resume')
  await network.untilEverywhere('U-3', 5)
  await network.untilEverywhere('U-1', 4)
  await network.untilEverywhere('U-5', 100)
  await network.untilEverywhere('U-0', 5)
  await network.untilAgreed()
  expect((await m.api.stockOf('U-4'))?.baseline).toMatchObject({ quantity: 7, by: (await e.api.status()).node.id })
})

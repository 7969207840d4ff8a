/**
 * What one member did since a time is undone, here or anywhere, once or twice, and also when it was removed.
 */
import type { CountAnswer } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillAlike, type Member, Network } from '../harness/network.ts'
import { codeOf } from './refusal.ts'

const skus = Array.from({ length: 12 }, (_, index) => `STJ-${index}`)

async function setAll({ shopApi }: Member, stock: number): Promise<void> {
  const products = await shopApi.products()
  await Promise.all(products.map(({ id }) => shopApi.changeProduct(id, { stock })))
}

async function undo({ api }: Member, id: string, since: string, query = ''): Promise<CountAnswer> {
  return await api.call('POST', `/members/${id}/undo${query}`, { body: { since } })
}

test('a shop set everything to zero: it is undone at two shops at once, its sales before stay, and it is removed', async () => {
  await using network = await Network.open({ names: ['M', 'E', 'T'] })
  const [m, e, t] = [network.member('M'), network.member('E'), network.member('T')]
  await fillAlike(network, skus, 50)
  await network.found()
  const id = (await e.api.status()).node.id
  await e.shopApi.placeOrder({ lines: [{ sku: 'STJ-0', quantity: 4 }] })
  await network.untilEverywhere('STJ-0', 46)
  const since = new Date(Date.now()).toISOString()
  await setAll(e, 0)
  await m.shopApi.placeOrder({ lines: [{ sku: 'STJ-1', quantity: 1 }], allowBackorder: true })
  await network.untilEverywhere('STJ-5', 0)
  await eventually('E’s zero and M’s sale add up', async () =>
    (await network.levels('STJ-1')).every((level) => level === -1),
  )

  expect(await codeOf(undo(m, 'nobody', since))).toBe('404 member-unknown')
  expect(await codeOf(undo(m, id, '2999-01-01T00:00:00Z'))).toBe('422 since-future')
  expect(await codeOf(undo(m, id, '2001-01-01T00:00:00Z'))).toBe('422 since-too-old')
  const dry = await undo(m, id, since, '?dryRun=true')
  expect(dry).toMatchObject({ counted: 12, refused: 0, unitsChanged: 11 * 50 + 46, dryRun: true })
  expect(dry.items[0]).toMatchObject({ from: expect.any(Number), to: expect.any(Number) })
  expect((await m.api.stockOf('STJ-5'))?.level).toBe(0)

  await Promise.all([undo(m, id, since), undo(t, id, since)])
  const isRight = async (sku: string, level: number): Promise<void> => {
    await network.untilEverywhere(sku, level)
  }
  await isRight('STJ-0', 46)
  await isRight('STJ-1', 49)
  for (const sku of ['STJ-2', 'STJ-11']) await isRight(sku, 50)
  expect(await undo(m, id, since)).toMatchObject({ counted: 0, unitsChanged: 0 })
  await network.untilAgreed()
  expect((await m.api.log()).some(({ cause, result }) => cause === 'undo' && result === 'member-undone')).toBe(true)

  // It goes on as ever, until it does it again; then it is removed, and that is undone as well.
  await e.shopApi.placeOrder({ lines: [{ sku: 'STJ-2', quantity: 3 }] })
  await isRight('STJ-2', 47)
  const again = new Date(Date.now()).toISOString()
  await setAll(e, 1)
  await network.untilEverywhere('STJ-5', 1)
  await m.api.evict(id)
  expect(await undo(m, id, again)).toMatchObject({ counted: 12, refused: 0 })
  for (const [sku, level] of [
    ['STJ-0', 46],
    ['STJ-2', 47],
    ['STJ-5', 50],
  ] as const) {
    await eventually(`${sku} is ${level} in M and T`, async () => {
      const seen = await Promise.all([m, t].map(async ({ api }) => await api.stockOf(sku)))
      return seen.every((item) => item?.level === level && item.shopLevel === level)
    })
  }
})

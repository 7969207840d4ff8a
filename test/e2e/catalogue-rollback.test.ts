/**
 * A shop whose database was put back to an older copy: nothing of the difference is published by itself, sales go on
 * counting, and a person decides between the network's numbers and the shop's.
 */
import { cp, rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import type { HttpFaultProxy } from '../harness/http-fault-proxy.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'

const skus = Array.from({ length: 60 }, (_, index) => `RUL-${index}`)
const sold = skus.slice(0, 40)

interface Moments {
  /** While the shop is as it will be again. */
  readonly beforeSales?: (network: Network) => Promise<void>
  /** While the shop is not back yet. */
  readonly beforeStart?: (network: Network) => void
}

/** Two shops at 100; E's shop sells 2 each of 40 SKUs, and its folder is put back to what it was before. */
async function openRolledBack({ beforeSales, beforeStart }: Moments = {}): Promise<Network> {
  const network = await Network.open({ names: ['M', 'E'], shopProcesses: true, httpFaults: true })
  for (const member of network.members) {
    await fillShop(
      member,
      skus.map((sku) => ({ sku, name: 'Vare', stock: 100 })),
    )
  }
  await network.found()
  const { shop, shopApi } = network.member('E')
  const copy = `${shop.folder}-copy`
  await shop.stop()
  await cp(shop.folder, copy, { recursive: true })
  await shop.start()
  await beforeSales?.(network)
  await shopApi.placeOrder({ lines: sold.map((sku) => ({ sku, quantity: 2 })) })
  await shopApi.createProduct({ sku: 'TABT', name: 'Kommer ikke igen', stock: 8 })
  await eventually('M has heard', async () => (await network.levels('TABT')).every((level) => level === 8))
  await network.untilAgreed()
  await shop.stop()
  await rm(shop.folder, { recursive: true })
  await cp(copy, shop.folder, { recursive: true })
  beforeStart?.(network)
  await shop.start()
  return network
}

async function heldProblem({ api }: Member) {
  return await eventually('the held SKUs are listed', async () =>
    (await api.problems()).find(({ kind, count }) => kind === 'rollback' && count >= sold.length),
  )
}

async function heldSkus({ api }: Member, id: string): Promise<readonly string[]> {
  const { items } = await api.call<{ items: { sku: string }[] }>('GET', `/problems/${id}/items?limit=1000`)
  return items.map(({ sku }) => sku).sort()
}

async function levelsOfSold({ api }: Member): Promise<ReadonlySet<number | null>> {
  const items = (await api.stock()).filter(({ sku }) => sold.includes(sku))
  return new Set(items.map(({ level }) => level))
}

test('15: a rolled-back shop publishes nothing, a sale meanwhile counts, and "use the network" puts it right', async () => {
  await using network = await openRolledBack()
  const [m, e] = [network.member('M'), network.member('E')]
  const { id, version, count, actions } = await heldProblem(e)
  expect(count).toBe(sold.length)
  expect(await heldSkus(e, id)).toEqual([...sold].sort())
  expect(actions).toEqual([
    { id: 'use-network', destructive: false },
    { id: 'count-in', destructive: true },
  ])
  expect(await levelsOfSold(m)).toEqual(new Set([98]))
  expect(await levelsOfSold(e)).toEqual(new Set([98]))
  expect((await e.api.status()).network?.inStep).toBe(false)
  expect(await m.api.problems()).toEqual([])

  await e.shopApi.placeOrder({ lines: [{ sku: 'RUL-0', quantity: 1 }] })
  await m.shopApi.placeOrder({ lines: [{ sku: 'RUL-1', quantity: 5 }] })
  await eventually('both sales are everywhere', async () => {
    const levels = [await network.levels('RUL-0'), await network.levels('RUL-1')]
    const shops = [await network.shopStocks('RUL-0'), await network.shopStocks('RUL-1')]
    return (
      JSON.stringify([levels, shops]) ===
      JSON.stringify([
        [
          [97, 97],
          [93, 93],
        ],
        [
          [97, 99],
          [93, 95],
        ],
      ])
    )
  })
  const current = await heldProblem(e)
  expect(current).toMatchObject({ id, version, count })
  await e.api.call('POST', `/problems/${id}/use-network`, { body: { version } })
  await network.untilEverywhere('RUL-0', 97)
  await network.untilEverywhere('RUL-1', 93)
  for (const sku of ['RUL-2', 'RUL-39']) await network.untilEverywhere(sku, 98)
  await network.untilEverywhere('RUL-59', 100)
  await network.untilAgreed()
  expect(await e.api.problems()).toEqual([])
  expect(await m.api.movements('RUL-2')).toMatchObject([{ delta: -2, cause: 'sale' }])
})

test('15: what is sold while the rolled-back shop is listed counts once, and does not add to what differs', async () => {
  let listing: ReturnType<HttpFaultProxy['hold']> | undefined
  await using network = await openRolledBack({
    beforeStart(each) {
      listing = each.member('E').shopAnswers?.hold('before', ({ path }) => path.startsWith('/shop/v1/stock-rows'))
    },
  })
  const e = network.member('E')
  await listing?.arrived
  // The listing tells them already, and the feed tells them after it.
  await e.shopApi.placeOrder({ lines: [{ sku: 'RUL-0', quantity: 3 }] })
  await e.shopApi.placeOrder({ lines: [{ sku: 'RUL-50', quantity: 1 }] })
  listing?.release()
  const numbers = async (sku: string): Promise<string> =>
    `${sku}: ${(await network.levels(sku)).join()} in the nodes, ${(await network.shopStocks(sku)).join()} in the shops`
  const wanted = ['RUL-0: 95,95 in the nodes, 95,97 in the shops', 'RUL-50: 99,99 in the nodes, 99,99 in the shops']
  await eventually('each sale counts once, in every node and shop', async () => {
    const seen = [await numbers('RUL-0'), await numbers('RUL-50')]
    if (seen.join() === wanted.join()) return true
    throw new Error(seen.join('; '))
  })
  const { id, version } = await heldProblem(e)
  expect(await heldSkus(e, id)).toEqual([...sold].sort())
  await e.api.call('POST', `/problems/${id}/count-in`, { body: { version } })
  await network.untilEverywhere('RUL-0', 97)
  await network.untilEverywhere('RUL-1', 100)
  await network.untilEverywhere('RUL-50', 99)
  await network.untilAgreed()
})

test('a node that is put back without a word to before its shop was rolled back reads the new feed all the same', async () => {
  let before = ''
  await using network = await openRolledBack({
    async beforeSales(each) {
      const { node } = each.member('E')
      before = `${node.folder}-copy`
      await node.stop()
      await cp(node.folder, before, { recursive: true })
      await node.start()
    },
  })
  const e = network.member('E')
  await heldProblem(e)
  await e.node.kill()
  await rm(e.node.folder, { recursive: true })
  await cp(before, e.node.folder, { recursive: true })
  await e.node.start()
  const { id, version } = await heldProblem(e)
  await e.api.call('POST', `/problems/${id}/use-network`, { body: { version } })
  await network.untilEverywhere('RUL-0', 98)
  await e.shopApi.placeOrder({ lines: [{ sku: 'RUL-0', quantity: 1 }] })
  await network.untilEverywhere('RUL-0', 97)
  await network.untilEverywhere('RUL-59', 100)
  await network.untilAgreed()
})

test('15: a stock count answers which of the two numbers is right, for the SKU that was counted', async () => {
  await using network = await openRolledBack()
  const e = network.member('E')
  const { id } = await heldProblem(e)
  await e.api.count('RUL-39', 90)
  await network.untilEverywhere('RUL-39', 90)
  const left = await eventually('one SKU less is held', async () => {
    const problem = (await e.api.problems()).find((one) => one.id === id)
    return problem?.count === sold.length - 1 ? problem : null
  })
  expect(await heldSkus(e, id)).toEqual(sold.filter((sku) => sku !== 'RUL-39').toSorted())
  await e.api.call('POST', `/problems/${id}/count-in`, { body: { version: left.version } })
  await network.untilEverywhere('RUL-1', 100)
  await network.untilAgreed()
  expect(await network.shopStocks('RUL-39')).toEqual([90, 90])
})

test('15: "count them in" publishes the difference once, and the shop’s ids that come again are other products', async () => {
  await using network = await openRolledBack()
  const [m, e] = [network.member('M'), network.member('E')]
  const { id, version } = await heldProblem(e)
  await e.shopApi.placeOrder({ lines: [{ sku: 'RUL-0', quantity: 1 }] })
  await eventually('the sale is at M', async () => (await m.api.stockOf('RUL-0'))?.level === 97)
  await e.api.call('POST', `/problems/${id}/count-in`, { body: { version } })
  await network.untilEverywhere('RUL-0', 99)
  for (const sku of ['RUL-1', 'RUL-39', 'RUL-59']) await network.untilEverywhere(sku, 100)
  await network.untilAgreed()
  expect((await m.api.movements('RUL-1')).map(({ delta }) => delta).toSorted((one, other) => one - other)).toEqual([
    -2, 2,
  ])
  expect(await m.api.movements('RUL-59')).toEqual([])
  expect(await e.api.problems()).toEqual([])

  // The product that came after the copy is gone with it, and its place in the shop goes to another.
  expect((await e.api.stockOf('TABT'))?.state).toBe('not-here')
  await e.shopApi.createProduct({ sku: 'ANDEN', name: 'Noget andet', stock: 3 })
  await eventually('the new product is at M', async () => (await m.api.stockOf('ANDEN'))?.level === 3)
  await e.shopApi.placeOrder({ lines: [{ sku: 'ANDEN', quantity: 1 }] })
  await eventually('its sale is at M', async () => (await m.api.stockOf('ANDEN'))?.level === 2)
  expect(await network.levels('TABT')).toEqual([8, 8])
})

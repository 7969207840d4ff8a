/**
 * A third shop joins a network that sells on: it takes the network's numbers, is done only when it holds what the
 * accepting shop held, and a kill on the way tears nothing.
 */
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'

const isListing = ({ path }: { readonly path: string }) => path.includes('/stock-rows')

function products(prefix: string, count: number, stock: number): { sku: string; name: string; stock: number }[] {
  return Array.from({ length: count }, (_, index) => ({ sku: `${prefix}-${index}`, name: `Vare ${index}`, stock }))
}

/** The same SKUs with far fewer calls: as variants of products that have no SKU themselves. */
async function fillWithVariants({ shopApi }: Member, variants: ReturnType<typeof products>): Promise<void> {
  for (let from = 0; from < variants.length; from += 800) {
    const body = { sku: null, name: 'Familie', stock: null, variants: variants.slice(from, from + 800) }
    await shopApi.call('POST', '/products', { body })
  }
}

/** The first members form the network; the last one is left to join. */
async function foundWithout(network: Network, joining: string): Promise<void> {
  const [first, ...others] = network.members.filter(({ name }) => name !== joining)
  await first?.api.startImport()
  await eventually('the first import is done', async () => (await first?.api.importState())?.state === 'done')
  for (const { name } of others) await network.join(name, first?.name ?? '')
}

async function requestAndAccept(joining: Member, accepting: Member): Promise<void> {
  await joining.api.join(accepting.link.url, { importWhenAccepted: true })
  const { id, code } = await eventually('the request is seen', async () => {
    const join = await joining.api.joinState()
    return join.state === 'seen' && join.code !== null ? { id: join.id, code: join.code } : null
  })
  await accepting.api.accept(id, code)
}

test('19: of 5,000 SKUs of a joining shop 4,800 take the network’s level, 200 are created and nothing else moves', async () => {
  await using network = await Network.open({ names: ['M', 'T', 'E'] })
  const [m, t, e] = [network.member('M'), network.member('T'), network.member('E')]
  await Promise.all([
    fillWithVariants(m, products('KENDT', 4_800, 100)),
    fillShop(t, products('KENDT', 50, 3)),
    fillWithVariants(e, [...products('kendt', 4_800, 7), ...products('NY', 200, 9)]),
  ])
  await foundWithout(network, 'E')
  await t.shopApi.placeOrder({ lines: [{ sku: 'KENDT-1', quantity: 4 }] })
  await eventually('the sale is at M', async () => (await m.api.stockOf('KENDT-1'))?.level === 96)
  const before = await m.api.stockOf('KENDT-1')
  const movementsBefore = await m.api.movements('KENDT-1')

  await network.join('E', 'M')
  await network.untilAgreed()

  for (const member of network.members) {
    const items = await member.api.stock()
    expect(items).toHaveLength(5_000)
    expect(items.filter(({ sku, level }) => /^kendt-/i.test(sku) && level === 100)).toHaveLength(4_799)
    expect(items.filter(({ sku, level }) => sku.startsWith('NY-') && level === 9)).toHaveLength(200)
  }
  const shopOfE = await e.shopApi.products()
  expect(shopOfE.filter(({ stock }) => stock === 100)).toHaveLength(4_799)
  expect(shopOfE.find(({ sku }) => sku === 'kendt-1')?.stock).toBe(96)
  expect(shopOfE.filter(({ stock }) => stock === 9)).toHaveLength(200)
  const after = await m.api.stockOf('KENDT-1')
  expect({ baseline: after?.baseline, byShop: after?.byShop }).toEqual({
    baseline: before?.baseline,
    byShop: before?.byShop,
  })
  expect(await m.api.movements('KENDT-1')).toEqual(movementsBefore)
  expect(await m.api.movements('KENDT-2')).toEqual([])
  expect((await t.shopApi.products()).filter(({ stock }) => stock !== 100)).toMatchObject([{ stock: 96 }])
})

test('20: a sale of 12 in M during E’s import is at E when E says done, however slow the line between them is', async () => {
  await using network = await Network.open({ names: ['M', 'E'], httpFaults: true })
  const [m, e] = [network.member('M'), network.member('E')]
  await fillShop(m, [{ sku: 'IMP-20', name: 'Gave', stock: 100 }, ...products('V', 50, 10)])
  await fillShop(e, [{ sku: 'imp-20', name: 'Gave', stock: 3 }, ...products('V', 50, 4)])
  await foundWithout(network, 'E')
  await requestAndAccept(e, m)
  for (const { link } of [m, e]) link.delay(300)
  await m.shopApi.placeOrder({ lines: [{ sku: 'IMP-20', quantity: 12 }] })
  const seen = new Set<string>()
  await eventually(
    'the import of E is done',
    async () => {
      const { state, done, total } = await e.api.importState()
      seen.add(`${state} ${done} of ${total}`)
      return state === 'done'
    },
    { every: 5 },
  )
  expect(await network.levels('IMP-20')).toEqual([88, 88])
  expect(await network.shopStocks('IMP-20')).toEqual([88, 88])
  // The whole catalogue was listed long before M's numbers were there.
  expect([...seen]).toContain('listing 51 of 51')
  expect(await m.api.movements('IMP-20')).toMatchObject([{ delta: -12, cause: 'sale' }])
})

test('21: E is killed at 40 % of its import while T hears of M only through E, and T sees no half of an order', async () => {
  await using network = await Network.open({ names: ['M', 'T', 'E'], httpFaults: true })
  const [m, t, e] = [network.member('M'), network.member('T'), network.member('E')]
  const shared = products('HEL', 300, 1_000)
  await Promise.all([
    fillShop(m, shared),
    fillShop(t, shared.slice(0, 5)),
    fillShop(
      e,
      shared.map((product) => ({ ...product, stock: 5 })),
    ),
  ])
  await foundWithout(network, 'E')
  e.shopAnswers?.limitPages(30, isListing)
  e.shopAnswers?.delay(200, isListing)
  await requestAndAccept(e, m)
  await eventually('T has met E', async () => {
    const members = await t.api.members()
    return members.length === 3 && members.every(({ self, online }) => self || online)
  })
  network.cut('M', 'T')

  const order = { lines: shared.map(({ sku }) => ({ sku, quantity: 1 })) }
  const torn: string[] = []
  const stop = new AbortController()
  const watching = watchHalves(t, torn, stop.signal)
  watching.catch(() => undefined)
  for (let sold = 0; sold < 3; sold += 1) await m.shopApi.placeOrder(order)
  await eventually(
    'the import of E is at 40 %',
    async () => {
      const { state, done, total } = await e.api.importState()
      if (state !== 'listing') throw new Error(`too late: ${state} ${done} of ${total}`)
      return total > 0 && done >= total * 0.4
    },
    { every: 5 },
  )
  await e.node.kill()
  for (let sold = 0; sold < 3; sold += 1) await m.shopApi.placeOrder(order)
  await e.node.start()
  const resumed = await e.api.importState()
  expect(resumed.done, resumed.state).toBeGreaterThanOrEqual(90)
  for (let sold = 0; sold < 3; sold += 1) await m.shopApi.placeOrder(order)
  await eventually('T has heard it all through E', async () => (await t.api.stockOf('HEL-0'))?.level === 991)
  stop.abort()
  await watching
  expect(torn).toEqual([])

  network.heal()
  await network.untilAgreed()
  for (const { api, shopApi } of network.members) {
    expect((await api.stock()).filter(({ level }) => level === 991)).toHaveLength(300)
    expect((await shopApi.products()).every(({ stock }) => stock === 991)).toBe(true)
    expect((await api.status()).network?.inStep).toBe(true)
  }
})

/** Every order is of one of each SKU, so at any moment all levels are equal. */
async function watchHalves({ api }: Member, torn: string[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const levels = new Set((await api.stock()).map(({ level }) => level))
    if (levels.size !== 1) torn.push([...levels].join(' and '))
  }
}

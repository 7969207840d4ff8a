/**
 * The walk of the help page over the interface: import in the first shop, ask, accept, import by hand in the second,
 * then sell in either. The import that a person starts must settle every SKU before it calls itself done.
 */
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, Network } from '../harness/network.ts'

test('a shop that asks, is accepted and imports by hand shows the network’s numbers and sells from them', async () => {
  await using network = await Network.open({ names: ['DK', 'SE'] })
  const [dk, se] = [network.member('DK'), network.member('SE')]
  const shared = Array.from({ length: 600 }, (_, index) => ({ sku: `W-${index}`, name: `Vare ${index}`, stock: 100 }))
  await fillShop(dk, [...shared, { sku: 'KUN-DK', name: 'Kun i Danmark', stock: 5 }])
  await fillShop(se, [
    ...shared.map((product) => ({ ...product, sku: product.sku.toLowerCase(), stock: 7 })),
    { sku: 'KUN-SE', name: 'Kun i Sverige', stock: 9 },
  ])
  await dk.api.startImport()
  await eventually('the first import is done', async () => (await dk.api.importState()).state === 'done')

  await se.api.join(dk.link.url, { importWhenAccepted: false })
  const code = await eventually('the request is seen', async () => {
    const state = await se.api.joinState()
    return state.state === 'seen' ? state.code : null
  })
  const [request] = await dk.api.joinRequests()
  expect(request?.code).toBe(code)
  await dk.api.accept(request?.id ?? '', code)
  await eventually('the second shop is ready', async () => (await se.api.importState()).state === 'ready')

  // Nothing is written before its owner says so.
  expect(await network.shopStocks('W-1')).toEqual([100, 7])
  expect((await se.api.stockOf('KUN-SE'))?.baseline).toBeNull()

  await se.api.startImport()
  await eventually('the import is done', async () => (await se.api.importState()).state === 'done')
  expect(await network.shopStocks('W-1')).toEqual([100, 100])
  expect(await network.shopStocks('W-599')).toEqual([100, 100])
  await network.untilAgreed()
  expect((await dk.api.status()).stock).toMatchObject({ skus: 602, matched: 600, problems: 0 })
  expect(await network.levels('KUN-SE')).toEqual([9, 9])

  await se.shopApi.placeOrder({ lines: [{ sku: 'w-1', quantity: 3 }] })
  await network.untilEverywhere('W-1', 97)
  expect(await dk.api.movements('W-1')).toMatchObject([{ delta: -3, cause: 'sale', levelAfter: 97 }])
})

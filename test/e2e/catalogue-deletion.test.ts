/**
 * A product that goes from one shop, or from all of them, and comes back under the same SKU.
 */
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'

async function deleteSku({ shopApi }: Member, sku: string): Promise<void> {
  const found = (await shopApi.products()).find((product) => product.sku === sku)
  await shopApi.deleteProduct(found?.id ?? '')
}

async function openNetwork(): Promise<Network> {
  const network = await Network.open({ names: ['M', 'E'] })
  for (const member of network.members) await fillShop(member, [{ sku: 'SLET-30', name: 'Lampe', stock: 12 }])
  await network.found()
  return network
}

test('30: deleted in E only, M goes on with 12, and created again in E with 5 it takes the network’s level', async () => {
  await using network = await openNetwork()
  const [m, e] = [network.member('M'), network.member('E')]
  await deleteSku(e, 'SLET-30')
  await eventually('E’s node has heard', async () => (await e.api.stockOf('SLET-30'))?.state === 'not-here')
  await network.untilAgreed()
  expect(await network.levels('SLET-30')).toEqual([12, 12])
  expect(await network.shopStocks('SLET-30')).toEqual([12, null])
  await m.shopApi.placeOrder({ lines: [{ sku: 'SLET-30', quantity: 1 }] })
  await eventually('E hears of the sale', async () => (await e.api.stockOf('SLET-30'))?.level === 11)

  await e.shopApi.createProduct({ sku: 'slet-30', name: 'Lampe', stock: 5 })
  await network.untilEverywhere('SLET-30', 11)
  await network.untilAgreed()
  expect(await m.api.movements('SLET-30')).toMatchObject([{ delta: -1 }])
  for (const { api } of network.members) expect(await api.problems()).toEqual([])
})

test('30: deleted in every shop and created again in E with 5 it is 5, and M gets it with 5', async () => {
  await using network = await openNetwork()
  const [m, e] = [network.member('M'), network.member('E')]
  await deleteSku(m, 'SLET-30')
  await deleteSku(e, 'SLET-30')
  await eventually('both nodes know that no shop has it', async () => {
    const shops = await Promise.all(network.members.map(async ({ api }) => (await api.stockOf('SLET-30'))?.shops))
    return shops.flat().every((shop) => shop?.listed === false)
  })
  await network.untilAgreed()
  expect(await network.shopStocks('SLET-30')).toEqual([null, null])

  await e.shopApi.createProduct({ sku: 'SLET-30', name: 'Lampe, ny', stock: 5 })
  await eventually('both nodes say 5', async () => (await network.levels('SLET-30')).every((level) => level === 5))
  await e.shopApi.placeOrder({ lines: [{ sku: 'SLET-30', quantity: 2 }] })
  await m.shopApi.createProduct({ sku: 'SLET-30', name: 'Lampe', stock: 40 })
  await network.untilEverywhere('SLET-30', 3)
  await network.untilAgreed()
  for (const { api } of network.members) expect(await api.problems()).toEqual([])
})

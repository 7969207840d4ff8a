/**
 * One SKU on two products of a shop: that SKU is left out there and listed, and everything else goes on.
 */
import { expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { fillShop, Network } from '../harness/network.ts'

test('28: a SKU that stands twice in E is left out there until it is repaired, and its sales are listed, not counted', async () => {
  await using network = await Network.open({ names: ['M', 'E'] })
  const [m, e] = [network.member('M'), network.member('E')]
  await fillShop(m, [
    { sku: 'DOBB-28', name: 'Kop', stock: 100 },
    { sku: 'ENKELT-28', name: 'Fad', stock: 10 },
  ])
  const one = await e.shopApi.createProduct({ sku: 'DOBB-28', name: 'Kop, rød', stock: 7 })
  const other = await e.shopApi.createProduct({ sku: ' dobb-28', name: 'Kop, blå', stock: 9 })
  await e.shopApi.createProduct({ sku: 'ENKELT-28', name: 'Fad', stock: 1 })
  await network.found()

  const [problem, ...others] = await e.api.problems()
  expect(others).toEqual([])
  expect(problem).toMatchObject({ kind: 'duplicate', sku: 'DOBB-28', count: 2 })
  const products = problem?.details['products'] as { id: string; name: string; stock: number }[]
  expect(products.map(({ id, stock }) => ({ id, stock }))).toEqual([
    { id: one.id, stock: 7 },
    { id: other.id, stock: 9 },
  ])
  const detail = await e.api.stockOf('DOBB-28')
  expect(detail?.state).toBe('duplicate')
  const addresses = detail?.products.map(({ adminUrl }) => new URL(adminUrl ?? ''))
  expect(addresses?.map(({ pathname, hash }) => [pathname, hash.slice(1)])).toEqual([
    ['/shop/admin', one.id],
    ['/shop/admin', other.id],
  ])
  expect(await m.api.problems()).toEqual([])
  expect(await network.levels('DOBB-28')).toEqual([100, 100])

  await e.shopApi.placeOrder({ lines: [{ productId: one.id, quantity: 2 }] })
  await e.shopApi.placeOrder({ lines: [{ sku: 'ENKELT-28', quantity: 1 }] })
  await m.shopApi.placeOrder({ lines: [{ sku: 'DOBB-28', quantity: 1 }] })
  await network.untilEverywhere('ENKELT-28', 9)
  await eventually('E hears of the sale in M', async () => (await e.api.stockOf('DOBB-28'))?.level === 99)
  const line = (await e.api.log()).find(({ result }) => result === 'duplicate-not-counted')
  expect(line).toMatchObject({ sku: 'DOBB-28', delta: -2, cause: 'sale' })
  expect(await network.levels('DOBB-28')).toEqual([99, 99])
  expect(await m.api.movements('DOBB-28')).toMatchObject([{ delta: -1 }])
  expect((await e.shopApi.products()).map(({ stock }) => stock)).toEqual([5, 9, 9])

  await e.shopApi.changeProduct(other.id, { sku: 'DOBB-28-BLÅ' })
  await network.untilEverywhere('DOBB-28', 99)
  await network.untilAgreed()
  expect(await e.api.problems()).toEqual([])
  expect(await network.levels('dobb-28-blå')).toEqual([9, 9])
  expect(await m.api.movements('DOBB-28')).toMatchObject([{ delta: -1 }])

  await e.shopApi.placeOrder({ lines: [{ sku: 'DOBB-28', quantity: 4 }] })
  await network.untilEverywhere('DOBB-28', 95)
})

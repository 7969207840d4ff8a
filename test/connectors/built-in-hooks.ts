/** What the conformance suite does to a built-in shop past its connector. */
import { createHmac } from 'node:crypto'
import { systemClock } from '../../packages/node/src/ports.ts'
import type { Shop } from '../../packages/node/src/shop/shop.ts'
import type { ShopUnderTest } from './shop-under-test.ts'

type Hooks = Pick<
  ShopUnderTest,
  'create' | 'stockOf' | 'sell' | 'cancel' | 'type' | 'rename' | 'remove' | 'createTwin' | 'createPool' | 'stockMin'
> & { readonly cannot: ShopUnderTest['cannot'] }

export function builtInHooks(shop: Shop): Hooks {
  const productOf = async (stockId: string): Promise<string> => {
    const rows = await shop.stockRows({ after: null, limit: 1_000 })
    return rows.items.find((row) => row.stockId === stockId)?.products[0]?.id ?? ''
  }
  const create = async (sku: string | null, stock: number | null): Promise<string> =>
    (await shop.createProduct({ sku, name: '', stock })).body.stockId
  return {
    create: ({ sku, stock }) => create(sku, stock),
    stockOf: async (stockId) => (await shop.product(await productOf(stockId))).stock,
    sell: async (stockId, quantity) =>
      (await shop.placeOrder({ lines: [{ productId: await productOf(stockId), quantity }] })).body.id,
    cancel: async (order) => void (await shop.cancelOrder(order)),
    type: async (stockId, stock) => void (await shop.changeProduct(await productOf(stockId), { stock })),
    rename: async (stockId, sku) => void (await shop.changeProduct(await productOf(stockId), { sku })),
    remove: async (stockId) => shop.deleteProduct(await productOf(stockId)),
    createTwin: (sku, stock) => create(sku, stock),
    createPool: async ([first, second], stock) => {
      const variants = [first, second].map((sku) => ({ sku, name: '' }))
      return (await shop.createProduct({ sku: null, name: '', stock, pool: true, variants })).body.stockId
    },
    stockMin: null,
    cannot: {
      typeFraction: 'this shop takes whole units only',
      createBundle: 'this shop has no bundles',
      beforeNextWrite: 'an adjustment is one transaction: nothing comes between its reading and its writing',
      hintSwitch: 'its hints are not switched off',
      copy: 'a copy has the same address, so that only the feed tells that it went back',
      reopen: 'the connector has nothing on disk',
      'silent-no-op': 'this shop never says yes to what it did not do',
    },
  }
}

/** A hint signed with the key as a shop of ours signs it. */
export function signedHint(
  key: string,
  check: NonNullable<ShopUnderTest['signedHint']>['check'],
): NonNullable<ShopUnderTest['signedHint']> {
  return {
    request() {
      const body = Buffer.from('{}')
      const signature = createHmac('sha256', key).update(body).digest('hex')
      return { body, headers: { 'stockmesh-signature': `v1=${signature}` }, now: systemClock.now() }
    },
    check,
  }
}

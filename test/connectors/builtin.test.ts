/** The built-in shop over HTTP, as every connector is tried; its clock is five minutes slow. */
import { createHmac } from 'node:crypto'
import { createBuiltinConnector } from '../../packages/node/src/connectors/builtin.ts'
import { checkStockmeshSignature } from '../../packages/node/src/connectors/stockmesh-signature.ts'
import { systemClock, systemTimers } from '../../packages/node/src/ports.ts'
import { serveShop } from '../shop/served-shop.ts'
import { conformance } from './conformance.ts'
import { ShopTime, skewMs } from './shop-time.ts'
import type { Fault, FaultyCall, ShopUnderTest } from './shop-under-test.ts'
import { openFaultyLine } from './faulty-line.ts'

async function open(): Promise<ShopUnderTest> {
  const time = new ShopTime(systemClock, -skewMs)
  const served = await serveShop({ ...systemTimers, now: () => time.now() })
  const { server } = served
  const { shop } = server
  const line = await openFaultyLine(server.url, ({ method, url }) =>
    url.includes('/adjust') ? 'write' : method === 'GET' ? 'read' : null,
  )
  const productOf = async (stockId: string): Promise<string> => {
    const rows = await shop.stockRows({ after: null, limit: 1_000 })
    return rows.items.find((row) => row.stockId === stockId)?.products[0]?.id ?? ''
  }
  const create = async (sku: string | null, stock: number | null): Promise<string> =>
    (await shop.createProduct({ sku, name: '', stock })).body.stockId
  return {
    connector: createBuiltinConnector({ url: line.url, key: 'key', shopUrl: null }),
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
    breakNext: (fault: Fault, call: FaultyCall) => line.breakNext(fault, call),
    stopClock: (stands) => time.stop(stands),
    signedHint: {
      request() {
        const body = Buffer.from('{}')
        const signature = createHmac('sha256', 'key').update(body).digest('hex')
        return { body, headers: { 'stockmesh-signature': `v1=${signature}` }, now: systemClock.now() }
      },
      check: (hint) => checkStockmeshSignature(hint, ['key']),
    },
    stockMin: null,
    cannot: {
      typeFraction: 'this shop takes whole units only',
      beforeNextWrite: 'an adjustment is one transaction: nothing comes between its reading and its writing',
      hint: 'the feed is waited on, so there are no hints',
      hintSwitch: 'its hints are not switched off',
      copy: 'a copy has the same address, so that only the feed tells that it went back',
      reopen: 'the connector has nothing on disk',
      'silent-no-op': 'this shop never says yes to what it did not do',
    },
    patienceMs: 10_000,
    async [Symbol.asyncDispose]() {
      await line[Symbol.asyncDispose]()
      await served[Symbol.asyncDispose]()
    },
  }
}

conformance('the built-in connector', open)

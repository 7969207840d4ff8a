/** The built-in shop over HTTP, as every connector is tried; its clock is five minutes slow. */
import { createBuiltinConnector } from '../../packages/node/src/connectors/builtin.ts'
import { checkStockmeshSignature } from '../../packages/node/src/connectors/stockmesh-signature.ts'
import { systemClock, systemTimers } from '../../packages/node/src/ports.ts'
import { serveShop } from '../shop/served-shop.ts'
import { builtInHooks, signedHint } from './built-in-hooks.ts'
import { conformance } from './conformance.ts'
import { openFaultyLine } from './faulty-line.ts'
import { ShopTime, skewMs } from './shop-time.ts'
import type { ShopUnderTest } from './shop-under-test.ts'

async function open(): Promise<ShopUnderTest> {
  const time = new ShopTime(systemClock, -skewMs)
  const served = await serveShop({ ...systemTimers, now: () => time.now() })
  const { server } = served
  const line = await openFaultyLine(server.url, ({ method, url }) =>
    url.includes('/adjust') ? 'write' : method === 'GET' ? 'read' : null,
  )
  const hooks = builtInHooks(server.shop)
  return {
    ...hooks,
    connector: createBuiltinConnector({ url: line.url, key: 'key', shopUrl: null }),
    breakNext: (fault, call) => line.breakNext(fault, call),
    stopClock: (stands) => time.stop(stands),
    signedHint: signedHint('key', (hint) => checkStockmeshSignature(hint, ['key'])),
    cannot: { ...hooks.cannot, hint: 'the feed is waited on, so there are no hints' },
    patienceMs: 10_000,
    async [Symbol.asyncDispose]() {
      await line[Symbol.asyncDispose]()
      await served[Symbol.asyncDispose]()
    },
  }
}

conformance('the built-in connector', open)

/** The connector to a WooCommerce shop with the companion, before a stand-in of its endpoints, as every one is tried. */
import { wooCommercePlatform } from '../../packages/node/src/connectors/woocommerce/platform.ts'
import { hookKeyOf, type WooCommerceSettings } from '../../packages/node/src/connectors/woocommerce/settings.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { builtInHooks, signedHint } from '../connectors/built-in-hooks.ts'
import { conformance } from '../connectors/conformance.ts'
import { FastTime } from '../connectors/fast-time.ts'
import { openFaultyLine } from '../connectors/faulty-line.ts'
import { ShopTime, skewMs } from '../connectors/shop-time.ts'
import type { ShopUnderTest } from '../connectors/shop-under-test.ts'
import { serveShop } from '../shop/served-shop.ts'
import { consumerKey, consumerSecret, WordPressFront } from './wordpress-front.ts'

async function open(): Promise<ShopUnderTest> {
  const time = new ShopTime(systemClock, -skewMs)
  const served = await serveShop({ ...systemTimers, now: () => time.now() })
  const front = await WordPressFront.open(served.server.url)
  const line = await openFaultyLine(front.url, ({ method, url }) =>
    url.includes('/adjust') ? 'write' : method === 'GET' ? 'read' : null,
  )
  front.switches.home = line.url
  const settings: WooCommerceSettings = { url: line.url, consumerKey, consumerSecret, companion: 'yes' }
  const connector = await wooCommercePlatform.open(
    settings,
    // Signatures bear the time of the clock on the wall; the waits between two looks pass sooner.
    { directory: '', clock: systemClock, timers: new FastTime(20), random: systemRandom, hookUrl: null },
  )
  const hooks = builtInHooks(served.server.shop)
  return {
    ...hooks,
    connector,
    hint: () => connector.hint?.(),
    breakNext: (fault, call) => line.breakNext(fault, call),
    stopClock: (stands) => time.stop(stands),
    signedHint: signedHint(hookKeyOf(settings), (hint) => {
      return wooCommercePlatform.checkHint?.(settings, hint) ?? 'signature-invalid'
    }),
    patienceMs: 15_000,
    async [Symbol.asyncDispose]() {
      await connector[Symbol.asyncDispose]()
      await line[Symbol.asyncDispose]()
      await front[Symbol.asyncDispose]()
      await served[Symbol.asyncDispose]()
    },
  }
}

conformance('WooCommerce with the companion', open)

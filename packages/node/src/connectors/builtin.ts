/** The connector to the built-in shop over HTTP. */
import type { OpenConnector } from './platform.ts'
import { createFeedConnector } from './feed-connector.ts'
import { askShop } from './shop-call.ts'

export interface BuiltinConnectorOptions {
  /** The shop's address, as `http://127.0.0.1:7500`. */
  readonly url: string
  readonly key: string
  /** The storefront's address for people; null if there is none. It may change with the node's own. */
  readonly shopUrl: string | null
}

export function createBuiltinConnector(options: BuiltinConnectorOptions): OpenConnector {
  const address = { url: options.url.replace(/\/+$/, ''), space: '/shop/v1', key: options.key }
  return createFeedConnector({
    name: 'builtin',
    ask: (call, signal) => askShop(address, call, signal),
    get shopUrl() {
      return options.shopUrl
    },
    adminUrl(productId) {
      return options.shopUrl === null ? null : new URL(`admin#${encodeURIComponent(productId)}`, options.shopUrl).href
    },
  })
}

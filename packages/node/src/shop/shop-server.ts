/**
 * The built-in shop as a server of its own: the interface, the storefront and its admin page, health. It owns the shop
 * and the port, and closes both: first the port, so that requests in progress are answered.
 */
import { join } from 'node:path'
import express, { type Express } from 'express'
import type { Clock } from '../http/clock.ts'
import { answerFailures, answerNotFound } from '../http/failure-answer.ts'
import { setSecurityHeaders } from '../http/headers.ts'
import { type Listener, openListener } from '../http/listener.ts'
import { builtPages, servePage, servePages } from '../http/pages.ts'
import type { Random } from '../ports.ts'
import type { ShopClock } from './shop-clock.ts'
import { ShopLogin } from './shop-login.ts'
import { createShopRouter } from './shop-router.ts'
import { openShop, type Shop } from './shop.ts'

export interface ShopServerOptions {
  readonly directory: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Bearer tokens, and keys that sign in to the admin page. */
  readonly keys: readonly string[]
  /** Whether visitors without a login may see products and place orders. */
  readonly open: boolean
  /** Whether a proxy in front says who asks, and whether by https; absent: no. */
  readonly trustsProxy?: boolean
  readonly clock: ShopClock & Clock
  readonly random: Random
  readonly logger: Parameters<typeof answerFailures>[0]
  /** The built pages: `shop.html`, `shop-admin.html`, `assets/`. */
  readonly pagesDirectory?: string
}

/** Errors: those of `openShop`; `port-in-use`, `port-forbidden`, `host-unknown`. */
export async function openShopServer(options: ShopServerOptions): Promise<ShopServer> {
  const { directory, clock, random, logger } = options
  const onFailed = (error: unknown): void => logger.error({ err: error }, 'the shop could not write to its disk')
  const shop = await openShop({ directory, clock, random, onFailed })
  try {
    const app = createShopApp(shop, options)
    const listener = await openListener({ host: options.host, port: options.port, app, upgrades: {}, clock })
    return new ShopServer(shop, listener, options.host)
  } catch (error) {
    await shop[Symbol.asyncDispose]()
    throw error
  }
}

export class ShopServer implements AsyncDisposable {
  readonly shop: Shop
  readonly url: string
  readonly #listener: Listener

  constructor(shop: Shop, listener: Listener, host: string) {
    this.shop = shop
    this.#listener = listener
    this.url = `http://${host.includes(':') ? `[${host}]` : host}:${listener.port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.shop.endWaits()
    await this.#listener[Symbol.asyncDispose]()
    await this.shop[Symbol.asyncDispose]()
  }
}

function createShopApp(shop: Shop, options: ShopServerOptions): Express {
  const { clock, logger, keys, open, trustsProxy = false } = options
  const pages = options.pagesDirectory ?? builtPages()
  const login = new ShopLogin({ keys, open, shopId: shop.shopId, clock, trustsProxy })
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  app.use(setSecurityHeaders(() => '', trustsProxy))
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' })
  })
  app.get('/readyz', (_request, response) => {
    response.status(shop.serving ? 200 : 503).json({ status: shop.serving ? 'ready' : 'not-ready' })
  })
  app.use('/shop/v1', createShopRouter(shop, login, logger))
  app.use('/shop/session', login.createRouter())
  app.get('/', (_request, response) => response.redirect('/shop/'))
  app.get('/shop', servePage(pages, 'shop.html'))
  app.get('/shop/admin', servePage(pages, 'shop-admin.html'))
  app.use('/assets', servePages(join(pages, 'assets')))
  app.use(answerNotFound)
  app.use(answerFailures(logger))
  return app
}

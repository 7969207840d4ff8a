/**
 * The built-in shop inside a node: open while it is the shop that the node is beside, and closed for as long as another
 * one is.
 */
import type { RequestHandler } from 'express'
import type { Shop } from '../shop/shop.ts'

export class OwnShop implements AsyncDisposable {
  readonly #openShop: () => Promise<Shop>
  readonly #serve: (shop: Shop) => RequestHandler
  #open: { readonly shop: Shop; readonly handle: RequestHandler } | null = null

  constructor(openShop: () => Promise<Shop>, serve: (shop: Shop) => RequestHandler) {
    this.#openShop = openShop
    this.#serve = serve
  }

  get current(): Shop | null {
    return this.#open?.shop ?? null
  }

  /** Errors: those of its database. */
  async open(): Promise<void> {
    if (this.#open !== null) return
    const shop = await this.#openShop()
    this.#open = { shop, handle: this.#serve(shop) }
  }

  async close(): Promise<void> {
    const shop = this.current
    this.#open = null
    shop?.endWaits()
    await shop?.[Symbol.asyncDispose]()
  }

  /** Answers below `/shop/v1`; while it is closed nothing is there. */
  readonly handle: RequestHandler = (request, response, next) => {
    if (this.#open === null) next()
    else void this.#open.handle(request, response, next)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

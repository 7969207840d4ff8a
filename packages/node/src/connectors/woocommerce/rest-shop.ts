/**
 * A WooCommerce shop without the companion plugin, class *absolute with order lines*: a write may overwrite a sale, and the
 * order's own lines then tell of it. Everything that must be remembered is in the journal beside the node.
 */
import { z } from 'zod'
import type { Clock, Timers } from '../../ports.ts'
import type {
  ChangedRows,
  ObservedPage,
  ObservedRow,
  ObservedShop,
  OrderLines,
  StockWrite,
  StockWriteResult,
} from '../observed/observed-shop.ts'
import { ids } from './rest-answers.ts'
import { firstPage, RestCalls, type RestClient } from './rest-calls.ts'
import { listPlace, RestCatalogue } from './rest-catalogue.ts'
import {
  changesOverlapMs,
  lateLineMs,
  pageItemsMax,
  pollMs,
  trashMs,
  unansweredMs,
  writesPerCallMax,
} from './rest-limits.ts'
import { readOrders } from './rest-orders.ts'
import { RestWebhook } from './rest-webhook.ts'
import { writeStock } from './rest-writer.ts'

const changesCursor = z.object({
  /** When changes were asked for last, by the shop's clock. */
  askedAt: z.number(),
  /** In the middle of a list: which, where, and when it was begun. */
  list: listPlace.extend({ startedAt: z.number() }).nullable(),
})
type ChangesCursor = z.infer<typeof changesCursor>

export interface RestShopParts {
  readonly clock: Clock
  readonly timers: Timers
  /** Where the shop's hints go, and the key that signs them; null: nowhere. */
  readonly hook: { readonly url: string; readonly key: string } | null
  readonly shopUrl: string
}

export class RestShop implements ObservedShop {
  readonly name = 'woocommerce'
  readonly writing = 'absolute'
  readonly stockMin: null = null
  readonly shopUrl: string
  readonly pollMs: number = pollMs
  readonly readLagMs: number = 0
  readonly lateLineMs: number = lateLineMs
  readonly unansweredMs: number = unansweredMs
  readonly readsPerCallMax: number = pageItemsMax
  readonly writesPerCallMax: number = writesPerCallMax
  readonly #client: RestClient
  readonly #calls: RestCalls
  readonly #catalogue: RestCatalogue
  readonly #webhook: RestWebhook
  readonly #clock: Clock
  #trashAt = Number.NEGATIVE_INFINITY

  /** The client is closed with the shop. */
  constructor(client: RestClient, { clock, timers, hook, shopUrl }: RestShopParts) {
    this.#client = client
    this.#calls = new RestCalls(client, { clock, timers })
    this.#catalogue = new RestCatalogue(this.#calls)
    this.#webhook = new RestWebhook(this.#calls, clock, hook)
    this.#clock = clock
    this.shopUrl = shopUrl
  }

  list({ after }: { after: string | null; limit: number }, signal: AbortSignal): Promise<ObservedPage> {
    return this.#catalogue.list(after, signal)
  }

  async changes(cursor: string | null, signal: AbortSignal): Promise<ChangedRows> {
    await this.#webhook.keep(signal)
    if (cursor === null) {
      const { shopTime } = await this.#calls.get('/products', 'per_page=1&_fields=id', ids, signal)
      const begun: ChangesCursor = { askedAt: shopTime ?? this.#clock.now() - changesOverlapMs, list: null }
      return { stockIds: [], cursor: JSON.stringify(begun), hasMore: false }
    }
    const at = changesCursor.parse(JSON.parse(cursor))
    const of = at.list?.of ?? 'products'
    const since = at.askedAt - changesOverlapMs
    const found = await this.#catalogue.changed(of, since, at.list?.place ?? firstPage, signal)
    const startedAt = at.list?.startedAt ?? found.shopTime ?? at.askedAt
    const after = await this.#catalogue.placeAfter(of, found.next, signal)
    const list = after === null ? null : { ...after, startedAt }
    const next: ChangesCursor = { askedAt: list === null ? startedAt : at.askedAt, list }
    return { stockIds: found.stockIds, cursor: JSON.stringify(next), hasMore: list !== null }
  }

  read(stockIds: readonly string[], signal: AbortSignal): Promise<readonly ObservedRow[]> {
    return this.#catalogue.read(stockIds, signal)
  }

  write(writes: readonly StockWrite[], signal: AbortSignal): Promise<readonly StockWriteResult[]> {
    return writeStock(this.#calls, writes, signal)
  }

  async orderLines(cursor: string | null, signal: AbortSignal): Promise<OrderLines> {
    const now = this.#clock.now()
    const looksIntoTrash = Math.abs(now - this.#trashAt) >= trashMs
    const found = await readOrders(this.#calls, cursor, { looksIntoTrash, now }, signal)
    if (looksIntoTrash && !found.hasMore) this.#trashAt = now
    return found
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]()
  }
}

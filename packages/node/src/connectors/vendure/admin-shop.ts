/**
 * A Vendure shop without the companion, class *relative*: its Admin API only takes numbers, and its own book of movements
 * says what each of ours has changed. Sales are seen by their orders, typed numbers by going through all variants in turn.
 */
import { z } from 'zod'
import type { Clock } from '../../ports.ts'
import { ConnectorError } from '../connector.ts'
import type {
  ChangedRows,
  ObservedPage,
  ObservedRow,
  ObservedShop,
  OrderLines,
  StockWrite,
  StockWriteResult,
} from '../observed/observed-shop.ts'
import type { AdminClient } from './admin-client.ts'
import { changesOverlapMs, pageItemsMax, pollMs, unansweredMs, writesPerCallMax } from './admin-limits.ts'
import { readOrders } from './admin-orders.ts'
import { firstPage, type IdPage, type PagePlace, place, readPage } from './admin-pages.ts'
import { idPage, type Listed, rowsOf, variantFields, variantPage } from './admin-rows.ts'
import { locationsOf } from './admin-trial.ts'
import { writeStock } from './admin-writer.ts'
import type { AdminSettings } from './settings.ts'

const rowsQuery = `query StockmeshRows($options: ProductVariantListOptions) { globalSettings { trackInventory } productVariants(options: $options) { totalItems items { ${variantFields} } } }`
const idsQuery =
  'query StockmeshVariants($options: ProductVariantListOptions) { productVariants(options: $options) { totalItems items { id } } }'

const changesCursor = z.object({
  /** When changes were asked for last, by the shop's clock. */
  askedAt: z.number(),
  /** In the middle of a list of changed variants: where, and when it was begun. */
  list: z.object({ place, startedAt: z.number() }).nullable(),
  /** How far all variants have been gone through. */
  round: place,
})
type ChangesCursor = z.infer<typeof changesCursor>

export class AdminShop implements ObservedShop {
  readonly name = 'vendure'
  readonly writing = 'relative'
  readonly stockMin: null = null
  readonly shopUrl: string
  readonly pollMs: number = pollMs
  readonly readLagMs: number = 0
  readonly unansweredMs: number = unansweredMs
  readonly readsPerCallMax: number = pageItemsMax
  readonly writesPerCallMax: number = writesPerCallMax
  readonly #client: AdminClient
  readonly #clock: Clock
  #location: string | null

  /** The client is closed with the shop. */
  constructor(client: AdminClient, { url, location }: AdminSettings, { clock }: { readonly clock: Clock }) {
    this.#client = client
    this.#clock = clock
    this.#location = location
    this.shopUrl = url
  }

  async list({ after }: { after: string | null; limit: number }, signal: AbortSignal): Promise<ObservedPage> {
    const at = after === null ? firstPage : place.parse(JSON.parse(after))
    const { items, next, total } = await this.#rows({}, at, signal)
    return { items, next: next === null ? null : JSON.stringify(next), total }
  }

  async changes(cursor: string | null, signal: AbortSignal): Promise<ChangedRows> {
    if (cursor === null) {
      const { shopTime } = await this.#ids({ id: { in: [] } }, firstPage, signal)
      const begun = { askedAt: shopTime ?? this.#clock.now() - changesOverlapMs, list: null, round: firstPage }
      return { stockIds: [], cursor: JSON.stringify(begun satisfies ChangesCursor), hasMore: false }
    }
    const at = changesCursor.parse(JSON.parse(cursor))
    const after = new Date(at.askedAt - changesOverlapMs).toISOString()
    const found = await this.#ids({ updatedAt: { after } }, at.list?.place ?? firstPage, signal)
    const startedAt = at.list?.startedAt ?? found.shopTime ?? at.askedAt
    const stockIds = found.items.map(({ id }) => id)
    if (found.next !== null) {
      const next: ChangesCursor = { ...at, list: { place: found.next, startedAt } }
      return { stockIds, cursor: JSON.stringify(next), hasMore: true }
    }
    // A typed number changes no time of its variant.
    const round = await this.#ids({}, at.round, signal)
    const next: ChangesCursor = { askedAt: startedAt, list: null, round: round.next ?? firstPage }
    return { stockIds: [...stockIds, ...round.items.map(({ id }) => id)], cursor: JSON.stringify(next), hasMore: false }
  }

  async read(stockIds: readonly string[], signal: AbortSignal): Promise<readonly ObservedRow[]> {
    return (await this.#rows({ id: { in: stockIds } }, firstPage, signal)).items
  }

  async write(writes: readonly StockWrite[], signal: AbortSignal): Promise<readonly StockWriteResult[]> {
    return await writeStock(this.#client, await this.#locationOf(signal), writes, signal)
  }

  async orderLines(cursor: string | null, signal: AbortSignal): Promise<OrderLines> {
    return await readOrders(this.#client, cursor, this.#clock.now(), signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]()
  }

  async #rows(filter: object, at: PagePlace, signal: AbortSignal) {
    const location = await this.#locationOf(signal)
    const asked = { name: 'StockmeshRows', query: rowsQuery, filter, schema: variantPage, listOf: variantsOf }
    const page = await readPage(this.#client, asked, at, signal)
    const wanted = new Set(page.items.map(({ id }) => id))
    return { ...page, items: rowsOf(page.value, location).filter(({ stockId }) => wanted.has(stockId)) }
  }

  #ids(filter: object, at: PagePlace, signal: AbortSignal): Promise<IdPage<{ id: string }, unknown>> {
    const asked = { name: 'StockmeshVariants', query: idsQuery, filter, schema: idPage, listOf: variantsOf }
    return readPage(this.#client, asked, at, signal)
  }

  /** Without a choice the only one there is; another that comes later is then not meant. */
  async #locationOf(signal: AbortSignal): Promise<string> {
    if (this.#location !== null) return this.#location
    const [only, ...others] = await locationsOf(this.#client, signal)
    if (only === undefined || others.length > 0) {
      throw new ConnectorError(
        'not-writable',
        'The shop has not exactly one stock location. Try the connection again and choose the one to synchronise.',
      )
    }
    this.#location = only.id
    return only.id
  }
}

function variantsOf<T>({ productVariants }: { readonly productVariants: Listed<T> }): Listed<T> {
  return productVariants
}

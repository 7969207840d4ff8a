/**
 * An OpenBizBox shop as an `ObservedShop`. It is polled for changed products and for orders, because it is not published
 * whether a sale counts as a change of the product.
 */
import { z } from 'zod'
import type { Clock } from '../../ports.ts'
import type {
  ChangedRows,
  ObservedPage,
  ObservedRow,
  ObservedShop,
  OrderLines,
  StockWrite,
  StockWriteResult,
} from '../observed/observed-shop.ts'
import { ConnectorError } from '../connector.ts'
import { readPage, readProducts } from './catalogue.ts'
import { type OpenBizBoxClient } from './client.ts'
import { batchWritesPerCallMax, changesOverlapMs, pageItemsAsked, pollMs, singleWritesPerCallMax } from './limits.ts'
import type { Product } from './answers.ts'
import { linesOfOrder, markOfNow, mayBeFresh, type OrderMark, readOrders, stockIdsOfOrder } from './order-book.ts'
import type { OpenBatch } from './open-batch.ts'
import { rowsOfProduct } from './product-rows.ts'
import type { Settings } from './settings.ts'
import { partsOfStockId } from './stock-id.ts'
import { StockWriter } from './stock-writer.ts'
import type { WriteStop } from './write-stop.ts'
import { wayOfWriting } from './writing.ts'

const orderMark = z.object({ id: z.int().min(0), changedAt: z.number().nullable(), newest: z.number().nullable() })
/** When changes were last asked for, by our clock and by the shop's. */
const moment = z.object({ ours: z.number(), shops: z.number().nullable() })
const changesCursor = z.object({
  since: moment,
  /** In the middle of a list of changed products: the last one that was read, and when the list was begun. */
  list: z.object({ after: z.int(), begun: moment }).nullable(),
  orders: orderMark,
})
type ChangesCursor = z.infer<typeof changesCursor>
type Moment = z.infer<typeof moment>

export class OpenBizBoxShop implements ObservedShop {
  readonly name = 'openbizbox'
  readonly writing: 'relative' | 'absolute'
  readonly stockMin: number | null
  readonly shopUrl: string
  readonly pollMs: number = pollMs
  readonly readLagMs: number = 0
  readonly readsPerCallMax: number = batchWritesPerCallMax
  readonly writesPerCallMax: number
  readonly #client: OpenBizBoxClient
  readonly #clock: Clock
  readonly #place: number | null
  readonly #writer: StockWriter

  readonly #batch: OpenBatch
  readonly #stop: WriteStop

  constructor(
    client: OpenBizBoxClient,
    settings: Settings,
    { stop, batch }: { readonly stop: WriteStop; readonly batch: OpenBatch },
    clock: Clock,
  ) {
    const way = wayOfWriting(settings)
    this.#client = client
    this.#clock = clock
    this.#place = settings.place
    this.#batch = batch
    this.#stop = stop
    const options = { way: way.writing, place: settings.place, usesBatches: way.usesBatches }
    this.#writer = new StockWriter(client, options, stop, batch)
    this.writing = way.writing
    this.stockMin = way.stockMin
    this.writesPerCallMax = way.usesBatches ? batchWritesPerCallMax : singleWritesPerCallMax
    this.shopUrl = settings.url
  }

  get writeStop(): string | null {
    return this.#stop.reason
  }

  async list({ after, limit }: { after: string | null; limit: number }, signal: AbortSignal): Promise<ObservedPage> {
    const last = after === null ? 0 : z.coerce.number().int().min(0).parse(after)
    const unsettled = await this.#batch.unsettled(signal)
    const page = await readPage(this.#client, { after: last, limit, filter: '' }, signal)
    return {
      items: this.#settledRowsOf(page.items, unsettled),
      next: page.last === null ? null : String(page.last),
      total: null,
    }
  }

  async changes(cursor: string | null, signal: AbortSignal): Promise<ChangedRows> {
    if (cursor === null) return this.#begin(signal)
    const at = changesCursor.parse(JSON.parse(cursor))
    const begun = at.list?.begun ?? null
    const ours = this.#clock.now()
    // Neither waits for the other; where the products go on in another page, the orders are asked for with the last of them.
    const [page, read] = await Promise.all([
      this.#readChanged(at, ours, signal),
      at.list === null ? readOrders(this.#client, at.orders, signal) : null,
    ])
    const stockIds = this.#rowsOf(page.items).map(({ stockId }) => stockId)
    const started: Moment = begun ?? { ours, shops: page.shopTime }
    const rest = { since: at.since, list: { after: page.last ?? 0, begun: started }, orders: at.orders }
    if (page.last !== null) return { stockIds, cursor: textOf(rest), hasMore: true }
    const { orders, mark } = read ?? (await readOrders(this.#client, at.orders, signal))
    const fresh = orders.filter((order) => mayBeFresh(order, at.orders))
    const next = textOf({ since: started, list: null, orders: mark })
    return { stockIds: [...new Set(fresh.flatMap(stockIdsOfOrder))], cursor: next, hasMore: false }
  }

  async read(stockIds: readonly string[], signal: AbortSignal): Promise<readonly ObservedRow[]> {
    const wanted = new Set(stockIds)
    const productIds = stockIds.flatMap((stockId) => partsOfStockId(stockId)?.productId ?? [])
    const unsettled = await this.#batch.unsettled(signal)
    const found = await readProducts(this.#client, productIds, signal)
    const rows = this.#settledRowsOf([...found.values()], unsettled)
    return rows.filter(({ stockId }) => wanted.has(stockId))
  }

  write(writes: readonly StockWrite[], signal: AbortSignal): Promise<readonly StockWriteResult[]> {
    return this.#writer.write(writes, signal)
  }

  async orderLines(cursor: string | null, signal: AbortSignal): Promise<OrderLines> {
    if (cursor === null) {
      return { lines: [], cursor: JSON.stringify(await markOfNow(this.#client, signal)), hasMore: false }
    }
    const from: OrderMark = orderMark.parse(JSON.parse(cursor))
    const { orders, mark } = await readOrders(this.#client, from, signal)
    return { lines: orders.flatMap(linesOfOrder), cursor: JSON.stringify(mark), hasMore: false }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]()
  }

  async #begin(signal: AbortSignal): Promise<ChangedRows> {
    const ours = this.#clock.now()
    const { shopTime } = await readPage(this.#client, { after: 0, limit: 3, filter: '' }, signal)
    const orders = await markOfNow(this.#client, signal)
    return { stockIds: [], cursor: textOf({ since: { ours, shops: shopTime }, list: null, orders }), hasMore: false }
  }

  /**
   * How far back is said as a length of time, which the shop counts back from its own clock, so that a wrong clock or
   * another zone does not matter. Where our clock was moved meanwhile, the shop's own tells that the length was too short.
   */
  async #readChanged({ since, list }: ChangesCursor, ours: number, signal: AbortSignal): ReturnType<typeof readPage> {
    let lengthMs = Math.max(0, ours - since.ours)
    for (;;) {
      const filter = `&updated_from=${encodeURIComponent(`${Math.ceil((lengthMs + changesOverlapMs) / 1_000)} seconds`)}`
      const page = await readPage(this.#client, { after: list?.after ?? 0, limit: pageItemsAsked, filter }, signal)
      const shopsLengthMs = page.shopTime === null || since.shops === null ? 0 : page.shopTime - since.shops
      // Whole seconds: the answer's time may be told up to one too late.
      if (shopsLengthMs <= lengthMs + changesOverlapMs - 2_000) return page
      lengthMs = shopsLengthMs
    }
  }

  /**
   * The stock of a product that a batch might still change is no number, and nothing may be made of it. `unsettled` was
   * asked for before the products were read: a batch may end in between.
   */
  #settledRowsOf(products: readonly Product[], unsettled: ReadonlySet<number>): readonly ObservedRow[] {
    if (products.some(({ id }) => unsettled.has(id))) {
      throw new ConnectorError(
        'shop-error',
        'The shop still works off a batch of changes. It is read when that is done.',
      )
    }
    return this.#rowsOf(products)
  }

  #rowsOf(products: readonly Product[]): readonly ObservedRow[] {
    return products.flatMap((product) => rowsOfProduct(product, this.#place))
  }
}

function textOf(cursor: ChangesCursor): string {
  return JSON.stringify(cursor)
}

/**
 * The connector to a shop that speaks Stockmesh's own feed interface over HTTP, class *ledger*: the built-in shop, and
 * shops with a companion of ours inside. Whatever is not exactly what such a shop answers is a `ConnectorError` and never
 * a number: half a unit sold, a gap in the feed, an adjustment without its answer.
 */
import { limits, parseStock, type StockRow } from '@stockmesh/protocol'
import { z } from 'zod'
import { pageItemsMax } from '../shop/shop-limits.ts'
import type { Adjustment, AdjustmentResult, Attachment, FeedPage, StockRowPage } from './connector.ts'
import type { OpenConnector } from './platform.ts'
import type { ShopCall } from './shop-call.ts'
import { answerInvalid } from './shop-exchange.ts'

export interface FeedConnectorOptions {
  /** The platform's name. */
  readonly name: string
  /** One call of the shop. */
  readonly ask: <T>(call: ShopCall<T>, signal: AbortSignal) => Promise<T>
  /** Adjustments that the shop takes in one call; 500 where it is not said. */
  readonly adjustmentsPerCallMax?: number
  /** The storefront's address for people; null if there is none. It may change with the node's own. */
  readonly shopUrl: string | null
  /** Where a person mends one product in the shop's own admin; absent where no address is known. */
  readonly adminUrl?: (productId: string) => string | null
}

/** Adjustments of one call and their size: the shop takes 1,000 and a body of 1 MiB. */
const adjustmentsPerCallDefault = 500
const adjustmentBytesPerCallMax = 768 * 1024

const text = z.string().max(2_000)
const sku = text.nullable()
const stock = z.int().min(-limits.stockUnitsMax).max(limits.stockUnitsMax)
const position = z.int().min(0)
/** Milliseconds since 1970; a shop's clock may tell fractions of them. */
const time = z.number().min(0).max(Number.MAX_SAFE_INTEGER).transform(Math.trunc)
const hex8 = z.string().regex(/^[0-9a-f]{16}$/)

const product = z.object({ id: text.min(1), parentId: text.nullable(), sku, name: text })
/** A stock that is no whole number is that row's fault, as is what the shop names as one, and never holds up the others. */
const stockRow = z
  .object({
    stockId: text.min(1),
    sku,
    name: text,
    stock: z.unknown(),
    version: position,
    createdAt: time,
    products: z.array(product),
    fault: z.literal('bundle').optional(),
  })
  .transform(({ fault, ...row }): StockRow => {
    if (fault !== undefined) return { ...row, stock: null, fault }
    const parsed = parseStock(row.stock)
    return parsed.ok ? { ...row, stock: parsed.value } : { ...row, stock: null, fault: parsed.code }
  })
const feedRow = z.object({
  id: position,
  tag: hex8,
  at: time,
  kind: z.enum(['attached', 'row', 'deleted', 'sale', 'cancel', 'return', 'manual', 'adjust']),
  stockId: text,
  sku,
  unique: z.boolean(),
  delta: z.int().min(-limits.deltaUnitsMax).max(limits.deltaUnitsMax),
  stock: stock.nullable(),
  reference: text.nullable(),
  opId: text.nullable(),
  row: stockRow.nullable(),
})
const refusedCodes = z.enum(['row-gone', 'sku-changed', 'ambiguous', 'untracked', 'out-of-range'])
const adjustmentResult = z.discriminatedUnion('status', [
  z.object({ opId: text, status: z.enum(['applied', 'repeated']), stock, feedId: position.min(1) }),
  z.object({ opId: text, status: z.literal('refused'), code: refusedCodes }),
])

const attachmentAnswer: z.ZodType<Attachment> = z.object({ epoch: hex8, start: position })
const stockRowAnswer: z.ZodType<StockRowPage> = z.object({
  epoch: text,
  items: z.array(stockRow),
  next: text.nullable(),
  total: position,
})
const feedAnswer: z.ZodType<FeedPage> = z.object({ rows: z.array(feedRow), end: position })
const adjustAnswer: z.ZodType<{ results: AdjustmentResult[] }> = z.object({ results: z.array(adjustmentResult) })

export function createFeedConnector(options: FeedConnectorOptions): OpenConnector {
  const { name, ask, adjustmentsPerCallMax = adjustmentsPerCallDefault } = options
  return {
    name,
    promise: 'exact',
    get shopUrl() {
      return options.shopUrl
    },
    ...(options.adminUrl === undefined ? {} : { adminUrl: options.adminUrl }),
    attach: (body, signal) => ask({ method: 'POST', path: '/feed/attach', body, schema: attachmentAnswer }, signal),
    async list({ after, limit }, signal) {
      const path = `/stock-rows?${queryOf({ limit: Math.min(limit, pageItemsMax), after })}`
      const page = await ask({ method: 'GET', path, schema: stockRowAnswer }, signal)
      assertListing(page, after)
      return page
    },
    async feed({ epoch, after, tag, limit, waitMs }, signal) {
      const query = { epoch, after, limit: Math.min(limit, pageItemsMax), wait: waitMs, tag }
      const path = `/feed?${queryOf(query)}`
      const page = await ask({ method: 'GET', path, schema: feedAnswer, waitMs }, signal)
      assertDense(page, after)
      return page
    },
    async adjust(adjustments, signal) {
      const results: AdjustmentResult[] = []
      for (const operations of partsOf(adjustments, adjustmentsPerCallMax)) {
        const call = { method: 'POST', path: '/adjust', body: { operations }, schema: adjustAnswer } as const
        const answer = await ask(call, signal)
        assertAnswered(operations, answer.results)
        results.push(...answer.results)
      }
      return results
    },
    // Its connections are those of every shop of this process.
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/** Stock rows in the shop but none on the first page: absence is not zero, so this is not a listing. */
function assertListing({ items, next, total }: StockRowPage, after: string | null): void {
  if (after === null && items.length === 0 && total > 0) throw answerInvalid('an empty listing of a shop with goods')
  let last = after ?? ''
  for (const { stockId } of items) {
    if (stockId <= last) throw answerInvalid('the listing is not in order')
    last = stockId
  }
  if (next !== null && (items.length === 0 || next < last)) throw answerInvalid('the listing has no end')
}

function assertDense({ rows, end }: FeedPage, after: number): void {
  for (const [index, { id }] of rows.entries()) {
    if (id !== after + 1 + index) throw answerInvalid('the feed has a gap')
  }
  if (end < after + rows.length) throw answerInvalid('the feed ends before its last row')
  // Taken for "nothing new", it would be asked again at once and for ever.
  if (rows.length === 0 && end > after) throw answerInvalid('the feed does not give the rows that it has')
}

function assertAnswered(operations: readonly Adjustment[], results: readonly AdjustmentResult[]): void {
  const answered = operations.every(({ opId }, index) => results[index]?.opId === opId)
  if (!answered || results.length !== operations.length) throw answerInvalid('not every adjustment has its answer')
}

/** Parts that fit into one call each. */
function* partsOf(adjustments: readonly Adjustment[], countMax: number): Iterable<readonly Adjustment[]> {
  let part: Adjustment[] = []
  let bytes = 0
  for (const adjustment of adjustments) {
    const size = Buffer.byteLength(JSON.stringify(adjustment))
    if (part.length > 0 && (part.length === countMax || bytes + size > adjustmentBytesPerCallMax)) {
      yield part
      part = []
      bytes = 0
    }
    part.push(adjustment)
    bytes += size
  }
  if (part.length > 0) yield part
}

function queryOf(values: Readonly<Record<string, string | number | null>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== null) query.set(name, String(value))
  return query.toString()
}

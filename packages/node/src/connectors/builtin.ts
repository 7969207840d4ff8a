/**
 * The connector to the built-in shop over HTTP, class *ledger*. Whatever is not exactly what this shop answers is a
 * `ConnectorError` and never a number: an error page with status 200, an empty body, half a unit sold, a gap in the feed.
 */
import { limits, parseStock, type StockRow } from '@stockmesh/protocol'
import { Agent, type Dispatcher, request } from 'undici'
import { z } from 'zod'
import { systemTimers } from '../ports.ts'
import { pageItemsMax } from '../shop/shop-limits.ts'
import {
  type Adjustment,
  type AdjustmentResult,
  type Attachment,
  ConnectorError,
  type FeedPage,
  type StockRowPage,
} from './connector.ts'
import type { OpenConnector } from './platform.ts'

export interface BuiltinConnectorOptions {
  /** The shop's address, as `http://127.0.0.1:7500`. */
  readonly url: string
  readonly key: string
  /** The storefront's address for people; null if there is none. It may change with the node's own. */
  readonly shopUrl: string | null
}

/** How long an answer may take, in milliseconds; a feed read may wait as long again as it was asked to. */
const answerMsMax = 15_000
/** A page of 1,000 stock rows with long names stays below; more is not this shop. */
const answerBytesMax = 32 * 1024 * 1024
/** Adjustments of one call and their size: the shop takes 1,000 and a body of 1 MiB. */
const adjustmentsPerCallMax = 500
const adjustmentBytesPerCallMax = 768 * 1024

const text = z.string().max(2_000)
const sku = text.nullable()
const stock = z.int().min(-limits.stockUnitsMax).max(limits.stockUnitsMax)
const position = z.int().min(0)
/** Milliseconds since 1970; a shop's clock may tell fractions of them. */
const time = z.number().min(0).max(Number.MAX_SAFE_INTEGER).transform(Math.trunc)
const hex8 = z.string().regex(/^[0-9a-f]{16}$/)

const product = z.object({ id: text.min(1), parentId: text.nullable(), sku, name: text })
/** A stock that is no whole number is that row's fault, and never holds up the others. */
const stockRow = z
  .object({
    stockId: text.min(1),
    sku,
    name: text,
    stock: z.unknown(),
    version: position,
    createdAt: time,
    products: z.array(product),
  })
  .transform((row): StockRow => {
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
const errorAnswer = z.object({ error: z.object({ code: z.string() }) })

interface Call<T> {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: object
  readonly schema: z.ZodType<T>
  readonly waitMs?: number
}

export function createBuiltinConnector(options: BuiltinConnectorOptions): OpenConnector {
  const { url, key } = options
  const base = `${url.replace(/\/+$/, '')}/shop/v1`
  const ask = <T>(call: Call<T>, signal: AbortSignal): Promise<T> => askShop(base, key, call, signal)
  return {
    name: 'builtin',
    promise: 'exact',
    get shopUrl() {
      return options.shopUrl
    },
    adminUrl(productId) {
      return options.shopUrl === null ? null : new URL(`admin#${encodeURIComponent(productId)}`, options.shopUrl).href
    },
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
      for (const operations of partsOf(adjustments)) {
        const call = { method: 'POST', path: '/adjust', body: { operations }, schema: adjustAnswer } as const
        const answer = await ask(call, signal)
        assertAnswered(operations, answer.results)
        results.push(...answer.results)
      }
      return results
    },
    // Its connections are those of every built-in shop of this process.
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/** Connections to the shop are kept; one that the shop has closed is noticed at the next call. */
const connections = new Agent({ keepAliveTimeout: 30_000 })

/** A caller who aborts gets the abort's own reason; everything else that goes wrong is a `ConnectorError`. */
async function askShop<T>(base: string, key: string, call: Call<T>, signal: AbortSignal): Promise<T> {
  const stop = new AbortController()
  const abort = (): void => stop.abort()
  // Not AbortSignal.any, which keeps every call alive as long as the caller's signal lives.
  signal.addEventListener('abort', abort)
  const cancel = systemTimers.after(answerMsMax + (call.waitMs ?? 0), abort)
  let status: number
  let body: string
  try {
    signal.throwIfAborted()
    // A shop's interface does not redirect, and no redirect is followed: the key goes to nobody else.
    const response = await request(base + call.path, {
      method: call.method,
      headers: {
        authorization: `Bearer ${key}`,
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: stop.signal,
      dispatcher: connections,
    })
    status = response.statusCode
    body = await readText(response.body)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ConnectorError) throw error
    throw new ConnectorError('shop-unreachable', `The shop does not answer at ${base}.`, { cause: error })
  } finally {
    cancel()
    signal.removeEventListener('abort', abort)
  }
  if (status < 200 || status > 299) throw refusal(status, body)
  const parsed = call.schema.safeParse(parseJson(body))
  if (parsed.success) return parsed.data
  const path = parsed.error.issues[0]?.path.join('.') ?? ''
  throw answerInvalid(path === '' ? 'it is not the JSON of a Stockmesh shop' : `${path} does not fit`)
}

function refusal(status: number, body: string): ConnectorError {
  if (status === 401 || status === 403) {
    return new ConnectorError('key-rejected', "The shop does not accept the key. Check the connector's key.")
  }
  if (status >= 500 || status === 429) {
    return new ConnectorError('shop-error', `The shop answers with an error (HTTP ${status}).`)
  }
  const parsed = errorAnswer.safeParse(parseJson(body))
  const code = parsed.success ? parsed.data.error.code : null
  if (status === 409 && code === 'feed-epoch-changed') {
    return new ConnectorError(code, 'Another node was attached to this shop.')
  }
  if (status === 409 && code === 'feed-rolled-back') {
    return new ConnectorError(code, "The shop's feed is not the one that was read before.")
  }
  if (code === null || status === 404) return answerInvalid(`HTTP ${status}, which is no answer of a Stockmesh shop`)
  return new ConnectorError('shop-error', `The shop refuses the call (HTTP ${status}, ${code}).`)
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
function* partsOf(adjustments: readonly Adjustment[]): Iterable<readonly Adjustment[]> {
  let part: Adjustment[] = []
  let bytes = 0
  for (const adjustment of adjustments) {
    const size = Buffer.byteLength(JSON.stringify(adjustment))
    if (part.length > 0 && (part.length === adjustmentsPerCallMax || bytes + size > adjustmentBytesPerCallMax)) {
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

async function readText(stream: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > answerBytesMax) throw answerInvalid(`more than ${answerBytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

function answerInvalid(what: string): ConnectorError {
  return new ConnectorError('shop-answer-invalid', `The shop's answer cannot be used: ${what}.`)
}

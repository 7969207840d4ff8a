/**
 * The shop's HTTP interface, to be mounted under `/shop/v1` of any application: products and orders for people and
 * their systems, and the feed and the adjustments for the node. Access first, then the body, then the answer; every
 * answer is JSON, also of what goes wrong.
 */
import { createHash } from 'node:crypto'
import type { List } from '@stockmesh/protocol'
import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express'
import type { z } from 'zod'
import { encodeCsv, encodeCsvHead } from '../http/csv.ts'
import { answerFailures, answerNotFound } from '../http/failure-answer.ts'
import { ApiFailure } from '../http/node-api.ts'
import { parseBody, readBody } from '../http/request-body.ts'
import type { Answer, ReceiptKey } from './receipts.ts'
import {
  adjustBody,
  attachBody,
  changeProductBody,
  createProductBody,
  emptyBody,
  feedQuery,
  listQuery,
  orderBody,
  parseListQuery,
  productQuery,
} from './shop-body.ts'
import { idempotencyKeyCharactersMax, pageItemsMax } from './shop-limits.ts'
import type { Shop } from './shop.ts'

export interface ShopAccess {
  /** Whether a visitor without a login may see products and place orders. */
  readonly open: boolean
  /** `none`: credentials that are wrong, which is never the same as having none. */
  role(request: Request): 'admin' | 'public' | 'none'
}

/** `logger` hears of what failed inside; the caller does not. */
export function createShopRouter(
  shop: Shop,
  access: ShopAccess,
  logger: Parameters<typeof answerFailures>[0] = { error: () => {} },
): Router {
  const router = Router({ caseSensitive: true })
  router.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  router.use(admit(access))
  addProducts(router, shop)
  addOrders(router, shop)
  addConnectorCalls(router, shop)
  router.use(answerNotFound)
  router.use(answerFailures(logger) satisfies ErrorRequestHandler)
  return router
}

function addProducts(router: Router, shop: Shop): void {
  router.get('/products', async (request, response) => {
    response.json(await shop.products(parseListQuery(productQuery, request.query)))
  })
  router.get('/products.csv', async (request, response) => {
    const query = parseListQuery(productQuery, request.query)
    const columns = ['id', 'parentId', 'sku', 'name', 'stock', 'version']
    await answerCsv(response, 'products', columns, (after) => shop.products({ ...query, after, limit: pageItemsMax }))
  })
  router.get('/products/:id', async (request, response) => {
    response.json(await shop.product(idOf(request)))
  })
  router.post(
    '/products',
    readBody,
    posting(createProductBody, (body, receipt) => shop.createProduct(body, receipt)),
  )
  router.patch('/products/:id', readBody, async (request, response) => {
    response.json(await shop.changeProduct(idOf(request), parseBody(changeProductBody, request.body)))
  })
  router.delete('/products/:id', readBody, async (request, response) => {
    parseBody(emptyBody, request.body)
    await shop.deleteProduct(idOf(request))
    response.status(204).end()
  })
}

function addOrders(router: Router, shop: Shop): void {
  router.get('/orders', async (request, response) => {
    response.json(await shop.orders(parseListQuery(listQuery, request.query)))
  })
  router.get('/orders.csv', async (_request, response) => {
    const columns = ['id', 'state', 'createdAt', 'cancelledAt', 'lines']
    await answerCsv(response, 'orders', columns, (after) => shop.orders({ after, limit: pageItemsMax }))
  })
  router.get('/orders/:id', async (request, response) => {
    response.json(await shop.order(idOf(request)))
  })
  router.post(
    '/orders',
    readBody,
    posting(orderBody, (body, receipt) => shop.placeOrder(body, receipt)),
  )
  router.post(
    '/orders/:id/cancel',
    readBody,
    posting(emptyBody, (_body, receipt, request) => shop.cancelOrder(idOf(request), receipt)),
  )
}

function addConnectorCalls(router: Router, shop: Shop): void {
  router.post(
    '/feed/attach',
    readBody,
    posting(attachBody, (body, receipt) => shop.attach(body, receipt)),
  )
  router.get('/stock-rows', async (request, response) => {
    response.json(await shop.stockRows(parseListQuery(listQuery, request.query)))
  })
  router.get('/feed', async (request, response) => {
    const query = parseListQuery(feedQuery, request.query)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const page = await shop.feed(query, gone.signal)
    // A connection that is kept open would hold up a server that closes.
    if (shop.waitsEnded) response.setHeader('Connection', 'close')
    response.json(page)
  })
  router.post(
    '/adjust',
    readBody,
    posting(adjustBody, (body, receipt) => shop.adjust(body, receipt)),
  )
}

/** Without a login a visitor of an open shop sees products and places orders, and nothing else. */
function admit(access: ShopAccess): RequestHandler {
  return (request, _response, next) => {
    const role = access.role(request)
    const forVisitors =
      (request.method === 'GET' && request.path === '/products') ||
      (request.method === 'POST' && request.path === '/orders')
    if (role === 'admin' || (role === 'public' && access.open && forVisitors)) next()
    else next(new ApiFailure(401, 'login-needed', 'Sign in to the shop, or send its key as a bearer token.'))
  }
}

function posting<T>(
  schema: z.ZodType<T>,
  answer: (body: T, receipt: ReceiptKey | null, request: Request) => Promise<Answer<unknown>>,
): RequestHandler {
  return async (request, response) => {
    const body = parseBody(schema, request.body)
    const { status, body: answered } = await answer(body, receiptKeyOf(request), request)
    response.status(status).json(answered)
  }
}

/** Errors: 400 `idempotency-key-invalid`. */
function receiptKeyOf(request: Request): ReceiptKey | null {
  const key = request.get('idempotency-key')
  if (key === undefined) return null
  if (key === '' || key.length > idempotencyKeyCharactersMax) {
    const message = `An Idempotency-Key has 1 to ${idempotencyKeyCharactersMax} characters.`
    throw new ApiFailure(400, 'idempotency-key-invalid', message)
  }
  const said = JSON.stringify([request.method, request.path, request.body])
  return { key, hash: createHash('sha256').update(said).digest('base64url') }
}

function idOf(request: Request): string {
  const { id } = request.params
  return typeof id === 'string' ? id : ''
}

/** A page at a time; headers go out only when the first page was read, so that a failure can still be told. */
async function answerCsv(
  response: Response,
  name: string,
  columns: readonly string[],
  readPage: (after: string | null) => Promise<List<object>>,
): Promise<void> {
  let page = await readPage(null)
  response.attachment(`${name}.csv`).type('text/csv; charset=utf-8')
  response.write(`\uFEFF${encodeCsvHead(columns)}`)
  for (;;) {
    response.write(encodeCsv(columns, page.items))
    if (page.next === null) break
    page = await readPage(page.next)
  }
  response.end()
}

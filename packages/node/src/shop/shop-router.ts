/**
 * The shop's HTTP interface, to be mounted under `/shop/v1` of any application. Access first, then the body, then the
 * answer; every answer is JSON, also of what goes wrong.
 */
import { createHash } from 'node:crypto'
import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express'
import { answerCsv } from '../http/csv-answer.ts'
import { withoutLocale } from '../http/csv-locale.ts'
import { answerFailures, answerNotFound } from '../http/failure-answer.ts'
import { mountTable } from '../http/mounting.ts'
import { ApiFailure } from '../http/node-api.ts'
import { parseBody, readBody } from '../http/request-body.ts'
import type { ReceiptKey } from './receipts.ts'
import { type ListQuery, parseListQuery } from './shop-body.ts'
import { idempotencyKeyCharactersMax, pageItemsMax } from './shop-limits.ts'
import { type ShopRoute, shopRoutes } from './shop-routes.ts'
import type { Shop } from './shop.ts'

export interface ShopAccess {
  /** Whether a visitor without a login may see products and place orders. */
  readonly open: boolean
  /** `none`: credentials that are wrong, which is never the same as having none. */
  role(request: Request): 'admin' | 'viewer' | 'public' | 'none'
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
  mountTable(
    router,
    shopRoutes.flatMap((route) => [
      {
        method: route.method,
        path: route.path,
        handlers: [...(route.method === 'GET' ? [] : [readBody]), answerWith(shop, route)],
      },
      ...(route.list === null
        ? []
        : [{ method: 'GET' as const, path: `${route.path}.csv`, handlers: [answerList(shop, route, route.list)] }]),
    ]),
  )
  router.use(answerNotFound)
  router.use(answerFailures(logger) satisfies ErrorRequestHandler)
  return router
}

/**
 * Without a login a visitor of an open shop sees products and places orders, and nothing else; somebody who may only
 * look sees orders as well.
 */
function admit(access: ShopAccess): RequestHandler {
  const forVisitors = shopRoutes.filter((route) => route.access === 'visitor').flatMap(callsOf)
  const forViewers = shopRoutes
    .filter(({ method, access: least }) => method === 'GET' && least !== 'admin')
    .flatMap((route) => [...callsOf(route), ...(route.list === null ? [] : csvCallsOf(route))])
    .map((call) => new RegExp(`^${call.replace(/:\w+/, '[^/]+').replace('.', '[.]')}$`))
  return (request, _response, next) => {
    const role = access.role(request)
    const call = `${request.method} ${request.path.replace(/(?<=.)\/$/, '')}`
    const mayVisit = access.open && (role === 'public' || role === 'viewer') && forVisitors.includes(call)
    if (role === 'admin' || mayVisit) next()
    else if (role !== 'viewer') next(loginNeeded())
    else next(forViewers.some((pattern) => pattern.test(call)) ? undefined : adminNeeded())
  }
}

function callsOf({ method, path }: Pick<ShopRoute, 'method' | 'path'>): readonly string[] {
  return method === 'GET' ? [`GET ${path}`, `HEAD ${path}`] : [`${method} ${path}`]
}

function csvCallsOf({ path }: ShopRoute): readonly string[] {
  return callsOf({ method: 'GET', path: `${path}.csv` })
}

function adminNeeded(): ApiFailure {
  return new ApiFailure(403, 'admin-needed', 'A viewer may look at everything and change nothing. Sign in as an admin.')
}

function loginNeeded(): ApiFailure {
  return new ApiFailure(401, 'login-needed', 'Sign in to the shop, or send its key as a bearer token.')
}

function answerWith(shop: Shop, route: ShopRoute): RequestHandler {
  return async (request, response) => {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    // A key that cannot be one is told before the body is looked at, as under `/api/v1`.
    const receipt = route.method === 'POST' ? receiptKeyOf(request) : null
    const { status, body } = await route.run(shop, {
      id: idOf(request),
      query: parseListQuery(route.query, request.query),
      body: route.method === 'GET' ? {} : parseBody(route.body, request.body),
      receipt,
      gone: gone.signal,
    })
    // A connection that is kept open would hold up a server that closes.
    if (shop.waitsEnded) response.setHeader('Connection', 'close')
    response.status(status)
    if (route.answers === null) response.end()
    else response.json(body)
  }
}

/** The whole list, page by page, or the one page that the query asks for. */
function answerList(shop: Shop, route: ShopRoute, list: NonNullable<ShopRoute['list']>): RequestHandler {
  return async (request, response) => {
    const query = parseListQuery(route.query, withoutLocale(request.query)) as ListQuery
    const onePage = request.query['limit'] !== undefined || request.query['after'] !== undefined
    const limit = onePage ? query.limit : pageItemsMax
    await answerCsv(request, response, {
      name: route.path.slice(1),
      columns: list.columns,
      mark: '\uFEFF',
      onePage,
      page: (after) => list.page(shop, { ...query, after: after ?? query.after, limit }),
    })
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

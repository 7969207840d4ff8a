/**
 * Mounts the table of routes: access first, then the body, then the answer. Each path also knows which methods it
 * takes, and each list has a twin that ends in `.csv`.
 */
import { once } from 'node:events'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Access } from './access.ts'
import { encodeCsv, encodeCsvHead } from './csv.ts'
import type { Answer, Idempotency } from './idempotency.ts'
import { listItemsMax } from './limits.ts'
import { ApiFailure } from './node-api.ts'
import { parseQuery, readBody } from './request-body.ts'
import type { Method, Route } from './route.ts'

export interface ApiRouterOptions {
  readonly routes: readonly Route[]
  readonly access: Access
  readonly idempotency: Idempotency
  /** Makes one limit on tries; sign-in and set-up have one each. */
  readonly limitTries: () => RequestHandler
}

export function createApiRouter(options: ApiRouterOptions): Router {
  const router = Router({ caseSensitive: true })
  const methodsOf = new Map<string, Method[]>()
  const mount = (method: Method, path: string, handlers: RequestHandler[]): void => {
    const mounting = router.route(path)
    if (method === 'GET') mounting.get(...handlers)
    else if (method === 'POST') mounting.post(...handlers)
    else if (method === 'PATCH') mounting.patch(...handlers)
    else mounting.delete(...handlers)
    methodsOf.set(path, [...(methodsOf.get(path) ?? []), method])
  }
  for (const route of options.routes) {
    mount(route.method, route.path, [...guards(options, route), answerWith(options.idempotency, route)])
    if (route.list !== null) mount('GET', `${route.path}.csv`, [...guards(options, route), answerCsv(route)])
  }
  for (const [path, methods] of methodsOf) router.all(path, refuseMethod(methods))
  return router
}

function guards({ access, limitTries }: ApiRouterOptions, route: Route): RequestHandler[] {
  const admit: RequestHandler = (request, _response, next) => {
    if (route.access === 'admin') access.assertAdmin(request)
    else access.assertOwnPage(request)
    next()
  }
  return [admit, ...(route.signsIn ? [limitTries()] : []), ...(route.method === 'GET' ? [] : [readBody])]
}

function answerWith(idempotency: Idempotency, route: Route): RequestHandler {
  return async (request, response) => {
    if (route.stream !== null) {
      parseQuery(route.query, request.query)
      await route.stream(request, response)
      return
    }
    const key = request.get('idempotency-key')
    if (route.method !== 'POST' || key === undefined || route.signsIn) {
      response.json(await route.run(request, response))
      return
    }
    const call = { key, path: request.originalUrl, body: request.body as unknown }
    const outcome = await idempotency.answer(call, () => settled(route, request, response))
    if (outcome.repeated) response.setHeader('Idempotency-Replayed', 'true')
    response.status(outcome.status).json(outcome.answer)
  }
}

/** The node's "no" is an answer like any other, and is kept; a call that does not fit never reached the node. */
async function settled(route: Route, request: Request, response: Response): Promise<Answer> {
  try {
    return { status: 200, answer: await route.run(request, response) }
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.status >= 500 || error.status === 400) throw error
    const { status, code, message, details } = error
    return { status, answer: { error: { code, message, details } } }
  }
}

/** The whole list, page by page, or the one page that the query asks for. */
function answerCsv(route: Route): RequestHandler {
  return async (request, response) => {
    const { list } = route
    if (list === null) throw new Error('only a list has a CSV')
    const onePage = request.query['limit'] !== undefined || request.query['after'] !== undefined
    const query = onePage ? request.query : { ...request.query, limit: String(listItemsMax) }
    let page = await list.page(request, query)
    const name = route.path.split('/').findLast((part) => part !== '' && !part.startsWith(':')) ?? 'list'
    response.attachment(`${name}.csv`).type('text/csv; charset=utf-8')
    if (request.method === 'HEAD') {
      response.end()
      return
    }
    response.write(encodeCsvHead(list.columns))
    for (;;) {
      const more = response.write(encodeCsv(list.columns, page.items))
      if (onePage || page.next === null || response.destroyed) break
      if (!more) await Promise.race([once(response, 'drain'), once(response, 'close')])
      page = await list.page(request, { ...query, after: page.next })
    }
    response.end()
  }
}

function refuseMethod(methods: readonly Method[]): RequestHandler {
  const allowed = methods.includes('GET') ? ['HEAD', ...methods] : methods
  return (request, response) => {
    response.setHeader('Allow', allowed.join(', '))
    throw new ApiFailure(405, 'method-not-allowed', `${request.method} is not for this address.`, { allowed })
  }
}

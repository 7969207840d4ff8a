/**
 * Mounts the table of routes: access first, then the body, then the answer. Each list has a twin that ends in `.csv`.
 */
import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Access } from './access.ts'
import { answerCsv } from './csv-answer.ts'
import { withoutLocale } from './csv-locale.ts'
import type { Answer, Idempotency } from './idempotency.ts'
import { listItemsMax } from './limits.ts'
import { mountTable } from './mounting.ts'
import { ApiFailure } from './node-api.ts'
import { parseQuery, readBody } from './request-body.ts'
import type { Route } from './route.ts'

export interface ApiRouterOptions {
  readonly routes: readonly Route[]
  readonly access: Access
  readonly idempotency: Idempotency
  /** Makes one limit on tries; sign-in and set-up have one each. */
  readonly limitTries: () => RequestHandler
}

export function createApiRouter(options: ApiRouterOptions): Router {
  const router = Router({ caseSensitive: true })
  const table = options.routes.flatMap((route) => {
    const { method, path, list } = route
    const answered = { method, path, handlers: [...guards(options, route), answerWith(options.idempotency, route)] }
    if (list === null) return [answered]
    return [answered, { method, path: `${path}.csv`, handlers: [...guards(options, route), answerList(route, list)] }]
  })
  mountTable(router, table)
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
      await route.stream.open(request, response)
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
function answerList(route: Route, list: NonNullable<Route['list']>): RequestHandler {
  const name = route.path.split('/').findLast((part) => part !== '' && !part.startsWith(':')) ?? 'list'
  return async (request, response) => {
    const onePage = request.query['limit'] !== undefined || request.query['after'] !== undefined
    const asked = withoutLocale(request.query)
    const query = onePage ? asked : { ...asked, limit: String(listItemsMax) }
    await answerCsv(request, response, {
      name,
      columns: list.columns,
      mark: '',
      onePage,
      page: (after) => list.page(request, after === null ? query : { ...query, after }),
    })
  }
}

/**
 * Mounts the table of routes: access first, then the body, then the answer. Each list has a twin that ends in `.csv`.
 */
import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Access, Caller } from './access.ts'
import { type AdminLog, subjectOf } from './admin-log.ts'
import { answerCsv } from './csv-answer.ts'
import { withoutLocale } from './csv-locale.ts'
import type { Answer, Idempotency } from './idempotency.ts'
import { listItemsMax } from './limits.ts'
import { mountTable } from './mounting.ts'
import { ApiFailure } from './node-api.ts'
import { notedCaller, notedSubject } from './noted.ts'
import { parseQuery, readBody } from './request-body.ts'
import type { Route } from './route.ts'

export interface ApiRouterOptions {
  readonly routes: readonly Route[]
  readonly access: Access
  readonly adminLog: AdminLog
  readonly idempotency: Idempotency
  /** Makes one limit on tries; sign-in and set-up have one each. */
  readonly limitTries: () => RequestHandler
  /** Of whoever asks, for the log of acts. */
  readonly addressOf: (request: Request) => string
}

export function createApiRouter(options: ApiRouterOptions): Router {
  const router = Router({ caseSensitive: true })
  const table = options.routes.flatMap((route) => {
    const { method, path, list } = route
    const answered = { method, path, handlers: [...guards(options, route), answerWith(options, route)] }
    if (list === null) return [answered]
    return [answered, { method, path: `${path}.csv`, handlers: [...guards(options, route), answerList(route, list)] }]
  })
  mountTable(router, table)
  return router
}

function guards({ access, limitTries }: ApiRouterOptions, route: Route): RequestHandler[] {
  const admit: RequestHandler = (request, _response, next) => {
    if (route.access === 'anyone') access.assertOwnPage(request)
    else assertMay(route, access.assertRole(request, route.access))
    next()
  }
  return [admit, ...(route.signsIn ? [limitTries()] : []), ...(route.method === 'GET' ? [] : [readBody])]
}

function assertMay({ notByToken }: Route, { kind }: Caller): void {
  if (!notByToken || kind !== 'token') return
  const message = 'A token of a program cannot do this. Sign in to the pages, or use the command line beside the node.'
  throw new ApiFailure(403, 'person-needed', message)
}

function answerWith(options: ApiRouterOptions, route: Route): RequestHandler {
  return async (request, response) => {
    if (route.stream !== null) {
      parseQuery(route.query, request.query)
      const { open } = route.stream
      await run(options, route, request, response, () => open(request, response))
      return
    }
    const key = request.get('idempotency-key')
    if (route.method !== 'POST' || key === undefined || route.signsIn) {
      response.json(await run(options, route, request, response, () => route.run(request, response)))
      return
    }
    const call = { key, path: request.originalUrl, body: request.body as unknown }
    const outcome = await options.idempotency.answer(call, () => settled(options, route, request, response))
    if (outcome.repeated) response.setHeader('Idempotency-Replayed', 'true')
    response.status(outcome.status).json(outcome.answer)
  }
}

/** The node's "no" is an answer like any other, and is kept; a call that does not fit never reached the node. */
async function settled(options: ApiRouterOptions, route: Route, request: Request, response: Response): Promise<Answer> {
  try {
    const answer = await run(options, route, request, response, () => route.run(request, response))
    return { status: 200, answer }
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.status >= 500 || error.status === 400) throw error
    const { status, code, message, details } = error
    return { status, answer: { error: { code, message, details } } }
  }
}

/** What reads, or only says what it would do, leaves no line in the log of acts; a backup does, since it holds the keys of the shop. */
async function run<T>(
  options: ApiRouterOptions,
  route: Route,
  request: Request,
  response: Response,
  work: () => Promise<T> | T,
): Promise<T> {
  const isBackup = route.stream?.type === 'application/octet-stream'
  const isAct = isBackup || (route.method !== 'GET' && request.query['dryRun'] !== 'true')
  return await (isAct ? noting(options, route, request, response, work) : work())
}

async function noting<T>(
  { adminLog, access, addressOf }: ApiRouterOptions,
  { method, path, access: least }: Route,
  request: Request,
  response: Response,
  work: () => Promise<T> | T,
): Promise<T> {
  const act = {
    caller: access.caller(request),
    address: addressOf(request),
    call: `${method} ${path}`,
    subject: subjectOf(request),
  }
  if (least !== 'anyone') return await adminLog.during(act, work, () => notedSubject(response))
  try {
    const answer = await work()
    await adminLog.after({ ...act, caller: notedCaller(response) ?? act.caller })
    return answer
  } catch (error) {
    // What does not fit, or comes before set-up, is no try to get in.
    if (error instanceof ApiFailure && (error.status === 401 || error.status === 403)) await adminLog.after(act, error)
    throw error
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

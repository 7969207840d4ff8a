/**
 * The one HTTP application of a node: health, the interface under `/api/v1`, the built-in shop where there is one,
 * and the admin pages. Every failure under `/api` and `/shop/v1` is JSON.
 */
import express, { type Express, type Request, type RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { SettingsStore } from '../settings/settings-store.ts'
import type { Access } from './access.ts'
import type { Account } from './account.ts'
import type { AdminLog } from './admin-log.ts'
import { adminLogRoutes } from './admin-log-routes.ts'
import type { ApiTokens } from './api-tokens.ts'
import { createApiRouter } from './api-router.ts'
import type { Clock } from './clock.ts'
import { answerFailures, answerNotFound } from './failure-answer.ts'
import { clientAddress } from './forwarded.ts'
import { setSecurityHeaders } from './headers.ts'
import { createHooksRouter, hookOperations, type HooksOptions } from './hooks.ts'
import type { Idempotency } from './idempotency.ts'
import type { Metrics } from './metrics.ts'
import type { NodeApi } from './node-api.ts'
import { describeInterface, openapiRoute } from './openapi.ts'
import { type Operation, operationsOf } from './operation.ts'
import { servePage, servePages } from './pages.ts'
import { passwordRoutes } from './password-routes.ts'
import { createPlainRouter, plainOperations, plainRoutes } from './plain-routes.ts'
import type { Route } from './route.ts'
import { nodeRoutes } from './routes.ts'
import { sessionRoutes } from './session-routes.ts'
import type { Sessions } from './sessions.ts'
import { settingsRoutes } from './settings-routes.ts'
import { tokenRoutes } from './token-routes.ts'
import { limitTries } from './tries.ts'

export interface AppOptions {
  readonly node: NodeApi
  /** Calls of `/api/v1` beside those of the node itself: each capability brings its own. */
  readonly features: readonly Route[]
  readonly account: Account
  readonly settings: SettingsStore
  readonly sessions: Sessions
  readonly access: Access
  readonly apiTokens: ApiTokens
  readonly adminLog: AdminLog
  readonly idempotency: Idempotency
  readonly metrics: Metrics
  readonly clock: Clock
  readonly logger: Pick<Logger, 'error'>
  /** The address other shops reach this node at. */
  readonly publicUrl: () => string
  /** Whether a proxy in front says who asks, and whether by https. */
  readonly trustsProxy: boolean
  /** Opens signed in for a browser on this machine. */
  readonly demo: boolean
  /** The built admin pages: `index.html`, `shop.html`, `shop-admin.html`, `assets/`. */
  readonly pagesDirectory: string
  /** What answers below `/shop/v1`, and how it is described, when the built-in shop runs inside this node. */
  readonly shop: {
    readonly isOpen: () => boolean
    readonly handle: RequestHandler
    readonly operations: readonly Operation[]
  } | null
  readonly release: string
  /** The shop's hints that something changed there. */
  readonly hooks: HooksOptions
}

export function createApp(options: AppOptions): Express {
  const { node, access, clock, publicUrl, pagesDirectory, shop } = options
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  app.use(options.metrics.measure)
  app.use(setSecurityHeaders(publicUrl, options.trustsProxy))

  const plain = plainRoutes(options)
  app.use(createPlainRouter(plain))

  app.use(['/api', '/shop/v1'], forbidCaching)
  const routes: readonly Route[] = [
    ...sessionRoutes(options),
    ...passwordRoutes(options),
    ...tokenRoutes(options.apiTokens),
    ...adminLogRoutes(options.adminLog),
    ...settingsRoutes(options),
    ...nodeRoutes(node),
    ...options.features,
    openapiRoute(() => {
      const beside = [...plainOperations(plain), ...hookOperations(options.hooks)]
      const operations = [
        ...beside,
        ...operationsOf(routes, '/api/v1'),
        ...(shop?.isOpen() === true ? shop.operations : []),
      ]
      return describeInterface(operations, options.release)
    }),
  ]
  const { adminLog, trustsProxy } = options
  const api = {
    routes,
    access,
    adminLog,
    idempotency: options.idempotency,
    limitTries: () => limitTries(access, clock, trustsProxy),
    addressOf: (request: Request) => clientAddress(request, trustsProxy),
  }
  app.use('/api/v1', createApiRouter(api))
  app.use('/api', answerNotFound)
  app.use('/hooks', createHooksRouter(options.hooks), answerNotFound)
  if (shop !== null) {
    app.use('/shop/v1', shop.handle, answerNotFound)
    const whileOpen: RequestHandler = (_request, _response, next) => next(shop.isOpen() ? undefined : 'route')
    app.get('/shop', whileOpen, servePage(pagesDirectory, 'shop.html'))
    app.get('/shop/admin', whileOpen, servePage(pagesDirectory, 'shop-admin.html'))
  }
  app.use(servePages(pagesDirectory))
  app.get('/', servePage(pagesDirectory, 'index.html'))
  app.use(answerNotFound)
  app.use(answerFailures(options.logger))
  return app
}

/** Answers under `/api` hold what only the signed-in may see, and change with every sale. */
const forbidCaching: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store')
  next()
}

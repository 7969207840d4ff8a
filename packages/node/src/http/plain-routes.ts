/**
 * The calls beside `/api/v1`, for whoever watches the process, looks for the node, or opens its shop. They hold no data
 * of the shop, and all but the figures ask nobody who he is.
 */
import { type RequestHandler, Router } from 'express'
import { z, type ZodType } from 'zod'
import { mountTable } from './mounting.ts'
import type { Metrics } from './metrics.ts'
import type { NodeApi } from './node-api.ts'
import type { Operation } from './operation.ts'
import type { ErrorCodes } from './route.ts'
import { emptyQuery } from './schemas.ts'

export interface PlainRoute {
  readonly path: string
  readonly summary: string
  readonly type: Operation['type']
  /** null where it is text. */
  readonly answers: ZodType | null
  /** Another status whose answer has the same shape. */
  readonly otherStatus?: number
  /** Refusals, each with its status. */
  readonly errors?: ErrorCodes
  readonly handle: RequestHandler
}

export interface PlainRoutesOptions {
  readonly node: Pick<NodeApi, 'ready' | 'status'>
  readonly metrics: Pick<Metrics, 'answer'>
  readonly publicUrl: () => string
  /** The built-in shop, where it runs inside this node. */
  readonly shop: object | null
}

export function plainRoutes({ node, metrics, publicUrl, shop }: PlainRoutesOptions): readonly PlainRoute[] {
  const json = { type: 'application/json' } as const
  return [
    {
      path: '/healthz',
      summary: 'The process lives.',
      ...json,
      answers: z.strictObject({ status: z.literal('alive') }),
      handle: (_request, response) => {
        response.setHeader('Cache-Control', 'no-store').json({ status: 'alive' })
      },
    },
    {
      path: '/readyz',
      summary: 'The database is open and serves; 503 with `not-ready` while it does not.',
      ...json,
      answers: z.strictObject({ status: z.enum(['ready', 'not-ready']) }),
      otherStatus: 503,
      handle: (_request, response) => {
        const ready = node.ready()
        response.setHeader('Cache-Control', 'no-store').status(ready ? 200 : 503)
        response.json({ status: ready ? 'ready' : 'not-ready' })
      },
    },
    {
      path: '/metrics',
      summary: 'Figures for Prometheus; for a caller on this machine itself, and for whoever is signed in.',
      type: 'text/plain',
      answers: null,
      errors: { 'signed-out': 401, 'token-refused': 401 },
      handle: metrics.answer,
    },
    {
      path: '/.well-known/stockmesh',
      summary: 'The address at which other shops reach the node.',
      ...json,
      answers: z.strictObject({ url: z.string() }),
      handle: (_request, response) => {
        response.json({ url: publicUrl() })
      },
    },
    ...(shop === null ? [] : [shopSessionRoute(node)]),
  ]
}

/** A shop by itself signs people in at this address; inside a node the node does that, at `/`. */
function shopSessionRoute(node: PlainRoutesOptions['node']): PlainRoute {
  return {
    path: '/shop/session',
    summary: 'The shop’s pages ask here who signs people in: the node, whose shop has this name.',
    type: 'application/json',
    answers: z.strictObject({ state: z.literal('at-node'), name: z.string() }),
    handle: (_request, response) => {
      response.setHeader('Cache-Control', 'no-store').json({ state: 'at-node', name: node.status().node.name })
    },
  }
}

export function createPlainRouter(routes: readonly PlainRoute[]): Router {
  const router = Router({ caseSensitive: true })
  mountTable(
    router,
    routes.map(({ path, handle }) => ({ method: 'GET', path, handlers: [handle] })),
  )
  return router
}

export function plainOperations(routes: readonly PlainRoute[]): readonly Operation[] {
  return routes.map(({ path, summary, type, answers, otherStatus = null, errors = {} }) => ({
    method: 'GET',
    path,
    summary,
    access: 'anyone',
    query: emptyQuery,
    body: null,
    status: 200,
    type,
    answers,
    otherStatus,
    errors,
  }))
}

/**
 * `/metrics` in the text format of Prometheus: what the HTTP interface counts, the process, and the figures of the node,
 * read when somebody asks. Labels hold words that stand in the code, so their number is bounded and they tell nothing:
 * no SKU, no name, no path as it was called.
 */
import type { Request, RequestHandler, Response } from 'express'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Access } from './access.ts'
import { type NodeFigures, registerFigures } from './figures.ts'
import { isFromThisMachine } from './origin.ts'

export interface MetricsParts {
  readonly access: Pick<Access, 'assertRole'>
  readonly now: () => number
  readonly release: string
  readonly figures: () => NodeFigures
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS'])
/** Routers whose patterns begin anew. */
const places = ['/api/v1', '/shop/v1'] as const

export class Metrics {
  readonly #parts: MetricsParts
  readonly #registry = new Registry()
  readonly #requests: Counter<'method' | 'route' | 'status'>
  readonly #durations: Histogram<'method' | 'route'>
  readonly #putFigures: ReturnType<typeof registerFigures>

  constructor(parts: MetricsParts) {
    this.#parts = parts
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    const build = { name: 'stockmesh_build_info', help: 'The release that runs.', labelNames: ['release'], registers }
    new Gauge(build).set({ release: parts.release }, 1)
    this.#putFigures = registerFigures(this.#registry)
    this.#requests = new Counter({
      name: 'stockmesh_http_requests_total',
      help: 'Requests by method, pattern of the route and status; "none" is a page, or nothing.',
      labelNames: ['method', 'route', 'status'],
      registers,
    })
    this.#durations = new Histogram({
      name: 'stockmesh_http_request_duration_seconds',
      help: 'How long requests took; event streams are left out, and a read of the feed waits on purpose.',
      labelNames: ['method', 'route'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    })
  }

  /** For the whole application, before any route. */
  readonly measure: RequestHandler = (request, response, next) => {
    const stop = this.#durations.startTimer()
    response.once('close', () => {
      const labels = { method: methodOf(request), route: routeOf(request) }
      this.#requests.inc({ ...labels, status: response.headersSent ? response.statusCode : 'aborted' })
      if (!isStream(response)) stop(labels)
    })
    next()
  }

  /** For `/metrics`: to this machine and to the admin. Errors: 401 `signed-out`, 401 `token-refused`. */
  readonly answer: RequestHandler = async (request, response) => {
    const { access, figures, now } = this.#parts
    if (!isFromThisMachine(request)) access.assertRole(request, 'viewer')
    this.#putFigures(figures(), now())
    const text = await this.#registry.metrics()
    response.setHeader('Cache-Control', 'no-store')
    response.setHeader('Content-Type', this.#registry.contentType).end(text)
  }
}

function methodOf({ method }: Request): string {
  return methods.has(method) ? method : 'other'
}

function routeOf(request: Request): string {
  const { path } = (request.route ?? {}) as { readonly path?: unknown }
  if (typeof path !== 'string') return 'none'
  const called = request.originalUrl.toLowerCase()
  return `${places.find((place) => called.startsWith(`${place}/`)) ?? ''}${path}`
}

function isStream(response: Response): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream')
}

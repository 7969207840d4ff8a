/**
 * `POST /hooks/<connector>`: the shop's word that something changed there. It is a hint and nothing more: the shop is
 * read a little sooner, and no number in the body is ever used, so a hint that is lost, doubled, late or wrong changes
 * nothing.
 *
 * Whose word it is, the platform tells by its signature.
 */
import { raw, type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { hookBodyBytesMax } from './limits.ts'
import { mountTable } from './mounting.ts'
import { ApiFailure } from './node-api.ts'
import type { Operation } from './operation.ts'
import { bodyFailure } from './request-body.ts'
import { emptyQuery } from './schemas.ts'

export interface HooksOptions {
  /** Of the shop that this node is beside now. */
  readonly door: () => HookDoor
  readonly now: () => number
  readonly onHint: () => void
}

interface Hint {
  readonly body: Uint8Array
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Milliseconds since 1970. */
  readonly now: number
}

export interface HookDoor {
  /** As in `/hooks/<connector>`. */
  readonly connector: string
  /** null: this shop sends no hints. */
  readonly check: ((hint: Hint) => 'hint' | 'ping' | 'signature-invalid') | null
}

const readRaw = raw({ limit: hookBodyBytesMax, type: () => true, inflate: false })

export function createHooksRouter({ door, now, onHint }: HooksOptions): Router {
  const find: RequestHandler = (request, _response, next) => {
    const { connector, check } = door()
    next(check === null || request.params['connector'] !== connector ? 'router' : undefined)
  }
  const take = (request: Request, response: Response): void => {
    const body: unknown = request.body
    const hint = { body: Buffer.isBuffer(body) ? body : Buffer.alloc(0), headers: headersOf(request), now: now() }
    const verdict = door().check?.(hint) ?? 'signature-invalid'
    if (verdict === 'signature-invalid') throw notSigned()
    if (verdict === 'hint') onHint()
    response.status(verdict === 'hint' ? 202 : 200).json({})
  }
  const router = Router({ caseSensitive: true })
  router.use('/:connector', find)
  mountTable(router, [{ method: 'POST', path: '/:connector', handlers: [readBody, take] }])
  return router
}

export function hookOperations({ door }: Pick<HooksOptions, 'door'>): readonly Operation[] {
  const { connector, check } = door()
  if (check === null) return []
  return [
    {
      method: 'POST',
      path: `/hooks/${connector}`,
      summary: 'A hint of the shop that something changed there, signed with its key; what the body says is not used.',
      access: 'anyone',
      query: emptyQuery,
      body: z.unknown(),
      status: 202,
      type: 'application/json',
      answers: z.strictObject({}),
      otherStatus: 200,
      errors: {
        'body-invalid': 400,
        'signature-invalid': 401,
        'body-too-large': 413,
        'content-type': 415,
      },
    },
  ]
}

const readBody: RequestHandler = (request, response, next) => {
  readRaw(request, response, (error?: unknown) => {
    if (error === undefined) return next()
    const isTooLarge = (error as { type?: unknown }).type === 'entity.too.large'
    if (!isTooLarge) return next(bodyFailure(error))
    next(new ApiFailure(413, 'body-too-large', `A hint is at most ${hookBodyBytesMax} bytes. Send less.`))
  })
}

function headersOf(request: Request): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )
}

function notSigned(): ApiFailure {
  return new ApiFailure(
    401,
    'signature-invalid',
    "The hint is not signed with the shop's key. A Stockmesh shop signs the body: Stockmesh-Signature: v1=<hex of HMAC-SHA256>.",
  )
}

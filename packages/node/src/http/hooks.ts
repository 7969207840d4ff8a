/**
 * `POST /hooks/<connector>`: the shop's word that something changed there. It is a hint and nothing more: the shop is
 * read a little sooner, and no number in the body is ever used, so a hint that is lost, doubled, late or wrong changes
 * nothing.
 *
 * The body is signed with the shop's key: `Stockmesh-Signature: v1=<hex of HMAC-SHA256 over the body's bytes>`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { raw, type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { hookBodyBytesMax } from './limits.ts'
import { mountTable } from './mounting.ts'
import { ApiFailure } from './node-api.ts'
import type { Operation } from './operation.ts'
import { bodyFailure } from './request-body.ts'
import { emptyQuery } from './schemas.ts'

export interface HooksOptions {
  /** As in `/hooks/<connector>`. */
  readonly connector: string
  /** Any of them signs. */
  readonly keys: readonly string[]
  readonly onHint: () => void
}

const readRaw = raw({ limit: hookBodyBytesMax, type: () => true, inflate: false })

export function createHooksRouter({ connector, keys, onHint }: HooksOptions): Router {
  const take = (request: Request, response: Response): void => {
    const body: unknown = request.body
    assertSigned(request.get('stockmesh-signature'), Buffer.isBuffer(body) ? body : Buffer.alloc(0), keys)
    onHint()
    response.status(202).json({})
  }
  const router = Router({ caseSensitive: true })
  mountTable(router, [{ method: 'POST', path: `/${connector}`, handlers: [readBody, take] }])
  return router
}

export function hookOperations({ connector }: Pick<HooksOptions, 'connector'>): readonly Operation[] {
  return [
    {
      method: 'POST',
      path: `/hooks/${connector}`,
      summary: 'A hint that something changed in the shop, signed with its key; what the body says is not used.',
      access: 'anyone',
      query: emptyQuery,
      body: z.unknown(),
      status: 202,
      type: 'application/json',
      answers: z.strictObject({}),
      otherStatus: null,
      errors: { 'body-invalid': 400, 'signature-invalid': 401, 'body-too-large': 413, 'content-type': 415 },
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

/** Error: 401 `signature-invalid`. The time it takes tells nothing of a key. */
function assertSigned(header: string | undefined, body: Buffer, keys: readonly string[]): void {
  const given = Buffer.from(/^v1=([0-9a-f]{64})$/.exec(header ?? '')?.[1] ?? '', 'hex')
  const matches = keys.map((key) => {
    const expected = createHmac('sha256', key).update(body).digest()
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (matches.includes(true)) return
  throw new ApiFailure(
    401,
    'signature-invalid',
    "The hint is not signed with the shop's key. Sign the body: Stockmesh-Signature: v1=<hex of HMAC-SHA256>.",
  )
}

/**
 * Who is who in a shop that runs as a process of its own: bearer tokens, and sessions of its admin page. Sessions live
 * in RAM, so a restart signs everybody out. A cookie counts for a change only when our own page sent it.
 */
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { bearerToken } from '../http/bearer.ts'
import type { Clock } from '../http/clock.ts'
import { hasHttpsOrigin, isFromOwnPage, isHttps, isSafeMethod } from '../http/origin.ts'
import { ApiFailure } from '../http/node-api.ts'
import { parseBody, readBody } from '../http/request-body.ts'
import { equalSecrets, hashSecret, makeSecret } from '../http/secret.ts'
import { limitTries } from '../http/tries.ts'
import { sessionMsMax, sessionsMax } from './shop-limits.ts'
import type { ShopAccess } from './shop-router.ts'

export interface ShopLoginOptions {
  /** Accepted as bearer tokens, and as the key that signs in. */
  readonly keys: readonly string[]
  readonly open: boolean
  /** The cookie's name ends in it: two shops on one host do not sign each other out. */
  readonly shopId: string
  readonly clock: Clock
  /** Whether a proxy in front says who asks, and whether by https. */
  readonly trustsProxy: boolean
}

const sessionBody: z.ZodType<{ key: string }> = z.strictObject({ key: z.string().max(1_000) })

export class ShopLogin implements ShopAccess {
  readonly open: boolean
  readonly #options: ShopLoginOptions
  /** The hash of the cookie and when it ends; in the order of signing in. */
  readonly #sessions = new Map<string, number>()

  constructor(options: ShopLoginOptions) {
    this.#options = options
    this.open = options.open
  }

  role(request: Request): 'admin' | 'public' | 'none' {
    if (request.headers.authorization !== undefined) return this.hasToken(request) ? 'admin' : 'none'
    if (!this.#hasSession(request)) return 'public'
    return isSafeMethod(request) || isFromOwnPage(request, '') ? 'admin' : 'none'
  }

  hasToken(request: { readonly headers: { readonly authorization?: string | undefined } }): boolean {
    const given = bearerToken(request)
    return given !== null && this.#isKey(given)
  }

  /** `GET`, `POST {key}` and `DELETE`, to be mounted at `/shop/session`. */
  createRouter(): Router {
    const router = Router()
    const limit = limitTries(this, this.#options.clock, this.#options.trustsProxy)
    router.get('/', (request, response) => this.#answer(request, response))
    router.post('/', ownPageOnly, limit, readBody, (request, response) => {
      const { key } = parseBody(sessionBody, request.body)
      if (!this.#isKey(key)) throw new ApiFailure(401, 'key-rejected', 'This is not the key of this shop.')
      this.#setCookie(request, response, this.#open(), sessionMsMax / 1_000)
      response.json({ state: 'signed-in', open: this.open })
    })
    router.delete('/', ownPageOnly, (request, response) => {
      this.#sessions.delete(hashOf(this.#cookie(request) ?? ''))
      this.#setCookie(request, response, '', 0)
      response.json({ state: 'signed-out', open: this.open })
    })
    return router
  }

  #answer(request: Request, response: Response): void {
    response.setHeader('Cache-Control', 'no-store')
    response.json({ state: this.role(request) === 'admin' ? 'signed-in' : 'signed-out', open: this.open })
  }

  #isKey(given: string): boolean {
    // Every key is compared, so that the time does not tell which one was close.
    return this.#options.keys.map((key) => equalSecrets(key, given)).includes(true)
  }

  #open(): string {
    const now = this.#options.clock.now()
    for (const [hash, ends] of this.#sessions) {
      if (ends <= now || this.#sessions.size >= sessionsMax) this.#sessions.delete(hash)
    }
    const id = makeSecret(32)
    this.#sessions.set(hashOf(id), now + sessionMsMax)
    return id
  }

  #hasSession(request: Request): boolean {
    const cookie = this.#cookie(request)
    return cookie !== null && (this.#sessions.get(hashOf(cookie)) ?? 0) > this.#options.clock.now()
  }

  #cookie(request: Request): string | null {
    for (const pair of (request.headers.cookie ?? '').split(';')) {
      const [name, value] = pair.trim().split('=', 2)
      if (name === this.#cookieName() && value !== undefined && value !== '') return value
    }
    return null
  }

  #setCookie(request: Request, response: Response, value: string, maxAgeSeconds: number): void {
    const isSecure = isHttps(request, '', this.#options.trustsProxy) || hasHttpsOrigin(request)
    const secure = isSecure ? '; Secure' : ''
    const attributes = `Path=/shop; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`
    response.setHeader('Set-Cookie', `${this.#cookieName()}=${value}; ${attributes}`)
  }

  #cookieName(): string {
    return `stockmesh-shop-${this.#options.shopId}`
  }
}

/** Signing in and out from another site's page would let that page choose who the visitor is. */
const ownPageOnly: RequestHandler = (request, _response, next) => {
  const { authorization } = request.headers
  if (authorization !== undefined || isFromOwnPage(request, '')) next()
  else next(new ApiFailure(403, 'cross-site', 'The request came from another page and was refused. Reload this page.'))
}

function hashOf(secret: string): string {
  return hashSecret(secret).toString('base64url')
}

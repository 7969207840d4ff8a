/**
 * Who may do what: a request is the admin's by a bearer token or by a session cookie, else nobody's. A cookie counts
 * for a change only when our own page sent it, and for a WebSocket only from our own origin.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { bearerToken } from './bearer.ts'
import { sessionIdleMsMax } from './limits.ts'
import { ApiFailure } from './node-api.ts'
import { hasOwnOrigin, isFromOwnPage, isHttps, isSafeMethod } from './origin.ts'
import { equalSecrets } from './secret.ts'
import type { Sessions } from './sessions.ts'

export type Role = 'admin'

export interface AccessOptions {
  readonly sessions: Sessions
  /** The cookie's name ends in it, so that two nodes on one host do not sign each other out. */
  readonly nodeId: string
  readonly publicUrl: () => string
  /** Accepted as bearer tokens: the one of the environment, the one of the command line. */
  readonly tokens: readonly string[]
}

export class Access {
  readonly #options: AccessOptions

  constructor(options: AccessOptions) {
    this.#options = options
  }

  /** Never honours a cookie that another site's page made the browser send with a change. */
  role(request: IncomingMessage): Role | null {
    if (bearerToken(request) !== null) return this.hasToken(request) ? 'admin' : null
    if (!isSafeMethod(request) && !isFromOwnPage(request, this.#options.publicUrl())) return null
    return this.#hasSession(request) ? 'admin' : null
  }

  /** For `/live/v1`: a cookie and our own origin, since a browser sends cookies with any page's WebSocket. */
  upgradeRole(request: IncomingMessage): Role | null {
    return hasOwnOrigin(request, this.#options.publicUrl()) && this.#hasSession(request) ? 'admin' : null
  }

  hasToken(request: IncomingMessage): boolean {
    const given = bearerToken(request)
    if (given === null) return false
    // Every token is compared, so that the time does not tell which one was close.
    return this.#options.tokens.map((token) => equalSecrets(token, given)).includes(true)
  }

  /** Errors: 403 `cross-site`, 401 `token-refused`, 401 `signed-out`. */
  assertAdmin(request: IncomingMessage): void {
    if (bearerToken(request) !== null) {
      if (this.hasToken(request)) return
      throw new ApiFailure(401, 'token-refused', 'The bearer token is not one of this node. Use the one in its folder.')
    }
    this.assertOwnPage(request)
    if (!this.#hasSession(request)) throw new ApiFailure(401, 'signed-out', 'You are signed out. Sign in again.')
  }

  /** A change with a cookie must come from our own page. Errors: 403 `cross-site`. */
  assertOwnPage(request: IncomingMessage): void {
    if (isSafeMethod(request) || this.hasToken(request) || this.sessionId(request) === null) return
    if (isFromOwnPage(request, this.#options.publicUrl())) return
    throw new ApiFailure(
      403,
      'cross-site',
      'The request came from another page and was refused. Reload this page, or send a bearer token.',
    )
  }

  sessionId(request: IncomingMessage): string | null {
    return cookieValue(request.headers.cookie ?? '', this.#cookieName(request))
  }

  giveCookie(request: IncomingMessage, response: ServerResponse, session: string): void {
    this.#setCookie(request, response, session, sessionIdleMsMax / 1_000)
  }

  takeCookie(request: IncomingMessage, response: ServerResponse): void {
    this.#setCookie(request, response, '', 0)
  }

  #hasSession(request: IncomingMessage): boolean {
    const id = this.sessionId(request)
    return id !== null && this.#options.sessions.has(id)
  }

  #setCookie(request: IncomingMessage, response: ServerResponse, value: string, maxAgeSeconds: number): void {
    const secure = isHttps(request, this.#options.publicUrl()) ? '; Secure' : ''
    const cookie = `${this.#cookieName(request)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict`
    response.setHeader('Set-Cookie', `${cookie}${secure}`)
  }

  #cookieName(request: IncomingMessage): string {
    const prefix = isHttps(request, this.#options.publicUrl()) ? '__Host-' : ''
    return `${prefix}stockmesh-${this.#options.nodeId}`
  }
}

function cookieValue(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const [key, value] = pair.split('=', 2)
    if (key?.trim() === name && value !== undefined && value.trim() !== '') return value.trim()
  }
  return null
}

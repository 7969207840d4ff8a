/**
 * Who may do what: a request is an admin's or a viewer's by a bearer token or by a session cookie, else nobody's. A
 * viewer may look at everything and change nothing. A cookie counts for a change only when our own page sent it, and for
 * a WebSocket only from our own origin.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiTokens } from './api-tokens.ts'
import { bearerToken } from './bearer.ts'
import { sessionIdleMsMax } from './limits.ts'
import { ApiFailure } from './node-api.ts'
import { hasHttpsOrigin, hasOwnOrigin, isFromOwnPage, isHttps, isSafeMethod } from './origin.ts'
import { equalSecrets, hashSecret } from './secret.ts'
import type { Role, Sessions } from './sessions.ts'

/** Who calls, for the log of what was done. */
export interface Caller {
  readonly role: Role
  /** `session`: a browser that signed in; `token`: one that a person made; else whoever holds the node's own. */
  readonly kind: 'session' | 'token' | OwnToken['kind']
  /** Of a token its name, of a session a mark that tells it from others; null where there is only one. */
  readonly name: string | null
}

/** A token of the node itself, which is an admin's: of its folder, or of its environment. */
export interface OwnToken {
  readonly kind: 'command-line' | 'environment'
  readonly token: string
}

export interface AccessOptions {
  readonly sessions: Sessions
  /** The cookie's name ends in it, so that two nodes on one host do not sign each other out. */
  readonly nodeId: string
  readonly publicUrl: () => string
  /** Whether a proxy in front says how the client came. */
  readonly trustsProxy: boolean
  readonly ownTokens: readonly OwnToken[]
  readonly apiTokens: Pick<ApiTokens, 'find'>
}

export class Access {
  readonly #options: AccessOptions

  constructor(options: AccessOptions) {
    this.#options = options
  }

  /** Never honours a cookie that another site's page made the browser send with a change. */
  role(request: IncomingMessage): Role | null {
    return this.caller(request)?.role ?? null
  }

  caller(request: IncomingMessage): Caller | null {
    if (bearerToken(request) !== null) return this.#tokenHolder(request)
    if (!isSafeMethod(request) && !isFromOwnPage(request, this.#options.publicUrl())) return null
    return this.#signedIn(request)
  }

  /** For `/live/v1`: a cookie and our own origin, since a browser sends cookies with any page's WebSocket. */
  upgradeRole(request: IncomingMessage): Role | null {
    return hasOwnOrigin(request, this.#options.publicUrl()) ? (this.#signedIn(request)?.role ?? null) : null
  }

  hasToken(request: IncomingMessage): boolean {
    return this.#tokenHolder(request) !== null
  }

  /** Whether the caller holds the node's own token, and so may read its folder or its environment. */
  hasOwnToken(request: IncomingMessage): boolean {
    const holder = this.#tokenHolder(request)
    return holder !== null && holder.kind !== 'token'
  }

  /** Errors: 403 `cross-site`, 401 `token-refused`, 401 `signed-out`, 403 `admin-needed`. */
  assertRole(request: IncomingMessage, needed: Role): Caller {
    const caller = bearerToken(request) === null ? this.#assertSession(request) : this.#assertToken(request)
    if (caller.role === 'admin' || needed === 'viewer') return caller
    const message = 'A viewer may look at everything and change nothing. Ask an admin, or sign in as one.'
    throw new ApiFailure(403, 'admin-needed', message)
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
    const bound = this.#boundSession(request)
    if (bound !== null || this.#isHttps(request)) return bound
    return cookieValue(request, this.#cookieName)
  }

  giveCookie(request: IncomingMessage, response: ServerResponse, session: string): void {
    this.#setCookie(request, response, session, sessionIdleMsMax / 1_000)
  }

  takeCookie(request: IncomingMessage, response: ServerResponse): void {
    this.#setCookie(request, response, '', 0)
  }

  #assertToken(request: IncomingMessage): Caller {
    const holder = this.#tokenHolder(request)
    if (holder !== null) return holder
    throw new ApiFailure(401, 'token-refused', 'The bearer token is not one of this node, or it was revoked.')
  }

  #assertSession(request: IncomingMessage): Caller {
    this.assertOwnPage(request)
    const caller = this.#signedIn(request)
    if (caller === null) throw new ApiFailure(401, 'signed-out', 'You are signed out. Sign in again.')
    return caller
  }

  #tokenHolder(request: IncomingMessage): Caller | null {
    const given = bearerToken(request)
    if (given === null) return null
    const { ownTokens, apiTokens } = this.#options
    // Every one is compared, so that the time does not tell which one was close.
    const own = ownTokens.filter(({ token }) => equalSecrets(token, given)).map(({ kind }) => kind)
    const made = apiTokens.find(given)
    if (own[0] !== undefined) return { role: 'admin', kind: own[0], name: null }
    return made === null ? null : { role: made.role, kind: 'token', name: made.name }
  }

  #signedIn(request: IncomingMessage): Caller | null {
    const id = this.sessionId(request)
    const role = id === null ? null : this.#options.sessions.role(id)
    return id === null || role === null ? null : { role, kind: 'session', name: markOf(id) }
  }

  /** Of the cookie that a browser keeps for https and this host alone: a page of another name cannot have set it. */
  #boundSession(request: IncomingMessage): string | null {
    return cookieValue(request, `__Host-${this.#cookieName}`)
  }

  #setCookie(request: IncomingMessage, response: ServerResponse, value: string, maxAgeSeconds: number): void {
    const isSecure = this.#isHttps(request) || hasHttpsOrigin(request) || this.#boundSession(request) !== null
    const [prefix, secure] = isSecure ? ['__Host-', '; Secure'] : ['', '']
    const attributes = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`
    response.setHeader('Set-Cookie', `${prefix}${this.#cookieName}=${value}; ${attributes}`)
  }

  get #cookieName(): string {
    return `stockmesh-${this.#options.nodeId}`
  }

  #isHttps(request: IncomingMessage): boolean {
    return isHttps(request, this.#options.publicUrl(), this.#options.trustsProxy)
  }
}

/** Tells sessions apart in a log, and tells nothing of the cookie. */
export function markOf(session: string): string {
  return hashSecret(session).toString('hex').slice(0, 8)
}

function cookieValue({ headers }: IncomingMessage, name: string): string | null {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [key, value] = pair.split('=', 2)
    if (key?.trim() === name && value !== undefined && value.trim() !== '') return value.trim()
  }
  return null
}

/**
 * The limit on sign-in and set-up: 5 failed tries in 15 minutes and address. A try that succeeds does not count, and
 * a valid bearer token is never limited.
 */
import type { Request, RequestHandler } from 'express'
import { type ClientRateLimitInfo, ipKeyGenerator, rateLimit, type Store } from 'express-rate-limit'
import type { Clock } from './clock.ts'
import { clientAddress } from './forwarded.ts'
import { triesMax, triesMsMax } from './limits.ts'
import { ApiFailure } from './node-api.ts'

/** Who knows a valid bearer token. */
export interface TokenHolder {
  hasToken(request: Request): boolean
}

export function limitTries(access: TokenHolder, clock: Clock, trustsProxy: boolean): RequestHandler {
  const store = new TriesStore(clock)
  return rateLimit({
    windowMs: triesMsMax,
    limit: triesMax,
    store,
    keyGenerator: (request) => ipKeyGenerator(clientAddress(request, trustsProxy)),
    skip: (request) => access.hasToken(request),
    skipSuccessfulRequests: true,
    standardHeaders: false,
    legacyHeaders: false,
    // Whether forwarding headers are believed is decided above: whoever guesses would forge them.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler(request, response, next) {
      const { rateLimit: info } = request as typeof request & { rateLimit: { key: string } }
      const seconds = Math.max(1, Math.ceil(store.waitMs(info.key) / 1_000))
      response.setHeader('Retry-After', String(seconds))
      const message = `Too many tries. Wait ${Math.ceil(seconds / 60)} minutes and try again.`
      next(new ApiFailure(429, 'too-many-tries', message, { seconds }))
    },
  })
}

/** By address. The library's own store reads the system clock; this one also drops windows that have passed. */
class TriesStore implements Store {
  readonly localKeys = true
  readonly #clock: Clock
  readonly #windows = new Map<string, { totalHits: number; readonly endsAt: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  increment(address: string): ClientRateLimitInfo {
    const now = this.#clock.now()
    for (const [key, { endsAt }] of this.#windows) if (endsAt <= now) this.#windows.delete(key)
    const window = this.#windows.get(address) ?? { totalHits: 0, endsAt: now + triesMsMax }
    this.#windows.set(address, window)
    window.totalHits += 1
    return { totalHits: window.totalHits, resetTime: undefined }
  }

  decrement(address: string): void {
    const window = this.#windows.get(address)
    if (window !== undefined) window.totalHits = Math.max(0, window.totalHits - 1)
  }

  resetKey(address: string): void {
    this.#windows.delete(address)
  }

  waitMs(address: string): number {
    return (this.#windows.get(address)?.endsAt ?? 0) - this.#clock.now()
  }
}

/**
 * The limit on sign-in and set-up: 5 failed tries in 15 minutes and address. A try that succeeds does not count, and
 * a valid bearer token is never limited.
 */
import type { RequestHandler } from 'express'
import { type ClientRateLimitInfo, rateLimit, type Store } from 'express-rate-limit'
import type { Access } from './access.ts'
import type { Clock } from './clock.ts'
import { triesMax, triesMsMax } from './limits.ts'
import { ApiFailure } from './node-api.ts'

export function limitTries(access: Pick<Access, 'hasToken'>, clock: Clock): RequestHandler {
  return rateLimit({
    windowMs: triesMsMax,
    limit: triesMax,
    store: new TriesStore(clock),
    skip: (request) => access.hasToken(request),
    skipSuccessfulRequests: true,
    standardHeaders: false,
    legacyHeaders: false,
    handler(request, response, next) {
      const { rateLimit: info } = request as typeof request & { rateLimit: { resetTime: Date } }
      const seconds = Math.max(1, Math.ceil((info.resetTime.getTime() - clock.now()) / 1_000))
      response.setHeader('Retry-After', String(seconds))
      const message = `Too many tries. Wait ${Math.ceil(seconds / 60)} minutes and try again.`
      next(new ApiFailure(429, 'too-many-tries', message, { seconds }))
    },
  })
}

/** The library's own store reads the system clock. Windows that have passed are dropped when a new one begins. */
class TriesStore implements Store {
  readonly localKeys = true
  readonly #clock: Clock
  readonly #windows = new Map<string, { totalHits: number; readonly resetTime: Date }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  increment(address: string): ClientRateLimitInfo {
    const now = this.#clock.now()
    const current = this.#windows.get(address)
    if (current !== undefined && current.resetTime.getTime() > now) {
      current.totalHits += 1
      return { ...current }
    }
    for (const [key, { resetTime }] of this.#windows) if (resetTime.getTime() <= now) this.#windows.delete(key)
    const window = { totalHits: 1, resetTime: new Date(now + triesMsMax) }
    this.#windows.set(address, window)
    return { ...window }
  }

  decrement(address: string): void {
    const current = this.#windows.get(address)
    if (current !== undefined) current.totalHits = Math.max(0, current.totalHits - 1)
  }

  resetKey(address: string): void {
    this.#windows.delete(address)
  }
}

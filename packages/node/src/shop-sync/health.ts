/**
 * How the node stands with its shop: what the last calls said, for the status page and for the problem "shop out of
 * reach". Calls that only wait do not count.
 */
import type { ShopState } from '@stockmesh/protocol'
import type { Clock } from '../ports.ts'

export interface ShopFailure {
  readonly code: string
  readonly message: string
  /** When the calls began to fail, in milliseconds since 1970. */
  readonly since: number
}

export class ShopHealth {
  readonly #clock: Clock
  readonly #changed: () => void
  #lastContactAt: number | null = null
  #failure: ShopFailure | null = null

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
  }

  get state(): ShopState {
    if (this.#failure !== null) return 'unreachable'
    return this.#lastContactAt === null ? 'connecting' : 'connected'
  }

  get lastContactAt(): number | null {
    return this.#lastContactAt
  }

  get failure(): ShopFailure | null {
    return this.#failure
  }

  succeed(): void {
    this.#lastContactAt = this.#clock.now()
    if (this.#failure === null) return
    this.#failure = null
    this.#changed()
  }

  fail(code: string, message: string): void {
    const since = this.#failure?.since ?? this.#clock.now()
    const isNews = this.#failure?.code !== code
    this.#failure = { code, message, since }
    if (isNews) this.#changed()
  }
}

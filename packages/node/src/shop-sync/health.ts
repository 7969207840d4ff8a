/**
 * How the node stands with its shop: what the last calls said, for the status page and for the problem "shop out of
 * reach". Calls that only wait do not count. A shop that can be read but takes no adjustment is out of reach all the
 * same.
 */
import type { ShopState } from '@stockmesh/protocol'
import type { Clock } from '../ports.ts'

export interface ShopFailure {
  readonly code: string
  readonly message: string
  /** When the calls began to fail, in milliseconds since 1970. */
  readonly since: number
}

type ShopCall = 'read' | 'adjust'

export class ShopHealth {
  readonly #clock: Clock
  readonly #changed: () => void
  /** In the order in which they began. */
  readonly #failures = new Map<ShopCall, ShopFailure>()
  #lastContactAt: number | null = null

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
  }

  get state(): ShopState {
    if (this.failure !== null) return 'unreachable'
    return this.#lastContactAt === null ? 'connecting' : 'connected'
  }

  get lastContactAt(): number | null {
    return this.#lastContactAt
  }

  /** The one that has lasted longest. */
  get failure(): ShopFailure | null {
    const [first] = this.#failures.values()
    return first ?? null
  }

  /** Answers whether such calls had failed. */
  succeed(call: ShopCall): boolean {
    this.#lastContactAt = this.#clock.now()
    return this.forget(call)
  }

  /** Nothing is left to be done by such a call, so nobody will see it succeed. */
  forget(call: ShopCall): boolean {
    const had = this.#failures.delete(call)
    if (had) this.#changed()
    return had
  }

  fail(call: ShopCall, code: string, message: string): void {
    const before = this.#failures.get(call)
    this.#failures.set(call, { code, message, since: before?.since ?? this.#clock.now() })
    if (before?.code !== code) this.#changed()
  }
}

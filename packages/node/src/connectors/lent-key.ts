/**
 * What a shop lends for its keys, a token or a session: it is renewed before its end and when the shop takes it no more,
 * once for everybody who waits for it.
 */
import type { Clock, Timers } from '../ports.ts'
import { Wakeup } from '../wakeup.ts'
import { busyPause, busyTriesMax, retryAfterMs } from './busy-shop.ts'
import type { ShopResponse } from './shop-exchange.ts'

export interface Lent<T> {
  readonly value: T
  /** Milliseconds since 1970; null: it lasts until the shop takes it no more. */
  readonly renewAt: number | null
}

export class LentKey<T> {
  readonly #borrow: () => Promise<Lent<T>>
  readonly #clock: Clock
  #lent: Lent<T> | null = null
  #renewal: Promise<T> | null = null

  /** `borrow` gives the keys themselves away, so that it is called as seldom as can be. */
  constructor(borrow: () => Promise<Lent<T>>, clock: Clock) {
    this.#borrow = borrow
    this.#clock = clock
  }

  /** Errors: those of `borrow`. */
  async current(): Promise<T> {
    const lent = this.#lent
    if (lent !== null && (lent.renewAt === null || this.#clock.now() < lent.renewAt)) return lent.value
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  /** The shop took `used` no more; somebody else may have a newer one already. */
  drop(used: T): void {
    if (this.#lent?.value === used) this.#lent = null
  }

  async #renew(): Promise<T> {
    this.#lent = await this.#borrow()
    return this.#lent.value
  }
}

export interface LentCall<T> {
  readonly key: LentKey<T>
  readonly send: (lent: T) => Promise<ShopResponse>
  /** Whether the shop takes what it lent no more, and did nothing. */
  readonly isEnded: (response: ShopResponse) => boolean
}

/**
 * One call with what the shop lends: put again once where that has ended, and after a pause where the shop asks for fewer
 * calls. Errors: those of `send` and of the renewal.
 */
export async function callWithLent<T>(
  { key, send, isEnded }: LentCall<T>,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
  signal: AbortSignal,
): Promise<ShopResponse> {
  let hasRenewed = false
  for (let busy = 0; ; ) {
    const used = await key.current()
    signal.throwIfAborted()
    const response = await send(used)
    if (response.status === 429 && busy < busyTriesMax) {
      await new Wakeup(timers).wait(busyPause(retryAfterMs(response, clock.now()), busy), signal)
      signal.throwIfAborted()
      busy += 1
    } else if (!hasRenewed && isEnded(response)) {
      hasRenewed = true
      key.drop(used)
    } else return response
  }
}

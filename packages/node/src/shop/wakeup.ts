/** Those who wait for the next feed row. A waiter is gone when it was woken, its time is up or its request is aborted. */
import type { ShopClock } from './shop-clock.ts'

export class Wakeup {
  readonly #clock: ShopClock
  readonly #waiters = new Set<() => void>()

  constructor(clock: ShopClock) {
    this.#clock = clock
  }

  get waiting(): number {
    return this.#waiters.size
  }

  /** Resolves at the next `wake`, after this time, or when the signal is aborted: the caller looks what it was. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const end = (): void => {
        this.#waiters.delete(end)
        cancel()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const cancel = this.#clock.after(milliseconds, end)
      signal.addEventListener('abort', end)
      this.#waiters.add(end)
    })
  }

  wake(): void {
    for (const end of this.#waiters) end()
  }
}

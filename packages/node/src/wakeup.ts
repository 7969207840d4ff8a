/**
 * What a loop waits on: somebody wakes it, a time passes, or its work is called off. A wake-up that comes while the
 * loop is busy is kept for its next wait.
 */
import type { Timers } from './ports.ts'

export class Wakeup {
  readonly #timers: Timers
  #woken = false
  #resume: (() => void) | null = null

  constructor(timers: Timers) {
    this.#timers = timers
  }

  wake(): void {
    this.#woken = true
    this.#resume?.()
  }

  /** Resolves when woken, after `ms` (null: never by itself), or when the signal aborts. */
  async wait(ms: number | null, signal: AbortSignal): Promise<void> {
    if (!this.#woken && !signal.aborted) {
      const { promise, resolve } = resolvable()
      const cancel = ms === null ? null : this.#timers.after(ms, resolve)
      signal.addEventListener('abort', resolve)
      this.#resume = resolve
      await promise
      this.#resume = null
      signal.removeEventListener('abort', resolve)
      cancel?.()
    }
    this.#woken = false
  }
}

function resolvable(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

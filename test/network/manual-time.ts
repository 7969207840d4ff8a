/**
 * A clock that stands still until a test moves it, with the timers that hang on it. `advance` runs what is due, in
 * order, and gives the event loop a turn after each.
 */
import type { Cancel, Clock, Timers } from '../../packages/node/src/ports.ts'

export class ManualTime implements Clock, Timers {
  #now: number
  #next = 0
  readonly #pending = new Map<number, { readonly at: number; readonly run: () => void }>()

  constructor(now = 1_700_000_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): Cancel {
    const id = this.#next
    this.#next += 1
    this.#pending.set(id, { at: this.#now + ms, run })
    return () => this.#pending.delete(id)
  }

  get pending(): number {
    return this.#pending.size
  }

  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      const due = [...this.#pending].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0]
      if (due === undefined) break
      const [id, timer] = due
      this.#pending.delete(id)
      this.#now = Math.max(this.#now, timer.at)
      timer.run()
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.#now = end
  }
}

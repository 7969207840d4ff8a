/**
 * A clock that stands still until a test advances it, and runs what is due on the way.
 */
import type { Clock } from '../../packages/node/src/http/clock.ts'

export class ManualClock implements Clock {
  #now = Date.parse('2026-03-01T12:00:00Z')
  readonly #timers = new Set<{ readonly at: number; run(): void }>()

  get timers(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= end).sort((left, right) => left.at - right.at)[0]
      if (due === undefined) break
      this.#timers.delete(due)
      this.#now = due.at
      due.run()
    }
    this.#now = end
  }
}

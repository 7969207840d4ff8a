/** Time that runs so many times as fast as the clock on the wall, for what waits on real disks and would wait long. */
import type { Cancel, Clock, Timers } from '../../packages/node/src/ports.ts'

export class FastTime implements Clock, Timers {
  readonly #factor: number
  readonly #began = performance.now()
  readonly #start = Date.parse('2026-03-01T08:00:00Z')

  constructor(factor: number) {
    this.#factor = factor
  }

  now(): number {
    return Math.floor(this.#start + (performance.now() - this.#began) * this.#factor)
  }

  after(ms: number, run: () => void): Cancel {
    const timer = setTimeout(run, ms / this.#factor)
    return () => clearTimeout(timer)
  }
}

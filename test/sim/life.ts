/**
 * One life of a simulated process. A killed process does nothing more: its timers do not fire, its calls never return.
 * A paused one does nothing until it goes on; then everything that was due happens at once.
 */
import type { Cancel, Timers } from '../../packages/node/src/ports.ts'
import type { VirtualTime } from './virtual-time.ts'

export class Life implements Timers {
  readonly #time: VirtualTime
  #alive = true
  #paused = false
  #waiting: (() => void)[] = []
  #mourners: (() => void)[] = []

  constructor(time: VirtualTime) {
    this.#time = time
  }

  get alive(): boolean {
    return this.#alive
  }

  kill(): void {
    if (!this.#alive) return
    this.#alive = false
    this.#waiting = []
    for (const told of this.#mourners.splice(0)) told()
  }

  /** Others hear of the end. */
  whenKilled(told: () => void): void {
    if (this.#mourners.length > 1_000) this.#mourners.splice(0, 500)
    this.#mourners.push(told)
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    const waiting = this.#waiting
    this.#waiting = []
    for (const run of waiting) this.#time.after(0, () => this.do(run))
  }

  /** Runs now, later if paused, never if dead. */
  do(run: () => void): void {
    if (!this.#alive) return
    if (this.#paused) this.#waiting.push(run)
    else run()
  }

  after(ms: number, run: () => void): Cancel {
    let cancelled = false
    this.#time.after(ms, () =>
      this.do(() => {
        if (!cancelled) run()
      }),
    )
    return () => {
      cancelled = true
    }
  }

  /** Never resolves once the process is dead. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve)
    })
  }
}

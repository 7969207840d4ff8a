/**
 * Work that is asked for often and done seldom: soon after it was asked for, never sooner than a pause after it was
 * done, and once more if it was asked for meanwhile.
 */
import type { Cancel, Clock, Timers } from '../ports.ts'

export class Throttle {
  readonly #clock: Clock & Timers
  readonly #pauseMs: (tookMs: number) => number
  readonly #work: () => Promise<void> | void
  #isAsked = false
  #isWorking = false
  #cancel: Cancel | null = null

  /** `work` may not reject. `pauseMs` is told how long the work took; before the first time that is 0. */
  constructor(clock: Clock & Timers, pauseMs: (tookMs: number) => number, work: () => Promise<void> | void) {
    this.#clock = clock
    this.#pauseMs = pauseMs
    this.#work = work
  }

  ask(): void {
    this.#isAsked = true
    if (this.#cancel === null && !this.#isWorking) this.#wait(this.#pauseMs(0))
  }

  stop(): void {
    this.#isAsked = false
    this.#cancel?.()
    this.#cancel = null
  }

  #wait(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      this.#cancel = null
      if (this.#isAsked) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isAsked = false
    this.#isWorking = true
    const startedAt = this.#clock.now()
    await this.#work()
    this.#isWorking = false
    if (this.#isAsked) this.#wait(this.#pauseMs(this.#clock.now() - startedAt))
  }
}

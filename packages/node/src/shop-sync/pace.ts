/**
 * Steps that begin at least so far apart: one that comes after a quiet time is made at once, and under load each step
 * finds what gathered meanwhile and takes it together.
 */
import type { Timers } from '../ports.ts'
import { Wakeup } from '../wakeup.ts'

export class Pace {
  readonly #wakeup: Wakeup
  readonly #ms: number

  constructor(timers: Timers, ms: number) {
    this.#wakeup = new Wakeup(timers)
    this.#ms = ms
  }

  /** Resolves with the step, and not before the next one may begin or the signal aborts. */
  async keep<T>(step: () => Promise<T>, stop: AbortSignal): Promise<T> {
    const over = this.#wakeup.wait(this.#ms, stop)
    const answer = await step()
    await over
    return answer
  }
}

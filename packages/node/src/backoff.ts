/**
 * How long to wait before trying a shop again: doubling from 0.2 s to 10 s, with jitter, so that many nodes do not
 * come back in the same moment.
 */
import { type Random, randomFraction } from './ports.ts'

const firstMs = 200
const mostMs = 10_000

export class Backoff {
  readonly #random: Random
  #failures = 0

  constructor(random: Random) {
    this.#random = random
  }

  succeed(): void {
    this.#failures = 0
  }

  /** The wait after one more failure, in milliseconds. */
  fail(): number {
    const ms = Math.min(mostMs, firstMs * 2 ** this.#failures)
    this.#failures = Math.min(this.#failures + 1, 10)
    return ms / 2 + (ms / 2) * randomFraction(this.#random)
  }
}

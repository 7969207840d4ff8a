/** The clock of a shop: five minutes off the one of its node, and it may stand still. */
import type { Clock } from '../../packages/node/src/ports.ts'

export const skewMs = 300_000

export class ShopTime implements Clock {
  readonly #clock: Clock
  readonly #aheadMs: number
  #stoodAt: number | null = null

  constructor(clock: Clock, aheadMs: number) {
    this.#clock = clock
    this.#aheadMs = aheadMs
  }

  now(): number {
    return this.#stoodAt ?? this.#clock.now() + this.#aheadMs
  }

  stop(stands: boolean): void {
    this.#stoodAt = stands ? this.now() : null
  }
}

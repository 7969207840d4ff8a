/**
 * Whether this process is its shop's node, by what the other members say: one that knows of a process of the same shop
 * that started later sends this one away, and as long as that is its last word this one stands aside. It tries again
 * and again, so it takes over when the later one is gone.
 */
import { hasPassed, type ShopId } from '@stockmesh/protocol'
import type { Clock } from '../ports.ts'

/** A refusal may come from a session that was dead already; one that comes again after this long does not. */
const sureMs = 4_000

export class Standing {
  readonly #clock: Clock
  readonly #isMember: (shop: ShopId) => boolean
  readonly #onSure: (by: ShopId) => void
  readonly #refusedAt = new Map<ShopId, number>()

  /** `onSure`: the other process is alive, as a member says. */
  constructor(clock: Clock, isMember: (shop: ShopId) => boolean, onSure: (by: ShopId) => void) {
    this.#clock = clock
    this.#isMember = isMember
    this.#onSure = onSure
  }

  /** Another process of this shop, which started later, is its node. */
  get isAside(): boolean {
    for (const shop of this.#refusedAt.keys()) if (this.#isMember(shop)) return true
    return false
  }

  refuse(by: ShopId): void {
    const first = this.#refusedAt.get(by)
    const now = this.#clock.now()
    if (first === undefined) this.#refusedAt.set(by, now)
    else if (hasPassed(sureMs, first, now)) this.#onSure(by)
  }

  accept(by: ShopId): void {
    this.#refusedAt.delete(by)
  }
}

/**
 * Which members are out of reach, by looks at the same distance in time. One that was out is back when each of the two
 * holds what the other had when they met: a number in full would else be shown before the sales in it are known.
 */
import { isMerged, limits, type Rid, type ShopId } from '@stockmesh/protocol'

export interface MemberSessions {
  /** Whether a member is connected and has told all its claims. */
  readonly hasHeard: (shop: ShopId) => boolean
  readonly holdsAllOf: (shop: ShopId) => boolean
  /** What a member claims by what was last heard; null if it was never heard. */
  readonly claimsOf: (shop: ShopId) => ReadonlyMap<Rid, number> | null
  readonly held: () => ReadonlyMap<Rid, { readonly high: number }>
}

export class MembersInReach {
  readonly #sessions: MemberSessions
  readonly #awayMs = new Map<ShopId, number>()
  /** What was held here when a member that was out came back. */
  readonly #goals = new Map<ShopId, ReadonlyMap<Rid, number>>()

  constructor(sessions: MemberSessions) {
    this.#sessions = sessions
  }

  claimOf(shop: ShopId, rid: Rid): number {
    return this.#sessions.claimsOf(shop)?.get(rid) ?? 0
  }

  /** One look at a member; `wasOut`: by the last one. */
  isOut(shop: ShopId, wasOut: boolean, outOfReachMs: number): boolean {
    if (!this.#sessions.hasHeard(shop)) {
      this.#goals.delete(shop)
      const awayMs = (this.#awayMs.get(shop) ?? 0) + limits.guardLookMs
      this.#awayMs.set(shop, awayMs)
      return wasOut || awayMs > outOfReachMs
    }
    this.#awayMs.delete(shop)
    if (!wasOut) return false
    return !this.#hasMet(shop)
  }

  #hasMet(shop: ShopId): boolean {
    const known = this.#goals.get(shop)
    const goal = known ?? new Map([...this.#sessions.held()].map(([rid, { high }]) => [rid, high]))
    if (known === undefined) this.#goals.set(shop, goal)
    if (!this.#sessions.holdsAllOf(shop)) return false
    const isMet = [...goal].every(([rid, high]) => isMerged(high) || this.claimOf(shop, rid) >= high)
    if (isMet) this.#goals.delete(shop)
    return isMet
  }
}

/**
 * What was sold and not every member in reach has claimed yet: if one falls out of reach now, it may not know of it.
 * In memory only. After a restart it is empty, and what was sold just before counts as sold before anybody noticed.
 */
import { type LevelMove, type Rid, type ShopId, shopOfRid, type SkuKey } from '@stockmesh/protocol'

export class UnclaimedMoves {
  readonly #moves = new Map<SkuKey, LevelMove[]>()

  add(move: LevelMove): void {
    if (move.units >= 0) return
    const list = this.#moves.get(move.key)
    if (list === undefined) this.#moves.set(move.key, [move])
    else list.push(move)
  }

  /** `claimed`: what all members in reach claim of a replica. */
  forget(claimed: (rid: Rid) => number): void {
    for (const [key, list] of this.#moves) {
      const open = list.filter(({ rid, seq }) => seq > claimed(rid))
      if (open.length === 0) this.#moves.delete(key)
      else if (open.length < list.length) this.#moves.set(key, open)
    }
  }

  /** Units, not negative, that these shops sold. */
  unitsOf(key: SkuKey, side: ReadonlySet<ShopId>): number {
    let units = 0
    for (const move of this.#moves.get(key) ?? []) if (side.has(shopOfRid(move.rid))) units -= move.units
    return units
  }

  clear(): void {
    this.#moves.clear()
  }
}

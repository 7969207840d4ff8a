/**
 * The orders that collided over a SKU that was oversold: from the newest movement back to the sale that took the last
 * unit that was there. What is short falls on those that came last, so each shop can see which of its buyers to write
 * to. The order of movements is that of their shops' clocks.
 */

/** What a movement did, as the log has it. */
export interface MovedUnits {
  readonly member: string
  readonly delta: number
  readonly cause: string
  readonly reference: string | null
}

export interface Collision<T extends MovedUnits> {
  /** The level before all that was folded. */
  readonly level: number
  /** Units of orders that were cancelled later, by shop and reference. */
  readonly undone: ReadonlyMap<string, number>
  /** The newest first. */
  readonly sales: readonly { readonly sale: T; readonly units: number }[]
  /** There was something before, or somebody counted: nothing older belongs to it. */
  readonly isComplete: boolean
}

export interface CollidingSale<T extends MovedUnits> {
  readonly sale: T
  /** Units sold and not cancelled since. */
  readonly units: number
  /** How many of them there are not. */
  readonly short: number
}

/** Before anything is folded; `level`: as it is now. */
export function collisionAt<T extends MovedUnits>(level: number): Collision<T> {
  return { level, undone: new Map(), sales: [], isComplete: level >= 0 }
}

/** Folds one movement more, the newest first. */
export function foldBack<T extends MovedUnits>(collision: Collision<T>, movement: T): Collision<T> {
  if (collision.isComplete) return collision
  if (movement.cause === 'stock-count') return { ...collision, isComplete: true }
  const level = collision.level - movement.delta
  const next = { ...collision, level, isComplete: level > 0 }
  const order = orderOf(movement)
  if (movement.cause === 'cancel' || movement.cause === 'return') {
    if (order === null) return next
    const undone = new Map(collision.undone).set(order, (collision.undone.get(order) ?? 0) + movement.delta)
    return { ...next, undone }
  }
  if (movement.cause !== 'sale') return next
  const back = order === null ? 0 : Math.min(-movement.delta, collision.undone.get(order) ?? 0)
  const undone =
    order === null || back === 0
      ? collision.undone
      : new Map(collision.undone).set(order, (collision.undone.get(order) ?? 0) - back)
  const units = -movement.delta - back
  return { ...next, undone, sales: units > 0 ? [...collision.sales, { sale: movement, units }] : collision.sales }
}

/** The orders, the newest first, and what of each is short; `level`: as it is now. */
export function collidingSales<T extends MovedUnits>(
  level: number,
  { sales }: Collision<T>,
): readonly CollidingSale<T>[] {
  let missing = Math.max(0, -level)
  return sales.map(({ sale, units }) => {
    const short = Math.min(units, missing)
    missing -= short
    return { sale, units, short }
  })
}

function orderOf({ member, reference }: MovedUnits): string | null {
  return reference === null ? null : JSON.stringify([member, reference])
}

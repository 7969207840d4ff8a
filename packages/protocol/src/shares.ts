/**
 * Whole units shared out by weight, by the method of highest averages (D'Hondt). It is chosen for one law: a larger
 * number of units never makes a share smaller, and one party more never makes another's share larger. So two sides
 * that know a little more or less than each other never share out more than there is.
 *
 *   P1  The shares add up to the units, or to nothing where nobody has weight.
 *   P2  A share never shrinks when the units grow, and never grows when a party is added.
 */
import type { ShopId } from './ids.ts'

/** Units for each shop of the weights (whole, not negative); `units` below 0 are none. */
export function shareOut(units: number, weights: ReadonlyMap<ShopId, number>): ReadonlyMap<ShopId, number> {
  const parties = [...weights].filter(([, weight]) => weight > 0).sort(([a], [b]) => (a < b ? -1 : 1))
  const total = parties.reduce((sum, [, weight]) => sum + weight, 0)
  if (total === 0) return new Map()
  const whole = Math.floor(Math.max(0, units) / total)
  const rest = Math.max(0, units) % total
  // Nobody gets less than its part rounded down; products of the rest stay exact for any number of units.
  const shares = new Map(parties.map(([shop, weight]) => [shop, whole * weight + Math.floor((rest * weight) / total)]))
  let left = Math.max(0, units) - [...shares.values()].reduce((sum, share) => sum + share, 0)
  for (; left > 0; left -= 1) {
    const best = parties.reduce((a, b) => (average(b, shares) > average(a, shares) ? b : a))
    shares.set(best[0], (shares.get(best[0]) ?? 0) + 1)
  }
  return shares
}

/** Units that come to these shops together. */
export function shareOf(units: number, weights: ReadonlyMap<ShopId, number>, shops: ReadonlySet<ShopId>): number {
  let sum = 0
  for (const [shop, share] of shareOut(units, weights)) if (shops.has(shop)) sum += share
  return sum
}

/** Weight for each unit, once the shop has one unit more. */
function average([shop, weight]: readonly [ShopId, number], shares: ReadonlyMap<ShopId, number>): number {
  return weight / ((shares.get(shop) ?? 0) + 1)
}

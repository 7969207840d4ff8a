/**
 * Whom to ask for the records of a replica: its origin if connected, else the peer that claims most (R4).
 */
import { isSameClaim } from './claim.ts'
import { isAboveCut } from './cuts.ts'
import { type Rid, type ShopId, shopOfRid } from './ids.ts'
import { isMerged } from './merged-histories.ts'
import { hasShown, heldHigh, type Replication } from './replication-state.ts'

/** The origin if it is of use, else the peer that claims most; null where none is. */
export function bestSource(state: Replication, rid: Rid, except: ShopId | null): ShopId | null {
  const origin = shopOfRid(rid)
  if (origin !== except && isUseful(state, origin, rid)) return origin
  let best: ShopId | null = null
  let bestHigh = -1
  for (const [shop, peer] of state.peers) {
    const high = peer.claims.get(rid)?.high
    if (shop === except || high === undefined || !isUseful(state, shop, rid)) continue
    if (high > bestHigh || (high === bestHigh && best !== null && shop < best)) {
      best = shop
      bestHigh = high
    }
  }
  return best
}

/** The peer that claims most of what was merged, if it is more than is held, or as much and something else. */
export function mergedSource(state: Replication, rid: Rid): ShopId | null {
  const held = state.claims.get(rid)
  let best: ShopId | null = null
  let bestHigh = 0
  for (const [shop, peer] of state.peers) {
    const claim = peer.claims.get(rid)
    if (claim === undefined || !isMerged(claim.high) || claim.high <= bestHigh) continue
    if (
      !isUseful(state, shop, rid) ||
      (held !== undefined && isSameClaim(held, claim)) ||
      hasShown(state, shop, rid, claim)
    )
      continue
    best = shop
    bestHigh = claim.high
  }
  return best
}

/**
 * A peer can be a source if it claims at least what is held, or was before it was damaged; one that has no more may not
 * cost us a stage, one that claims more of a removed shop than counts is of no use, and one that sent what cannot be
 * right is not asked.
 */
export function isUseful(state: Replication, shop: ShopId, rid: Rid): boolean {
  const high = state.peers.get(shop)?.claims.get(rid)?.high
  const held = heldHigh(state, rid)
  if (high === undefined || state.distrusted.has(shop) || high < (state.damaged.get(rid) ?? 0)) return false
  if (isAboveCut(state.cuts, rid, high)) return false
  return state.stages.has(rid) ? high > held : high >= held
}

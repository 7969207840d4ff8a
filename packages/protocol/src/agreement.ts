/**
 * What the replication machine knows of a peer against what is held here. "In step" is said of nobody whose claims are
 * not all known.
 */
import { isSameClaim } from './claim.ts'
import { isAboveCut } from './cuts.ts'
import type { Rid, ShopId } from './ids.ts'
import { claimedBy, type Replication } from './replication-state.ts'

/** Whether everything that a connected peer claims is held here too; false until its claims are known. */
export function holdsAllOf(state: Replication, peer: ShopId): boolean {
  return isHeld(state, peer, new Set())
}

/** Whether a connected peer claims everything that is held here; what lies above a cut nobody else will take. */
export function isHeldBy(state: Replication, peer: ShopId): boolean {
  const known = state.peers.get(peer)
  if (known === undefined || !known.complete) return false
  return [...state.claims].every(([rid, { high }]) => {
    return isAboveCut(state.cuts, rid, high) || claimedBy(state, peer, rid) >= high
  })
}

/** As `holdsAllOf`, but for what this process writes itself: nobody is asked for that. */
export function holdsAllSentBy(state: Replication, peer: ShopId): boolean {
  return isHeld(state, peer, state.written)
}

function isHeld(state: Replication, peer: ShopId, apart: ReadonlySet<Rid>): boolean {
  const known = state.peers.get(peer)
  if (known === undefined || !known.complete) return false
  for (const [rid, { high }] of known.claims) {
    if (!apart.has(rid) && (state.claims.get(rid)?.high ?? 0) < high) return false
  }
  return true
}

/** Whether a connected peer's claims equal ours, digests included; false until its claims, and all of ours, are known. */
export function equalsPeer(state: Replication, peer: ShopId): boolean {
  const known = state.peers.get(peer)
  if (known === undefined || !known.complete || state.damaged.size > 0) return false
  for (const [rid, own] of state.claims) {
    const claim = known.claims.get(rid)
    if (claim === undefined || !isSameClaim(claim, own)) return false
  }
  for (const [rid, claim] of known.claims) if (!state.claims.has(rid) && claim.high > 0) return false
  return true
}

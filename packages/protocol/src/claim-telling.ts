/**
 * How the peers are told what is held: claims in as many messages as it takes, and every now and then the hashes by which
 * two nodes find out that they hold the same.
 */
import { claimsOfShop, shopHashes } from './claim.ts'
import { hasPassed } from './elapsed.ts'
import type { Rid, ShopId } from './ids.ts'
import { claimsPerHaveMax, digestsIntervalMs } from './limits.ts'
import type { Replication } from './replication-state.ts'
import type { ReplicationOutput } from './replication-step.ts'
import type { ClaimLine } from './wire.ts'

/** Members whose claims were equal once may still hold different records: their digests are compared all the time. */
export function tellDigests(state: Replication, now: number, outputs: ReplicationOutput[]): void {
  if (!hasPassed(digestsIntervalMs, state.comparedAt, now)) return
  state.comparedAt = now
  const peers = [...state.peers].filter(([, { complete }]) => complete)
  if (peers.length === 0) return
  const shops = shopHashes(state.claims)
  for (const [peer] of peers) outputs.push({ type: 'send', peer, message: { type: 'digests', shops } })
}

export function sendClaims(
  state: Replication,
  to: ShopId,
  shops: readonly ShopId[],
  isAll: boolean,
  outputs: ReplicationOutput[],
): void {
  const lines = shops.flatMap((shop) => claimsOfShop(state.claims, shop))
  sendLines(to, lines, isAll, outputs)
}

/** In as many messages as it takes, at least one; `isAll`: the last one says that there are no more. */
function sendLines(to: ShopId, lines: readonly ClaimLine[], isAll: boolean, outputs: ReplicationOutput[]): void {
  for (let start = 0; start === 0 || start < lines.length; start += claimsPerHaveMax) {
    const claims = lines.slice(start, start + claimsPerHaveMax)
    const complete = isAll && start + claimsPerHaveMax >= lines.length
    outputs.push({ type: 'send', peer: to, message: { type: 'have', claims, complete } })
  }
}

/** Nothing is damaged any more: who waited hears that all claims were told. */
export function tellAll(state: Replication, outputs: ReplicationOutput[]): void {
  for (const [shop, peer] of state.peers) {
    if (peer.awaitsAll) sendLines(shop, [], true, outputs)
    peer.awaitsAll = false
  }
}

export function tellClaims(state: Replication, rids: Iterable<Rid>, now: number, outputs: ReplicationOutput[]): void {
  const claims: ClaimLine[] = []
  for (const rid of rids) {
    const claim = state.claims.get(rid)
    state.announced.add(rid)
    if (claim !== undefined) claims.push({ rid, ...claim })
  }
  if (claims.length === 0) return
  for (const claim of claims) state.untold.delete(claim.rid)
  state.toldAt = now
  for (const peer of state.peers.keys()) sendLines(peer, claims, false, outputs)
}

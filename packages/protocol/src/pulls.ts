/**
 * Of whom which replica is asked: one peer at a time for each, and another one where it does not answer.
 */
import type { Claim } from './claim.ts'
import { hasPassed } from './elapsed.ts'
import { type Rid, type ShopId, shopOfRid } from './ids.ts'
import { replicasMax, wantStallMs } from './limits.ts'
import { isMerged } from './merged-histories.ts'
import { claimedBy, hasShown, heldHigh, type Replication } from './replication-state.ts'
import type { ReplicationOutput } from './replication-step.ts'
import { bestSource, isUseful, mergedSource } from './source-choice.ts'
import { dropStage } from './stages.ts'
import type { Want } from './wire.ts'

export function chooseSources(
  state: Replication,
  rids: Iterable<Rid>,
  now: number,
  outputs: ReplicationOutput[],
): void {
  for (const rid of rids) {
    const origin = shopOfRid(rid)
    if (state.written.has(rid) || !state.shops.has(origin)) continue
    if (!state.claims.has(rid) && state.claims.size >= replicasMax) continue
    const current = state.pulls.get(rid)
    const merged = mergedSource(state, rid)
    if (merged !== null) {
      if (current === undefined || !current.fresh || !isMerged(claimedBy(state, current.peer, rid))) {
        pullAll(state, rid, merged, now, outputs)
      }
      continue
    }
    if (isMerged(heldHigh(state, rid))) continue
    if (current !== undefined && (current.peer === origin || !isUseful(state, origin, rid))) continue
    const best = bestSource(state, rid, null)
    if (best !== null && best !== current?.peer) startPull(state, rid, best, now, outputs)
  }
}

export function moveStalledPulls(state: Replication, now: number, outputs: ReplicationOutput[]): void {
  for (const [rid, pull] of state.pulls) {
    if (!hasPassed(wantStallMs, pull.progressAt, now)) continue
    const claimed = claimedBy(state, pull.peer, rid)
    const other = bestSource(state, rid, pull.peer)
    const others = other === null ? 0 : claimedBy(state, other, rid)
    if (other !== null && others > heldHigh(state, rid)) startPull(state, rid, other, now, outputs)
    else if (claimed > heldHigh(state, rid)) startPull(state, rid, pull.peer, now, outputs)
    else pull.progressAt = now
  }
}

function startPull(state: Replication, rid: Rid, from: ShopId, now: number, outputs: ReplicationOutput[]): void {
  const stage = state.stages.get(rid)
  const claimed = claimedBy(state, from, rid)
  if (isMerged(claimed)) {
    // What was shown and not taken will not be taken the next time.
    const claim = state.peers.get(from)?.claims.get(rid)
    if (claim !== undefined && !hasShown(state, from, rid, claim)) pullAll(state, rid, from, now, outputs)
    return
  }
  let above = heldHigh(state, rid)
  // A stage goes on only at a peer that claims at least what was announced: a record that had moved to the end at the
  // first sender may still stand below the stage's end at one that knows less.
  if (stage !== undefined && claimed >= stage.announced) above = stage.through
  else if (stage !== undefined) dropStage(state, rid, outputs)
  state.pulls.set(rid, { peer: from, through: above, progressAt: now, fresh: false })
  outputs.push({ type: 'send', peer: from, message: { type: 'want', rid, above } satisfies Want })
}

/** What is held does not go with what the peer claims: all of the replica is asked for. */
export function pullAll(state: Replication, rid: Rid, from: ShopId, now: number, outputs: ReplicationOutput[]): void {
  if (state.stages.has(rid)) dropStage(state, rid, outputs)
  state.pulls.set(rid, { peer: from, through: 0, progressAt: now, fresh: true })
  outputs.push({ type: 'send', peer: from, message: { type: 'want', rid, above: 0 } })
}

/** Whether a peer is to show what it says that a replica of this process, or one of which as much is held, was merged of. */
export function isWorthAsking(state: Replication, from: ShopId, rid: Rid, claim: Claim): boolean {
  if (state.distrusted.has(from) || state.pulls.get(rid)?.peer === from) return false
  return !hasShown(state, from, rid, claim)
}

/**
 * Whether what a peer claims of a replica is believed. A signature is looked at where something would follow from the
 * claim: records would be committed under it, or somebody would be told that there are two histories.
 */
import type { Claim } from './claim.ts'
import { equalBytes } from './digest.ts'
import type { Rid } from './ids.ts'
import { isMerged } from './merged-histories.ts'
import { heldHigh, type Replication } from './replication-state.ts'
import type { RecordSource } from './replication-step.ts'

/**
 * Beside what is held here: `rolled-back`: more than this process, which writes the replica, issued. `fork`: as much, and
 * something else. `forged`: the shop of the replica has not signed it. `plain`: none of these.
 */
export type ClaimJudgement = 'plain' | 'forged' | 'fork' | 'rolled-back'

export function judgeClaim(
  state: Replication,
  rid: Rid,
  claim: Claim,
  source: Pick<RecordSource, 'isSigned'>,
): ClaimJudgement {
  if (claim.signature === null && claim.high > 0 && !isMerged(claim.high)) return 'forged'
  const own = state.claims.get(rid)
  const isMore = state.written.has(rid) && claim.high > heldHigh(state, rid)
  const isOther = own !== undefined && own.high === claim.high && !equalBytes(own.digest, claim.digest)
  if (!isMore && !isOther) return 'plain'
  if (!isBelieved(rid, claim, source)) return 'forged'
  return isOther || isMerged(claim.high) ? 'fork' : 'rolled-back'
}

/** Whether records may be committed under a claim. Nobody signs what came out of a merge. */
export function isBelieved(rid: Rid, claim: Claim, source: Pick<RecordSource, 'isSigned'>): boolean {
  return isMerged(claim.high) || source.isSigned(rid, claim)
}

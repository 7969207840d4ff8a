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
 * something else. `forged`: the shop of the replica has not signed it. `unproven`: something else that is said to come of
 * several histories, which must be shown before anything follows from it. `plain`: none of these.
 */
export type ClaimJudgement = 'plain' | 'forged' | 'fork' | 'rolled-back' | 'unproven'

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
  if (isMerged(claim.high)) return 'unproven'
  if (!source.isSigned(rid, claim)) return 'forged'
  return isOther ? 'fork' : 'rolled-back'
}

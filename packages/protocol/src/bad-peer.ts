/**
 * What shows that a member's node is broken, or lies. Nothing of what it sent is taken, its session ends, a person
 * hears of it, and for a while nothing is asked of it, so that whoever else has the records can bring them.
 */
import type { Claim } from './claim.ts'
import { equalBytes } from './digest.ts'
import { hasPassed } from './elapsed.ts'
import type { Rid, ShopId } from './ids.ts'
import { distrustMs, replicasMax } from './limits.ts'
import { isMerged } from './merged-histories.ts'
import type { PeerState, Replication } from './replication-state.ts'
import type { BadPeerCode, ReplicationOutput } from './replication-step.ts'

/** What ends a session, and what its other end is told. */
const faults: readonly { readonly code: Exclude<BadPeerCode, 'too-many-replicas'>; readonly text: string }[] = [
  { code: 'chunk-invalid', text: 'A chunk holds a record out of place.' },
  { code: 'claim-changed', text: 'A claim went back, or names other records than it did.' },
  { code: 'claim-forged', text: 'A claim is not signed by its own shop.' },
  { code: 'digest-wrong', text: 'The records do not match their claim.' },
  { code: 'stage-too-large', text: 'More records came than a stage holds.' },
]

const texts = new Map<string, string>(faults.map(({ code, text }) => [code, text]))

interface Blame {
  readonly peer: ShopId
  readonly rid: Rid
  readonly code: Exclude<BadPeerCode, 'too-many-replicas'>
  readonly now: number
}

export function blame(state: Replication, { peer, rid, code, now }: Blame, outputs: ReplicationOutput[]): void {
  state.distrusted.set(peer, now)
  for (const [each, pull] of state.pulls) if (pull.peer === peer) state.pulls.delete(each)
  outputs.push({ type: 'alarm', code, peer, rid }, { type: 'close', peer, code, text: texts.get(code) ?? '' })
}

/**
 * Whether a peer takes back what it said in the same session. What was merged may be merged again, up to the same
 * number; and other records up to what is held here as well are a fork.
 */
export function contradictsItself(before: Claim | undefined, claim: Claim, own: Claim | undefined): boolean {
  if (before === undefined || claim.high > before.high) return false
  if (claim.high < before.high) return true
  return !isMerged(claim.high) && claim.high !== own?.high && !equalBytes(before.digest, claim.digest)
}

/** Whether a claim is of one more replica than is kept of a peer; the first such is told. */
export function isOneTooMany(shop: ShopId, peer: PeerState, rid: Rid, outputs: ReplicationOutput[]): boolean {
  if (peer.claims.has(rid) || peer.claims.size < replicasMax) return false
  if (!peer.isFlooding) outputs.push({ type: 'alarm', code: 'too-many-replicas', peer: shop, rid })
  peer.isFlooding = true
  return true
}

/** Lets peers be asked again whose time is over; whether there were any. */
export function forgive(state: Replication, now: number): boolean {
  const before = state.distrusted.size
  for (const [peer, since] of state.distrusted) if (hasPassed(distrustMs, since, now)) state.distrusted.delete(peer)
  return state.distrusted.size < before
}

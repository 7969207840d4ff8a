/**
 * What the replication machine of a node knows: what is held durably, what each connected peer claims, and which peer
 * is asked for what. `replication.ts` changes it, one step at a time.
 */
import type { Claim } from './claim.ts'
import type { Cut } from './cuts.ts'
import { type Digest, equalBytes } from './digest.ts'
import type { Rid, ShopId } from './ids.ts'
import { isMerged } from './merged-histories.ts'
import type { Stage } from './replication-step.ts'
import type { ClaimLine } from './wire.ts'

/** The claims of one shop as a HELLO told them: by their hash. */
export interface Greeted {
  readonly hash: Uint8Array
  readonly lines: readonly ClaimLine[]
}

export interface Serving {
  /** Up to which seq records were sent; of what was merged, how many sheets. */
  through: number
  nextIndex: number
  unacknowledged: number
}

export interface Pull {
  readonly peer: ShopId
  /**
   * Everything up to here was received or was held when it was asked for; commits may still be under way. Of what was
   * merged, so many sheets were received.
   */
  through: number
  progressAt: number
  /** Asked from zero after a wrong digest: the answer replaces all that is held of the replica. */
  readonly fresh: boolean
}

export interface PeerState {
  readonly claims: Map<Rid, Claim>
  /** What our HELLO said, until theirs has come. */
  greeted: ReadonlyMap<ShopId, Greeted>
  /** Whether it said that it has told all its claims. */
  complete: boolean
  /** It said hello, and was not told that it knows all our claims, since of some replica not all is held that was. */
  awaitsAll: boolean
  readonly serving: Map<Rid, Serving>
  /** Merged claims of which it has sent in this session what they come of, by their digests; and those that it proved. */
  readonly shown: Map<Rid, Digest>
  readonly proven: Map<Rid, Digest>
  /** It claims more replicas than are kept of one peer. */
  isFlooding: boolean
}

export interface Replication {
  readonly self: ShopId
  /** Shops whose records are taken: members, present and past. */
  shops: ReadonlySet<ShopId>
  /** How far the replicas of removed shops go. */
  cuts: ReadonlyMap<ShopId, Cut>
  /** Replicas written by this process: never pulled. */
  readonly written: Set<Rid>
  /** What is held durably. */
  readonly claims: Map<Rid, Claim>
  /** Replicas whose records were damaged on disk, and up to where they were held. Until it is all back nothing is claimed. */
  readonly damaged: Map<Rid, number>
  readonly stages: Map<Rid, Stage>
  /** Since when no peer was ahead of what is held, of replicas with a stage. */
  forsakenSince: ReadonlyMap<Rid, number>
  readonly peers: Map<ShopId, PeerState>
  readonly pulls: Map<Rid, Pull>
  /** Peers that sent what cannot be right, and when. */
  readonly distrusted: Map<ShopId, number>
  /** Replicas whose claims the peers have not been told yet. */
  readonly untold: Set<Rid>
  /** Replicas that the peers have heard of since this process started. */
  readonly announced: Set<Rid>
  toldAt: number
  /** When the digests were last compared with those of the peers. */
  comparedAt: number
}

export function createReplication(
  self: ShopId,
  claims: ReadonlyMap<Rid, Claim>,
  damaged: ReadonlyMap<Rid, number>,
  stages: ReadonlyMap<Rid, Stage>,
): Replication {
  return {
    self,
    shops: new Set([self]),
    cuts: new Map(),
    written: new Set(),
    claims: new Map(claims),
    damaged: new Map(damaged),
    stages: new Map(stages),
    forsakenSince: new Map(),
    peers: new Map(),
    pulls: new Map(),
    distrusted: new Map(),
    untold: new Set(),
    announced: new Set(),
    toldAt: 0,
    comparedAt: 0,
  }
}

export function heldHigh(state: Replication, rid: Rid): number {
  return state.claims.get(rid)?.high ?? 0
}

/** Up to where a connected peer claims a replica; 0 where it does not. */
export function claimedBy(state: Replication, peer: ShopId, rid: Rid): number {
  return state.peers.get(peer)?.claims.get(rid)?.high ?? 0
}

/** As above, of any connected peer. What is said to be merged counts once it was proved. */
export function claimedByAny(state: Replication, rid: Rid): number {
  let highest = 0
  for (const { claims, proven } of state.peers.values()) {
    const claim = claims.get(rid)
    if (claim === undefined || (isMerged(claim.high) && !isNamed(proven.get(rid), claim))) continue
    highest = Math.max(highest, claim.high)
  }
  return highest
}

/** Whether a peer has sent in this session what its merged claim comes of. */
export function hasShown(state: Replication, peer: ShopId, rid: Rid, claim: Claim): boolean {
  return isNamed(state.peers.get(peer)?.shown.get(rid), claim)
}

function isNamed(digest: Digest | undefined, claim: Claim): boolean {
  return digest !== undefined && equalBytes(digest, claim.digest)
}

export function knownRids(state: Replication): Set<Rid> {
  const rids = new Set(state.claims.keys())
  for (const peer of state.peers.values()) for (const rid of peer.claims.keys()) rids.add(rid)
  return rids
}

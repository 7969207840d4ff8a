/**
 * What waits on disk for its claim has a limit for each replica, and one for all together: a peer that announces what
 * never comes to its end, of one replica after the other, would fill the disk. Stages that nobody is asked to complete
 * make room first, then those of the peer that has most of them.
 */
import { blame } from './bad-peer.ts'
import type { Rid, ShopId } from './ids.ts'
import { stageBytesMax, stagedBytesMax, stagedRecordsMax, stageRecordsMax, stagesMax } from './limits.ts'
import type { Replication } from './replication-state.ts'
import type { ReplicationOutput } from './replication-step.ts'

interface Share {
  readonly rids: Rid[]
  records: number
  bytes: number
}

export function dropStage(state: Replication, rid: Rid, outputs: ReplicationOutput[]): void {
  state.stages.delete(rid)
  outputs.push({ type: 'drop-stage', rid })
}

export function isStageTooLarge(records: number, bytes: number): boolean {
  return records > stageRecordsMax || bytes > stageBytesMax
}

/** Drops stages until all that are left are within their limit. */
export function makeRoom(state: Replication, now: number, outputs: ReplicationOutput[]): void {
  while (fullness(shareOf(state, state.stages.keys())) > 1) {
    const [peer, { rids }] = largestShare(state)
    for (const rid of rids) dropStage(state, rid, outputs)
    const [rid] = rids
    if (rid === undefined) return
    if (peer !== null) blame(state, { peer, rid, code: 'stage-too-large', now }, outputs)
  }
}

/** Those that nobody is asked to complete, else those of one peer. */
function largestShare(state: Replication): readonly [ShopId | null, Share] {
  const rids = new Map<ShopId | null, Rid[]>()
  for (const rid of state.stages.keys()) {
    const peer = state.pulls.get(rid)?.peer ?? null
    const own = rids.get(peer)
    if (own === undefined) rids.set(peer, [rid])
    else own.push(rid)
  }
  let largest: readonly [ShopId | null, Share] = [null, shareOf(state, rids.get(null) ?? [])]
  if (largest[1].rids.length > 0) return largest
  for (const [peer, own] of rids) {
    const share = shareOf(state, own)
    if (fullness(share) > fullness(largest[1])) largest = [peer, share]
  }
  return largest
}

function shareOf(state: Replication, rids: Iterable<Rid>): Share {
  const share: Share = { rids: [], records: 0, bytes: 0 }
  for (const rid of rids) {
    const stage = state.stages.get(rid)
    share.rids.push(rid)
    share.records += stage?.records ?? 0
    share.bytes += stage?.bytes ?? 0
  }
  return share
}

/** How much of the nearest limit is used; above 1 it is too much. */
function fullness({ rids, records, bytes }: Share): number {
  return Math.max(rids.length / stagesMax, records / stagedRecordsMax, bytes / stagedBytesMax)
}

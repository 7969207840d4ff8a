/**
 * What a peer that asked is sent: the records of a replica as far as it has room for them, or the sheets of what it was
 * merged of.
 */
import type { Rid, ShopId } from './ids.ts'
import { chunkBytesMax, chunkRecordsMax, chunksUnacknowledgedMax } from './limits.ts'
import { isMerged } from './merged-histories.ts'
import type { PeerState, Replication, Serving } from './replication-state.ts'
import type { RecordSource, ReplicationOutput } from './replication-step.ts'
import { sheetAt, sheetCount } from './testimony.ts'
import type { ClaimLine } from './wire.ts'

export function serve(
  state: Replication,
  to: ShopId,
  peer: PeerState,
  rid: Rid,
  source: RecordSource,
  outputs: ReplicationOutput[],
): void {
  const serving = peer.serving.get(rid)
  const claim = state.claims.get(rid)
  if (serving === undefined || claim === undefined) return
  if (isMerged(claim.high)) return serveSheets(to, serving, { rid, ...claim }, source, outputs)
  while (serving.through < claim.high && serving.unacknowledged < chunksUnacknowledgedMax) {
    const part = source.read(rid, serving.through, { records: chunkRecordsMax, bytes: chunkBytesMax })
    if (part === null) return
    const digest = part.end ? claim.digest : null
    const signature = part.end ? claim.signature : null
    const { through: above, nextIndex: index } = serving
    const history = part.end ? source.history(rid, above) : null
    const [{ records }, { high }] = [part, claim]
    const message = { type: 'chunk', rid, index, above, records, high, digest, signature, history } as const
    outputs.push({ type: 'send', peer: to, message })
    serving.through = part.end ? claim.high : part.through
    serving.nextIndex += 1
    serving.unacknowledged += 1
  }
}

/** One sheet a chunk. What is held meanwhile of it changes with its claim, and then is asked for anew. */
function serveSheets(
  to: ShopId,
  serving: Serving,
  { rid, high, digest }: ClaimLine,
  source: RecordSource,
  outputs: ReplicationOutput[],
): void {
  const testimonies = source.testimonies(rid)
  const count = sheetCount(testimonies)
  while (serving.through < count && serving.unacknowledged < chunksUnacknowledgedMax) {
    const { through: above, nextIndex: index } = serving
    const end = above + 1 === count ? digest : null
    const records = sheetAt(testimonies, above)
    const message = { type: 'chunk', rid, index, above, records, high, digest: end, signature: null } as const
    outputs.push({ type: 'send', peer: to, message: { ...message, history: null } })
    serving.through += 1
    serving.nextIndex += 1
    serving.unacknowledged += 1
  }
}

/**
 * A chunk as it came from a peer: its records are read, and stand in seq order between where it begins and its claim.
 */
import { decodeRecord } from './record.ts'
import type { ReceivedRecord } from './replication-step.ts'
import type { Chunk } from './wire.ts'

/** The records of a chunk and how far it reaches; null where they are out of place. */
export function decodeChunk({ above, records: encoded, high, digest }: Chunk): {
  readonly records: readonly ReceivedRecord[]
  readonly through: number
} | null {
  const records: ReceivedRecord[] = []
  let through = above
  for (const bytes of encoded) {
    const decoded = decodeRecord(bytes)
    if (!decoded.ok || decoded.value.seq <= through || decoded.value.seq > high) return null
    through = decoded.value.seq
    records.push({ record: decoded.value, bytes })
  }
  if (digest !== null) return { records, through: high }
  // More is to come, so the claim cannot have been reached.
  return records.length === 0 || through >= high ? null : { records, through }
}

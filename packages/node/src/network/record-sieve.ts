/**
 * Which of the membership records in the network document are worth judging next. Any member may fill it with what is none:
 * what was judged for good is not looked at again, and the rest takes turns, so that junk in front keeps nothing waiting.
 */
import { hashMembershipRecord, limits, decodeMembershipRecord, type RecordHash } from '@stockmesh/protocol'

/** Hashes that are remembered, each of some 100 bytes; when they are more, all are judged anew. */
const settledMax = 20_000

export class RecordSieve {
  /** Never valid, whatever comes. */
  readonly #settled = new Set<string>()
  /** Valid, and more than their signer may make: until another shop's record came after them. */
  readonly #over = new Map<string, Uint8Array>()
  #turn = 0

  /** At most `membershipRecordsMax`; `entries` by the hash under which each stands in the document. */
  choose(entries: ReadonlyMap<string, Uint8Array>, isHeld: (hash: RecordHash) => boolean): Uint8Array[] {
    const unknown = [...entries].filter(
      ([name]) => !isHeld(name as RecordHash) && !this.#settled.has(name) && !this.#over.has(name),
    )
    const from = unknown.length <= limits.membershipRecordsMax ? 0 : this.#turn % unknown.length
    this.#turn = from + limits.membershipRecordsMax
    const chosen = [...unknown.slice(from), ...unknown.slice(0, from)]
      .slice(0, limits.membershipRecordsMax)
      .filter(([name, bytes]) => hashMembershipRecord(bytes) === name)
    return [...this.#namedBy(chosen.map(([, bytes]) => bytes)), ...chosen.map(([, bytes]) => bytes)]
  }

  /** What was judged, with those that need never be judged again, and those that are over their signer's share. */
  settle(refused: Iterable<RecordHash>, over: readonly Uint8Array[]): void {
    if (this.#settled.size > settledMax) this.#settled.clear()
    for (const hash of refused) this.#settled.add(hash)
    for (const bytes of over) if (this.#over.size < settledMax) this.#over.set(hashMembershipRecord(bytes), bytes)
  }

  /** Records over their share that the new ones came after, however far back. */
  #namedBy(records: readonly Uint8Array[]): Uint8Array[] {
    const named: Uint8Array[] = []
    const open = [...records]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const record = decodeMembershipRecord(next)
      for (const hash of record.ok ? record.value.after : []) {
        const bytes = this.#over.get(hash)
        if (bytes === undefined) continue
        this.#over.delete(hash)
        named.push(bytes)
        open.push(bytes)
      }
    }
    return named
  }
}

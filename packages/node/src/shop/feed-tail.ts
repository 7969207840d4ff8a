/**
 * The newest rows of the shop's feed in memory: whoever follows the feed asks for the same few rows, and names the last
 * one that it read. What is not here is on disk.
 */
import type { FeedRow } from '@stockmesh/protocol'

/** Rows kept at least, once there were so many: more than a follower misses between two reads. */
const rowsKept = 1_000

export class FeedTail {
  /** In the order of their ids, which are dense. */
  #rows: FeedRow[] = []

  append(rows: readonly FeedRow[]): void {
    for (const row of rows) this.#rows.push(row)
    if (this.#rows.length > 2 * rowsKept) this.#rows = this.#rows.slice(-rowsKept)
  }

  /** Rows after one id up to another, at most so many; null if the first of them is not here. */
  read(after: number, end: number, limit: number): FeedRow[] | null {
    const from = this.#indexOf(after + 1)
    return from === null ? null : this.#rows.slice(from, from + Math.min(limit, end - after))
  }

  tagOf(id: number): string | null {
    const index = this.#indexOf(id)
    return index === null ? null : (this.#rows[index]?.tag ?? null)
  }

  #indexOf(id: number): number | null {
    const index = id - (this.#rows[0]?.id ?? Number.POSITIVE_INFINITY)
    return index >= 0 && index < this.#rows.length ? index : null
  }
}

/**
 * The newest movements of the replicas that moved last, in memory: they travel with the records that they made, and the
 * few that somebody missed need no look at the disk. Only what is on disk is here.
 */
import { type History, type HistoryPart, limits, type NumberedRow, type Rid } from '@stockmesh/protocol'

interface Recent {
  /** All movements after this seq are in `rows`. */
  after: number
  rows: readonly NumberedRow[]
}

export class RecentHistory {
  readonly #recent = new Map<Rid, Recent>()

  /** Rows that became durable; `before` is the history as it was without them. */
  add(rid: Rid, before: History, rows: readonly NumberedRow[]): void {
    const known = this.#recent.get(rid) ?? { after: before.complete, rows: [] }
    const follows = (known.rows.at(-1)?.n ?? before.through) + 1 === rows[0]?.n
    const all = follows ? [...known.rows, ...rows] : rows
    const after = follows ? known.after : (rows[0]?.row.seq ?? 1) - 1
    this.set(rid, after, all)
  }

  /** All movements of a replica after a seq. */
  set(rid: Rid, after: number, rows: readonly NumberedRow[]): void {
    const kept = rows.slice(-limits.recentMovementsMax)
    const left = rows[rows.length - kept.length - 1]
    this.#recent.delete(rid)
    this.#recent.set(rid, { after: left?.row.seq ?? after, rows: kept })
    if (this.#recent.size <= limits.recentReplicasMax) return
    for (const oldest of this.#recent.keys()) {
      this.#recent.delete(oldest)
      break
    }
  }

  /** The movements after a seq, up to what `history` is complete to; null where they are many, or not all here. */
  after(rid: Rid, seq: number, history: History): HistoryPart | null {
    const { through, complete, first: floor } = history
    if (seq >= complete) return { first: through + 1, rows: [], complete, floor }
    const recent = this.#recent.get(rid)
    if (recent === undefined || seq < recent.after) return null
    const rows = recent.rows.filter(({ row }) => row.seq > seq)
    if (rows.length > limits.chunkMovementsMax) return null
    return { first: rows[0]?.n ?? through + 1, rows: rows.map(({ bytes }) => bytes), complete, floor }
  }
}

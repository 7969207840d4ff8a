/**
 * The histories in one batch: movements that this node issues, rows that came from others, and rows that are carried.
 * What is known of each history is that of the disk until the batch is on it.
 */
import {
  addRows,
  carryBelow,
  encodeHistoryRow,
  highOf,
  type History,
  type HistoryPart,
  type HistoryRow,
  type Holdings,
  levelIn,
  noHistory,
  type NumberedRow,
  recordsOf,
  type Result,
  type Rid,
  shopOfRid,
  type SkuKey,
  spelling,
  success,
  takePart,
  totalsOf,
} from '@stockmesh/protocol'
import { del, type Operation, put } from '../storage/storage.ts'
import { carriedRow, historyRow, movementKey, placeDeletions, placeRows } from './history-rows.ts'
import { type LogLine, movementLine } from './log-line.ts'

/** Movements of another replica that a batch tells. */
export interface ToldMovements {
  readonly rid: Rid
  /** In seq order. */
  readonly rows: readonly NumberedRow[]
  /** All movements up to this seq are known now. */
  readonly complete: number
}

export class DraftHistory {
  /** Histories that the batch changes, as they are with it. */
  readonly changed: Map<Rid, History> = new Map()
  /** Rows that the batch adds. */
  readonly added: { readonly rid: Rid; readonly before: History; readonly rows: readonly NumberedRow[] }[] = []
  readonly #durable: ReadonlyMap<Rid, History>
  readonly #holdings: Holdings
  readonly #tell: (line: LogLine) => void
  readonly #operations: Operation[] = []

  constructor(durable: ReadonlyMap<Rid, History>, holdings: Holdings, tell: (line: LogLine) => void) {
    this.#durable = durable
    this.#holdings = holdings
    this.#tell = tell
  }

  /** Every replica of which something is held has a history, be it empty. */
  touch(rid: Rid): void {
    if (!this.#durable.has(rid) && !this.changed.has(rid)) this.changed.set(rid, noHistory)
  }

  /** What is held up to `high` does not come from the movements that are held: nobody tells what it comes from. */
  forget(rid: Rid, high: number): void {
    const { complete, seq, ...held } = this.#of(rid)
    if (complete >= high) return
    // Whoever holds none has not been told any either.
    const through = Math.max(1, held.through)
    this.changed.set(rid, { first: through + 1, through, seq, complete: high, adopted: through + 1 })
  }

  /** Movements of this shop, in seq order; `high` is what it claims with them. */
  issue(rid: Rid, issued: readonly HistoryRow[], high: number): void {
    const before = this.#of(rid)
    // A feed that is read again tells of movements that are held.
    const rows = issued.filter(({ seq }) => seq > before.seq)
    this.changed.set(rid, addRows(before, rows, Math.max(high, before.complete)))
    const numbered = rows.map((row, index) => {
      return { n: before.through + 1 + index, row, bytes: encodeHistoryRow(row) }
    })
    this.#add(rid, before, numbered)
    for (const { key, movement } of rows) this.#tellOf(rid, key, movement, false)
  }

  /** Answers the rows that are new. Errors: `history-gap`, `history-unfit`; then nothing is changed. */
  receive(rid: Rid, part: HistoryPart): Result<ToldMovements> {
    const high = highOf(this.#holdings, rid)
    const held = this.#of(rid)
    const taken = takePart(held, part, high, (key) => totalsOf(this.#holdings, rid, key))
    if (!taken.ok) return taken
    const { history, rows } = taken.value
    this.changed.set(rid, history)
    this.#add(rid, held, rows)
    const levels = this.#levelsBefore(rows)
    for (const { row } of rows) {
      const { key, movement } = row
      const before = levels.get(key) ?? null
      const apart = before !== null && movement.levelBefore !== null && movement.levelBefore !== before
      if (before !== null) levels.set(key, before + movement.delta)
      this.#tellOf(rid, key, movement, apart)
    }
    return success({ rid, rows, complete: history.complete })
  }

  /** Takes rows out that are not kept any more, the oldest ones there are; what they come to is carried. */
  carry(rid: Rid, rows: readonly NumberedRow[], first: number): void {
    this.changed.set(rid, carryBelow(this.#of(rid), first))
    const carried = new Map<SkuKey, { readonly n: number; readonly net: number }>()
    for (const { n, row } of rows) {
      carried.set(row.key, { n, net: row.net })
      this.#operations.push(del(movementKey(rid, n)))
      this.#operations.push(...placeDeletions(row.key, { at: row.movement.at, rid, n }))
    }
    for (const [key, one] of carried) this.#operations.push(carriedRow(rid, key, one))
  }

  operations(): readonly Operation[] {
    return [...this.#operations, ...[...this.changed].map(([rid, history]) => historyRow(rid, history))]
  }

  #of(rid: Rid): History {
    return this.changed.get(rid) ?? this.#durable.get(rid) ?? noHistory
  }

  #add(rid: Rid, before: History, rows: readonly NumberedRow[]): void {
    if (rows.length > 0) this.added.push({ rid, before, rows })
    for (const { n, row, bytes } of rows) {
      const { at, cause } = row.movement
      this.#operations.push(put(movementKey(rid, n), bytes), ...placeRows(row.key, { at, rid, n, cause }))
    }
  }

  /** The level of each SKU before these movements, if nothing else came since. */
  #levelsBefore(rows: readonly NumberedRow[]): Map<SkuKey, number> {
    const levels = new Map<SkuKey, number>()
    for (const { row } of rows) {
      const level = levels.get(row.key) ?? levelIn(this.#holdings, row.key)
      if (level !== null) levels.set(row.key, level - row.movement.delta)
    }
    return levels
  }

  #tellOf(rid: Rid, key: SkuKey, movement: HistoryRow['movement'], apart: boolean): void {
    this.#tell(movementLine(shopOfRid(rid), key, spelling(recordsOf(this.#holdings, key)), movement, apart))
  }
}

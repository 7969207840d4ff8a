/**
 * Retention: movements and events of the log are kept in detail for a time, and never more than so many. Of movements
 * that are kept no longer their sum stays, for each replica and SKU.
 *
 * The time is counted back from the newest line and never from a later clock, so that a clock that is wrong by years
 * while nothing happens takes nothing away.
 */
import { type History, limits, type NumberedRow, type Rid } from '@stockmesh/protocol'
import type { Cancel, Clock, Timers } from '../ports.ts'
import { decodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, type Operation, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { movementRange, parseMovementRow, parsePlace, type Place, placeDeletions } from './history-rows.ts'
import type { Ledger } from './ledger.ts'
import type { LogLine } from './log-line.ts'

export interface HistorySweepParts {
  readonly ledger: Ledger
  readonly storage: Storage
  readonly clock: Clock
  readonly timers: Timers
  /** How long and how many lines are kept. */
  readonly kept?: { readonly ms: number; readonly rows: number }
}

export class HistorySweep implements AsyncDisposable {
  readonly #parts: HistorySweepParts
  readonly #kept: { readonly ms: number; readonly rows: number }
  #cancel: Cancel
  #running: Promise<void> = Promise.resolve()
  #closed = false

  constructor(parts: HistorySweepParts) {
    this.#parts = parts
    this.#kept = parts.kept ?? { ms: limits.historyMsMax, rows: limits.historyRowsMax }
    this.#cancel = parts.timers.after(limits.historyFirstSweepMs, () => this.#next())
  }

  /** Drops what is kept no longer. Errors are those of the storage. */
  async sweep(): Promise<void> {
    const until = await this.#keptFrom()
    if (until === null) return
    for (const [rid, history] of this.#parts.ledger.histories) await this.#sweepReplica(rid, history, until)
    await this.#sweepEvents(until)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#cancel()
    await this.#running
  }

  #next(): void {
    if (this.#closed) return
    // A failed write ends the ledger, which tells its owner; what cannot be read is no reason to drop more.
    this.#running = this.sweep().catch(() => undefined)
    this.#cancel = this.#parts.timers.after(limits.historySweepMs, () => this.#next())
  }

  /** Lines that happened before this time go; null where none is there. */
  async #keptFrom(): Promise<number | null> {
    const { storage, ledger, clock } = this.#parts
    let until: number | null = null
    for await (const entry of storage.scan({ ...prefixRange(tables.timeline), reverse: true, limit: 1 })) {
      until = Math.min(clock.now(), parsePlace(entry).at) - this.#kept.ms
    }
    let rows = 0
    for (const { first, through } of ledger.histories.values()) rows += through - first + 1
    const excess = rows - this.#kept.rows
    if (until === null || excess <= 0) return until
    for await (const entry of storage.scan({ ...prefixRange(tables.timeline), limit: excess })) {
      until = Math.max(until, parsePlace(entry).at + 1)
    }
    return until
  }

  async #sweepReplica(rid: Rid, history: History, until: number): Promise<void> {
    for (;;) {
      const rows: NumberedRow[] = []
      let isAll = true
      for await (const entry of this.#parts.storage.scan(movementRange(rid, 0, history.through))) {
        const { n, row } = parseMovementRow(entry)
        // Those that others had dropped already when this node asked stand below the first one.
        isAll = row === null || (n >= history.first && row.movement.at >= until)
        if (isAll || row === null || this.#closed) break
        rows.push({ n, row, bytes: entry[1] })
        if (rows.length === limits.historySweepRowsMax) break
      }
      const last = rows.at(-1)
      if (last === undefined) return
      await this.#parts.ledger.commit((draft) => draft.carry(rid, rows, last.n + 1))
      if (isAll || rows.length < limits.historySweepRowsMax) return
    }
  }

  async #sweepEvents(until: number): Promise<void> {
    const { storage, ledger } = this.#parts
    const places: Place[] = []
    for await (const entry of storage.scan(prefixRange(tables.timeline))) {
      const place = parsePlace(entry)
      if (place.at >= until || places.length === limits.historySweepRowsMax) break
      if (place.rid === null) places.push(place)
    }
    const operations: Operation[] = []
    for (const place of places) {
      const row = encodeKey(tables.log, place.n)
      const bytes = await storage.get(row)
      const key = bytes === undefined ? null : decodeJson<LogLine>(bytes).key
      operations.push(del(row), ...placeDeletions(key, place))
    }
    if (operations.length === 0) return
    await ledger.commit((draft) => {
      for (const operation of operations) draft.put(operation)
    })
  }
}

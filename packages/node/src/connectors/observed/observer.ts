/**
 * Compares what an observed shop has with what was told of it, and tells the difference. A row with a write under way is
 * left alone until the write is judged. An error, an absent row and a fault never become a delta.
 */
import { explain, formerStocks, limits, meaningOfReading, type Suspicion } from '@stockmesh/protocol'
import type { Cancel, Clock, Timers } from '../../ports.ts'
import { type Journal, type JournalDraft, keyOf } from './journal.ts'
import type { JournalRow } from './journal-tables.ts'
import { exposed, exposedLines, owing, unexplainedAfter, unexplainedOf } from './late-lines.ts'
import { LineBook } from './line-book.ts'
import type { ObservedRow, ObservedShop } from './observed-shop.ts'

/** When a reading that may be an old one is read again, after it was read first; then every time as long as the last. */
const rereadMs: readonly number[] = [2_000, 10_000, 30_000]
/** How often lines and readings are taken in turn until no line comes in between. */
const roundsMax = 4

export interface ObserverParts {
  readonly shop: ObservedShop
  readonly journal: Journal
  readonly clock: Clock
  readonly timers: Timers
  /** A row must be read again. */
  readonly onDue: (stockId: string) => void
  /** The shop does not have a row any more that was known. */
  readonly onMissing: (row: JournalRow) => void
}

export class Observer {
  readonly #parts: ObserverParts
  /** Readings that wait until they have stayed. */
  readonly #suspicions = new Map<string, Suspicion & { readonly reads: number }>()
  readonly #due = new Map<string, Cancel>()
  readonly #lines: LineBook

  constructor(parts: ObserverParts) {
    this.#parts = parts
    this.#lines = new LineBook(parts)
  }

  /** Whether the row's last reading waits until it has stayed. */
  isSuspect(stockId: string): boolean {
    return this.#suspicions.has(stockId)
  }

  /** Nothing will be due any more. */
  stop(): void {
    for (const cancel of this.#due.values()) cancel()
    this.#due.clear()
  }

  /** Reads these rows and tells what moved. Answers those that the shop has. Errors: `ConnectorError`. */
  async observe(stockIds: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const { journal, clock } = this.#parts
    const readAt = clock.now()
    const readings = await this.#read(stockIds, signal)
    await this.drainLines(signal)
    await journal.commit(async (draft) => {
      for (const stockId of stockIds) {
        if ((await journal.open(stockId)) !== null) continue
        const reading = readings.get(stockId)
        const row = await draft.row(stockId)
        if (reading !== undefined) await this.take(draft, reading, readAt)
        else if (row !== null) this.#parts.onMissing(row)
      }
    })
    return new Set(readings.keys())
  }

  /**
   * Reads rows together with every line that moved them: lines are read before and after, until none came in between.
   * Rows for which that did not end are left out. Errors: `ConnectorError`.
   */
  async readWithLines(stockIds: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ObservedRow>> {
    await this.drainLines(signal)
    const settled = new Map<string, ObservedRow>()
    let left = stockIds
    for (let round = 0; round < roundsMax && left.length > 0; round += 1) {
      const readings = await this.#read(left, signal)
      const moved = await this.drainLines(signal)
      for (const [stockId, reading] of readings) if (!moved.has(stockId)) settled.set(stockId, reading)
      // A line that came while another row was read again belongs to no reading that was made before it.
      for (const stockId of moved) settled.delete(stockId)
      left = stockIds.filter((stockId) => moved.has(stockId))
    }
    return settled
  }

  /** A reading of rows that were just changed may still be the one before: they are read once more, when it cannot be. */
  async readAgain(stockIds: readonly string[]): Promise<void> {
    const { shop, journal } = this.#parts
    if (shop.readLagMs === 0 || stockIds.length === 0) return
    await journal.commit((draft) => {
      for (const stockId of stockIds) draft.noteDue(stockId)
    })
    for (const stockId of stockIds) if (!this.isSuspect(stockId)) this.#dueIn(stockId, shop.readLagMs)
  }

  /** Takes new order lines into the journal; answers the rows that they moved. Errors: `ConnectorError`. */
  async drainLines(signal: AbortSignal): Promise<ReadonlySet<string>> {
    const moved = await this.#lines.drain(signal)
    for (const stockId of moved) this.#dueIn(stockId, this.#parts.shop.readLagMs)
    return moved
  }

  /** Tells what a reading says of a row; `readAt` is when the reading began. */
  async take(draft: JournalDraft, reading: ObservedRow, readAt: number): Promise<void> {
    const { shop } = this.#parts
    const row = await draft.row(reading.stockId)
    const facts = factsOf(reading)
    if (row === null) {
      await draft.describe(null, newRow(facts, draft.meta.listings))
      return
    }
    const { stock } = facts
    const isTrusted = row.listing >= draft.meta.trustedFrom
    if (isTrusted && stock !== null && this.#isSuspect(row, stock, { readAt, now: draft.now })) {
      draft.noteDue(row.stockId)
      return
    }
    if (!isTrusted || row.stock === null || stock === null) {
      this.clear(row.stockId)
      draft.forgetDue(row.stockId)
      const formers = row.stock === null ? row.formers : formerStocks(row.formers, row.stock, draft.now)
      const taken = { ...unexplained(row), ...facts, formers, listing: Math.max(row.listing, draft.meta.trustedFrom) }
      if (!isTrusted || !hasSameFacts(row, facts) || row.stock !== stock) await draft.describe(row, taken)
      return
    }
    this.clear(row.stockId)
    const next = await this.#tell(draft, row, stock, readAt, keyOf(row.sku) === keyOf(facts.sku))
    if (!hasSameFacts(row, facts)) await draft.describe(next, { ...next, ...facts })
    if (next.waiting.length > 0) this.#dueIn(row.stockId, shop.readLagMs)
    else draft.forgetDue(row.stockId)
  }

  /** Whether it may be an older number, and is to be read again. */
  #isSuspect(
    { stockId, stock: shadow, formers }: JournalRow,
    stock: number,
    at: { readonly readAt: number; readonly now: number },
  ): boolean {
    const suspicion = this.#suspicions.get(stockId) ?? null
    const { readLagMs } = this.#parts.shop
    const meaning = meaningOfReading({ shadow, stock, formers, suspicion, readLagMs, ...at })
    if (meaning.type === 'suspect') this.#suspect(stockId, meaning.suspicion)
    return meaning.type === 'suspect'
  }

  /** Tells the difference; under another SKU only what orders explain is known to be the old one's. */
  async #tell(draft: JournalDraft, row: JournalRow, stock: number, readAt: number, isSameSku: boolean) {
    const { shop } = this.#parts
    const { now } = draft
    const seenAt = new Map(row.waiting.map((each) => [each.line.id, each.seenAt]))
    const exposures = exposedLines(row)
    const before = unexplainedOf(row, shop, now)
    const { movements, waiting, unexplained, late, overwritten, shown, ...found } = explain({
      difference: stock - (row.stock ?? 0),
      lines: row.waiting.map(({ line }) => line),
      ...before,
      isFinal: ({ id }) => (seenAt.get(id) ?? now) + shop.readLagMs < readAt,
      isExposed: ({ id }) => exposures.has(id),
    })
    let next = row
    for (const movement of movements) {
      if (movement.kind === 'manual' && !isSameSku) continue
      for (const delta of partsOf(movement.delta)) next = await draft.move(next, { ...movement, delta })
    }
    if (movements.length === 0 && shown === 0 && waiting.length === row.waiting.length) return row
    const isDoubtful = row.waiting.some(({ line }) => line.isUnproven === true && !waiting.includes(line))
    const told = movements.reduce((sum, { kind, delta }) => sum + (kind === 'manual' ? delta : 0), 0)
    const after = {
      units: unexplained,
      late: [...before.late, ...late],
      told,
      hasMoved: movements.length > 0,
      isDoubtful,
    }
    const wasUsed = row.waiting.some(({ line }) => line.delta !== 0 && !waiting.includes(line))
    const isUnclear = found.isUnclear || (before.isMixed && exposures.size > 0 && wasUsed)
    next = {
      ...next,
      formers: stock === row.stock ? row.formers : formerStocks(row.formers, row.stock ?? 0, now),
      waiting: row.waiting.filter(({ line }) => waiting.some(({ id }) => id === line.id)),
      unexplained: unexplainedAfter(row, before, after, now),
    }
    // Another line may have been overwritten than the one that is left, and its own be still to come.
    if (exposures.size > 0 && movements.length > 0) next = exposed(next, shop, now)
    next = owing(next, before.owed + overwritten - shown, overwritten !== 0, now)
    draft.setRow(next)
    if (isUnclear) next = await draft.doubt({ ...next, isUnclear: true })
    // What a write overwrote was told, and the number is taken without it: whoever decides sets the shop right.
    return overwritten === 0 && shown === 0 ? next : draft.describe(next, { ...next, stock })
  }

  async #read(stockIds: readonly string[], signal: AbortSignal): Promise<Map<string, ObservedRow>> {
    const { shop } = this.#parts
    const wanted = new Set(stockIds)
    const readings = new Map<string, ObservedRow>()
    for (let from = 0; from < stockIds.length; from += shop.readsPerCallMax) {
      const part = stockIds.slice(from, from + shop.readsPerCallMax)
      for (const reading of await shop.read(part, signal)) {
        if (wanted.has(reading.stockId)) readings.set(reading.stockId, reading)
      }
    }
    return readings
  }

  #suspect(stockId: string, suspicion: Suspicion): void {
    const reads = (this.#suspicions.get(stockId)?.reads ?? -1) + 1
    this.#suspicions.set(stockId, { ...suspicion, reads })
    const last = rereadMs.at(-1) ?? 0
    const step = rereadMs[reads] ?? last * (reads - rereadMs.length + 2)
    const before = reads === 0 ? 0 : (rereadMs[reads - 1] ?? last * (reads - rereadMs.length + 1))
    this.#dueIn(stockId, step - before)
  }

  /** The last reading of the row is not doubted any more. */
  clear(stockId: string): void {
    this.#suspicions.delete(stockId)
  }

  #dueIn(stockId: string, ms: number): void {
    this.#due.get(stockId)?.()
    const cancel = this.#parts.timers.after(ms + 1, () => {
      this.#due.delete(stockId)
      this.#parts.onDue(stockId)
    })
    this.#due.set(stockId, cancel)
  }
}

type Facts = Pick<JournalRow, 'stockId' | 'sku' | 'name' | 'stock' | 'fault' | 'createdAt' | 'products'>

export function factsOf({ stockId, sku, name, stock, fault, createdAt, products }: ObservedRow): Facts {
  const found = fault ?? faultOf(stock)
  return { stockId, sku, name, stock: found === null ? stock : null, fault: found, createdAt, products }
}

/** Whether only the number may differ. */
export function hasSameFacts(row: JournalRow, facts: Facts): boolean {
  const { sku, name, fault, products } = facts
  return (
    row.sku === sku &&
    row.name === name &&
    row.fault === fault &&
    (row.stock === null) === (facts.stock === null) &&
    JSON.stringify(row.products) === JSON.stringify(products)
  )
}

function newRow(facts: Facts, listing: number): JournalRow {
  return { ...facts, version: 0, listing, formers: [], waiting: [], unexplained: { units: 0, at: 0 } }
}

/** Nothing from before explains what comes. */
function unexplained(row: JournalRow): JournalRow {
  return { ...row, waiting: [], unexplained: { units: 0, at: 0 } }
}

function faultOf(stock: number | null): string | null {
  if (stock === null) return null
  if (!Number.isInteger(stock)) return Number.isFinite(stock) ? 'stock-fraction' : 'stock-not-a-number'
  return Math.abs(stock) > limits.stockUnitsMax ? 'stock-out-of-range' : null
}

/** One movement is at most so large. */
function partsOf(delta: number): readonly number[] {
  const { deltaUnitsMax } = limits
  if (Math.abs(delta) <= deltaUnitsMax) return [delta]
  const first = Math.sign(delta) * deltaUnitsMax
  return [first, delta - first]
}

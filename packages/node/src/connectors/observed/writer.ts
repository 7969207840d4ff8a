/**
 * Makes adjustments in an observed shop, per stock row strictly one after the other. Each write is noted on disk before
 * the call; its outcome is told in one batch with S and closes the note. What is not known is found out before anything
 * else happens to the row: by the same operation id where the shop keeps them, else by what the shop has.
 */
import {
  assert,
  formerStocks,
  judgeWrite,
  takenOf,
  type ToldBesideWrite,
  unreachable,
  type WriteVerdict,
} from '@stockmesh/protocol'
import type { Clock } from '../../ports.ts'
import { type Adjustment, type AdjustmentResult, ConnectorError, outcomeUnclear } from '../connector.ts'
import { type Journal, type JournalDraft, keyOf } from './journal.ts'
import type { JournalRow, OpenOperation } from './journal-tables.ts'
import { exposed, owing, unexplainedAfter, unexplainedOf } from './late-lines.ts'
import type { ObservedRow, ObservedShop, StockWriteResult } from './observed-shop.ts'
import { factsOf, type Observer } from './observer.ts'

/** How often a row with order lines that it does not show yet is read before it is written. */
const readingsMax = 3

export interface WriterParts {
  readonly shop: ObservedShop
  readonly journal: Journal
  readonly observer: Observer
  readonly clock: Clock
  /** Up to where the feed was asked for: what the engine has decided by. */
  readonly toldUpTo: () => number
}

/** What was found about an adjustment; null: nothing yet, and it is tried again. */
type Found = AdjustmentResult | null

export class Writer {
  readonly #parts: WriterParts
  /** Operations of this life that the shop said it made, and of which only the reading is missing. */
  readonly #confirmed = new Set<string>()
  /** What became of an operation without an answer by the last look, and when that was. */
  readonly #looks = new Map<string, { readonly at: number; readonly verdict: WriteVerdict['type'] }>()

  constructor(parts: WriterParts) {
    this.#parts = parts
  }

  /** Rows of one call, and the writes among them. */
  get rowsPerCallMax(): number {
    return Math.max(1, Math.min(this.#parts.shop.readsPerCallMax, this.#parts.shop.writesPerCallMax))
  }

  /**
   * One answer for each adjustment, no two of them for the same row; null where nothing is known yet. What went wrong
   * with all of them is thrown. Errors: `ConnectorError`.
   */
  async adjust(adjustments: readonly Adjustment[], signal: AbortSignal): Promise<readonly Found[]> {
    const found = new Map<string, AdjustmentResult>()
    await this.#findEnded(adjustments, found)
    await this.resolve(await this.#openOf(adjustments, found), signal)
    await this.#findEnded(adjustments, found)
    if (this.#readsFirst) await this.#readFirst(adjustments, found, signal)
    const noted = await this.#note(adjustments, found)
    if (noted.length > 0) await this.#send(noted, found, signal)
    return adjustments.map(({ opId }) => found.get(opId) ?? null)
  }

  /**
   * Finds out what became of operations that are open. One that may still be hidden by an older reading stays open, as
   * does one that the shop does not answer for. Errors: `ConnectorError`.
   */
  async resolve(open: readonly OpenOperation[], signal: AbortSignal): Promise<void> {
    if (open.length === 0) return
    const { shop, clock } = this.#parts
    const judged = open.filter(({ opId }) => shop.writing !== 'idempotent' || this.#confirmed.has(opId))
    const now = clock.now()
    const ripe = judged.filter(({ opId, sentAt }) => {
      return isPast(now, sentAt, shop.readLagMs) && Math.abs(now - (this.#looks.get(opId)?.at ?? 0)) >= shop.pollMs
    })
    await this.#judge(ripe, signal)
    const sent = open.filter((operation) => !judged.includes(operation))
    if (sent.length > 0) await this.#send(sent, new Map(), signal)
  }

  /** When the first of these open operations can be judged, in milliseconds from now; null: none waits for its time. */
  async ripensIn(stockIds: readonly string[]): Promise<number | null> {
    const { shop, clock, journal } = this.#parts
    let first: number | null = null
    for (const stockId of stockIds) {
      const open = await journal.open(stockId)
      if (open === null || isPast(clock.now(), open.sentAt, shop.readLagMs)) continue
      const left = open.sentAt + shop.readLagMs - clock.now()
      first = first === null ? left : Math.min(first, left)
    }
    return first
  }

  /** An idempotent shop that never clips needs no reading: what it does is what it was asked. */
  get #readsFirst(): boolean {
    return this.#parts.shop.writing !== 'idempotent' || this.#parts.shop.stockMin !== null
  }

  async #findEnded(adjustments: readonly Adjustment[], found: Map<string, AdjustmentResult>): Promise<void> {
    for (const { opId } of adjustments) {
      if (found.has(opId)) continue
      const ended = await this.#parts.journal.ended(opId)
      if (ended?.status === 'refused') found.set(opId, refusalOf(opId, ended.code))
      else if (ended !== null) {
        found.set(opId, { opId, status: 'repeated', stock: ended.stock, feedId: ended.feedId })
      }
    }
  }

  async #openOf(adjustments: readonly Adjustment[], found: ReadonlyMap<string, unknown>): Promise<OpenOperation[]> {
    const open: OpenOperation[] = []
    for (const { opId, stockId } of adjustments) {
      const operation = found.has(opId) ? null : await this.#parts.journal.open(stockId)
      if (operation !== null) open.push(operation)
    }
    return open
  }

  /** Everything that moved before the write is told before it, as far as it shows. */
  async #readFirst(adjustments: readonly Adjustment[], found: Map<string, AdjustmentResult>, signal: AbortSignal) {
    const { journal, observer } = this.#parts
    let left: Adjustment[] = []
    for (const adjustment of adjustments) {
      const { opId, stockId } = adjustment
      if (found.has(opId) || (await journal.open(stockId)) !== null) continue
      if ((await journal.row(stockId)) !== null) left.push(adjustment)
    }
    for (let reading = 0; reading < readingsMax && left.length > 0; reading += 1) {
      const ids = left.map(({ stockId }) => stockId)
      const there = await observer.observe(ids, signal)
      const waits: Adjustment[] = []
      for (const adjustment of left) {
        const { opId, stockId } = adjustment
        const row = await journal.row(stockId)
        if (!there.has(stockId)) found.set(opId, refusalOf(opId, 'row-gone'))
        else if (row !== null && row.waiting.length > 0) waits.push(adjustment)
      }
      left = waits
    }
  }

  /** Notes what is to be sent; what cannot be is answered. */
  async #note(adjustments: readonly Adjustment[], found: Map<string, AdjustmentResult>): Promise<OpenOperation[]> {
    const { journal, observer, shop } = this.#parts
    return journal.commit(async (draft) => {
      const noted: OpenOperation[] = []
      for (const adjustment of adjustments) {
        const { opId, stockId, delta } = adjustment
        if (found.has(opId) || (await journal.open(stockId)) !== null) continue
        const row = await draft.row(stockId)
        const code = await this.#refusal(draft, row, adjustment)
        if (code !== null) {
          found.set(opId, refusalOf(opId, code))
          continue
        }
        assert(row !== null && row.stock !== null, 'a row that is refused nothing is tracked')
        if (row.isUnclear === true) {
          const { isUnclear: _, ...clear } = row
          draft.setRow(clear)
          draft.noteEnded(opId, { status: 'refused', code: outcomeUnclear, at: draft.now })
          found.set(opId, refusalOf(opId, outcomeUnclear))
          continue
        }
        if (this.#readsFirst && (observer.isSuspect(stockId) || row.waiting.length > 0)) continue
        const units = takenOf({ stock: row.stock, delta, stockMin: shop.stockMin })
        if (units !== 0) {
          const operation = { opId, stockId, units, shadow: row.stock, sentAt: draft.now }
          draft.noteOpen(operation)
          noted.push(operation)
        } else if (row.version > this.#parts.toldUpTo()) {
          // It was asked for by an older number, so that it is no refusal: the engine decides again.
          found.set(opId, await this.#end(draft, row, { opId, units: 0 }))
        } else found.set(opId, refusalOf(opId, 'out-of-range'))
      }
      return noted
    })
  }

  async #refusal(draft: JournalDraft, row: JournalRow | null, { key }: Adjustment): Promise<string | null> {
    if (row === null) return 'row-gone'
    const rowKey = keyOf(row.sku)
    if (rowKey === null || rowKey !== key) return 'sku-changed'
    if (!(await draft.isUnique(row))) return 'ambiguous'
    return row.stock === null ? 'untracked' : null
  }

  /** Sends what is noted. An error of the call leaves the notes open. Errors: `ConnectorError`. */
  async #send(noted: readonly OpenOperation[], found: Map<string, AdjustmentResult>, signal: AbortSignal) {
    const { shop, journal } = this.#parts
    const writes = noted.map(({ opId, stockId, units, shadow }) => ({ opId, stockId, delta: units, expected: shadow }))
    const results = await shop.write(writes, signal)
    const byOperation = new Map(results.map((result) => [result.opId, result]))
    const doubtful: OpenOperation[] = []
    await journal.commit(async (draft) => {
      for (const operation of noted) {
        const { opId, stockId } = operation
        const result = byOperation.get(opId)
        if (result === undefined || result.status === 'unknown') continue
        if (result.status === 'not-made') draft.closeOpen(stockId)
        else if (result.status === 'refused') {
          draft.closeOpen(stockId)
          found.set(opId, refusalOf(opId, result.code))
        } else if (this.#isProven(operation, result)) {
          const row = await draft.row(stockId)
          assert(row !== null, 'a row with an open operation is kept')
          found.set(opId, await this.#end(draft, row, operation))
        } else {
          this.#confirmed.add(opId)
          doubtful.push(operation)
        }
      }
    })
    if (shop.readLagMs === 0) await this.#judge(doubtful, signal, found)
  }

  /** Whether the shop's yes alone says what it has done. */
  #isProven({ shadow, units }: OpenOperation, result: Extract<StockWriteResult, { stock: number | null }>): boolean {
    const { shop } = this.#parts
    if (shop.writing === 'idempotent') return shop.stockMin === null || units > 0 || result.stock === shadow + units
    if (shop.writing === 'absolute' && shop.orderLines !== undefined) return false
    return result.stock === shadow + units
  }

  /** Judges by what the shop has. */
  async #judge(
    open: readonly OpenOperation[],
    signal: AbortSignal,
    found: Map<string, AdjustmentResult> = new Map(),
  ): Promise<void> {
    if (open.length === 0) return
    const { observer, journal } = this.#parts
    const ids = open.map(({ stockId }) => stockId)
    const readings = await observer.readWithLines(ids, signal)
    await journal.commit(async (draft) => {
      for (const operation of open) {
        const row = await draft.row(operation.stockId)
        const reading = readings.get(operation.stockId)
        if (row === null) draft.closeOpen(operation.stockId)
        else if (reading !== undefined) {
          const result = await this.#judgeOne(draft, row, operation, reading)
          if (result !== null) found.set(operation.opId, result)
        }
      }
    })
  }

  async #judgeOne(draft: JournalDraft, row: JournalRow, operation: OpenOperation, reading: ObservedRow) {
    const { observer } = this.#parts
    const { opId, stockId } = operation
    const { stock } = factsOf(reading)
    observer.clear(stockId)
    const verdict = this.#verdict(row, operation, stock, draft.now)
    if (!this.#isSettled(operation, verdict.type, draft.now)) {
      this.#looks.set(opId, { at: draft.now, verdict: verdict.type })
      return null
    }
    this.#looks.delete(opId)
    const refuse = (code: string): Found => {
      draft.closeOpen(stockId)
      return refusalOf(opId, code)
    }
    switch (verdict.type) {
      case 'unclear': {
        draft.noteEnded(opId, { status: 'refused', code: outcomeUnclear, at: draft.now })
        const next = exposed({ ...row, waiting: [] }, this.#parts.shop, draft.now)
        const taken = stock === row.stock ? row : await draft.describe(row, { ...next, ...factsOf(reading) })
        if (stock !== null) await draft.doubt(taken)
        draft.forgetDue(stockId)
        return refuse(outcomeUnclear)
      }
      case 'applied':
        return this.#end(draft, await this.#tell(draft, row, verdict), { opId, units: verdict.applied })
      case 'not-applied':
        await this.#tell(draft, row, verdict)
        // An absolute write is made anew from a new reading, a relative one is sent again.
        draft.closeOpen(stockId)
        return null
      case 'no-effect':
        await this.#tell(draft, row, verdict)
        return refuse('not-writable')
      default:
        return unreachable(verdict)
    }
  }

  /**
   * Whether the verdict stands: a write that does not show will not be made any more, and where orders are read, a sale whose
   * line was on its way at the last look is not taken for the write, or for its absence.
   */
  #isSettled({ opId, sentAt }: OpenOperation, verdict: WriteVerdict['type'], now: number): boolean {
    if (this.#confirmed.has(opId)) return true
    const { unansweredMs = 0, orderLines } = this.#parts.shop
    if (verdict !== 'applied' && !isPast(now, sentAt, unansweredMs)) return false
    return orderLines === undefined || this.#looks.get(opId)?.verdict === verdict
  }

  #verdict(row: JournalRow, operation: OpenOperation, stock: number | null, now: number): WriteVerdict {
    const { shop } = this.#parts
    if (stock === null || row.stock === null) return { type: 'unclear' }
    return judgeWrite({
      shadow: row.stock,
      asked: operation.units,
      stock,
      lines: shop.orderLines === undefined ? null : row.waiting.map(({ line }) => line),
      ...(shop.lateLineMs === undefined ? {} : unexplainedOf(row, shop, now)),
      outcome: this.#confirmed.has(operation.opId) ? 'applied' : 'unknown',
      writing: shop.writing,
      stockMin: shop.stockMin,
    })
  }

  async #tell(draft: JournalDraft, row: JournalRow, told: ToldBesideWrite) {
    const { movements, early, overwritten, shown } = told
    const { shop } = this.#parts
    let next = row
    for (const movement of movements) next = await draft.move(next, movement)
    const units = movements.reduce((sum, { kind, delta }) => sum + (kind === 'manual' ? delta : 0), 0)
    const formers = movements.length === 0 ? row.formers : formerStocks(row.formers, row.stock ?? 0, draft.now)
    const before = unexplainedOf(row, shop, draft.now)
    const late = early === 0 ? before.late : [...before.late, early]
    const after = { units: before.unexplained - early + units, late, told: units, hasMoved: movements.length > 0 }
    const unexplained = unexplainedAfter(row, before, after, draft.now)
    const hasLines = row.waiting.some(({ line }) => line.delta !== 0)
    const isUnclear = told.isUnclear || (shop.writing === 'absolute' && before.isMixed && hasLines)
    next = exposed({ ...next, formers, waiting: [], unexplained }, shop, draft.now)
    next = owing(next, before.owed + overwritten - shown, overwritten !== 0, draft.now)
    draft.setRow(next)
    if (isUnclear) next = await draft.doubt({ ...next, isUnclear: true })
    draft.forgetDue(row.stockId)
    return next
  }

  /** The operation is told: S follows what was applied of it, and the note is closed. */
  async #end(draft: JournalDraft, row: JournalRow, { opId, units }: { opId: string; units: number }) {
    const formers = units === 0 ? row.formers : formerStocks(row.formers, row.stock ?? 0, draft.now)
    const next = await draft.move({ ...row, formers }, { kind: 'adjust', delta: units, opId })
    const stock = next.stock ?? 0
    draft.noteEnded(opId, { status: 'applied', stock, feedId: next.version })
    draft.closeOpen(row.stockId)
    this.#confirmed.delete(opId)
    return { opId, status: 'applied', stock, feedId: next.version } as const
  }
}

function refusalOf(opId: string, code: string): Extract<AdjustmentResult, { status: 'refused' }> {
  return { opId, status: 'refused', code }
}

function isPast(now: number, since: number, ms: number): boolean {
  return ms === 0 || now - since > ms
}

export function unknownOutcome(count: number): ConnectorError {
  return new ConnectorError(
    'shop-error',
    `The shop has not said what became of ${count} changes. They are tried again.`,
  )
}

/**
 * Takes back what an import did to the shop: each SKU is adjusted by minus what the import adjusted, whatever was sold
 * since, and nothing of it is published. It works through the notes of the import with the same adjustments that
 * everything else goes by, so a node that is killed on the way goes on where it was. When all is done the shop rests; an
 * import that was cancelled on its way is ready to be started instead, and nothing of it is left.
 */
import { createHash } from 'node:crypto'
import { type ImportUndoAnswer, type Result, type ShopId, type SkuKey, undoableUntil } from '@stockmesh/protocol'
import type { Draft, Ledger } from '../ledger/ledger.ts'
import { eventLine } from '../ledger/log-line.ts'
import type { Clock, Timers } from '../ports.ts'
import { Wakeup } from '../wakeup.ts'
import type { Book } from './book.ts'
import type { ImportNote, ImportNotes } from './import-notes.ts'
import type { ImportStore } from './import-state.ts'
import { unlist } from './settler.ts'
import type { ShopTask } from './shop-work.ts'

const notesPerCommit = 500

export interface ImportUndoParts {
  readonly ledger: Ledger
  readonly book: Book
  readonly store: ImportStore
  readonly notes: ImportNotes
  readonly self: ShopId
  readonly clock: Clock
  readonly timers: Timers
  /** Everything is taken back, or was refused. */
  readonly onDone: () => void
}

export class ImportUndo implements ShopTask {
  readonly #parts: ImportUndoParts
  readonly #wakeup: Wakeup

  constructor(parts: ImportUndoParts) {
    this.#parts = parts
    this.#wakeup = new Wakeup(parts.timers)
  }

  /** Whether the shop has, or is about to get, its own numbers: nothing else is decided on until it takes part again. */
  get isInForce(): boolean {
    return this.#parts.store.record.undo !== null
  }

  /** Whether the shop is being adjusted back. */
  get isRunning(): boolean {
    return this.#parts.store.record.undo?.state === 'running'
  }

  /** Whether that is because the import was cancelled before it was done. */
  get isCancelling(): boolean {
    return this.isRunning && this.#parts.store.record.undo?.cancels === true
  }

  /** Until when the import may be taken back. Error: `nothing-to-undo`. */
  until(): Result<number> {
    const { store, clock } = this.#parts
    const { state, notes, finishedAt } = store.record
    return undoableUntil({ isDone: state === 'done', isNoted: notes > 0, finishedAt, now: clock.now() })
  }

  /** How it stands; null where there is nothing to take back. */
  answer(): ImportUndoAnswer | null {
    const { store, notes } = this.#parts
    const until = this.until()
    const { undo } = store.record
    if (!until.ok) return null
    const counts = undo === null ? { undone: 0, refused: 0 } : notes.counts
    return {
      state: undo?.state ?? 'available',
      done: counts.undone + counts.refused,
      total: undo?.total ?? 0,
      refusedCount: counts.refused,
      until: new Date(until.value).toISOString(),
    }
  }

  /** How many SKUs are taken back already. */
  get done(): number {
    const { undone, refused } = this.#parts.notes.counts
    return undone + refused
  }

  /** SKUs that the import changed. */
  async count(): Promise<number> {
    let total = 0
    for await (const note of this.#parts.notes.all()) if (isWritten(note) && note.delta !== 0) total += 1
    return total
  }

  begin(draft: Draft, total: number): void {
    this.#parts.store.set(draft, { undo: { state: 'running', total } })
  }

  /** The import is taken back before it is done; what is being adjusted is taken back once the shop told of it. */
  beginCancel(draft: Draft, total: number): void {
    this.#parts.store.set(draft, { held: false, undo: { state: 'running', total, cancels: true } })
  }

  /** An undo was asked for, or something that it waits for may have come. */
  wake(): void {
    if (this.isRunning) this.#wakeup.wake()
  }

  async run(stop: AbortSignal): Promise<void> {
    const { notes } = this.#parts
    let waiting: readonly ImportNote[] | null = null
    while (!stop.aborted) {
      if (this.isRunning) {
        waiting = await this.#takeOn(waiting ?? notes.all(), stop)
        if (!stop.aborted && waiting.length === 0 && notes.openCount === 0 && this.#isStill) {
          await this.#finish()
          // The shop may take part again before it rests, and what it imports then is taken back by this loop as well.
          waiting = null
        }
      }
      await this.#wakeup.wait(null, stop)
    }
  }

  /** Opens an adjustment for each SKU that has none; answers those of which another one is under way. */
  async #takeOn(notes: Iterable<ImportNote> | AsyncIterable<ImportNote>, stop: AbortSignal): Promise<ImportNote[]> {
    const waiting: ImportNote[] = []
    let batch: ImportNote[] = []
    const commit = async (): Promise<void> => {
      const taken = batch
      batch = []
      if (taken.length === 0) return
      await this.#parts.ledger.commit((draft) => {
        for (const note of taken) if (!this.#undo(draft, note)) waiting.push(note)
      })
    }
    await this.#refuseGone()
    for await (const read of notes) {
      const note = this.#parts.notes.latest(read)
      // What nobody has told the outcome of was not made, as far as anybody can know.
      if (note.state === 'adjusting' && this.isCancelling) waiting.push(note)
      if (!isWritten(note) || this.#unitsOf(note) === 0) continue
      // Every commit wakes this loop, so one that could change nothing must not be made.
      if (this.#parts.book.intents.has(note.stockId)) waiting.push(note)
      else batch.push(note)
      if (batch.length === notesPerCommit) await commit()
      if (stop.aborted) break
    }
    await commit()
    return waiting
  }

  /** Adjustments of which the stock row went: nobody will tell of them. */
  async #refuseGone(): Promise<void> {
    const { book, notes, ledger } = this.#parts
    const gone = notes.open().filter(({ stockId, opId }) => book.intents.get(stockId)?.opId !== opId)
    if (gone.length === 0) return
    await ledger.commit((draft) => {
      for (const { opId } of gone) if (opId !== null) notes.refuse(draft, opId)
    })
  }

  /** false where another adjustment of the SKU is under way. */
  #undo(draft: Draft, note: ImportNote): boolean {
    const { book, notes } = this.#parts
    const { stockId, key } = note
    if (!this.#isThere(stockId, key)) notes.undo(draft, note, null)
    else if (book.intents.has(stockId)) return false
    else {
      const opId = this.#operationOf(stockId)
      book.openIntent(draft, { opId, stockId, key, delta: -this.#unitsOf(note) })
      notes.undo(draft, note, opId)
    }
    return true
  }

  /** What is taken back: of an import that is cancelled all that was written, else what its first adjustment did. */
  #unitsOf({ delta, later }: ImportNote): number {
    return this.isCancelling ? delta + (later ?? 0) : delta
  }

  /** Whether nothing is being adjusted that would reach a shop whose import was cancelled. */
  get #isStill(): boolean {
    return !this.isCancelling || this.#parts.book.intents.size === 0
  }

  /** The same for each try, so that the shop does not do it again for a node that was put back to before it. */
  #operationOf(stockId: string): string {
    const { notes, startedAt } = this.#parts.store.record
    return createHash('sha256')
      .update(JSON.stringify([notes, startedAt, stockId]))
      .digest('hex')
      .slice(0, 32)
  }

  #isThere(stockId: string, key: SkuKey): boolean {
    const { rows, choices } = this.#parts.book
    return rows.get(stockId)?.key === key && choices.leftOut(key) === null
  }

  /** As before the import was started: nothing of this shop is in the network's lists, and nothing is noted. */
  unstart(draft: Draft): void {
    const { book, notes, store, self, clock } = this.#parts
    const now = clock.now()
    for (const key of book.keys) unlist(draft, key, self, now)
    notes.forget(draft)
    const { notes: generation } = store.record
    const anew = { startWhenReady: false, held: false, undo: null, startedAt: null }
    store.set(draft, { state: 'ready', notes: generation === 0 ? 0 : generation + 1, ...anew })
    draft.log(eventLine(now, self, 'import', { result: 'import-cancelled' }))
  }

  async #finish(): Promise<void> {
    const { ledger, store, self, clock, onDone } = this.#parts
    if (this.isCancelling) {
      await ledger.commit((draft) => this.unstart(draft))
      onDone()
      return
    }
    const total = store.record.undo?.total ?? 0
    await ledger.commit((draft) => {
      store.set(draft, { undo: { state: 'done', total } })
      draft.log(eventLine(clock.now(), self, 'undo', { result: 'import-undone' }))
    })
    onDone()
  }
}

/** Whether the shop told of what the import did to it; an adjustment that is under way is waited for by its stock row. */
function isWritten({ state }: ImportNote): boolean {
  return state === 'kept' || state === 'following'
}

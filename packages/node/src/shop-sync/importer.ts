/**
 * The first matching of a shop's catalogue with the network: attach, list, catch up, and, once started, settle every
 * SKU. Every page and every step is durable, so a node that was killed goes on where it was.
 */
import {
  decide,
  type ImportAnswer,
  type ImportFailedItem,
  type ImportUndoAnswer,
  type Membership,
  type ShopId,
  type SkuKey,
} from '@stockmesh/protocol'
import type { LedgerConnector, StockRowPage } from '../connectors/connector.ts'
import type { Committed, Draft, Ledger } from '../ledger/ledger.ts'
import type { Clock } from '../ports.ts'
import type { Adjuster } from './adjuster.ts'
import { type Book, bookRow, productsOf } from './book.ts'
import { faultSentence } from './fault-sentence.ts'
import { importProgress, type ImportRecord, type ImportStore, unknownWriting } from './import-state.ts'
import { holdDifference } from './hold-difference.ts'
import type { Settler } from './settler.ts'
import { type GuardedRules, situationOf } from './situation.ts'

const rowsPerPage = 500

export class Importer {
  readonly #ledger: Ledger
  readonly #book: Book
  readonly #store: ImportStore
  readonly #adjuster: Adjuster
  readonly #settler: Settler
  readonly #connector: LedgerConnector
  readonly #clock: Clock
  readonly #self: ShopId
  readonly #rules: GuardedRules
  readonly #membership: Membership
  readonly #isPaused: () => boolean
  readonly #holdsAllOf: (acceptor: ShopId) => boolean
  readonly #onChange: () => void
  readonly #onFinish: (draft: Draft) => void
  readonly #onDone: (products: number) => void
  readonly #undo: () => ImportUndoAnswer | null
  readonly #takenBack: () => number
  /** SKUs that the running import has not settled; empty otherwise. */
  readonly #unsettled = new Set<SkuKey>()
  #advancing: Promise<void> | null = null

  constructor(parts: {
    readonly ledger: Ledger
    readonly book: Book
    readonly store: ImportStore
    readonly adjuster: Adjuster
    readonly settler: Settler
    readonly connector: LedgerConnector
    readonly clock: Clock
    readonly self: ShopId
    readonly rules: GuardedRules
    readonly membership: Membership
    readonly isPaused: () => boolean
    /** Whether everything that the accepting member claims is held here. */
    readonly holdsAllOf: (acceptor: ShopId) => boolean
    readonly onChange: () => void
    /** In the batch with which the import is done. */
    readonly onFinish: (draft: Draft) => void
    /** The import is done, with so many SKUs. */
    readonly onDone: (products: number) => void
    /** How taking the import back stands. */
    readonly undo: () => ImportUndoAnswer | null
    /** How many SKUs of a cancelled import are taken back. */
    readonly takenBack: () => number
  }) {
    this.#ledger = parts.ledger
    this.#book = parts.book
    this.#store = parts.store
    this.#adjuster = parts.adjuster
    this.#settler = parts.settler
    this.#connector = parts.connector
    this.#clock = parts.clock
    this.#self = parts.self
    this.#rules = parts.rules
    this.#membership = parts.membership
    this.#isPaused = parts.isPaused
    this.#holdsAllOf = parts.holdsAllOf
    this.#onChange = parts.onChange
    this.#onFinish = parts.onFinish
    this.#onDone = parts.onDone
    this.#undo = parts.undo
    this.#takenBack = parts.takenBack
    if (this.#store.record.state === 'running') this.#collectUnsettled()
  }

  get record(): ImportRecord {
    return this.#store.record
  }

  /** Begins an import; the shop loop does the rest. */
  async begin(kind: 'found' | 'join', acceptor: ShopId | null, startWhenReady: boolean): Promise<void> {
    await this.#ledger.commit((draft) => {
      this.#store.set(draft, {
        state: 'listing',
        kind,
        acceptor,
        startWhenReady: startWhenReady || kind === 'found',
        startedAt: this.#clock.now(),
        // The first shop's numbers are the network's: nothing in it is changed.
        notes: kind === 'join' ? 1 : 0,
      })
    })
    this.#onChange()
  }

  /**
   * The admin's word: from `ready` the writing starts, and while still listing it will start by itself. `mayStart` says
   * whether what the admin saw still holds; answers it.
   */
  async start(mayStart: () => boolean): Promise<boolean> {
    const isStarted = await this.#ledger.commit((draft) => {
      const { state } = this.record
      if ((state === 'listing' || state === 'ready') && !mayStart()) return false
      if (state === 'listing') this.#store.set(draft, { startWhenReady: true })
      if (state === 'ready') this.#enterRunning(draft)
      return true
    })
    if (isStarted) this.#beginSettling()
    return isStarted
  }

  /** The import was taken back, and the shop is to take part again: it takes the network's numbers once more. */
  again(draft: Draft): void {
    const { notes } = this.record
    const now = this.#clock.now()
    this.#store.set(draft, { state: 'running', startedAt: now, finishedAt: null, notes: notes + 1, undo: null })
    this.#collectUnsettled()
  }

  /** It was cancelled: nothing is left to be settled. */
  forget(): void {
    this.#unsettled.clear()
    this.#onChange()
  }

  /** A person lets it go on after a pause. */
  async goOn(): Promise<void> {
    this.#beginSettling()
    await this.advance()
  }

  /** Whether the running import has not settled the SKU. */
  isOpen(key: SkuKey): boolean {
    return this.record.state === 'running' && this.#unsettled.has(key)
  }

  /** Reads one page of the listing. Errors: `ConnectorError`. */
  async list(signal: AbortSignal): Promise<void> {
    const page = await this.#connector.list({ after: this.record.cursor, limit: rowsPerPage }, signal)
    if (signal.aborted) return
    await this.#ledger.commit((draft) => this.#keepPage(draft, page))
    this.#onChange()
    await this.advance()
  }

  /** The feed was rolled back: everything is listed again, and what differs is held. */
  async relist(): Promise<void> {
    await this.#ledger.commit((draft) => {
      for (const stockId of this.#book.intents.keys()) this.#book.closeIntent(draft, stockId)
      const again = this.record.state === 'running' || this.record.state === 'done'
      // What the import did may be undone with the rest of what was put back; nobody can tell.
      const listing = { relisting: again, listed: false, cursor: null, rowsListed: 0, versionMax: 0 }
      this.#store.set(draft, { ...unknownWriting(this.record), ...listing })
    })
  }

  /** Takes the next step if its conditions hold; called whenever one of them may have changed. */
  async advance(): Promise<void> {
    this.#advancing ??= this.#advance().finally(() => {
      this.#advancing = null
    })
    await this.#advancing
  }

  /** Hears of every commit, to see which SKUs of a running import are settled. */
  hear(committed: Committed): void {
    for (const key of committed.keys) this.#checkSettled(key)
  }

  progress(): Pick<ImportAnswer, 'state' | 'done' | 'total'> {
    const { state, undo } = this.record
    const isMoving = state === 'listing' || state === 'running'
    const counted = importProgress(this.record, { skus: this.#book.keyCount, unsettled: this.#unsettled.size })
    const back = undo?.cancels === true ? { done: this.#takenBack(), total: undo.total } : null
    return { state: isMoving && this.#pausedBy() !== null ? 'paused' : state, ...(back ?? counted) }
  }

  answer(): ImportAnswer {
    const { startedAt, finishedAt } = this.record
    const progress = this.progress()
    const { done } = progress
    const seconds = startedAt === null ? 0 : ((finishedAt ?? this.#clock.now()) - startedAt) / 1_000
    return {
      ...progress,
      pausedBy: progress.state === 'paused' ? this.#pausedBy() : null,
      cancelling: this.record.undo?.cancels === true,
      failedCount: this.failed().length,
      ratePerSecond: seconds > 0 ? Math.round(done / seconds) : null,
      startedAt: startedAt === null ? null : new Date(startedAt).toISOString(),
      finishedAt: finishedAt === null ? null : new Date(finishedAt).toISOString(),
      undo: this.#undo(),
    }
  }

  /** Rows that the import could not take, each with its reason. */
  failed(): ImportFailedItem[] {
    const failed: ImportFailedItem[] = []
    for (const row of this.#book.faultyRows()) {
      failed.push({
        sku: row.sku,
        name: row.name,
        productId: productsOf(row)[0]?.id ?? row.stockId,
        code: row.fault,
        message: faultSentence(row.fault),
      })
    }
    return failed
  }

  #keepPage(draft: Draft, page: StockRowPage): void {
    const now = this.#clock.now()
    let versionMax = this.record.versionMax
    for (const row of page.items) {
      versionMax = Math.max(versionMax, row.version)
      const known = this.#book.rows.get(row.stockId)
      const next = bookRow(row, known?.dropped ?? false, now)
      if (this.record.relisting && next.key !== null && next.stock !== null) {
        holdDifference(draft, { key: next.key, book: this.#book, rules: this.#rules, now, reading: next.stock })
      }
      if (known === undefined || known.version <= row.version || this.record.relisting) this.#book.setRow(draft, next)
    }
    if (this.record.relisting) this.#dropMissing(draft, page)
    const listed = page.next === null
    this.#store.set(draft, {
      cursor: page.next,
      listed,
      rowsListed: this.record.rowsListed + page.items.length,
      rowsTotal: Math.max(page.total, this.record.rowsListed + page.items.length),
      versionMax,
    })
  }

  /**
   * Rows that came after the copy that the shop was put back to. The shop gives their ids out again, and another
   * product under such an id must not be taken for the one that went.
   */
  #dropMissing(draft: Draft, { items, next }: StockRowPage): void {
    const there = new Set(items.map(({ stockId }) => stockId))
    const after = this.record.cursor ?? ''
    const missing = [...this.#book.rows.keys()].filter((id) => id > after && (next === null || id <= next))
    for (const id of missing) {
      const key = this.#book.rows.get(id)?.key
      if (there.has(id)) continue
      this.#book.deleteRow(draft, id)
      if (key != null) this.#settler.unlist(draft, key)
    }
  }

  async #advance(): Promise<void> {
    const { record } = this
    const followed = record.listed && (this.#book.feed?.position ?? 0) >= record.versionMax
    if (record.relisting && followed) {
      await this.#ledger.commit((draft) => {
        this.#store.set(draft, { relisting: false })
        for (const key of this.#book.keys) draft.touch(key)
      })
      this.#adjuster.mark(this.#book.keys)
    }
    if (record.state === 'listing' && !record.held && followed && this.#isCaughtUp(record)) {
      await this.#ledger.commit((draft) => {
        if (record.startWhenReady) this.#enterRunning(draft)
        else this.#store.set(draft, { state: 'ready', caughtUp: true })
      })
      this.#beginSettling()
    }
    await this.#finish()
  }

  async #finish(): Promise<void> {
    const { state, held, undo } = this.record
    if (state !== 'running' || held || undo !== null || this.#unsettled.size > 0) return
    await this.#ledger.commit((draft) => {
      this.#store.set(draft, { state: 'done', finishedAt: this.#clock.now() })
      this.#onFinish(draft)
    })
    this.#onDone(this.#book.keyCount)
    this.#onChange()
  }

  #isCaughtUp(record: ImportRecord): boolean {
    return record.caughtUp || record.acceptor === null || this.#holdsAllOf(record.acceptor)
  }

  /** What is to be settled is known before anybody can see the state and call it done. */
  #enterRunning(draft: Draft): void {
    this.#store.set(draft, { state: 'running', caughtUp: true, startedAt: this.record.startedAt ?? this.#clock.now() })
    this.#collectUnsettled()
  }

  #beginSettling(): void {
    if (this.#store.writable) this.#adjuster.mark(this.#book.keys)
    this.#onChange()
  }

  /** Whose pause it waits for, the shop's before its own; null where it goes on. */
  #pausedBy(): ImportAnswer['pausedBy'] {
    if (this.#isPaused()) return 'shop'
    return this.record.held ? 'import' : null
  }

  #collectUnsettled(): void {
    for (const key of this.#book.keys) this.#unsettled.add(key)
    for (const key of this.#unsettled) this.#checkSettled(key)
  }

  #checkSettled(key: SkuKey): void {
    if (!this.#unsettled.has(key)) return
    const decision = decide(
      situationOf(key, {
        book: this.#book,
        holdings: this.#ledger.holdings,
        self: this.#self,
        rules: this.#rules,
        membership: this.#membership,
        writable: true,
      }),
    )
    const open = decision.type !== 'rest' || decision.why === 'adjusting' || decision.why === 'not-yet'
    if (!open || this.#adjuster.refusals.has(key)) this.#unsettled.delete(key)
  }
}

/**
 * Follows the shop's feed: each read becomes one durable commit of the shop's own changes, the shadow levels after
 * them, the intents that it closes and the position. Reading the same rows again changes nothing.
 */
import {
  type FeedPast,
  type FeedRow,
  highOf,
  judgeFeedPast,
  levelOf,
  limits,
  listedBy,
  localChange,
  type LocalChange,
  type Membership,
  needsGathering,
  parseSku,
  recordsOf,
  ridOf,
  type Rid,
  type ShopId,
  type SkuKey,
  winningBaseline,
} from '@stockmesh/protocol'
import { ConnectorError, type FeedPage, type LedgerConnector } from '../connectors/connector.ts'
import type { Draft, Ledger } from '../ledger/ledger.ts'
import { eventLine } from '../ledger/log-line.ts'
import type { Clock, Timers } from '../ports.ts'
import { Wakeup } from '../wakeup.ts'
import { type Book, bookRow, type FeedPosition } from './book.ts'
import type { HeldChanges, ReadChange } from './held-changes.ts'
import { takeFromDifference } from './hold-difference.ts'
import type { ImportNotes } from './import-notes.ts'
import type { Recovery } from './recovery.ts'
import type { Settler } from './settler.ts'
import type { GuardedRules } from './situation.ts'
import type { UnclearSkus } from './unclear-skus.ts'

/** Rows in one read. */
const rowsPerRead = 1_000

type UncountedResult = 'duplicate-not-counted' | 'left-out-not-counted'

export class Follower {
  readonly #ledger: Ledger
  readonly #book: Book
  readonly #settler: Settler
  readonly #notes: ImportNotes
  readonly #connector: LedgerConnector
  readonly #membership: Membership
  readonly #self: ShopId
  readonly #clock: Clock
  readonly #held: HeldChanges
  readonly #unclear: UnclearSkus
  readonly #rules: GuardedRules
  readonly #isRelisting: () => boolean
  readonly #wakeup: Wakeup
  readonly #onRows: (keys: ReadonlySet<SkuKey>) => void
  readonly #claimedElsewhere: (rid: Rid) => number

  constructor(parts: {
    readonly ledger: Ledger
    readonly book: Book
    readonly settler: Settler
    readonly notes: ImportNotes
    readonly connector: LedgerConnector
    readonly membership: Membership
    readonly self: ShopId
    readonly clock: Clock
    readonly timers: Timers
    readonly held: HeldChanges
    readonly unclear: UnclearSkus
    readonly rules: GuardedRules
    /** Whether the catalogue is compared again, and what differs is held. */
    readonly isRelisting: () => boolean
    /** The shop's rows under these SKUs moved or changed. */
    readonly onRows: (keys: ReadonlySet<SkuKey>) => void
    /** Up to where others know of this shop's feed, where this node may have forgotten it; else 0. */
    readonly claimedElsewhere: (rid: Rid) => number
  }) {
    this.#ledger = parts.ledger
    this.#book = parts.book
    this.#settler = parts.settler
    this.#notes = parts.notes
    this.#connector = parts.connector
    this.#membership = parts.membership
    this.#self = parts.self
    this.#clock = parts.clock
    this.#held = parts.held
    this.#unclear = parts.unclear
    this.#rules = parts.rules
    this.#isRelisting = parts.isRelisting
    this.#wakeup = new Wakeup(parts.timers)
    this.#onRows = parts.onRows
    this.#claimedElsewhere = parts.claimedElsewhere
  }

  /** What comes next in the feed; waits `waitMs` for the first row if there is none. Errors: `ConnectorError`. */
  async fetch(feed: FeedPosition, waitMs: number, signal: AbortSignal): Promise<FeedPage> {
    const page = await this.#gather(feed, await this.#page(feed, waitMs, signal), signal)
    if (page.end < this.#claimedElsewhere(feedRid(this.#self, feed))) {
      throw new ConnectorError('feed-rolled-back', "The shop's feed is shorter than the one that other shops know.")
    }
    return page
  }

  /** Commits what was fetched behind the position. Answers whether more rows were there already. */
  async take(feed: FeedPosition, page: FeedPage): Promise<boolean> {
    const last = page.rows.at(-1)
    if (last === undefined) return false
    const touched = new Set<SkuKey>()
    await this.#ledger.commit((draft) => {
      const rid = feedRid(this.#self, feed)
      const changes: ReadChange[] = []
      for (const row of page.rows) {
        const change = row.id > feed.start ? localChange(row) : null
        if (change === null) this.#logUncounted(draft, row, 'duplicate-not-counted')
        else if (this.#isPassed(draft, rid, change)) this.#logUncounted(draft, row, 'left-out-not-counted')
        else changes.push({ ...change, stock: row.stock ?? 0 })
      }
      const counted = this.#held.take(draft, rid, changes)
      const listed = this.#isRelisting() ? this.#listedUnits(page.rows, counted) : []
      for (const row of page.rows) this.#apply(draft, row, touched)
      draft.fold(rid, counted)
      const [book, rules, now] = [this.#book, this.#rules, this.#clock.now()]
      for (const [key, units] of listed) takeFromDifference(draft, { key, units, book, rules, now })
      this.#book.setFeed(draft, { ...feed, position: last.id, tag: last.tag })
      for (const key of touched) draft.touch(key)
      this.#settler.settle(draft, touched)
    })
    this.#onRows(touched)
    return last.id < page.end
  }

  /** What the listing read of the changes before the feed told of them, by SKU. */
  #listedUnits(rows: readonly FeedRow[], counted: readonly LocalChange[]): Map<SkuKey, number> {
    const listed = new Set<number>()
    for (const { id, stockId } of rows) if (id <= (this.#book.rows.get(stockId)?.version ?? 0)) listed.add(id)
    const units = new Map<SkuKey, number>()
    for (const { seq, key, delta } of counted) if (listed.has(seq)) units.set(key, (units.get(key) ?? 0) + delta)
    return units
  }

  /** Whether there may be a mass change among what was fetched and all that comes after it. Errors: `ConnectorError`. */
  async hasMassChange(feed: FeedPosition, fetched: FeedPage, signal: AbortSignal): Promise<boolean> {
    const changes: ReadChange[] = []
    let { rows, end } = fetched
    while (!signal.aborted) {
      for (const row of rows) {
        const change = row.id > feed.start ? localChange(row) : null
        if (change !== null) changes.push({ ...change, stock: row.stock ?? 0 })
      }
      const last = rows.at(-1)
      if (last === undefined || last.id >= end) break
      const page = await this.#page({ ...feed, position: last.id, tag: last.tag }, 0, signal)
      rows = page.rows
      end = page.end
    }
    return this.#held.mayHaveHeld(feedRid(this.#self, feed), changes)
  }

  /** Whether others know more of the feed than this node holds, which alone has told of it. */
  isForgotten(feed: FeedPosition): boolean {
    const rid = feedRid(this.#self, feed)
    return this.#claimedElsewhere(rid) > highOf(this.#ledger.holdings, rid)
  }

  /** What this node may have done with the feed in a life that it forgot. */
  past(feed: FeedPosition, recovery: Pick<Recovery, 'isOpen' | 'hasWitness'>, hidesMassChange: boolean): FeedPast {
    const rid = feedRid(this.#self, feed)
    return judgeFeedPast({
      claimed: this.#claimedElsewhere(rid),
      held: highOf(this.#ledger.holdings, rid),
      position: feed.position,
      hidesMassChange,
      isPutBack: recovery.isOpen,
      hasWitness: recovery.hasWitness,
    })
  }

  async #page(feed: FeedPosition, waitMs: number, signal: AbortSignal): Promise<FeedPage> {
    const { epoch, position: after, tag } = feed
    return await this.#connector.feed({ epoch, after, tag, limit: rowsPerRead, waitMs }, signal)
  }

  /** While a mass change may be coming in, it is read again until no more comes, and then looked at as a whole. */
  async #gather(feed: FeedPosition, first: FeedPage, signal: AbortSignal): Promise<FeedPage> {
    let page = first
    const fromSkus = this.#held.gatheredFrom
    for (let reads = 0; fromSkus !== null && reads < limits.gatherReadsMax; reads += 1) {
      if (page.rows.length >= rowsPerRead || !needsGathering(page.rows, fromSkus)) break
      await this.#wakeup.wait(limits.gatherMs, signal)
      if (signal.aborted) break
      const next = await this.#page(feed, 0, signal)
      const isOver = next.rows.length <= page.rows.length
      page = next
      if (isOver) break
    }
    return page
  }

  #apply(draft: Draft, row: FeedRow, touched: Set<SkuKey>): void {
    const known = this.#book.rows.get(row.stockId)
    if (known?.key != null) touched.add(known.key)
    if (row.isUnclear === true && known?.key != null) this.#unclear.note(draft, known.key, row.at)
    // The listing may have read this stock row later than the feed tells of it.
    if (known !== undefined && row.id <= known.version) {
      this.#closeIntent(draft, row)
      return
    }
    if (row.kind === 'deleted') {
      this.#book.deleteRow(draft, row.stockId)
      if (known?.key != null) this.#letGo(draft, known.key)
      return
    }
    if (row.kind === 'row' && row.row !== null) {
      const sku = parseSku(row.row.sku)
      const key = sku.ok ? sku.value.key : null
      const isNew = key !== null && this.#book.rowsOf(key).length === 0
      const isTracked = row.row.stock !== null
      // A number that begins anew is no difference to the one that waited.
      if (known?.key != null && (known.stock === null) === isTracked) this.#book.endOffset(draft, known.key)
      const now = this.#clock.now()
      const dropped = isNew ? this.#isDropped(draft, key) : (known?.dropped ?? false)
      this.#book.setRow(draft, bookRow(row.row, dropped, now))
      if (key !== null) touched.add(key)
      if (known?.key != null && known.key !== key) this.#letGo(draft, known.key)
    } else if (known !== undefined) {
      this.#book.setRow(draft, { ...known, stock: row.stock, version: row.id, updatedAt: row.at })
    }
    this.#closeIntent(draft, row)
  }

  /** A row under the SKU went; with the last one, what waited for a person as well. */
  #letGo(draft: Draft, key: SkuKey): void {
    this.#settler.unlist(draft, key)
    if (this.#book.rowsOf(key).length === 0) this.#book.endOffset(draft, key)
  }

  #closeIntent(draft: Draft, row: FeedRow): void {
    if (row.kind !== 'adjust') return
    if (row.opId !== null) this.#notes.apply(draft, row.opId, row.delta)
    if (this.#book.intents.get(row.stockId)?.opId === row.opId) this.#book.closeIntent(draft, row.stockId)
  }

  /** Whether every shop had deleted the SKU; said only when nobody can know better. */
  #isDropped(draft: Draft, key: SkuKey): boolean {
    const records = recordsOf(draft.holdings, key)
    if (winningBaseline(records.baselines) === null || levelOf(records) === null) return false
    const lists = this.#membership.members().some((member) => listedBy(records, member) === true)
    return !lists && this.#membership.inStepWithAll()
  }

  /** What is read again was passed, or counted, before. */
  #isPassed(draft: Draft, rid: Rid, { key, seq, delta }: LocalChange): boolean {
    return seq > highOf(draft.holdings, rid) && this.#book.choices.pass(draft, key, delta)
  }

  /**
   * Units that count nowhere are listed: those that moved while the SKU stood twice in the shop, since nobody can say of
   * which, and those of a SKU that is left out.
   */
  #logUncounted(draft: Draft, row: FeedRow, result: UncountedResult): void {
    const counts = row.unique && result === 'duplicate-not-counted'
    if (row.delta === 0 || counts || row.kind === 'adjust' || row.sku === null) return
    const sku = parseSku(row.sku)
    if (!sku.ok) return
    const { key, text } = sku.value
    const name = this.#book.rows.get(row.stockId)?.name ?? null
    const about = { key, sku: text, name, delta: row.delta, reference: row.reference, result }
    draft.log(eventLine(row.at, this.#self, row.kind, about))
  }
}

/** The replica of the shop's own changes: it lasts as long as the feed's epoch. */
export function feedRid(self: ShopId, feed: FeedPosition): Rid {
  return ridOf(self, new Uint8Array(Buffer.from(feed.epoch, 'hex')))
}

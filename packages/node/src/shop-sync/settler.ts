/**
 * Turns decisions about SKUs into what a commit holds: baselines, listed records and intents. It runs inside a build,
 * so that a decision and the numbers that it was made from become durable together.
 */
import {
  type BaselineRecord,
  countBaseline,
  coverAll,
  type Decision,
  decide,
  type Holdings,
  isOfShop,
  limits,
  listedBy,
  type Membership,
  movedBy,
  recordsOf,
  type ShopId,
  type SkuKey,
  type SkuRecords,
  totalsOf,
  type Rid,
  unreachable,
} from '@stockmesh/protocol'
import type { Draft } from '../ledger/ledger.ts'
import { eventLine } from '../ledger/log-line.ts'
import type { Clock, Random } from '../ports.ts'
import type { Book, BookRow } from './book.ts'
import type { ImportNotes } from './import-notes.ts'
import { type GuardedRules, situationOf } from './situation.ts'

/** What the settler must know of the feed's replica and of whether it may write. */
export interface Gate {
  /** The replica of the shop's own changes; null while the shop is not attached. */
  feedRid(): Rid | null
  /** Whether the import was started: only then are baselines created and numbers written to the shop. */
  writable(key: SkuKey): boolean
  /** While an import runs, the products it brings are one event, not a line each. */
  importing(): boolean
  /** Whether the running import has not settled the SKU yet, so that what happens to it is the import's doing. */
  isOfImport(key: SkuKey): boolean
}

export class Settler {
  readonly #book: Book
  readonly #self: ShopId
  readonly #clock: Clock
  readonly #random: Random
  readonly #rules: GuardedRules
  readonly #membership: Membership
  readonly #gate: Gate
  readonly #notes: ImportNotes

  constructor(parts: {
    readonly book: Book
    readonly self: ShopId
    readonly clock: Clock
    readonly random: Random
    readonly rules: GuardedRules
    readonly membership: Membership
    readonly gate: Gate
    readonly notes: ImportNotes
  }) {
    this.#book = parts.book
    this.#self = parts.self
    this.#clock = parts.clock
    this.#random = parts.random
    this.#rules = parts.rules
    this.#membership = parts.membership
    this.#gate = parts.gate
    this.#notes = parts.notes
  }

  /** Decides on each SKU and writes into the draft what follows. */
  settle(draft: Draft, keys: Iterable<SkuKey>): void {
    for (const key of keys) this.#settleKey(draft, key)
  }

  /** Whether settling a SKU would change anything. */
  hasWork(holdings: Holdings, key: SkuKey): boolean {
    return !isSettled(this.#decide(holdings, key), recordsOf(holdings, key), this.#self)
  }

  /** The shop's last row under the SKU went. */
  unlist(draft: Draft, key: SkuKey): void {
    if (this.#book.rowsOf(key).length === 0) unlist(draft, key, this.#self, this.#clock.now())
  }

  #decide(holdings: Holdings, key: SkuKey): Decision {
    const writable = this.#gate.writable(key)
    const [book, self, rules, membership] = [this.#book, this.#self, this.#rules, this.#membership]
    return decide(situationOf(key, { book, holdings, self, rules, membership, writable }))
  }

  #settleKey(draft: Draft, key: SkuKey): void {
    const row = this.#book.onlyRow(key)
    if (row === undefined) return
    const decision = this.#decide(draft.holdings, key)
    switch (decision.type) {
      case 'rest':
        if (decision.why !== 'equal') break
        this.#note(draft, key, row, null)
        this.#list(draft, key, row)
        break
      case 'create-baseline':
        draft.issue(this.#firstBaseline(draft, key, row))
        this.#list(draft, key, row)
        this.#logCreated(draft, key, row)
        break
      case 'count-again':
        draft.issue(this.#countBaseline(draft, key, row))
        this.#book.setRow(draft, { ...row, dropped: false })
        this.#list(draft, key, row)
        this.#logCreated(draft, key, row)
        break
      case 'adjust': {
        const opId = Buffer.from(this.#random.bytes(16)).toString('hex')
        this.#note(draft, key, row, opId)
        if (this.#gate.importing()) this.#notes.follow(draft, key, opId)
        this.#list(draft, key, row)
        const delta = Math.max(-limits.deltaUnitsMax, Math.min(limits.deltaUnitsMax, decision.delta))
        this.#book.openIntent(draft, { opId, stockId: row.stockId, key, delta })
        break
      }
      default:
        unreachable(decision)
    }
  }

  /** The network's first number: this shop's, without the changes that are counted apart. */
  #firstBaseline(draft: Draft, key: SkuKey, row: BookRow): Omit<BaselineRecord, 'seq'> {
    const feedRid = this.#gate.feedRid()
    const own = feedRid === null ? null : totalsOf(draft.holdings, feedRid, key)
    const counted = own === null ? 0 : own.added - own.removed
    const baseline = {
      kind: 'first',
      quantity: (row.stock ?? 0) - counted,
      stamp: this.#createdAt(row),
      covers: [],
    } as const
    return { kind: 'baseline', key, text: textOf(row, key), name: nameOf(row), baseline }
  }

  #countBaseline(draft: Draft, key: SkuKey, row: BookRow): Omit<BaselineRecord, 'seq'> {
    const records = recordsOf(draft.holdings, key)
    const counted = { quantity: row.stock ?? 0, covers: coverAll(records), now: this.#clock.now() }
    const baseline = countBaseline(records, counted)
    return { kind: 'baseline', key, text: textOf(row, key), name: nameOf(row), baseline }
  }

  #note(draft: Draft, key: SkuKey, { stockId, stock }: BookRow, opId: string | null): void {
    if (stock === null || !this.#gate.isOfImport(key)) return
    const { totals } = recordsOf(draft.holdings, key)
    this.#notes.note(draft, { key, stockId, before: stock, net: movedBy(totals), opId })
  }

  #list(draft: Draft, key: SkuKey, row: BookRow): void {
    const records = recordsOf(draft.holdings, key)
    if (listedBy(records, this.#self) === true) return
    const last = Math.max(0, ...records.listed.map(({ record }) => record.stamp))
    const stamp = Math.max(this.#clock.now(), last + 1)
    draft.issue({ kind: 'listed', key, text: textOf(row, key), name: nameOf(row), value: true, stamp })
  }

  /** When the shop created the row, if its clock can be believed; else now. */
  #createdAt(row: BookRow): number {
    const now = this.#clock.now()
    return row.createdAt > 0 && row.createdAt <= now + limits.clockSkewMsMax ? row.createdAt : now
  }

  #logCreated(draft: Draft, key: SkuKey, row: BookRow): void {
    if (this.#gate.importing()) return
    const { sku, name, stock: levelAfter } = row
    draft.log(eventLine(this.#clock.now(), this.#self, 'created', { key, sku, name, levelAfter, result: 'baseline' }))
  }
}

/** The shop sells the SKU from the shared stock no more. */
export function unlist(draft: Draft, key: SkuKey, self: ShopId, now: number): void {
  const records = recordsOf(draft.holdings, key)
  if (listedBy(records, self) !== true) return
  const last = records.listed.reduce((stamp, { record }) => Math.max(stamp, record.stamp), 0)
  const spelled = records.listed.find(({ rid }) => isOfShop(rid, self))?.record
  const { text, name } = spelled ?? { text: key, name: '' }
  draft.issue({ kind: 'listed', key, text, name, value: false, stamp: Math.max(now, last + 1) })
}

/** Whether a decision leaves nothing to write down. */
export function isSettled(decision: Decision, records: SkuRecords, self: ShopId): boolean {
  return decision.type === 'rest' && (decision.why !== 'equal' || listedBy(records, self) === true)
}

function textOf(row: BookRow, key: SkuKey): string {
  return (row.sku ?? key).trim()
}

function nameOf(row: BookRow): string {
  return row.name.slice(0, limits.nameCharactersMax)
}

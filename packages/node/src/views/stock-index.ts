/**
 * Every SKU of the network with its one state as seen from this shop, kept up to date SKU by SKU. A SKU that no shop
 * lists any more is left out.
 */
import {
  decide,
  type Holdings,
  levelOf,
  type List,
  listedBy,
  type Membership,
  recordsOf,
  type ShopId,
  shownLevel,
  type SkuKey,
  skuKey,
  spelling,
  type StockItem,
  type StockState,
} from '@stockmesh/protocol'
import type { StockQuery, StockSort } from '../http/node-api.ts'
import type { Book } from '../shop-sync/book.ts'
import { isSettled } from '../shop-sync/settler.ts'
import { type GuardedRules, showingOf, situationOf } from '../shop-sync/situation.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

export interface StockIndexParts {
  readonly holdings: Holdings
  readonly book: Book
  readonly self: ShopId
  readonly rules: GuardedRules
  readonly membership: Membership
  readonly writable: (key: SkuKey) => boolean
  /** Whether records of the SKU are missing, so that its level is not known. */
  readonly isDoubtful: (key: SkuKey) => boolean
  /** Code of the shop's refusal to change a SKU, if there is one. */
  readonly refusal: (key: SkuKey) => string | undefined
}

interface Entry {
  readonly state: StockState
  readonly matched: boolean
  readonly oversold: boolean
  readonly waiting: boolean
  /** It has no number here, and another shop may have it. */
  readonly awaiting: boolean
  /** There is something to decide: an adjustment, a baseline or a listing. */
  readonly unsettled: boolean
  /** A difference waits for a person. */
  readonly differs: boolean
}

export class StockIndex {
  readonly #parts: StockIndexParts
  readonly #entries = new Map<SkuKey, Entry>()
  readonly #kinds = new Map<string, Entry>()
  readonly #updatedAt = new Map<SkuKey, number>()
  readonly #oversold = new Set<SkuKey>()
  readonly #duplicates = new Set<SkuKey>()
  readonly #awaiting = new Set<SkuKey>()
  /** The other members, as they were when everything was judged last. */
  #others: readonly ShopId[] = []
  #counts = { matched: 0, waiting: 0, differing: 0 }
  #sorted: SkuKey[] | null = null
  #version = 0

  constructor(parts: StockIndexParts) {
    this.#parts = parts
    this.#judgeAll()
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version
  }

  get size(): number {
    return this.#entries.size
  }

  get matched(): number {
    return this.#counts.matched
  }

  get oversold(): number {
    return this.#oversold.size
  }

  /** SKUs whose number is not yet confirmed in this shop. */
  get waiting(): number {
    return this.#counts.waiting
  }

  /** SKUs of which a difference waits for a person, as far as it is durable. */
  get differing(): number {
    return this.#counts.differing
  }

  /** Records of membership changed: as `refreshAll` if the members are others now, else nothing. */
  refreshMembers(): SkuKey[] {
    return this.#otherMembers().join() === this.#others.join() ? [] : this.refreshAll()
  }

  /** Judges every SKU anew, and answers those whose state is another one than before. */
  refreshAll(): SkuKey[] {
    const before = new Map([...this.#entries].map(([key, { state }]) => [key, state]))
    for (const key of before.keys()) this.#place(key, null)
    this.#judgeAll()
    const keys = new Set([...before.keys(), ...this.#entries.keys()])
    return [...keys].filter((key) => this.#entries.get(key)?.state !== before.get(key))
  }

  get keys(): IterableIterator<SkuKey> {
    return this.#entries.keys()
  }

  /** `at` dates the change; null leaves the dates alone. */
  refresh(keys: Iterable<SkuKey>, at: number | null): void {
    for (const key of keys) {
      this.#place(key, this.#judge(key))
      if (at !== null) this.#updatedAt.set(key, at)
    }
    this.#version += 1
  }

  /** SKUs with something to decide, by what was judged last. */
  *unsettled(): Generator<SkuKey> {
    for (const [key, { unsettled }] of this.#entries) if (unsettled) yield key
  }

  get oversoldKeys(): ReadonlySet<SkuKey> {
    return this.#oversold
  }

  get duplicateKeys(): ReadonlySet<SkuKey> {
    return this.#duplicates
  }

  /** SKUs of which the network has no number here, and another shop may have it. */
  get awaitingKeys(): ReadonlySet<SkuKey> {
    return this.#awaiting
  }

  has(key: SkuKey): boolean {
    return this.#entries.has(key)
  }

  item(key: SkuKey): StockItem {
    const { book, rules } = this.#parts
    const level = this.#levelOf(key)
    const rows = book.rowsOf(key)
    const row = book.onlyRow(key)
    const offset = book.offsets.get(key)?.units ?? 0
    const isShown = row?.stock != null && level !== null && book.choices.leftOut(key) === null
    const updatedAt = this.#updatedAtOf(key)
    return {
      sku: (rows[0]?.sku ?? this.#spelling(key)?.text ?? key).trim(),
      name: this.#nameOf(key),
      level,
      shown: isShown ? shownLevel({ ...showingOf(key, book, rules), level, offset }) : null,
      shopLevel: row?.stock ?? null,
      state: this.#entries.get(key)?.state ?? 'not-here',
      updatedAt: updatedAt === 0 ? null : new Date(updatedAt).toISOString(),
    }
  }

  /** `only`: leave out every other SKU; null: all. */
  list(query: StockQuery, only: ReadonlySet<SkuKey> | null): List<StockItem> {
    const matching = this.#matching(query, only)
    const value = (key: SkuKey): string | number => this.#sortValue(query.sort, key)
    const order = query.sort.startsWith('-') ? -1 : 1
    let from = 0
    if (query.sort !== 'sku') {
      const values = new Map(matching.map((key) => [key, value(key)]))
      matching.sort((a, b) => order * compare(values.get(a) ?? '', values.get(b) ?? '') || compare(a, b))
    }
    if (query.after !== null) {
      const isNumber = query.sort !== 'sku' && query.sort !== 'name'
      const [lastValue, lastKey] = decodeCursor(query.after, [isNumber ? 'number' : 'text', 'text'])
      const isPast = (key: SkuKey): boolean => {
        const compared = query.sort === 'sku' ? 0 : order * compare(value(key), lastValue ?? '')
        return compared > 0 || (compared === 0 && key > String(lastKey))
      }
      from = firstIndex(matching, isPast)
    }
    const keys = matching.slice(from, from + query.limit)
    const items = keys.map((key) => this.item(key))
    const lastKey = keys.at(-1)
    const isEnd = lastKey === undefined || from + query.limit >= matching.length
    const next = isEnd ? null : encodeCursor([query.sort === 'sku' ? '' : value(lastKey), lastKey])
    return { items, next, total: matching.length }
  }

  #matching(query: StockQuery, only: ReadonlySet<SkuKey> | null): SkuKey[] {
    this.#sorted ??= [...this.#entries.keys()].sort(compare)
    const wanted = query.sku === null ? null : skuKey(query.sku)
    const part = query.q === null ? null : query.q.normalize('NFC').trim().toLowerCase()
    if (query.sku === null && part === null && query.state === null && only === null) return [...this.#sorted]
    return this.#sorted.filter((key) => {
      if (only !== null && !only.has(key)) return false
      if (query.sku !== null && key !== wanted) return false
      if (query.state !== null && this.#entries.get(key)?.state !== query.state) return false
      return part === null || key.includes(part) || this.#nameOf(key).toLowerCase().includes(part)
    })
  }

  /** What a search and an order look at, without all that an item shows: they look at every SKU. */
  #sortValue(sort: StockSort, key: SkuKey): string | number {
    switch (sort) {
      case 'sku':
        return key
      case 'name':
        return this.#nameOf(key).toLowerCase()
      case 'level':
      case '-level':
        return this.#levelOf(key) ?? Number.MIN_SAFE_INTEGER
      case '-updatedAt':
        return this.#updatedAtOf(key)
    }
  }

  #nameOf(key: SkuKey): string {
    return this.#parts.book.rowsOf(key)[0]?.name ?? this.#spelling(key)?.name ?? ''
  }

  #spelling(key: SkuKey): ReturnType<typeof spelling> {
    return spelling(recordsOf(this.#parts.holdings, key))
  }

  #levelOf(key: SkuKey): number | null {
    return this.#parts.isDoubtful(key) ? null : levelOf(recordsOf(this.#parts.holdings, key))
  }

  /** In milliseconds since 1970; 0 where it is not known. */
  #updatedAtOf(key: SkuKey): number {
    let latest = this.#updatedAt.get(key) ?? 0
    for (const { updatedAt } of this.#parts.book.rowsOf(key)) latest = Math.max(latest, updatedAt)
    return latest
  }

  #judgeAll(): void {
    const { holdings, book } = this.#parts
    this.#others = this.#otherMembers()
    this.refresh(holdings.skus.keys(), null)
    const onlyHere = [...book.keys].filter((key) => !holdings.skus.has(key))
    this.refresh(onlyHere, null)
  }

  #judge(key: SkuKey): Entry | null {
    const { holdings, book } = this.#parts
    const records = recordsOf(holdings, key)
    const rows = book.rowsOf(key)
    const others = this.#others.some((member) => listedBy(records, member) === true)
    if (rows.length === 0 && !others) return null
    const level = this.#parts.isDoubtful(key) ? null : levelOf(records)
    const oversold = level !== null && level < 0
    const situation = situationOf(key, { ...this.#parts, writable: this.#parts.writable(key) })
    const decision = decide(situation)
    const open = decision.type !== 'rest' || ['adjusting', 'not-yet', 'awaiting-baseline'].includes(decision.why)
    const awaiting = decision.type === 'rest' && decision.why === 'awaiting-baseline'
    // The shop may still do what it was asked before its rows changed.
    const isAsked = rows.some(({ stockId }) => book.intents.get(stockId)?.key === key)
    const waiting = isAsked || (open && this.#parts.refusal(key) === undefined)
    const matched = others && rows.length > 0
    const unsettled = !isSettled(decision, records, this.#parts.self)
    const state = this.#stateOf(key, others, oversold, open)
    return this.#shared({ state, matched, oversold, waiting, awaiting, unsettled, differs: this.#differs(key) })
  }

  /** There are few different entries, so all SKUs that stand alike have the same one. */
  #shared(entry: Entry): Entry {
    const name = Object.values(entry).join()
    const known = this.#kinds.get(name)
    if (known === undefined) this.#kinds.set(name, entry)
    return known ?? entry
  }

  #otherMembers(): readonly ShopId[] {
    return this.#parts.membership.members().filter((member) => member !== this.#parts.self)
  }

  #stateOf(key: SkuKey, others: boolean, oversold: boolean, open: boolean): StockState {
    const { book, refusal } = this.#parts
    const rows = book.rowsOf(key)
    const [row] = rows
    if (row !== undefined && book.choices.leftOut(key) !== null) return 'left-out'
    if (rows.length > 1) return 'duplicate'
    if (this.#differs(key) || row?.fault != null || refusal(key) !== undefined) return 'held'
    if (row === undefined) return 'not-here'
    if (row.stock === null) return 'untracked'
    if (this.#parts.isDoubtful(key)) return 'waiting'
    if (!others) return 'only-here'
    if (oversold) return 'oversold'
    return open ? 'waiting' : 'synced'
  }

  /** Whether what this shop shows of it waits for a person. */
  #differs(key: SkuKey): boolean {
    const { book } = this.#parts
    return book.offsets.has(key) || (book.withheld.has(key) && book.rowsOf(key).length > 0)
  }

  #place(key: SkuKey, entry: Entry | null): void {
    const before = this.#entries.get(key)
    if (before !== undefined) this.#count(before, -1)
    if (entry === null) this.#entries.delete(key)
    else {
      this.#entries.set(key, entry)
      this.#count(entry, 1)
    }
    toggle(this.#oversold, key, entry?.oversold === true)
    toggle(this.#awaiting, key, entry?.awaiting === true)
    toggle(this.#duplicates, key, entry?.state === 'duplicate')
    if ((before === undefined) !== (entry === null)) this.#sorted = null
  }

  #count(entry: Entry, sign: 1 | -1): void {
    if (entry.matched) this.#counts.matched += sign
    if (entry.waiting) this.#counts.waiting += sign
    if (entry.differs) this.#counts.differing += sign
  }
}

function toggle(keys: Set<SkuKey>, key: SkuKey, isIn: boolean): void {
  if (isIn) keys.add(key)
  else keys.delete(key)
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function firstIndex<T>(sorted: readonly T[], isPast: (item: T) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const item = sorted[middle]
    if (item !== undefined && isPast(item)) high = middle
    else low = middle + 1
  }
  return low
}

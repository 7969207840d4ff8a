/**
 * The journal of an observed shop: what was seen of it, and the feed that is made of that. Everything is changed through
 * a draft, whose rows become durable in one batch; only what is on disk is ever told. Drafts never overlap: their owner
 * makes one after the other.
 */
import {
  assert,
  type FeedKind,
  type FeedRow,
  type HeldOrder,
  limits,
  parseSku,
  type SkuKey,
  type StockRow,
} from '@stockmesh/protocol'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Clock, Random } from '../../ports.ts'
import { decodeJson, encodeJson } from '../../storage/json.ts'
import { encodeKey, lastNumber, prefixRange } from '../../storage/key.ts'
import { del, type Operation, put, type Storage } from '../../storage/storage.ts'
import {
  emptyMeta,
  type EndedOperation,
  type JournalMeta,
  type JournalRow,
  type KeptOrder,
  type OpenOperation,
  tables,
} from './journal-tables.ts'

export interface JournalParts {
  readonly storage: Storage
  readonly clock: Clock
  readonly random: Random
  /** Rows were appended to the feed, and are on disk. */
  readonly onAppended: () => void
}

const metaKey = encodeKey(tables.meta, 'journal')
/** Stock ids under one SKU that are read ahead: more than this stand under few. */
const idsLoadedMax = 3

export class Journal {
  readonly #parts: JournalParts
  #meta: JournalMeta
  #feedEnd: number

  static async open(parts: JournalParts): Promise<Journal> {
    const meta = await parts.storage.get(metaKey)
    let feedEnd = 0
    for await (const [key] of parts.storage.scan({ ...prefixRange(tables.feed), reverse: true, limit: 1 })) {
      feedEnd = lastNumber(key)
    }
    const kept = meta === undefined ? emptyMeta : decodeJson<JournalMeta>(meta)
    return new Journal(parts, kept, feedEnd)
  }

  private constructor(parts: JournalParts, meta: JournalMeta, feedEnd: number) {
    this.#parts = parts
    this.#meta = meta
    this.#feedEnd = feedEnd
  }

  get meta(): JournalMeta {
    return this.#meta
  }

  /** The last feed id that is on disk. */
  get feedEnd(): number {
    return this.#feedEnd
  }

  /** All of what the builder put into the draft, or nothing. */
  async commit<T>(build: (draft: JournalDraft) => Promise<T> | T): Promise<T> {
    const draft = new JournalDraft(this, this.#parts)
    const result = await build(draft)
    const operations = draft.operations()
    if (operations.length === 0) return result
    await this.#parts.storage.write(operations)
    this.#meta = draft.meta
    const hasAppended = draft.feedEnd > this.#feedEnd
    this.#feedEnd = draft.feedEnd
    if (hasAppended) this.#parts.onAppended()
    return result
  }

  async row(stockId: string): Promise<JournalRow | null> {
    return this.#read<JournalRow>(rowKey(stockId))
  }

  /** Rows in the order of their ids. */
  async rowsAfter(after: string | null, limit: number): Promise<readonly JournalRow[]> {
    const { gte, lt } = prefixRange(tables.row)
    const rows: JournalRow[] = []
    const from = after === null ? gte : new Uint8Array([...rowKey(after), 0])
    for await (const [, value] of this.#parts.storage.scan({ gte: from, lt, limit })) {
      rows.push(decodeJson<JournalRow>(value))
    }
    return rows
  }

  async feedRows(after: number, limit: number): Promise<readonly FeedRow[]> {
    const rows: FeedRow[] = []
    const range = { gte: encodeKey(tables.feed, after + 1), lt: encodeKey(tables.feed, this.#feedEnd + 1), limit }
    for await (const [, value] of this.#parts.storage.scan(range)) rows.push(decodeJson<FeedRow>(value))
    return rows
  }

  async tagOf(id: number): Promise<string | null> {
    return (await this.#read<FeedRow>(encodeKey(tables.feed, id)))?.tag ?? null
  }

  ended(opId: string): Promise<EndedOperation | null> {
    return this.#read<EndedOperation>(encodeKey(tables.ended, opId))
  }

  open(stockId: string): Promise<OpenOperation | null> {
    return this.#read<OpenOperation>(encodeKey(tables.open, stockId))
  }

  async openOperations(limit: number): Promise<readonly OpenOperation[]> {
    const found: OpenOperation[] = []
    for await (const [, value] of this.#parts.storage.scan({ ...prefixRange(tables.open), limit })) {
      found.push(decodeJson<OpenOperation>(value))
    }
    return found
  }

  /** Rows that wait to be read again. */
  async dueRows(): Promise<readonly string[]> {
    const ids: string[] = []
    for await (const [, value] of this.#parts.storage.scan(prefixRange(tables.due))) ids.push(decodeJson<string>(value))
    return ids
  }

  async hasLine(id: string): Promise<boolean> {
    return (await this.#parts.storage.get(encodeKey(tables.line, id))) !== undefined
  }

  /** What an order held when it was seen last; null: it was never seen. */
  order(id: string): Promise<HeldOrder | null> {
    return this.#read<HeldOrder>(encodeKey(tables.order, id))
  }

  /** Stock ids under a SKU key, at most so many. */
  async idsUnder(key: SkuKey, limit: number): Promise<readonly string[]> {
    const ids: string[] = []
    for await (const [, value] of this.#parts.storage.scan({ ...prefixRange(tables.sku, key), limit })) {
      ids.push(decodeJson<string>(value))
    }
    return ids
  }

  /** Takes away feed rows that were read long ago, with the operations of which they tell. */
  async pruneFeed(readUpTo: number): Promise<void> {
    const { storage, clock } = this.#parts
    for (;;) {
      const gone: Operation[] = []
      let last: FeedRow | null = null
      const range = { ...prefixRange(tables.feed), limit: limits.feedPruneRowsMax }
      for await (const [key, value] of storage.scan(range)) {
        const row = decodeJson<FeedRow>(value)
        if (row.id >= readUpTo || row.at > clock.now() - limits.feedKeptMs) break
        gone.push(del(key))
        if (row.opId !== null) gone.push(del(encodeKey(tables.ended, row.opId)))
        last = row
      }
      if (last === null) return
      this.#meta = { ...this.#meta, keptFrom: last.id + 1 }
      await storage.write([...gone, put(metaKey, encodeJson(this.#meta))])
    }
  }

  async #read<T>(key: Uint8Array): Promise<T | null> {
    const value = await this.#parts.storage.get(key)
    return value === undefined ? null : decodeJson<T>(value)
  }
}

export class JournalDraft {
  readonly #journal: Journal
  readonly #parts: JournalParts
  readonly #rows = new Map<string, JournalRow | null>()
  /** SKU keys that came (true) or went (false) in this draft, by stock id. */
  readonly #skus = new Map<SkuKey, Map<string, boolean>>()
  readonly #feed: FeedRow[] = []
  readonly #others: Operation[] = []
  /** What was read ahead, as it is on disk. */
  readonly #loadedRows = new Map<string, JournalRow | null>()
  readonly #loadedIds = new Map<SkuKey, readonly string[]>()
  readonly #before: JournalMeta
  meta: JournalMeta

  constructor(journal: Journal, parts: JournalParts) {
    this.#journal = journal
    this.#parts = parts
    this.#before = journal.meta
    this.meta = journal.meta
  }

  get feedEnd(): number {
    return this.#journal.feedEnd + this.#feed.length
  }

  get now(): number {
    return this.#parts.clock.now()
  }

  /** Reads ahead what many rows need, side by side: one after the other each would wait for the disk several times. */
  async load(rows: readonly Pick<JournalRow, 'stockId' | 'sku'>[]): Promise<void> {
    const keys = new Set(rows.map(({ sku }) => keyOf(sku)).filter((key) => key !== null))
    await Promise.all([
      ...rows.map(async ({ stockId }) => void this.#loadedRows.set(stockId, await this.#journal.row(stockId))),
      ...[...keys].map(async (key) => void this.#loadedIds.set(key, await this.#journal.idsUnder(key, idsLoadedMax))),
    ])
  }

  async row(stockId: string): Promise<JournalRow | null> {
    for (const known of [this.#rows, this.#loadedRows]) {
      const row = known.get(stockId)
      if (row !== undefined) return row
    }
    return this.#journal.row(stockId)
  }

  setRow(row: JournalRow): void {
    this.#rows.set(row.stockId, row)
  }

  /** Whether no other stock row has this SKU. */
  async isUnique(row: JournalRow): Promise<boolean> {
    const key = keyOf(row.sku)
    if (key === null) return true
    const changed = this.#skus.get(key)
    for (const id of await this.#idsUnder(key, 2 + (changed?.size ?? 0))) {
      if (id !== row.stockId && changed?.get(id) !== false) return false
    }
    for (const [id, isThere] of changed ?? []) if (isThere && id !== row.stockId) return false
    return true
  }

  async #idsUnder(key: SkuKey, limit: number): Promise<readonly string[]> {
    const loaded = this.#loadedIds.get(key)
    const isEnough = loaded !== undefined && (loaded.length < idsLoadedMax || limit <= idsLoadedMax)
    return isEnough ? loaded : this.#journal.idsUnder(key, limit)
  }

  /** A stock row came, or one of its facts changed: it is told whole, without a delta. */
  async describe(before: JournalRow | null, row: JournalRow): Promise<JournalRow> {
    this.#index(before, row)
    if (before === null) this.meta = { ...this.meta, rowCount: this.meta.rowCount + 1 }
    const next = { ...row, version: this.feedEnd + 1 }
    await this.#append('row', next, { row: stockRowOf(next) })
    return next
  }

  /** Tells that nobody can know what moved the row, so that a person counts it. */
  async doubt(row: JournalRow): Promise<JournalRow> {
    const next = { ...row, version: this.feedEnd + 1 }
    await this.#append('row', next, { row: stockRowOf(next), isUnclear: true })
    return next
  }

  /** Tells a movement; S follows it. */
  async move(row: JournalRow, movement: Movement): Promise<JournalRow> {
    assert(row.stock !== null, 'only a tracked stock row moves')
    const next = { ...row, stock: row.stock + movement.delta, version: this.feedEnd + 1 }
    await this.#append(movement.kind, next, {
      delta: movement.delta,
      reference: movement.reference ?? null,
      opId: movement.opId ?? null,
      ...(movement.at == null ? {} : { at: movement.at }),
    })
    return next
  }

  async delete(row: JournalRow): Promise<void> {
    await this.#append('deleted', { ...row, stock: null }, {})
    this.#index(row, null)
    this.#rows.set(row.stockId, null)
    this.meta = { ...this.meta, rowCount: this.meta.rowCount - 1 }
  }

  async attach(network: string, node: string): Promise<void> {
    const start = this.feedEnd + 1
    const epoch = bytesToHex(this.#parts.random.bytes(8))
    await this.#append('attached', null, {})
    this.meta = { ...this.meta, attachment: { network, node, epoch, start } }
  }

  noteOpen(operation: OpenOperation): void {
    this.#others.push(put(encodeKey(tables.open, operation.stockId), encodeJson(operation)))
  }

  closeOpen(stockId: string): void {
    this.#others.push(del(encodeKey(tables.open, stockId)))
  }

  noteEnded(opId: string, ended: EndedOperation): void {
    this.#others.push(put(encodeKey(tables.ended, opId), encodeJson(ended)))
  }

  noteDue(stockId: string): void {
    this.#others.push(put(encodeKey(tables.due, stockId), encodeJson(stockId)))
  }

  forgetDue(stockId: string): void {
    this.#others.push(del(encodeKey(tables.due, stockId)))
  }

  noteLine(id: string): void {
    this.#others.push(put(encodeKey(tables.line, id), encodeJson(this.now)))
  }

  noteOrder(id: string, held: HeldOrder): void {
    this.#others.push(put(encodeKey(tables.order, id), encodeJson({ ...held, at: this.now } satisfies KeptOrder)))
  }

  operations(): readonly Operation[] {
    const operations: Operation[] = [...this.#others]
    for (const [stockId, row] of this.#rows) {
      const key = rowKey(stockId)
      operations.push(row === null ? del(key) : put(key, encodeJson(row)))
    }
    for (const [key, ids] of this.#skus) {
      for (const [id, isThere] of ids) {
        const place = encodeKey(tables.sku, key, id)
        operations.push(isThere ? put(place, encodeJson(id)) : del(place))
      }
    }
    for (const row of this.#feed) operations.push(put(encodeKey(tables.feed, row.id), encodeJson(row)))
    if (this.meta !== this.#before) operations.push(put(metaKey, encodeJson(this.meta)))
    return operations
  }

  #index(before: JournalRow | null, row: JournalRow | null): void {
    const [old, key] = [keyOf(before?.sku ?? null), keyOf(row?.sku ?? null)]
    if (before !== null && old !== null && old !== key) this.#mark(old, before.stockId, false)
    if (row !== null && key !== null && old !== key) this.#mark(key, row.stockId, true)
  }

  #mark(key: SkuKey, stockId: string, isThere: boolean): void {
    const ids = this.#skus.get(key) ?? new Map<string, boolean>()
    ids.set(stockId, isThere)
    this.#skus.set(key, ids)
  }

  async #append(
    kind: FeedKind,
    row: JournalRow | null,
    facts: Partial<Pick<FeedRow, 'at' | 'delta' | 'reference' | 'opId' | 'row' | 'isUnclear'>>,
  ): Promise<void> {
    const unique = row === null || (await this.isUnique(row))
    if (row !== null) this.#rows.set(row.stockId, row)
    this.#feed.push({
      id: this.feedEnd + 1,
      tag: bytesToHex(this.#parts.random.bytes(8)),
      at: this.now,
      kind,
      stockId: row?.stockId ?? '',
      sku: row?.sku ?? null,
      unique,
      delta: 0,
      stock: row?.stock ?? null,
      reference: null,
      opId: null,
      row: null,
      ...facts,
    })
  }
}

interface Movement {
  readonly kind: Extract<FeedKind, 'sale' | 'cancel' | 'return' | 'manual' | 'adjust'>
  readonly delta: number
  readonly reference?: string | null
  readonly opId?: string
  /** null: now. */
  readonly at?: number | null
}

/** The id as it stands, so that rows come in the order of their ids. */
function rowKey(stockId: string): Uint8Array {
  return new Uint8Array([tables.row, ...encoder.encode(stockId)])
}

const encoder = new TextEncoder()

export function keyOf(sku: string | null): SkuKey | null {
  const parsed = parseSku(sku)
  return parsed.ok ? parsed.value.key : null
}

/** A stock row as the connector's port gives it. */
export function stockRowOf({ stockId, sku, name, stock, fault, version, createdAt, products }: JournalRow): StockRow {
  return { stockId, sku, name, stock, ...(fault === null ? {} : { fault }), version, createdAt, products }
}

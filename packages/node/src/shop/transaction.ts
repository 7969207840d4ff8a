/**
 * One transaction on the shop's stock: it changes the state in RAM step by step and collects what must be written.
 * Every change of a stock number appends its feed row here and nowhere else. `undo` puts the RAM back as it was.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import { assert, type FeedKind, type FeedRow, limits, type ShopProduct, type StockRow } from '@stockmesh/protocol'
import { ApiFailure } from '../http/node-api.ts'
import type { Random } from '../ports.ts'
import { del, type Operation, put } from '../storage/storage.ts'
import type { Catalogue, PooledRow, Product } from './catalogue.ts'
import { encodeJson } from '../storage/json.ts'
import {
  type AttachmentRecord,
  type Counters,
  type FeedRecord,
  idOfNumber,
  keys,
  type StockRecord,
} from './shop-table.ts'
import { identityOf, keyOf } from './stock-identity.ts'

/** The numbers that go on from transaction to transaction. */
export interface ShopSequence {
  counters: Counters
  /** The last feed id given out. */
  feedEnd: number
  attachment: AttachmentRecord | null
}

interface Circumstances {
  readonly catalogue: Catalogue
  readonly sequence: ShopSequence
  /** Milliseconds since 1970. */
  readonly at: number
  readonly random: Random
}

interface Movement {
  readonly kind: Exclude<FeedKind, 'attached' | 'row' | 'deleted'>
  readonly delta: number
  readonly reference?: string
  readonly opId?: string
}

export class Transaction {
  readonly catalogue: Catalogue
  readonly at: number
  readonly #sequence: ShopSequence
  readonly #before: ShopSequence
  readonly #random: Random
  readonly #inverses: (() => void)[] = []
  readonly #products = new Set<string>()
  readonly #rows = new Set<string>()
  readonly #feed: FeedRow[] = []
  readonly #others: Operation[] = []

  constructor({ catalogue, sequence, at, random }: Circumstances) {
    this.catalogue = catalogue
    this.at = at
    this.#sequence = sequence
    this.#before = { ...sequence }
    this.#random = random
  }

  nextId(kind: keyof Counters): string {
    const { counters } = this.#sequence
    const number = counters[kind] + 1
    this.#sequence.counters = { ...counters, [kind]: number }
    return idOfNumber(number)
  }

  putProduct(product: Product): void {
    const previous = this.catalogue.product(product.id)
    this.#inverses.push(() =>
      previous === null ? this.catalogue.removeProduct(product.id) : this.catalogue.putProduct(previous),
    )
    this.#products.add(product.id)
    this.catalogue.putProduct(product)
  }

  removeProduct(product: Product): void {
    this.#inverses.push(() => this.catalogue.putProduct(product))
    this.#products.add(product.id)
    this.catalogue.removeProduct(product.id)
  }

  /** A new stock row; its opening stock is no movement. */
  createRow(row: {
    stockId: string
    pool: string | null
    stock: number | null
    products: readonly ShopProduct[]
  }): PooledRow {
    assertStock(row.stock)
    return this.#appendRow({ ...row, ...identityOf(row.products), version: 0, createdAt: this.at })
  }

  /** The stock row's facts as they are now: products, the SKU and name that follow from them, tracked or not. */
  describeRow(row: PooledRow, products: readonly ShopProduct[], stock: number | null): PooledRow {
    assertStock(stock)
    return this.#appendRow({ ...row, ...identityOf(products), products, stock })
  }

  /** Moves a tracked stock row. Errors: 422 `stock-out-of-range`. */
  moveStock(row: PooledRow, { kind, delta, reference, opId }: Movement): { row: PooledRow; feedId: number } {
    assert(row.stock !== null, 'only a tracked stock row moves')
    const stock = row.stock + delta
    assertStock(stock)
    if (Math.abs(delta) > limits.deltaUnitsMax) throw outOfRange()
    const feedId = this.#nextFeedId()
    const moved: PooledRow = { ...row, stock, version: feedId }
    this.#putRow(moved)
    this.#append(feedId, kind, moved, { delta, reference: reference ?? null, opId: opId ?? null })
    return { row: moved, feedId }
  }

  deleteRow(row: PooledRow): void {
    this.#inverses.push(() => this.catalogue.putRow(row))
    this.#rows.add(row.stockId)
    this.catalogue.removeRow(row.stockId)
    this.#append(this.#nextFeedId(), 'deleted', { ...row, stock: null }, {})
  }

  /** Begins an epoch with its own feed row. */
  attach(network: string, node: string): AttachmentRecord {
    const start = this.#nextFeedId()
    const attachment = { network, node, epoch: bytesToHex(this.#random.bytes(8)), start }
    this.#sequence.attachment = attachment
    this.#append(start, 'attached', null, {})
    this.write(put(keys.attachment(), encodeJson(attachment)))
    return attachment
  }

  /** Adds a row of another table to the same batch. */
  write(operation: Operation): void {
    this.#others.push(operation)
  }

  /** What must be on disk before anybody hears of this transaction; empty if nothing was changed. */
  operations(): readonly Operation[] {
    const operations: Operation[] = [...this.#others]
    for (const id of this.#products) {
      const product = this.catalogue.product(id)
      if (product === null) operations.push(del(keys.product(id)))
      else {
        const { id: _, ...record } = product
        operations.push(put(keys.product(id), encodeJson(record)))
      }
    }
    for (const stockId of this.#rows) {
      const row = this.catalogue.row(stockId)
      if (row === null) operations.push(del(keys.stock(stockId)))
      else operations.push(put(keys.stock(stockId), encodeJson(stockRecordOf(row))))
    }
    for (const { id, ...record } of this.#feed) {
      operations.push(put(keys.feed(id), encodeJson(record satisfies FeedRecord)))
    }
    if (this.#sequence.counters !== this.#before.counters) {
      operations.push(put(keys.counters(), encodeJson(this.#sequence.counters)))
    }
    return operations
  }

  /** Rows that this transaction appended to the feed. */
  get feedRows(): readonly FeedRow[] {
    return this.#feed
  }

  undo(): void {
    for (const inverse of this.#inverses.reverse()) inverse()
    Object.assign(this.#sequence, this.#before)
  }

  #appendRow(facts: PooledRow): PooledRow {
    const id = this.#nextFeedId()
    const row: PooledRow = { ...facts, version: id }
    this.#putRow(row)
    this.#append(id, 'row', row, { row: publicRow(row) })
    return row
  }

  #putRow(row: PooledRow): void {
    const previous = this.catalogue.row(row.stockId)
    this.#inverses.push(() =>
      previous === null ? this.catalogue.removeRow(row.stockId) : this.catalogue.putRow(previous),
    )
    this.#rows.add(row.stockId)
    this.catalogue.putRow(row)
  }

  #nextFeedId(): number {
    this.#sequence.feedEnd += 1
    return this.#sequence.feedEnd
  }

  #append(
    id: number,
    kind: FeedKind,
    row: PooledRow | null,
    facts: Partial<Pick<FeedRow, 'delta' | 'reference' | 'opId' | 'row'>>,
  ): void {
    this.#feed.push({
      id,
      tag: bytesToHex(this.#random.bytes(8)),
      at: this.at,
      kind,
      stockId: row?.stockId ?? '',
      sku: row?.sku ?? null,
      unique: row === null || this.#isUnique(row),
      delta: 0,
      stock: row?.stock ?? null,
      reference: null,
      opId: null,
      row: null,
      ...facts,
    })
  }

  #isUnique(row: PooledRow): boolean {
    const key = keyOf(row.sku)
    return key === null || this.catalogue.rowsUnder(key).every((other) => other.stockId === row.stockId)
  }
}

/** A stock row as the connector's port gives it. */
export function publicRow({ stockId, sku, name, stock, version, createdAt, products }: PooledRow): StockRow {
  return { stockId, sku, name, stock, version, createdAt, products }
}

function stockRecordOf({ stock, version, createdAt, pool }: PooledRow): StockRecord {
  return { stock, version, createdAt, pool }
}

function assertStock(stock: number | null): void {
  if (stock !== null && Math.abs(stock) > limits.stockUnitsMax) throw outOfRange()
}

function outOfRange(): ApiFailure {
  return new ApiFailure(422, 'stock-out-of-range', `A stock number is at most ${limits.stockUnitsMax} units.`)
}

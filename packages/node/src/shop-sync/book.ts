/**
 * The book on this node's own shop: its stock rows with their shadow levels, open intents, offsets that wait for a
 * person, and how far its feed was read. Changes go through a draft, so they are durable with the records that
 * belong to them; memory is never older than what a draft has built.
 */
import { type Holdings, parseSku, type ShopProduct, type SkuKey, type StockRow } from '@stockmesh/protocol'
import type { Draft } from '../ledger/ledger.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, firstText, prefixRange } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { SkuChoices } from './sku-choices.ts'
import { Withheld } from './withheld-store.ts'

export interface BookRow {
  readonly stockId: string
  /** null: the row has no SKU that can be matched. */
  readonly key: SkuKey | null
  readonly sku: string | null
  readonly name: string
  /** S, the shadow level; null: not tracked. */
  readonly stock: number | null
  readonly fault: string | null
  readonly version: number
  readonly createdAt: number
  /** null: one product, which says what the row says. Read them with `productsOf`. */
  readonly products: readonly ShopProduct[] | null
  /** The SKU had been dropped by every shop when this row was created. */
  readonly dropped: boolean
  readonly updatedAt: number
}

export interface Intent {
  readonly opId: string
  readonly stockId: string
  readonly key: SkuKey
  readonly delta: number
}

/** A difference between the shop's number and the network's that a person must decide on. */
export interface Offset {
  readonly units: number
  readonly reason: 'rollback' | 'mass-change'
  readonly since: number
}

export interface FeedPosition {
  readonly epoch: string
  /** Feed id at which the epoch began. */
  readonly start: number
  readonly position: number
  readonly tag: string | null
}

export const feedKey: Uint8Array = encodeKey(tables.meta, 'feed')

export class Book {
  readonly rows: Map<string, BookRow> = new Map()
  readonly intents: Map<string, Intent> = new Map()
  readonly offsets: Map<SkuKey, Offset> = new Map()
  readonly choices: SkuChoices
  /** What this shop does not go by of other shops' changes. */
  readonly withheld: Withheld
  /** Rows by SKU: one, or the rows where the SKU stands more than once. */
  readonly #byKey = new Map<SkuKey, BookRow | readonly BookRow[]>()
  readonly #faulty = new Set<string>()
  #feed: FeedPosition | null = null

  private constructor(choices: SkuChoices, withheld: Withheld) {
    this.choices = choices
    this.withheld = withheld
  }

  /** `holdings` are loaded already: a row shares its key with them. */
  static async open(storage: Storage, holdings: Holdings): Promise<Book> {
    const book = new Book(await SkuChoices.open(storage), await Withheld.open(storage, holdings))
    await storage.walk(prefixRange(tables.stockRow), ([, value]) => {
      book.#place(shareKey(decodeJson<BookRow>(value), holdings))
    })
    for await (const [, value] of storage.scan(prefixRange(tables.intent))) {
      const intent = decodeJson<Intent>(value)
      book.intents.set(intent.stockId, intent)
    }
    for await (const [key, value] of storage.scan(prefixRange(tables.offset))) {
      book.offsets.set(firstText(key) as SkuKey, decodeJson<Offset>(value))
    }
    book.#feed = await readFeed(storage)
    return book
  }

  get feed(): FeedPosition | null {
    return this.#feed
  }

  get keys(): IterableIterator<SkuKey> {
    return this.#byKey.keys()
  }

  get keyCount(): number {
    return this.#byKey.size
  }

  /** Rows that cannot be synchronised as they are. */
  *faultyRows(): Generator<BookRow & { readonly fault: string }> {
    for (const stockId of this.#faulty) {
      const row = this.rows.get(stockId)
      if (row?.fault != null) yield { ...row, fault: row.fault }
    }
  }

  rowsOf(key: SkuKey): readonly BookRow[] {
    const rows = this.#byKey.get(key)
    return rows === undefined ? noRows : isOne(rows) ? [rows] : rows
  }

  /** The only row under a key; undefined where there is none, or more than one. */
  onlyRow(key: SkuKey): BookRow | undefined {
    const rows = this.#byKey.get(key)
    return rows !== undefined && isOne(rows) ? rows : undefined
  }

  setRow(draft: Draft, row: BookRow): void {
    const before = this.rows.get(row.stockId)
    if (before?.key != null && before.key !== row.key) this.#unlink(draft, before)
    this.#place(shareKey(row, draft.holdings))
    draft.put(put(encodeKey(tables.stockRow, row.stockId), encodeJson(row)))
    if (row.key !== null) draft.touch(row.key)
  }

  deleteRow(draft: Draft, stockId: string): void {
    const row = this.rows.get(stockId)
    if (row === undefined) return
    this.#unlink(draft, row)
    this.rows.delete(stockId)
    this.#faulty.delete(stockId)
    draft.put(del(encodeKey(tables.stockRow, stockId)))
    this.closeIntent(draft, stockId)
  }

  openIntent(draft: Draft, intent: Intent): void {
    this.intents.set(intent.stockId, intent)
    draft.put(put(encodeKey(tables.intent, intent.stockId), encodeJson(intent)))
    draft.touch(intent.key)
  }

  closeIntent(draft: Draft, stockId: string): void {
    const intent = this.intents.get(stockId)
    if (intent === undefined) return
    this.intents.delete(stockId)
    draft.put(del(encodeKey(tables.intent, stockId)))
    draft.touch(intent.key)
  }

  setOffset(draft: Draft, key: SkuKey, offset: Offset | null): void {
    const row = encodeKey(tables.offset, key)
    if (offset === null) {
      this.offsets.delete(key)
      draft.put(del(row))
    } else {
      this.offsets.set(key, offset)
      draft.put(put(row, encodeJson(offset)))
    }
    draft.touch(key)
  }

  /** Nothing waits for a person any more, if anything did. */
  endOffset(draft: Draft, key: SkuKey): void {
    if (this.offsets.has(key)) this.setOffset(draft, key, null)
  }

  setFeed(draft: Draft, feed: FeedPosition): void {
    this.#feed = feed
    draft.put(put(feedKey, encodeJson(feed)))
  }

  #place(row: BookRow): void {
    this.rows.set(row.stockId, row)
    if (row.fault === null) this.#faulty.delete(row.stockId)
    else this.#faulty.add(row.stockId)
    if (row.key === null) return
    const rows = this.rowsOf(row.key)
    const index = rows.findIndex(({ stockId }) => stockId === row.stockId)
    const placed = index === -1 ? [...rows, row] : rows.with(index, row)
    this.#byKey.set(row.key, placed.length === 1 ? row : placed)
  }

  #unlink(draft: Draft, row: BookRow): void {
    if (row.key === null) return
    const [first, ...others] = this.rowsOf(row.key).filter(({ stockId }) => stockId !== row.stockId)
    if (first === undefined) this.#byKey.delete(row.key)
    else this.#byKey.set(row.key, others.length === 0 ? first : [first, ...others])
    draft.touch(row.key)
  }
}

/** How far the feed was read; null before the shop is attached. */
export async function readFeed(storage: Pick<Storage, 'get'>): Promise<FeedPosition | null> {
  const row = await storage.get(feedKey)
  return row === undefined ? null : decodeJson<FeedPosition>(row)
}

const noRows: readonly BookRow[] = []

function isOne(rows: BookRow | readonly BookRow[]): rows is BookRow {
  return !Array.isArray(rows)
}

/** A shop's stock row as the book keeps it. A SKU that cannot be a key is a fault, an empty one is no SKU at all. */
export function bookRow(row: StockRow, dropped: boolean, now: number): BookRow {
  const sku = parseSku(row.sku)
  const fault = row.fault ?? (sku.ok || sku.code === 'sku-empty' ? null : sku.code)
  return {
    stockId: row.stockId,
    key: sku.ok ? sku.value.key : null,
    sku: row.sku,
    name: row.name,
    stock: row.stock,
    fault,
    version: row.version,
    createdAt: row.createdAt,
    products: isPlain(row) ? null : row.products,
    dropped,
    updatedAt: now,
  }
}

/** The products and variants that share the row's stock number. */
export function productsOf({ stockId, sku, name, products }: BookRow): readonly ShopProduct[] {
  return products ?? [{ id: stockId, parentId: null, sku, name }]
}

/** Nearly every row is one product that says the same again; a node with many SKUs does not keep it twice. */
function isPlain({ stockId, sku, name, products }: StockRow): boolean {
  const [product, ...others] = products
  if (product === undefined || others.length > 0) return false
  return product.id === stockId && product.parentId === null && product.sku === sku && product.name === name
}

function shareKey(row: BookRow, holdings: Holdings): BookRow {
  return row.key === null ? row : { ...row, key: holdings.sharedKey(row.key) }
}

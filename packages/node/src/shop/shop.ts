/**
 * The built-in shop: a small real shop with its own database, and a movement feed written in the stock transaction.
 * Nothing is answered before it is on disk. After a failed write every call answers 503 until the database could be
 * opened and written again. This file holds order and life; what a call means stands in products, orders, adjustments.
 */
import type { List } from '@stockmesh/protocol'
import type { AdjustmentResult, Attachment, FeedPage, StockRowPage } from '../connectors/connector.ts'
import { ApiFailure } from '../http/node-api.ts'
import type { Random } from '../ports.ts'
import { openDatabase } from '../storage/database.ts'
import { prefixRange } from '../storage/key.ts'
import type { Storage } from '../storage/storage.ts'
import { applyAdjustments } from './adjustments.ts'
import { pruneFeed } from './feed-pruning.ts'
import { assertFeedIs, readFeed } from './feed-reading.ts'
import { type Journal, openJournal } from './journal.ts'
import { cancelOrder, type Order, placeOrder } from './orders.ts'
import { listProducts } from './product-list.ts'
import {
  changeProduct,
  createProduct,
  deleteProduct,
  productOf,
  type ProductView,
  type ProductWithVariants,
  viewWithVariants,
} from './products.ts'
import { type Answer, pruneReceipts, type ReceiptKey, Receipts, recordReceipt } from './receipts.ts'
import type {
  AdjustBody,
  AttachBody,
  ChangeProductBody,
  CreateProductBody,
  FeedQuery,
  ListQuery,
  OrderBody,
  ProductQuery,
} from './shop-body.ts'
import type { ShopClock } from './shop-clock.ts'
import { receiptPruneIntervalMs, reopenIntervalMs } from './shop-limits.ts'
import { decodeJson } from '../storage/json.ts'
import { isId, keys, type OperationRecord, tables } from './shop-table.ts'
import { publicRow, type Transaction } from './transaction.ts'
import { Wakeup } from './wakeup.ts'

export interface ShopOptions {
  readonly directory: string
  readonly clock: ShopClock
  readonly random: Random
  /** Told of a failed write; the shop opens its database again by itself. */
  readonly onFailed?: (error: unknown) => void
  /** How the database is opened; a test gives one whose disk fails. */
  readonly openStorage?: (directory: string) => Promise<Storage>
}

/** Errors: `database-locked`, `database-damaged`, `database-format`, `write-failed`. */
export async function openShop(options: ShopOptions): Promise<Shop> {
  const wakeup = new Wakeup(options.clock)
  const shop: Shop = new Shop(options, wakeup, (onFailed) => openShopJournal(options, wakeup, onFailed))
  await shop.open()
  return shop
}

async function openShopJournal(options: ShopOptions, wakeup: Wakeup, onFailed: () => void): Promise<Journal> {
  const storage = await (options.openStorage ?? openDatabase)(options.directory)
  try {
    return await openJournal({
      storage,
      random: options.random,
      onAppended: () => wakeup.wake(),
      onFailed: (error) => {
        options.onFailed?.(error)
        onFailed()
      },
    })
  } catch (error) {
    await storage[Symbol.asyncDispose]()
    throw error
  }
}

type OpenJournal = (onFailed: () => void) => Promise<Journal>

export class Shop implements AsyncDisposable {
  readonly #clock: ShopClock
  readonly #wakeup: Wakeup
  readonly #openJournal: OpenJournal
  readonly #receipts = new Receipts()
  #journal: Journal | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #reopening: Promise<void> = Promise.resolve()
  #cancelReopen: () => void = () => {}
  #cancelPrune: () => void = () => {}
  #waits = true
  #closed = false
  /** Up to where the node has the feed on its disk. */
  #readUpTo = 0

  constructor({ clock }: ShopOptions, wakeup: Wakeup, open: OpenJournal) {
    this.#clock = clock
    this.#wakeup = wakeup
    this.#openJournal = open
  }

  /** Part of `openShop`. */
  async open(): Promise<void> {
    this.#journal = await this.#openJournal(() => this.#reopenLater())
    this.#pruneLater(0)
  }

  /** 4 bytes in hex: tells shops on one host apart. */
  get shopId(): string {
    return this.#opened().state.shopId
  }

  /** Whether the database takes writes. */
  get serving(): boolean {
    return !this.#closed && this.#journal?.failed === false
  }

  /** The database as it is on disk, to be copied. Error: 503 `shop-closed`. */
  get storage(): Pick<Storage, 'scan'> {
    return this.#opened().storage
  }

  /** Feed reads that wait for news. */
  get waiting(): number {
    return this.#wakeup.waiting
  }

  async products(query: ProductQuery): Promise<List<ProductView>> {
    return this.#read(({ state }) => listProducts(state.catalogue, query))
  }

  async product(id: string): Promise<ProductWithVariants> {
    return this.#read(({ state: { catalogue } }) => viewWithVariants(catalogue, productOf(catalogue, id)))
  }

  createProduct(body: CreateProductBody, receipt: ReceiptKey | null = null): Promise<Answer<ProductWithVariants>> {
    return this.#commitOnce(receipt, 201, (transaction) => createProduct(transaction, body))
  }

  async changeProduct(id: string, body: ChangeProductBody): Promise<ProductWithVariants> {
    return this.#opened().commit(this.#clock.now(), (transaction) => changeProduct(transaction, id, body))
  }

  async deleteProduct(id: string): Promise<void> {
    return this.#opened().commit(this.#clock.now(), (transaction) => deleteProduct(transaction, id))
  }

  placeOrder(body: OrderBody, receipt: ReceiptKey | null = null): Promise<Answer<Order>> {
    return this.#commitOnce(receipt, 201, (transaction) => placeOrder(transaction, body))
  }

  /** Errors: 404 `order-unknown`. */
  cancelOrder(id: string, receipt: ReceiptKey | null = null): Promise<Answer<Order>> {
    return this.#commitRead(
      receipt,
      (journal) => readOrder(journal, id),
      (transaction, order) => cancelOrder(transaction, order),
    )
  }

  async order(id: string): Promise<Order> {
    const journal = this.#opened()
    await journal.settled()
    return readOrder(journal, id)
  }

  /** Newest first. */
  async orders({ after, limit }: ListQuery): Promise<List<Order>> {
    if (after !== null && !isId(after)) throw orderUnknown()
    const journal = this.#opened()
    await journal.settled()
    const total = journal.state.sequence.counters.order
    const { gte, lt } = prefixRange(tables.order)
    const range = { gte, lt: after === null ? lt : keys.order(after), reverse: true, limit: limit + 1 }
    const found: Order[] = []
    for await (const [, value] of journal.storage.scan(range)) found.push(decodeJson<Order>(value))
    const items = found.slice(0, limit)
    return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null, total }
  }

  attach({ network, node, fresh }: AttachBody, receipt: ReceiptKey | null = null): Promise<Answer<Attachment>> {
    const { sequence } = this.#opened().state
    return this.#commitOnce(receipt, 200, (transaction) => {
      const current = sequence.attachment
      const same = current?.network === network && current.node === node && fresh !== true
      const { epoch, start } = same ? current : transaction.attach(network, node)
      return { epoch, start }
    })
  }

  async stockRows({ after, limit }: ListQuery): Promise<StockRowPage> {
    if (after !== null && !isId(after)) {
      throw new ApiFailure(400, 'query-invalid', 'This is not a cursor of this list.', { path: 'after' })
    }
    return this.#read(({ state: { catalogue, sequence } }) => {
      const items = []
      let next: string | null = null
      for (const row of catalogue.rowsAfter(after)) {
        if (items.length === limit) {
          next = items.at(-1)?.stockId ?? null
          break
        }
        items.push(publicRow(row))
      }
      return { epoch: sequence.attachment?.epoch ?? '', items, next, total: catalogue.rowCount }
    })
  }

  /** Only rows that are on disk. Errors: 409 `feed-epoch-changed`, 409 `feed-rolled-back`. */
  async feed(query: FeedQuery, signal: AbortSignal): Promise<FeedPage> {
    const { position, limit } = query
    const deadline = this.#clock.now() + query.waitMs
    for (;;) {
      const journal = this.#opened()
      await assertFeedIs(journal, query)
      this.#readUpTo = Math.max(this.#readUpTo, position)
      const end = journal.feedEnd
      if (end > position) {
        return { rows: await readFeed(journal, position, end, limit), end }
      }
      const left = deadline - this.#clock.now()
      if (left <= 0 || signal.aborted || !this.#waits) return { rows: [], end }
      // The tag was read with an await, so a row may have come since; the end is compared again before waiting.
      if (journal.feedEnd === position) await this.#wakeup.wait(left, signal)
    }
  }

  adjust(
    { operations }: AdjustBody,
    receipt: ReceiptKey | null = null,
  ): Promise<Answer<{ readonly results: readonly AdjustmentResult[] }>> {
    return this.#commitRead(
      receipt,
      (journal) => readOperations(journal, operations),
      (transaction, known) => ({ results: applyAdjustments(transaction, operations, known) }),
    )
  }

  get waitsEnded(): boolean {
    return !this.#waits
  }

  /** From here on a feed read answers what there is: a server that closes has nobody to wait for. */
  endWaits(): void {
    this.#waits = false
    this.#wakeup.wake()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#cancelReopen()
    this.#cancelPrune()
    this.#wakeup.wake()
    await this.#reopening
    await this.#turn
    await this.#journal?.[Symbol.asyncDispose]()
  }

  #opened(): Journal {
    if (this.#closed || this.#journal === null) {
      throw new ApiFailure(503, 'shop-closed', 'The shop is closing. Try again in a moment.')
    }
    return this.#journal
  }

  /** What the RAM says, once it is on disk as well. */
  async #read<T>(look: (journal: Journal) => T): Promise<T> {
    const journal = this.#opened()
    const seen = look(journal)
    await journal.settled()
    return seen
  }

  async #commitOnce<T>(
    receipt: ReceiptKey | null,
    status: number,
    act: (transaction: Transaction) => T,
  ): Promise<Answer<T>> {
    const journal = this.#opened()
    return this.#receipts.once(journal, receipt, () =>
      journal.commit(this.#clock.now(), (transaction) => {
        const answer = { status, body: act(transaction) }
        recordReceipt(transaction, receipt, answer)
        return answer
      }),
    )
  }

  /** A transaction on something that is read from disk first, with no other of its kind between reading and acting. */
  async #commitRead<Found, T>(
    receipt: ReceiptKey | null,
    read: (journal: Journal) => Promise<Found>,
    act: (transaction: Transaction, found: Found) => T,
  ): Promise<Answer<T>> {
    const journal = this.#opened()
    return this.#receipts.once(journal, receipt, async () => {
      const turn = this.#turn.then(async () => {
        const found = await read(journal)
        const committed = journal.commit(this.#clock.now(), (transaction) => {
          const answer = { status: 200, body: act(transaction, found) }
          recordReceipt(transaction, receipt, answer)
          return answer
        })
        // In an object, since the next turn begins when the RAM is changed and shares the flush.
        return { committed }
      })
      this.#turn = turn.catch(() => {})
      return (await turn).committed
    })
  }

  #reopenLater(): void {
    this.#wakeup.wake()
    if (this.#closed) return
    this.#cancelReopen = this.#clock.after(reopenIntervalMs, () => {
      this.#reopening = this.#reopen()
    })
  }

  async #reopen(): Promise<void> {
    try {
      await this.#journal?.[Symbol.asyncDispose]()
      this.#journal = await this.#openJournal(() => this.#reopenLater())
      this.#wakeup.wake()
    } catch {
      // The disk is still full, or the folder away: every call answers 503 meanwhile, and the next try comes.
      this.#reopenLater()
    }
  }

  async #prune(journal: Journal, now: number): Promise<void> {
    await pruneReceipts(journal, now)
    await pruneFeed(journal, this.#readUpTo, now)
  }

  #pruneLater(milliseconds: number): void {
    this.#cancelPrune = this.#clock.after(milliseconds, () => {
      // What could not be removed is only old; a failed write is told by the journal.
      if (this.serving) void this.#prune(this.#opened(), this.#clock.now()).catch(() => {})
      this.#pruneLater(receiptPruneIntervalMs)
    })
  }
}

async function readOrder(journal: Journal, id: string): Promise<Order> {
  const order = isId(id) ? await journal.read<Order>(keys.order(id)) : null
  if (order === null) throw orderUnknown()
  return order
}

function orderUnknown(): ApiFailure {
  return new ApiFailure(404, 'order-unknown', 'There is no order with this number.')
}

async function readOperations(
  journal: Journal,
  operations: AdjustBody['operations'],
): Promise<Map<string, OperationRecord>> {
  const known = new Map<string, OperationRecord>()
  await Promise.all(
    operations.map(async ({ opId }) => {
      const record = await journal.read<OperationRecord>(keys.operation(opId))
      if (record !== null) known.set(opId, record)
    }),
  )
  return known
}

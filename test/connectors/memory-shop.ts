/**
 * A shop without a movement feed, in memory, with the traps of real ones: timestamps of one second, readings that may be
 * old, a number that silently stops at the minimum, writes that overwrite a sale. The shop lives on when its node dies;
 * `connect` is the line of one life to it.
 */
import { ConnectorError } from '../../packages/node/src/connectors/connector.ts'
import type {
  ObservedRow,
  ObservedShop,
  OrderLine,
  StockWrite,
  StockWriteResult,
} from '../../packages/node/src/connectors/observed/observed-shop.ts'
import type { Clock } from '../../packages/node/src/ports.ts'
import type { Fault, FaultyCall } from './shop-under-test.ts'

export interface MemoryShopOptions {
  readonly writing: ObservedShop['writing']
  readonly hasOrders: boolean
  /** Whether a write is answered with the number after it. */
  readonly tellsStock: boolean
  readonly stockMin: number | null
  readonly readLagMs: number
  readonly clock: Clock
  /** From 0 up to, but never, 1. */
  readonly random: () => number
  /** How likely a reading is an old one, where one may be. */
  readonly staleness: number
  /** How long after the stock has moved its line may come, in milliseconds; absent: at once. */
  readonly lateLineMs?: number
}

/** The way to the shop of one life: every call takes time before the shop and after it, and may be lost on either. */
export interface Line {
  before(call: FaultyCall): Promise<void>
  after(call: FaultyCall): Promise<void>
}

interface Item {
  readonly id: string
  sku: string | null
  readonly createdAt: number
  readonly products: readonly string[] | null
  fault: string | null
  /** The number and when it became so, oldest first. */
  numbers: { readonly at: number; readonly stock: number | null }[]
  modifiedSecond: number
  isGone: boolean
}

const second = 1_000

export class MemoryShop {
  readonly options: MemoryShopOptions
  readonly #items = new Map<string, Item>()
  readonly #lines: OrderLine[] = []
  /** Lines that are not to be read yet. */
  #late: { readonly line: OrderLine; readonly from: number }[] = []
  readonly #operations = new Map<string, number>()
  readonly #orders = new Map<string, { readonly id: string; readonly units: number }>()
  readonly #broken = new Map<FaultyCall, Fault>()
  #beforeWrite: (() => Promise<void>) | null = null
  #made = 0
  /** Units that customers and the merchant moved, by stock id: what the network must learn. */
  readonly moved = new Map<string, number>()

  constructor(options: MemoryShopOptions) {
    this.options = options
  }

  create(sku: string | null, stock: number | null, products: readonly string[] | null = null): string {
    const id = `row-${(this.#made += 1)}`
    const { now } = this
    const numbers = [{ at: now, stock }]
    this.#items.set(id, {
      id,
      sku,
      createdAt: now,
      products,
      fault: null,
      numbers,
      modifiedSecond: Math.floor(now / second),
      isGone: false,
    })
    return id
  }

  stockOf(id: string): number | null {
    return this.#item(id).numbers.at(-1)?.stock ?? null
  }

  /** Sells down to the minimum and not below it. */
  sell(id: string, units: number): string {
    const order = `order-${(this.#made += 1)}`
    const stock = this.stockOf(id) ?? 0
    const sold = this.options.stockMin === null ? units : Math.min(units, stock - this.options.stockMin)
    this.#orders.set(order, { id, units: sold })
    this.#move(id, -sold, 'sale', order)
    return order
  }

  cancel(order: string): void {
    const sold = this.#orders.get(order)
    if (sold === undefined || !this.#orders.delete(order)) return
    this.#move(sold.id, sold.units, 'cancel', order)
  }

  type(id: string, stock: number | null): void {
    const before = this.stockOf(id)
    if (before !== null && stock !== null) this.moved.set(id, (this.moved.get(id) ?? 0) + stock - before)
    this.#item(id).fault = null
    this.#set(id, stock)
  }

  typeFraction(id: string): void {
    this.#item(id).fault = 'stock-fraction'
    this.#touch(id)
  }

  createBundle(sku: string, stock: number): string {
    const id = this.create(sku, stock)
    this.#item(id).fault = 'bundle'
    return id
  }

  rename(id: string, sku: string | null): void {
    this.#item(id).sku = sku
    this.#touch(id)
  }

  remove(id: string): void {
    this.#item(id).isGone = true
    this.#touch(id)
  }

  breakNext(fault: Fault, call: FaultyCall): void {
    this.#broken.set(call, fault)
  }

  beforeNextWrite(run: () => Promise<void>): void {
    this.#beforeWrite = run
  }

  connect(line: Line): ObservedShop {
    const { writing, stockMin, readLagMs, hasOrders, lateLineMs } = this.options
    const call = async <T>(kind: FaultyCall, work: (fault: Fault | null) => Promise<T> | T): Promise<T> => {
      const fault = this.#broken.get(kind) ?? null
      this.#broken.delete(kind)
      await line.before(kind)
      this.#refuse(fault)
      const answer = await work(fault)
      if (fault === 'lost-answer') throw new ConnectorError('shop-unreachable', 'The answer was lost.')
      await line.after(kind)
      return answer
    }
    return {
      name: 'memory',
      writing,
      stockMin,
      shopUrl: null,
      pollMs: 1_000,
      readLagMs,
      ...(lateLineMs === undefined ? {} : { lateLineMs: lateLineMs + 1_000, unansweredMs: lateLineMs + 1_000 }),
      readsPerCallMax: 20,
      writesPerCallMax: 10,
      list: ({ after, limit }) =>
        call('read', (fault) => {
          const there = [...this.#items.values()].filter(({ isGone }) => !isGone)
          const from = after === null ? 0 : Number(after)
          const items = there.filter(({ id }) => numberOf(id) > from).slice(0, Math.min(limit, 7))
          if (fault === 'empty-list') return { items: [], next: null, total: 0 }
          const last = items.at(-1)
          const hasMore = last !== undefined && there.some(({ id }) => numberOf(id) > numberOf(last.id))
          const next = hasMore ? String(numberOf(last.id)) : null
          return { items: items.map((item) => this.#row(item)), next, total: there.length }
        }),
      changes: (cursor) =>
        call('read', () => {
          const seconds = Math.floor(this.now / second)
          // The same second may have more to come, so the next question begins with it again.
          const from = cursor === null ? seconds + 1 : Number(cursor) - Math.ceil(readLagMs / second)
          const changed = [...this.#items.values()].filter(({ modifiedSecond }) => modifiedSecond >= from)
          return { stockIds: changed.map(({ id }) => id), cursor: String(seconds), hasMore: false }
        }),
      read: (ids) =>
        call('read', () =>
          ids.flatMap((id) => {
            const item = this.#items.get(id)
            return item === undefined || item.isGone ? [] : [this.#row(item)]
          }),
        ),
      write: (writes) => call('write', (fault) => this.#write(writes, fault)),
      ...(hasOrders
        ? {
            orderLines: (cursor: string | null) =>
              call('read', () => {
                this.#bringLate()
                const from = cursor === null ? this.#lines.length : Number(cursor)
                const to = Math.min(this.#lines.length, from + 5)
                // The last line once more: a cursor of one second repeats what it had.
                const lines = this.#lines.slice(Math.max(0, from - 1), to)
                return { lines, cursor: String(to), hasMore: to < this.#lines.length }
              }),
          }
        : {}),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
  }

  get now(): number {
    return this.options.clock.now()
  }

  async #write(writes: readonly StockWrite[], fault: Fault | null): Promise<StockWriteResult[]> {
    const before = this.#beforeWrite
    this.#beforeWrite = null
    await before?.()
    return writes.map((write) => this.#writeOne(write, fault === 'silent-no-op'))
  }

  #writeOne({ opId, stockId, delta, expected }: StockWrite, isSilent: boolean): StockWriteResult {
    const { writing, tellsStock } = this.options
    const item = this.#items.get(stockId)
    if (item === undefined || item.isGone) return { opId, status: 'refused', code: 'row-gone' }
    const stock = this.stockOf(stockId)
    if (stock === null) return { opId, status: 'refused', code: 'untracked' }
    const answer = (): number | null => (tellsStock ? this.stockOf(stockId) : null)
    if (isSilent) return { opId, status: 'applied', stock: answer() }
    if (writing === 'idempotent' && this.#operations.has(opId)) return { opId, status: 'repeated', stock: answer() }
    this.#operations.set(opId, (this.#operations.get(opId) ?? 0) + 1)
    const wanted = writing === 'absolute' ? expected + delta : stock + delta
    this.#set(stockId, Math.max(wanted, this.options.stockMin ?? wanted))
    return { opId, status: 'applied', stock: answer() }
  }

  /** How often each operation was made. */
  get operations(): ReadonlyMap<string, number> {
    return this.#operations
  }

  #refuse(fault: Fault | null): void {
    if (fault === 'lost-question') throw new ConnectorError('shop-unreachable', 'The question was lost.')
    if (fault === 'throttled') throw new ConnectorError('shop-error', 'Too many calls (HTTP 429).')
    if (fault === 'server-error') throw new ConnectorError('shop-error', 'The shop answers with an error (HTTP 500).')
    if (fault === 'html') throw new ConnectorError('shop-answer-invalid', 'A web page is no answer.')
    if (fault === 'token-expired') throw new ConnectorError('key-rejected', 'The token has run out.')
  }

  #move(id: string, delta: number, kind: OrderLine['kind'], reference: string): void {
    this.#set(id, (this.stockOf(id) ?? 0) + delta)
    this.moved.set(id, (this.moved.get(id) ?? 0) + delta)
    if (delta === 0) return
    const { lateLineMs = 0, random } = this.options
    const from = lateLineMs === 0 ? this.now : this.now + random() * lateLineMs
    const line = { id: `line-${(this.#made += 1)}`, stockId: id, delta, kind, reference, at: this.now }
    this.#late.push({ line, from })
    this.#bringLate()
  }

  #bringLate(): void {
    const { now } = this
    this.#lines.push(...this.#late.filter(({ from }) => from <= now).map(({ line }) => line))
    this.#late = this.#late.filter(({ from }) => from > now)
  }

  #set(id: string, stock: number | null): void {
    this.#item(id).numbers.push({ at: this.now, stock })
    this.#touch(id)
  }

  #touch(id: string): void {
    this.#item(id).modifiedSecond = Math.floor(this.now / second)
  }

  #item(id: string): Item {
    const item = this.#items.get(id)
    if (item === undefined) throw new Error(`no row ${id}`)
    return item
  }

  #row(item: Item): ObservedRow {
    const { id, sku, createdAt, products, fault } = item
    const skus = products ?? [sku]
    return {
      stockId: id,
      sku,
      name: '',
      stock: fault === null ? this.#reading(item) : null,
      ...(fault === null ? {} : { fault }),
      createdAt,
      products: skus.map((each, index) => ({ id: `${id}-${index}`, parentId: null, sku: each, name: '' })),
    }
  }

  #reading({ numbers }: Item): number | null {
    const { readLagMs, random, staleness } = this.options
    const newest = numbers.at(-1)?.stock ?? null
    if (readLagMs === 0 || random() >= staleness) return newest
    const at = this.now - random() * readLagMs
    return numbers.findLast((number) => number.at <= at)?.stock ?? numbers[0]?.stock ?? null
  }
}

function numberOf(id: string): number {
  return Number(id.slice('row-'.length))
}

/**
 * What a person should look at, made anew from what the node knows: a problem that is solved is not there any more.
 * The version changes with the content, so a button acts only on what was seen.
 */
import { crc32 } from 'node:zlib'
import type { ProblemItem, ProblemKind, ShopId, SkuKey } from '@stockmesh/protocol'
import type { LogLine } from '../ledger/log-line.ts'
import type { Book } from '../shop-sync/book.ts'
import type { ShopHealth } from '../shop-sync/health.ts'
import type { LogReader } from './log-reader.ts'
import type { StockIndex } from './stock-index.ts'

/** Two shops counted the same SKU apart, both as changes: they add up. */
export interface CountedTogether {
  readonly key: SkuKey
  readonly since: number
}

/** A problem with the SKUs it is about. */
export interface Problem {
  readonly item: ProblemItem
  readonly keys: readonly SkuKey[]
}

/** Orders shown for an oversold SKU. */
const ordersMax = 10

export class Problems {
  readonly #book: Book
  readonly #index: StockIndex
  readonly #log: LogReader
  readonly #health: ShopHealth
  readonly #self: ShopId
  readonly #refusals: ReadonlyMap<SkuKey, string>
  readonly #countedTogether: ReadonlyMap<SkuKey, CountedTogether>
  /** When a problem was first seen by this process. */
  readonly #since = new Map<string, number>()
  readonly #now: () => number

  constructor(parts: {
    readonly book: Book
    readonly index: StockIndex
    readonly log: LogReader
    readonly health: ShopHealth
    readonly self: ShopId
    readonly refusals: ReadonlyMap<SkuKey, string>
    readonly countedTogether: ReadonlyMap<SkuKey, CountedTogether>
    readonly now: () => number
  }) {
    this.#book = parts.book
    this.#index = parts.index
    this.#log = parts.log
    this.#health = parts.health
    this.#self = parts.self
    this.#refusals = parts.refusals
    this.#countedTogether = parts.countedTogether
    this.#now = parts.now
  }

  /** How many there are, without making them. */
  get count(): number {
    let count = this.#index.oversold + this.#refusals.size + this.#countedTogether.size
    count += [...this.#index.keysIn('duplicate')].length
    for (const row of this.#book.rows.values()) if (row.fault !== null) count += 1
    if (this.#book.offsets.size > 0) count += 1
    if (this.#health.failure !== null) count += 1
    return count
  }

  async all(): Promise<Problem[]> {
    const problems = [
      ...this.#shop(),
      ...this.#held(),
      ...this.#duplicates(),
      ...this.#faults(),
      ...this.#unwritable(),
      ...this.#together(),
      ...(await this.#oversold()),
    ]
    const ids = new Set(problems.map(({ item }) => item.id))
    for (const id of this.#since.keys()) if (!ids.has(id)) this.#since.delete(id)
    return problems
  }

  #shop(): Problem[] {
    const { failure } = this.#health
    if (failure === null) return []
    const about = { code: failure.code }
    return [this.#problem('shop-unreachable', null, 1, failure.message, about, [], ['retry'], failure.since)]
  }

  #held(): Problem[] {
    const offsets = [...this.#book.offsets]
    if (offsets.length === 0) return []
    const units = offsets.reduce((sum, [, offset]) => sum + Math.abs(offset.units), 0)
    const since = Math.min(...offsets.map(([, offset]) => offset.since))
    const message =
      `${offsets.length} SKUs differ from the network by ${units} units and no order explains it. ` +
      'Use the network’s numbers, or count this shop’s in.'
    const keys = offsets.map(([key]) => key)
    const details = { reason: offsets[0]?.[1].reason ?? 'rollback', units }
    return [this.#problem('held', null, offsets.length, message, details, keys, ['use-network', 'count-in'], since)]
  }

  #duplicates(): Problem[] {
    return [...this.#index.keysIn('duplicate')].map((key) => {
      const rows = this.#book.rowsOf(key)
      const products = rows.flatMap((row) => row.products.map((product) => ({ ...product, stock: row.stock })))
      const message = `The model/varenr. stands on ${rows.length} products in this shop. Give each product its own.`
      const since = Math.max(...rows.map((row) => row.updatedAt))
      return this.#problem('duplicate', key, rows.length, message, { products }, [key], [], since)
    })
  }

  #faults(): Problem[] {
    const problems: Problem[] = []
    for (const row of this.#book.rows.values()) {
      if (row.fault === null) continue
      const kind = row.fault === 'stock-fraction' ? 'fraction' : 'held'
      const details = { code: row.fault, products: row.products, stockId: row.stockId }
      const message = `"${row.name}" cannot be synchronised as it is (${row.fault}). Correct it in the shop.`
      const keys = row.key === null ? [] : [row.key]
      const about = row.key ?? row.sku?.slice(0, 100) ?? row.stockId
      problems.push(this.#problem(kind, about, 1, message, details, keys, [], row.updatedAt))
    }
    return problems
  }

  #unwritable(): Problem[] {
    return [...this.#refusals].map(([key, code]) => {
      const message = `The shop refuses to change this SKU (${code}). Correct it in the shop, then try again.`
      return this.#problem('unwritable', key, 1, message, { code }, [key], ['retry'], null)
    })
  }

  #together(): Problem[] {
    return [...this.#countedTogether.values()].map(({ key, since }) => {
      const message =
        'Counted at the same time in two shops: both changes count and add up. Check the shelf, and correct one of them.'
      return this.#problem('counted-together', key, 1, message, {}, [key], ['dismiss'], since)
    })
  }

  async #oversold(): Promise<Problem[]> {
    const problems: Problem[] = []
    for (const key of this.#index.oversoldKeys()) {
      const units = -(this.#index.item(key).level ?? 0)
      const sales = await this.#log.newestOf(key, ordersMax, (line) => line.counted && line.cause === 'sale')
      const message = `${units} more sold than there are. Buy more, or tell the buyers of one of the orders.`
      problems.push(this.#problem('oversold', key, units, message, { orders: sales.map(orderOf) }, [key], [], null))
    }
    return problems
  }

  #problem(
    kind: ProblemKind,
    about: SkuKey | string | null,
    count: number,
    message: string,
    details: Readonly<Record<string, unknown>>,
    keys: readonly SkuKey[],
    actions: readonly string[],
    since: number | null,
  ): Problem {
    const id = `${kind}-${crc32(about ?? '').toString(16)}`
    const first = this.#since.get(id) ?? since ?? this.#now()
    this.#since.set(id, first)
    const [key] = keys
    const item: ProblemItem = {
      id,
      version: crc32(JSON.stringify([count, details])),
      kind,
      member: this.#self,
      sku: about === null || key === undefined ? about : this.#index.item(key).sku,
      count,
      message,
      details,
      since: new Date(first).toISOString(),
      actions: actions.map((action) => ({ id: action, destructive: action === 'count-in' })),
    }
    return { item, keys }
  }
}

function orderOf(line: LogLine): { member: ShopId; reference: string | null; delta: number; at: string } {
  return {
    member: line.member,
    reference: line.reference,
    delta: line.delta ?? 0,
    at: new Date(line.at).toISOString(),
  }
}

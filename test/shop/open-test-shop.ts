/** A shop in a folder of its own, with a clock that stands until it is moved, and the fold of its feed. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FeedRow } from '@stockmesh/protocol'
import { systemRandom } from '../../packages/node/src/ports.ts'
import type { ShopClock } from '../../packages/node/src/shop/shop-clock.ts'
import { openShop, type Shop, type ShopOptions } from '../../packages/node/src/shop/shop.ts'

class ManualClock implements ShopClock {
  #now = Date.parse('2026-03-01T08:00:00Z')
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>()

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  advance(ms: number): void {
    this.#now += ms
    for (const timer of this.#timers) {
      if (timer.at > this.#now || !this.#timers.delete(timer)) continue
      timer.run()
    }
  }
}

export interface TestShop extends AsyncDisposable {
  readonly shop: Shop
  readonly clock: ManualClock
  readonly directory: string
  /** Closes and opens it again, as after a restart. */
  reopen(): Promise<Shop>
}

export async function openTestShop(options: Partial<ShopOptions> = {}): Promise<TestShop> {
  const directory = await mkdtemp(join(tmpdir(), 'stockmesh-shop-'))
  const clock = new ManualClock()
  const open = (): Promise<Shop> => openShop({ directory, clock, random: systemRandom, ...options })
  let shop = await open()
  return {
    get shop() {
      return shop
    },
    clock,
    directory,
    async reopen() {
      await shop[Symbol.asyncDispose]()
      shop = await open()
      return shop
    },
    async [Symbol.asyncDispose]() {
      await shop[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Every row of the feed; attaches a node if none is. */
export async function readFeed(shop: Shop, after = 0): Promise<readonly FeedRow[]> {
  const { epoch } = (await shop.attach({ network: 'n', node: 'dk' })).body
  const rows: FeedRow[] = []
  for (;;) {
    const query = { epoch, position: after + rows.length, tag: null, after: null, limit: 1_000, waitMs: 0 }
    const page = await shop.feed(query, new AbortController().signal)
    rows.push(...page.rows)
    if (page.rows.length === 0) return rows
  }
}

/** The stock of every stock row as a reader of the feed alone knows it. */
export function foldFeed(rows: readonly FeedRow[]): Map<string, number | null> {
  const stocks = new Map<string, number | null>()
  for (const { kind, stockId, delta, row } of rows) {
    if (kind === 'attached') continue
    if (kind === 'deleted') stocks.delete(stockId)
    else if (row !== null) stocks.set(stockId, row.stock)
    else stocks.set(stockId, (stocks.get(stockId) ?? 0) + delta)
  }
  return stocks
}

/** The stock of every stock row as the shop lists it. */
export async function listStocks(shop: Shop): Promise<Map<string, number | null>> {
  const stocks = new Map<string, number | null>()
  let after: string | null = null
  do {
    const page = await shop.stockRows({ after, limit: 7 })
    for (const { stockId, stock } of page.items) stocks.set(stockId, stock)
    after = page.next
  } while (after !== null)
  return stocks
}

/** The movements of the feed, short: kind, SKU, delta, stock after, reference. */
export function movementsOf(rows: readonly FeedRow[]): readonly (readonly unknown[])[] {
  return rows
    .filter(({ kind }) => kind !== 'row' && kind !== 'attached')
    .map(({ kind, sku, delta, stock }) => [kind, sku, delta, stock])
}

export const productQuery = { after: null, limit: 1_000, q: null, sku: null, duplicates: false } as const

export async function stockOf(shop: Shop, sku: string): Promise<number | null | undefined> {
  return (await shop.products({ ...productQuery, sku })).items[0]?.stock
}

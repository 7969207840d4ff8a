/**
 * From the moment a buyer's order is sent to one shop until the other two shops show the new number: three shops and
 * three nodes as six processes, 100 sales a second. A sale counts when the last shop shows it.
 */
import { ApiRefusal } from '../test/harness/client.ts'
import { Owned } from '../test/harness/owned.ts'
import { eventually } from '../test/harness/eventually.ts'
import { type Benchmark, besidePeerAndLimit, type FigureOfTwo, type Report, type Scale } from './benchmark.ts'
import { openingStock, skuOf } from './catalogue.ts'
import { measureWay } from './limits/sale-way.ts'
import { measureYjs } from './peers/yjs-map.ts'
import { cpuSeconds } from './process-figures.ts'
import { enter, found, imported, makeShop, openFolder, openPair, type Pair, pidOf } from './programs.ts'
import { percentile } from './samples.ts'
import { ShopWatch } from './shop-watch.ts'
import { steadyLoad } from './steady-load.ts'

const perSecond = 100
/** Sales at the beginning that are not counted: the processes are still being compiled. */
const warmSeconds = 5

interface Sizes {
  readonly skus: number
  readonly seconds: number
  readonly warm: number
}

export const saleLatency: Benchmark = {
  name: 'sale-latency',
  about: 'from an order in one shop to the number in the other two, 100 sales a second',
  async run({ short }: Scale, say: (line: string) => void): Promise<Report> {
    const sizes = short ? { skus: 60, seconds: 1, warm: 0 } : { skus: 3_000, seconds: 30, warm: warmSeconds }
    const count = sizes.seconds * perSecond
    say('three shops and three nodes')
    const ours = await measureOurs(sizes, say)
    say('the bare way: 5 loopback messages and 5 flushes')
    const limit = await measureWay({ perSecond, count })
    say('Yjs over y-websocket')
    const peer = await measureYjs({ perSecond, count, skus: sizes.skus })
    const line = (measure: string, share: number, target: string | null): FigureOfTwo => ({
      measure,
      unit: 'ms',
      ours: percentile(ours.latencies, share),
      peer: percentile(peer, share),
      limit: percentile(limit, share),
      target,
    })
    return besidePeerAndLimit({
      name: `sale-latency (${ours.latencies.length} sales, ${perSecond} a second)`,
      peer: 'a Y.Map of numbers in three Yjs documents over the y-websocket protocol, one process, nothing on disk',
      limit:
        'per sale 5 messages over loopback WebSockets and 5 fdatasync of 300 bytes one after the other, nothing else',
      figures: [
        line('half of the sales', 0.5, null),
        line('95 of 100', 0.95, null),
        line('99 of 100', 0.99, '<= 100'),
        line('slowest', 1, null),
        { measure: 'CPU per sale, all 6', unit: 'ms', ours: ours.cpuMs, peer: null, limit: null, target: null },
      ],
    })
  },
}

async function measureOurs(
  { skus, seconds, warm }: Sizes,
  say: (line: string) => void,
): Promise<{ readonly latencies: readonly number[]; readonly cpuMs: number }> {
  await using owned = new Owned()
  const folder = await openFolder(owned)
  const pairs = await openNetwork(folder, skus, owned)
  const sales = new Sales(pairs)
  for (const pair of pairs) {
    const watch = await ShopWatch.open(pair, ({ kind, sku, stock }, at) => {
      if (kind === 'adjust' && sku !== null && stock !== null) sales.seen(pair, sku, stock, at)
    })
    owned.defer(() => watch.stop())
  }
  const sell = (index: number, intendedAt: number): void => sales.place(index % skus, intendedAt)
  await steadyLoad({ perSecond, count: warm * perSecond }, sell)
  await sales.untilAllSeen()
  sales.forget()
  say(`selling for ${seconds} s`)
  const programs = pairs.flatMap(({ shop, node }) => [pidOf(shop), pidOf(node)])
  const cpuOf = (): number => programs.reduce((sum, pid) => sum + cpuSeconds(pid), 0)
  const before = cpuOf()
  const count = seconds * perSecond
  await steadyLoad({ perSecond, count }, sell)
  await sales.untilAllSeen()
  return { latencies: sales.latencies, cpuMs: ((cpuOf() - before) * 1_000) / count }
}

async function openNetwork(folder: string, skus: number, owned: Owned): Promise<readonly Pair[]> {
  const made = await makeShop(folder, skus)
  const first = await openPair('DK', folder, made, owned)
  await found(first)
  const pairs = [first]
  for (const name of ['SE', 'NO']) {
    const pair = await openPair(name, folder, made, owned)
    await enter(pair, first)
    await imported(pair.api, name)
    pairs.push(pair)
  }
  return pairs
}

/** One sale that has not been seen in all other shops. */
interface Open {
  readonly intendedAt: number
  /** The number that shows it, or a smaller one. */
  readonly stock: number
  readonly missing: Set<Pair>
}

/** Each SKU is sold in one shop only, so that a number in another shop tells exactly which sales it holds. */
class Sales {
  readonly latencies: number[] = []
  readonly #pairs: readonly Pair[]
  readonly #sold = new Map<string, number>()
  readonly #open = new Map<string, Open[]>()
  #failure: unknown = null

  constructor(pairs: readonly Pair[]) {
    this.#pairs = pairs
  }

  place(index: number, intendedAt: number): void {
    const pair = this.#pairs[index % this.#pairs.length]
    if (pair === undefined) return
    const sku = skuOf(index)
    const sold = (this.#sold.get(sku) ?? 0) + 1
    this.#sold.set(sku, sold)
    const missing = new Set(this.#pairs.filter((other) => other !== pair))
    const open = this.#open.get(sku) ?? []
    this.#open.set(sku, [...open, { intendedAt, stock: openingStock - sold, missing }])
    this.#send(pair, sku, `${sku}-${sold}`).catch((error: unknown) => {
      this.#failure ??= error
    })
  }

  /** An order whose connection was closed under it is sent again under its key, as a shop's checkout would. */
  async #send({ shopApi }: Pair, sku: string, idempotencyKey: string): Promise<void> {
    const order = { lines: [{ sku, quantity: 1 }] }
    await shopApi.placeOrder(order, idempotencyKey).catch((error: unknown) => {
      if (error instanceof ApiRefusal) throw error
      return shopApi.placeOrder(order, idempotencyKey)
    })
  }

  seen(pair: Pair, sku: string, stock: number, at: number): void {
    const open = this.#open.get(sku)
    if (open === undefined) return
    for (const sale of open) if (stock <= sale.stock) sale.missing.delete(pair)
    const left = open.filter(({ missing }) => missing.size > 0)
    for (const { intendedAt, missing } of open) if (missing.size === 0) this.latencies.push(at - intendedAt)
    if (left.length === 0) this.#open.delete(sku)
    else this.#open.set(sku, left)
  }

  /** What was measured so far does not count. */
  forget(): void {
    this.latencies.length = 0
  }

  async untilAllSeen(): Promise<void> {
    await eventually('every sale shows in every shop', () => {
      if (this.#failure !== null) return true
      if (this.#open.size > 0) throw new Error(`${this.#open.size} SKUs wait`)
      return true
    })
    if (this.#failure !== null) throw this.#failure
  }
}

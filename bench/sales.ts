/**
 * Sales in a network of shops: each is known by its number, and is over when the last of the other shops shows it.
 */
import { ApiRefusal } from '../test/harness/client.ts'
import { eventually } from '../test/harness/eventually.ts'
import type { Owned } from '../test/harness/owned.ts'
import { openingStock, skuOf } from './catalogue.ts'
import { enter, found, imported, makeShop, openPair, type Pair } from './programs.ts'
import { ShopWatch } from './shop-watch.ts'

/** Each with the same goods; the first founds the network and the others join it. */
export async function openNetwork(
  names: readonly string[],
  folder: string,
  skus: number,
  owned: Owned,
): Promise<readonly Pair[]> {
  const made = await makeShop(folder, skus)
  const [founder = '', ...others] = names
  const first = await openPair(founder, folder, made, owned)
  await found(first)
  const pairs = [first]
  for (const name of others) {
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
export class Sales {
  readonly latencies: number[] = []
  readonly #pairs: readonly Pair[]
  readonly #sold = new Map<string, number>()
  readonly #open = new Map<string, Open[]>()
  #failure: unknown = null

  private constructor(pairs: readonly Pair[]) {
    this.#pairs = pairs
  }

  /** Watches every shop until the owner is gone. */
  static async watch(pairs: readonly Pair[], owned: Owned): Promise<Sales> {
    const sales = new Sales(pairs)
    for (const pair of pairs) {
      const watch = await ShopWatch.open(pair, ({ kind, sku, stock }, at) => {
        if (kind === 'adjust' && sku !== null && stock !== null) sales.seen(pair, sku, stock, at)
      })
      owned.defer(() => watch.stop())
    }
    return sales
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

/**
 * What every case of the suite stands on: the shop of one run, opened once, and the reader of its feed. Each case makes its
 * own products. Sums are compared, never guesses: what the network learned of a shop equals what moved there.
 */
import type { TestContext } from 'vitest'
import { skuKey, type StockRow } from '@stockmesh/protocol'
import {
  type Adjustment,
  type AdjustmentResult,
  type Attachment,
  ConnectorError,
} from '../../../packages/node/src/connectors/connector.ts'
import { eventually, type Patience } from '../../harness/eventually.ts'
import { FeedReader, never } from '../feed-reader.ts'
import type { Fault, FaultyCall, ShopUnderTest } from '../shop-under-test.ts'

interface Product {
  readonly id: string
  readonly sku: string
  readonly key: string
}

export class Ground implements AsyncDisposable {
  #shop: ShopUnderTest | null = null
  #feed: FeedReader | null = null
  #made = 0

  get shop(): ShopUnderTest {
    if (this.#shop === null) throw new Error('The shop is not open.')
    return this.#shop
  }

  get feed(): FeedReader {
    if (this.#feed === null) throw new Error('The shop is not attached.')
    return this.#feed
  }

  /** As the engine does: the feed is followed once the shop was listed. */
  async open(open: () => Promise<ShopUnderTest>): Promise<void> {
    this.#shop = await open()
    this.follow(await this.shop.connector.attach({ network: 'n', node: 'dk', fresh: false }, never))
    await this.list()
  }

  /** Another epoch has begun. */
  follow(attachment: Attachment): void {
    this.#feed = new FeedReader(() => this.shop.connector, attachment)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shop?.[Symbol.asyncDispose]()
  }

  readonly nextSku = (): string => `CF-${(this.#made += 1)}`

  readonly nextOperation = (): string => (this.#made += 1).toString(16).padStart(32, '0')

  readonly patience = (): Patience => ({ deadlineMs: this.shop.patienceMs, every: 20 })

  /** A product of this case, known to the feed. */
  readonly product = async (stock: number | null, sku: string = this.nextSku()): Promise<Product> => {
    const id = await this.shop.create({ sku, stock })
    await this.known(id, stock)
    return { id, sku, key: skuKey(sku) ?? '' }
  }

  readonly known = async (id: string, stock: number | null): Promise<void> => {
    await this.seen(`the feed tells of ${id} with ${stock}`, () => this.feed.stock(id) === stock)
  }

  readonly seen = async (what: string, condition: () => boolean): Promise<void> => {
    const look = async (): Promise<boolean> => {
      await this.feed.read()
      return condition()
    }
    await eventually(what, look, this.patience()).catch((error: unknown) => {
      throw new Error(`${String(error)}; the feed: ${JSON.stringify(this.feed.rows.slice(-12))}`)
    })
  }

  /** The feed has come to the shop's own number, and the shop's sales moved by so many units in all. */
  readonly inStep = async (id: string, moved: number): Promise<void> => {
    const truth = await this.shop.stockOf(id)
    const isThere = (): boolean => this.feed.stock(id) === truth && this.feed.moved(id) === moved
    await this.seen(`${id} has ${truth} and moved ${moved}`, isThere)
  }

  /** As the engine does: the same operations until the shop has answered. */
  readonly adjust = async (adjustments: readonly Adjustment[]): Promise<readonly AdjustmentResult[]> => {
    const ask = async (): Promise<readonly AdjustmentResult[] | null> => {
      try {
        return await this.shop.connector.adjust(adjustments, never)
      } catch (error) {
        if (error instanceof ConnectorError) return null
        throw error
      }
    }
    return eventually('the shop answers the adjustments', ask, this.patience())
  }

  /**
   * A sale that a write of ours overwrote is found and told, and the engine then takes it off the shop's number: here
   * the suite does what the engine would do, until the shop is at the network's level.
   */
  readonly settled = async (id: string, { moved, level }: { moved: number; level: number }): Promise<void> => {
    const key = skuKey(this.feed.rowsOf(id)[0]?.sku ?? '') ?? ''
    const step = async (): Promise<boolean> => {
      await this.feed.read()
      const stock = this.feed.stock(id) ?? 0
      if (this.feed.moved(id) !== moved) return false
      if (stock === level) return (await this.shop.stockOf(id)) === level
      await this.adjust([{ opId: this.nextOperation(), stockId: id, key, delta: level - stock }])
      return false
    }
    await eventually(`${id} comes to ${level}`, step, this.patience()).catch((error: unknown) => {
      throw new Error(`${String(error)}; the feed: ${JSON.stringify(this.feed.rowsOf(id))}`)
    })
  }

  readonly list = async (): Promise<StockRow[]> => {
    const rows: StockRow[] = []
    let after: string | null = null
    do {
      const page = await this.shop.connector.list({ after, limit: 10 }, never)
      rows.push(...page.items)
      after = page.next
    } while (after !== null)
    return rows
  }

  readonly codeOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'answered',
      (error: unknown) => (error instanceof ConnectorError ? error.code : error),
    )

  /** The hook, or a skip that says why this shop cannot show the case. */
  readonly hook = <Name extends keyof ShopUnderTest>(
    context: TestContext,
    name: Name,
  ): NonNullable<ShopUnderTest[Name]> => {
    const found = this.shop[name]
    if (found !== undefined && found !== null) {
      return (typeof found === 'function' ? found.bind(this.shop) : found) as NonNullable<ShopUnderTest[Name]>
    }
    const why = this.shop.cannot[name]
    if (why === undefined) throw new Error(`the shop says neither how to show "${String(name)}" nor why it cannot`)
    return context.skip(why)
  }

  readonly breakNext = (context: TestContext, fault: Fault, call: FaultyCall): void => {
    const why = this.shop.cannot[fault]
    if (why !== undefined) context.skip(why)
    this.hook(context, 'breakNext')(fault, call)
  }
}

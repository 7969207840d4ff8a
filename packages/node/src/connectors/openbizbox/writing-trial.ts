/**
 * The trial of the writing: units of a product that the merchant picked are taken away and given back, to find out what
 * the platform's documents leave open. It never shows more than there is, and it leaves the product as it was, less what
 * was bought meanwhile; where it cannot, its error says what the stock should be.
 */
import type { Clock } from '../../ports.ts'
import { ConnectorError } from '../connector.ts'
import { anything, mapping, type Product } from './answers.ts'
import { readProduct } from './catalogue.ts'
import { CallRefused, type OpenBizBoxClient } from './client.ts'
import { trialStockMax, trialStockMin, trialWritesAtOnce } from './limits.ts'
import { OpenBatch } from './open-batch.ts'
import { linesOfOrder, markOfNow, readOrders } from './order-book.ts'
import { stockIn } from './product-rows.ts'
import type { ProbeResult } from './probe-result.ts'
import { type StockIdParts, stockIdOf } from './stock-id.ts'
import { diffBody } from './stock-writer.ts'
import { judgeWrites } from './write-judgement.ts'

export interface TrialOutcome {
  readonly probe: ProbeResult
  /** What was found, in sentences. */
  readonly findings: readonly string[]
}

/** Errors: `product-unfit`, `trial-disturbed`, and those of every call. */
export async function tryWriting(
  client: OpenBizBoxClient,
  sku: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<TrialOutcome> {
  const parts = await findVariant(client, sku, signal)
  const trial = await Trial.begin(client, parts, signal)
  const batches = await OpenBatch.open(null, client, clock)
  const findings: string[] = []
  let reachesVariant = false
  let isAtomic = false
  let stopsAtZero = true
  let worksInBatch = false
  try {
    const astray = await trial.findAstray()
    reachesVariant = astray === null
    if (astray !== null) findings.push(astray)
    else {
      isAtomic = await trial.addsUp()
      if (!isAtomic)
        findings.push(
          'Changes at the same moment were lost, so stock is set as a number and checked against the orders.',
        )
      stopsAtZero = await trial.isCutAtZero()
      if (stopsAtZero) findings.push('The shop does not go below zero, so nothing is written below zero.')
      const sends = batches.run.bind(batches)
      const inBatch = isAtomic && !stopsAtZero ? await trial.goesThroughBatch(sends) : 'no'
      worksInBatch = inBatch === 'yes'
      if (inBatch === 'no' && isAtomic && !stopsAtZero)
        findings.push('A change in a batch has no effect, so each is sent by itself.')
    }
  } finally {
    await trial.end()
  }
  if (reachesVariant && isAtomic && !stopsAtZero)
    findings.push('The shop adds changes up, so sales at the same moment are kept.')
  return { probe: { at: clock.now(), reachesVariant, isAtomic, stopsAtZero, worksInBatch }, findings }
}

class Trial {
  readonly #client: OpenBizBoxClient
  readonly #parts: StockIdParts
  #signal: AbortSignal
  readonly #first: Product
  readonly #stock: number
  readonly #soldSince: (signal: AbortSignal) => Promise<number>

  private constructor(
    client: OpenBizBoxClient,
    parts: StockIdParts,
    signal: AbortSignal,
    {
      first,
      stock,
      sold,
    }: { readonly first: Product; readonly stock: number; readonly sold: (signal: AbortSignal) => Promise<number> },
  ) {
    this.#client = client
    this.#parts = parts
    this.#signal = signal
    this.#first = first
    this.#stock = stock
    this.#soldSince = sold
  }

  static async begin(client: OpenBizBoxClient, parts: StockIdParts, signal: AbortSignal): Promise<Trial> {
    const mark = await markOfNow(client, signal)
    const first = await readProduct(client, parts.productId, signal)
    const stock = first === null ? null : stockIn(first, parts.variantId)
    if (first === null || first.is_set || stock === null || stock < trialStockMin || stock > trialStockMax) {
      throw new ConnectorError(
        'product-unfit',
        `The trial needs a product, no set, with ${trialStockMin} to ${trialStockMax} units in stock. Pick another one.`,
      )
    }
    const stockId = stockIdOf(parts.productId, parts.variantId)
    const sold = async (asked: AbortSignal): Promise<number> => {
      const lines = (await readOrders(client, mark, asked)).orders
        .filter(({ id }) => id > mark.id)
        .flatMap(linesOfOrder)
      return lines.filter((line) => line.stockId === stockId).reduce((sum, { delta }) => sum + delta, 0)
    }
    return new Trial(client, parts, signal, { first, stock, sold })
  }

  /** Whether -1 with the variant's id reaches that variant: null, else what happened. */
  async findAstray(): Promise<string | null> {
    const before = await this.#read()
    await this.#add(-1, before)
    const after = await this.#read()
    const stockId = stockIdOf(this.#parts.productId, this.#parts.variantId)
    const { stop } = judgeWrites(before, after, [{ opId: '', stockId, delta: -1, expected: this.#stock }])
    if (stop !== null) return await this.#mend(after, stop)
    if (this.#stockOf(after) === this.#stockOf(before))
      return 'A relative change has no effect in this shop, so stock is set as a number.'
    await this.#assertStock(after, -1)
    await this.#add(1, after)
    await this.#assertStock(await this.#read(), 0)
    return null
  }

  /** Whether as many changes at the same moment, down and up again, all count. */
  async addsUp(): Promise<boolean> {
    let isExact = true
    for (const delta of [-1, 1]) {
      const before = await this.#read()
      const had = this.#stockOf(before)
      const soldBefore = await this.#sold()
      await Promise.all(Array.from({ length: trialWritesAtOnce }, () => this.#add(delta, before)))
      const now = this.#stockOf(await this.#read())
      const sold = (await this.#sold()) - soldBefore
      if (now !== had + delta * trialWritesAtOnce + sold) isExact = false
    }
    await this.#restore()
    return isExact
  }

  /** A stock below zero is shown for a moment; a shop that refuses it is one that does not go there. */
  async isCutAtZero(): Promise<boolean> {
    const before = await this.#read()
    try {
      await this.#add(-this.#stockOf(before) - 1, before)
    } catch (error) {
      if (error instanceof CallRefused && error.status !== 403 && error.code !== 'key-rejected') return true
      throw error
    }
    const now = this.#stockOf(await this.#read())
    await this.#restore()
    return now >= 0
  }

  /** -1 and +1, each as a batch of one. */
  async goesThroughBatch(send: OpenBatch['run']): Promise<'yes' | 'no'> {
    for (const [delta, left] of [
      [-1, -1],
      [1, 0],
    ] as const) {
      const before = await this.#read()
      const stockId = stockIdOf(this.#parts.productId, this.#parts.variantId)
      const body = diffBody(before, [{ opId: '', stockId, delta, expected: 0 }])
      const operation = { url: `/api/v3/products/${this.#parts.productId}.json`, method: 'PUT', body } as const
      const outcome = await send([operation], [this.#parts.productId], this.#signal)
      const after = await this.#read()
      if (outcome !== 'done' || after.variants?.length !== before.variants?.length) return 'no'
      if (this.#stockOf(after) !== this.#stock + left + (await this.#sold())) return 'no'
    }
    return 'yes'
  }

  /** Gives back what is still missing, also where the trial was called off. */
  async end(): Promise<void> {
    this.#signal = new AbortController().signal
    await this.#restore()
  }

  /** The stock as it was, less what was bought meanwhile. */
  async #restore(): Promise<void> {
    const wanted = this.#stock + (await this.#sold())
    const now = await this.#read()
    if (this.#stockOf(now) === wanted) return
    const path = `/api/v3/products/${this.#parts.productId}/variants/${this.#parts.variantId}.json`
    await this.#client.ask({ method: 'PUT', path, body: { quantity: wanted }, schema: anything }, this.#signal)
    if (this.#stockOf(await this.#read()) === this.#stock + (await this.#sold())) return
    throw this.#disturbed()
  }

  /** Another variant that was changed instead gets its number back. */
  async #mend(after: Product, why: string): Promise<string> {
    for (const { id, quantity } of this.#first.variants ?? []) {
      const now = after.variants?.find((variant) => variant.id === id)
      if (id === this.#parts.variantId || now === undefined || now.quantity === quantity) continue
      const path = `/api/v3/products/${this.#parts.productId}/variants/${id}.json`
      await this.#client.ask({ method: 'PUT', path, body: { quantity }, schema: anything }, this.#signal)
    }
    return why
  }

  async #add(delta: number, product: Product): Promise<void> {
    const stockId = stockIdOf(this.#parts.productId, this.#parts.variantId)
    const path = `/api/v3/products/${this.#parts.productId}.json`
    const body = diffBody(product, [{ opId: '', stockId, delta, expected: 0 }])
    await this.#client.ask({ method: 'PUT', path, body, schema: anything }, this.#signal)
  }

  #sold(): Promise<number> {
    return this.#soldSince(this.#signal)
  }

  async #read(): Promise<Product> {
    const product = await readProduct(this.#client, this.#parts.productId, this.#signal)
    if (product === null || stockIn(product, this.#parts.variantId) === null) throw this.#disturbed()
    return product
  }

  #stockOf(product: Product): number {
    return stockIn(product, this.#parts.variantId) ?? 0
  }

  async #assertStock(product: Product, change: number): Promise<void> {
    if (this.#stockOf(product) !== this.#stock + change + (await this.#sold())) throw this.#disturbed()
  }

  #disturbed(): ConnectorError {
    return new ConnectorError(
      'trial-disturbed',
      `The product was changed during the trial. It had ${this.#stock} before: set it right in the shop, and try again with a product that nobody changes now.`,
    )
  }
}

async function findVariant(client: OpenBizBoxClient, sku: string, signal: AbortSignal): Promise<StockIdParts> {
  const call = {
    method: 'POST',
    path: '/api/v3/products/mapping.json',
    body: { models: [sku] },
    schema: mapping,
  } as const
  const found = (await client.ask(call, signal)).value.filter(({ model }) => model === null || model === sku)
  const [only] = found
  if (only === undefined || found.length > 1) {
    const why = only === undefined ? 'is on no product of the shop' : 'is on several products of the shop'
    throw new ConnectorError(
      'product-unfit',
      `The model/varenr. ${sku} ${why}. Pick a product by one that is there once.`,
    )
  }
  return { productId: only.product_id, variantId: only.variant_id }
}

/**
 * Writing stock: by `quantity_diff` where a trial has shown that the shop adds it in one step, else by setting a number
 * that was read just before. Every product is read before and after, and a shop that adds variants or changes another
 * one than was meant is written to no more, also after a restart.
 */
import { ConnectorError } from '../connector.ts'
import type { StockWrite, StockWriteResult } from '../observed/observed-shop.ts'
import { anything, type Product, type Variant } from './answers.ts'
import { readProduct, readProducts } from './catalogue.ts'
import { CallRefused, type OpenBizBoxClient } from './client.ts'
import { batchProductsMin, callsAtOnceMax } from './limits.ts'
import type { OpenBatch } from './open-batch.ts'
import { stockOf } from './product-rows.ts'
import { partsOfStockId } from './stock-id.ts'
import { judgeWrites } from './write-judgement.ts'
import type { WriteStop } from './write-stop.ts'

export interface WriterOptions {
  readonly way: 'relative' | 'absolute'
  /** The stock of this place is written; null: the shop's whole stock. */
  readonly place: number | null
  readonly usesBatches: boolean
}

export class StockWriter {
  readonly #client: OpenBizBoxClient
  readonly #options: WriterOptions
  readonly #stop: WriteStop
  readonly #batch: OpenBatch
  /** A batch would do what goes wrong to hundreds of products at once, so one write by itself goes first. */
  #hasWritten = false

  constructor(client: OpenBizBoxClient, options: WriterOptions, stop: WriteStop, batch: OpenBatch) {
    this.#client = client
    this.#options = options
    this.#stop = stop
    this.#batch = batch
  }

  async write(writes: readonly StockWrite[], signal: AbortSignal): Promise<readonly StockWriteResult[]> {
    const results = new Map<string, StockWriteResult>()
    const unsettled = await this.#batch.unsettled(signal)
    const groups = groupsOf(writes).filter(([write]) => !unsettled.has(productIdOf(write)))
    if (this.#options.usesBatches && groups.length >= batchProductsMin) {
      const first = this.#hasWritten ? undefined : groups.shift()
      if (first !== undefined)
        for (const result of await this.#writeProduct(first, signal)) results.set(result.opId, result)
      if (this.#stop.reason === null) {
        for (const result of await this.#writeBatch(groups.splice(0), signal)) results.set(result.opId, result)
      }
    }
    let failure: { readonly error: unknown } | null = null
    const work = async (): Promise<void> => {
      for (let group = groups.shift(); group !== undefined && failure === null; group = groups.shift()) {
        try {
          for (const result of await this.#writeProduct(group, signal)) results.set(result.opId, result)
        } catch (error) {
          failure ??= { error }
        }
      }
    }
    await Promise.all(Array.from({ length: Math.min(callsAtOnceMax, groups.length) }, work))
    signal.throwIfAborted()
    const caught = failure as { readonly error: unknown } | null
    // What was done is told; a write that was never tried is read back like one whose answer was lost.
    if (caught !== null && results.size === 0) throw caught.error
    return writes.map((write) => results.get(write.opId) ?? unknown(write))
  }

  async #writeProduct(writes: readonly StockWrite[], signal: AbortSignal): Promise<readonly StockWriteResult[]> {
    const productId = partsOfStockId(writes[0]?.stockId ?? '')?.productId
    if (productId === undefined) return writes.map((write) => refused(write, 'row-gone'))
    if (this.#stop.reason !== null) return writes.map((write) => refused(write, 'not-writable'))
    const before = await readProduct(this.#client, productId, signal)
    const { free, held } = this.#sortOut(before, writes)
    if (before === null || free.length === 0) return held
    return [...held, ...(await this.#send(before, free, signal))]
  }

  async #writeBatch(groups: readonly StockWrite[][], signal: AbortSignal): Promise<readonly StockWriteResult[]> {
    const before = await readProducts(
      this.#client,
      groups.map(([write]) => productIdOf(write)),
      signal,
    )
    const results: StockWriteResult[] = []
    const sent: { readonly product: Product; readonly writes: readonly StockWrite[] }[] = []
    for (const writes of groups) {
      const product = before.get(productIdOf(writes[0])) ?? null
      const { free, held } = this.#sortOut(product, writes)
      results.push(...held)
      if (product !== null && free.length > 0) sent.push({ product, writes: free })
    }
    if (sent.length === 0) return results
    const productIds = sent.map(({ product }) => product.id)
    const operations = sent.map(({ product, writes }) => {
      return { url: `/api/v3/products/${product.id}.json`, method: 'PUT', body: diffBody(product, writes) } as const
    })
    const outcome = await this.#batch.run(operations, productIds, signal)
    const written = sent.flatMap(({ writes }) => writes)
    if (outcome === 'refused') return [...results, ...written.map((write) => refused(write, 'not-writable'))]
    if (outcome === 'lost') return [...results, ...written.map(unknown)]
    // Which operation an error of a batch is about is not published in full, so every product is read again.
    const after = await readProducts(this.#client, productIds, signal).catch((error: unknown) => {
      signal.throwIfAborted()
      if (error instanceof ConnectorError) return new Map<number, Product>()
      throw error
    })
    for (const { product, writes } of sent) {
      const now = after.get(product.id)
      results.push(...(now === undefined ? writes.map(unknown) : await this.#judge(product, now, writes)))
    }
    return results
  }

  #sortOut(product: Product | null, writes: readonly StockWrite[]): { free: StockWrite[]; held: StockWriteResult[] } {
    const checked = writes.map((write) => ({
      write,
      code: product === null ? 'row-gone' : this.#hindrance(product, write),
    }))
    return {
      free: checked.flatMap(({ write, code }) => (code === null ? [write] : [])),
      held: checked.flatMap(({ write, code }) => (code === null ? [] : [refused(write, code)])),
    }
  }

  async #judge(before: Product, after: Product, writes: readonly StockWrite[]): Promise<readonly StockWriteResult[]> {
    const { results, stop } = judgeWrites(before, after, writes)
    if (stop !== null) await this.#stop.set(stop)
    else if (results.some(({ status }) => status === 'applied')) this.#hasWritten = true
    return results
  }

  #hindrance(product: Product, { stockId }: StockWrite): string | null {
    const variant = variantOf(product, stockId)
    if (variant === undefined) return 'row-gone'
    if (product.is_set) return 'not-writable'
    const stock = stockOf(variant, this.#options.place)
    if (!stock.ok) return 'not-writable'
    return stock.value === null ? 'untracked' : null
  }

  async #send(
    before: Product,
    writes: readonly StockWrite[],
    signal: AbortSignal,
  ): Promise<readonly StockWriteResult[]> {
    if (this.#options.way === 'relative') return this.#sendDiffs(before, writes, signal)
    const results: StockWriteResult[] = []
    for (const write of writes) results.push(await this.#sendNumber(before, write, signal))
    return results
  }

  async #sendDiffs(
    before: Product,
    writes: readonly StockWrite[],
    signal: AbortSignal,
  ): Promise<readonly StockWriteResult[]> {
    const path = `/api/v3/products/${before.id}.json`
    const sent = await this.#put(path, diffBody(before, writes), signal)
    if (sent === 'refused') return writes.map((write) => refused(write, 'not-writable'))
    if (sent === 'unknown') return writes.map(unknown)
    const after = await this.#readAfter(before.id, signal)
    return after === null ? writes.map(unknown) : this.#judge(before, after, writes)
  }

  async #sendNumber(before: Product, write: StockWrite, signal: AbortSignal): Promise<StockWriteResult> {
    const { opId, stockId, delta } = write
    const variant = variantOf(before, stockId)
    const stock = variant === undefined ? null : stockOf(variant, this.#options.place)
    if (variant === undefined || stock === null || !stock.ok || stock.value === null) return refused(write, 'row-gone')
    // From the number that was read just now: a sale since `expected` was read is kept, and is seen as a change.
    const target = stock.value + delta
    const path = `/api/v3/products/${before.id}/variants/${variant.id}.json`
    const sent = await this.#put(path, numberBody(variant, this.#options.place, target), signal)
    if (sent === 'refused') return refused(write, 'not-writable')
    if (sent === 'unknown') return { opId, status: 'unknown' }
    const after = await this.#readAfter(before.id, signal)
    const now = after === null ? undefined : variantOf(after, stockId)
    const read = now === undefined ? null : stockOf(now, this.#options.place)
    return { opId, status: 'applied', stock: read?.ok === true && read.value === target ? target : null }
  }

  async #put(path: string, body: object, signal: AbortSignal): Promise<'sent' | 'refused' | 'unknown'> {
    try {
      await this.#client.ask({ method: 'PUT', path, body, schema: anything }, signal)
      return 'sent'
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof CallRefused) {
        if (error.code === 'key-rejected' || error.status === 403 || error.status === 429) throw error
        return 'refused'
      }
      if (error instanceof ConnectorError) return 'unknown'
      throw error
    }
  }

  /** The write is done by then, so an answer that does not come takes nothing from it. */
  async #readAfter(productId: number, signal: AbortSignal): Promise<Product | null> {
    try {
      return await readProduct(this.#client, productId, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof ConnectorError) return null
      throw error
    }
  }
}

/**
 * Every variant of the product by its id, in the order in which the shop gave them: whether one that is left out stays,
 * and whether the shop goes by the id or by the place in the list, is not published.
 */
export function diffBody(product: Product, writes: readonly StockWrite[]): object {
  const deltas = new Map(writes.map(({ stockId, delta }) => [partsOfStockId(stockId)?.variantId, delta]))
  const variants = (product.variants ?? []).map(({ id }) => {
    const delta = deltas.get(id)
    return delta === undefined ? { id } : { id, quantity_diff: delta }
  })
  return { variants }
}

function numberBody(variant: Variant, place: number | null, quantity: number): object {
  if (place === null) return { quantity }
  const others = (variant.place_stocks ?? []).map(({ place: id, local_quantity: units }) => ({
    place: id,
    local_quantity: id === place ? quantity : units,
  }))
  return { place_stocks: others }
}

function variantOf(product: Product, stockId: string): Variant | undefined {
  const id = partsOfStockId(stockId)?.variantId
  return product.variants?.find((variant) => variant.id === id)
}

function productIdOf(write: StockWrite | undefined): number {
  return partsOfStockId(write?.stockId ?? '')?.productId ?? 0
}

function unknown({ opId }: StockWrite): StockWriteResult {
  return { opId, status: 'unknown' }
}

function refused({ opId }: StockWrite, code: string): StockWriteResult {
  return { opId, status: 'refused', code }
}

/** Writes of one product go together; a second write of the same variant waits for the next group. */
function groupsOf(writes: readonly StockWrite[]): StockWrite[][] {
  const groups = new Map<string, StockWrite[]>()
  for (const write of writes) {
    const key = String(partsOfStockId(write.stockId)?.productId ?? write.stockId)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [write])
    else group.push(write)
  }
  return [...groups.values()]
}

/**
 * Reading products: pages by id, and products by their ids. How many products a page holds, and whether `from` includes
 * the id that it names, is not published: a page is the last one only where nothing comes after it, and a product is
 * gone only where the shop says so of that product.
 */
import { answerInvalid } from '../shop-exchange.ts'
import { CallRefused, type OpenBizBoxClient } from './client.ts'
import { product, type Product, products } from './answers.ts'
import { pageItemsAsked, productsPerReadMax } from './limits.ts'

export interface ProductPage {
  readonly items: readonly Product[]
  /** The last product's id; null: nothing came after `after`. */
  readonly last: number | null
  /** What the shop's clock showed at the first answer; null where it does not say. */
  readonly shopTime: number | null
}

/** Products with ids above `after`, in the order of their ids. `filter` is a further part of the query. */
export async function readPage(
  client: OpenBizBoxClient,
  { after, limit, filter }: { after: number; limit: number; filter: string },
  signal: AbortSignal,
): Promise<ProductPage> {
  const asked = Math.max(3, Math.min(limit, pageItemsAsked))
  let shopTime: number | null = null
  // Whatever `from` includes, one of these begins behind `after` without leaving out a product.
  const starts = after === 0 ? [0] : [after - 1, after, after + 1]
  for (const from of starts) {
    const path = `/api/v3/products.json?limit=${asked}&from=${from}${filter}`
    const answer = await client.ask({ method: 'GET', path, schema: products }, signal)
    shopTime ??= answer.shopTime
    assertAscending(answer.value, from)
    const items = answer.value.filter(({ id }) => id > after)
    const last = items.at(-1)
    if (last !== undefined) return { items, last: last.id, shopTime }
  }
  return { items: [], last: null, shopTime }
}

/** Those of the products that the shop has; each is asked for until the shop gives it or says that it is gone. */
export async function readProducts(
  client: OpenBizBoxClient,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Product>> {
  const found = new Map<number, Product>()
  let missing = [...new Set(ids)]
  let gives = true
  while (missing.length > 0 && gives) {
    const some = missing.slice(0, productsPerReadMax)
    const path = `/api/v3/products.json?limit=${some.length}&ids=${some.join(',')}`
    const { value } = await client.ask({ method: 'GET', path, schema: products }, signal)
    for (const one of value) if (some.includes(one.id)) found.set(one.id, one)
    const before = missing.length
    missing = missing.filter((id) => !found.has(id))
    gives = missing.length < before
  }
  for (const id of missing) {
    const one = await readProduct(client, id, signal)
    if (one !== null) found.set(id, one)
  }
  return found
}

/** Null: the shop has no such product. */
export async function readProduct(client: OpenBizBoxClient, id: number, signal: AbortSignal): Promise<Product | null> {
  try {
    const { value } = await client.ask({ method: 'GET', path: `/api/v3/products/${id}.json`, schema: product }, signal)
    if (value.id !== id) throw answerInvalid('another product than the one that was asked for')
    return value
  } catch (error) {
    if (error instanceof CallRefused && (error.status === 404 || error.status === 410)) return null
    throw error
  }
}

function assertAscending(items: readonly Product[], from: number): void {
  let last = from - 1
  for (const { id } of items) {
    if (id <= last) throw answerInvalid('the products are not in the order of their ids')
    last = id
  }
}

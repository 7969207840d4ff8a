/**
 * Listing and reading the stock rows of a shop without a companion. `/products` leaves out the variations, which have a
 * list of their own since WooCommerce 10.3, where those that share a product's stock are asked for many products at once;
 * before that each product is asked for its variations.
 */
import { z } from 'zod'
import type { ObservedPage, ObservedRow } from '../observed/observed-shop.ts'
import { WooCommerceRefusal } from './client.ts'
import {
  ids,
  type Product,
  productFields,
  products,
  type Variation,
  variationFields,
  variations,
} from './rest-answers.ts'
import { firstPage, type PagePlace, pagePlace, type RestCalls } from './rest-calls.ts'
import { pageItemsMax } from './rest-limits.ts'
import { isPool, isVariable, partsOfStockId, rowOfProduct, rowOfVariation } from './rest-rows.ts'

/** A shop without a list of all variations has the products alone. */
type ListName = 'products' | 'variations'

/** Where reading the lists of a shop goes on. */
export interface ListPlace {
  readonly of: ListName
  readonly place: PagePlace
}

export const listPlace: z.ZodObject<{ of: z.ZodType<ListName>; place: z.ZodType<PagePlace> }> = z.object({
  of: z.enum(['products', 'variations']),
  place: pagePlace,
})

export class RestCatalogue {
  readonly #calls: RestCalls
  /** Whether the shop lists all variations; null: not asked yet. */
  #listsVariations: boolean | null = null

  constructor(calls: RestCalls) {
    this.#calls = calls
  }

  async list(after: string | null, signal: AbortSignal): Promise<ObservedPage> {
    const at: ListPlace = after === null ? { of: 'products', place: firstPage } : parseCursor(after)
    const page =
      at.of === 'products' ? await this.#listProducts(at.place, signal) : await this.#listVariations(at.place, signal)
    const next = await this.placeAfter(at.of, page.next, signal)
    return { items: page.items, next: next === null ? null : JSON.stringify(next), total: page.total }
  }

  /** Rows that the shop has; the others are absent. */
  async read(stockIds: readonly string[], signal: AbortSignal): Promise<readonly ObservedRow[]> {
    const wanted = stockIds.flatMap((stockId) => partsOfStockId(stockId) ?? [])
    const [parents, found] = await Promise.all([
      this.#products([...new Set(wanted.map(({ productId }) => productId))], signal),
      this.#variations(
        wanted.flatMap(({ productId, variationId }) => (variationId === null ? [] : [{ productId, variationId }])),
        signal,
      ),
    ])
    const own = wanted.flatMap(({ productId, variationId }) =>
      variationId === null ? (parents.get(productId) ?? []) : [],
    )
    const ofPools = await this.#variationsOfEach(own.filter(isPool), signal)
    const rows = own.map((one) => rowOfProduct(one, ofPools.get(one.id) ?? []))
    const ofVariations = found.map((one) => rowOfVariation(one, parents.get(one.parent_id)))
    return [...rows, ...ofVariations].filter((row) => row !== null)
  }

  /** Ids of rows that may have changed since then, by the shop's clock in milliseconds since 1970. */
  async changed(
    of: ListName,
    since: number,
    at: PagePlace,
    signal: AbortSignal,
  ): Promise<{
    readonly stockIds: readonly string[]
    readonly next: PagePlace | null
    readonly shopTime: number | null
  }> {
    const query = `modified_after=${timeText(since)}&dates_are_gmt=true&_fields=`
    if (of === 'products') {
      const asked = { path: '/products', query: `${query}id&status=any`, schema: ids }
      const { items, next, shopTime } = await this.#calls.page(asked, at, signal)
      return { stockIds: items.map(({ id }) => String(id)), next, shopTime }
    }
    const asked = { path: '/variations', query: `${query}${variationFields}`, schema: variations }
    const { items, next, shopTime } = await this.#calls.page(asked, at, signal)
    const stockIds = items.flatMap(({ id, parent_id: parent }) => [`${parent}-${id}`, String(parent)])
    return { stockIds: [...new Set(stockIds)], next, shopTime }
  }

  /** `next`: as the page of the list told it. null: the last list was read. */
  async placeAfter(of: ListName, next: PagePlace | null, signal: AbortSignal): Promise<ListPlace | null> {
    if (next !== null) return { of, place: next }
    const isOver = of === 'variations' || !(await this.#hasVariationList(signal))
    return isOver ? null : { of: 'variations', place: firstPage }
  }

  async #hasVariationList(signal: AbortSignal): Promise<boolean> {
    if (this.#listsVariations !== null) return this.#listsVariations
    try {
      await this.#calls.get('/variations', 'per_page=1&_fields=id', ids, signal)
      this.#listsVariations = true
    } catch (error) {
      if (!(error instanceof WooCommerceRefusal) || error.reason !== 'rest_no_route') throw error
      this.#listsVariations = false
    }
    return this.#listsVariations
  }

  async #listProducts(at: PagePlace, signal: AbortSignal) {
    const asked = { path: '/products', query: `status=any&_fields=${productFields}`, schema: products }
    const { items, next, total } = await this.#calls.page(asked, at, signal)
    const listsAll = await this.#hasVariationList(signal)
    const variationsOf = await this.#variationsOfEach(items.filter(listsAll ? isPool : isVariable), signal)
    const rows: ObservedRow[] = []
    for (const item of items) {
      const its = variationsOf.get(item.id) ?? []
      const row = rowOfProduct(item, its)
      if (row !== null) rows.push(row)
      if (!listsAll) rows.push(...its.flatMap((one) => rowOfVariation(one, item) ?? []))
    }
    return { items: rows, next, total }
  }

  async #listVariations(at: PagePlace, signal: AbortSignal) {
    const asked = { path: '/variations', query: `status=any&_fields=${variationFields}`, schema: variations }
    const { items, next, total } = await this.#calls.page(asked, at, signal)
    const parents = await this.#products([...new Set(items.map(({ parent_id: parent }) => parent))], signal)
    return { items: items.flatMap((one) => rowOfVariation(one, parents.get(one.parent_id)) ?? []), next, total }
  }

  async #products(wanted: readonly number[], signal: AbortSignal): Promise<ReadonlyMap<number, Product>> {
    const found = new Map<number, Product>()
    for (const some of partsOf(wanted)) {
      const query = `status=any&include=${some.join(',')}&per_page=${pageItemsMax}&_fields=${productFields}`
      const { value } = await this.#calls.get('/products', query, products, signal)
      for (const one of value) if (some.includes(one.id)) found.set(one.id, one)
    }
    return found
  }

  async #variations(
    wanted: readonly { readonly productId: number; readonly variationId: number }[],
    signal: AbortSignal,
  ): Promise<readonly Variation[]> {
    if (wanted.length === 0) return []
    const found: Variation[] = []
    const take = (some: readonly number[], value: readonly Variation[]): void => {
      found.push(...value.filter(({ id }) => some.includes(id)))
    }
    if (await this.#hasVariationList(signal)) {
      for (const some of partsOf(wanted.map(({ variationId }) => variationId))) {
        const query = `status=any&include=${some.join(',')}&per_page=${pageItemsMax}&_fields=${variationFields}`
        take(some, (await this.#calls.get('/variations', query, variations, signal)).value)
      }
      return found
    }
    for (const parent of new Set(wanted.map(({ productId }) => productId))) {
      const some = wanted.filter(({ productId }) => productId === parent).map(({ variationId }) => variationId)
      take(some, await this.#variationsOf(parent, signal, `&include=${some.join(',')}`))
    }
    return found
  }

  /** By product. One that names none of its variations is asked itself: not each kind of variable product names them. */
  async #variationsOfEach(
    wanted: readonly Product[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, readonly Variation[]>> {
    const found = new Map<number, readonly Variation[]>()
    const listsAll = wanted.length > 0 && (await this.#hasVariationList(signal))
    const named = listsAll ? wanted.filter(({ variations: its }) => its.length > 0) : []
    const pairs = named.flatMap(({ id: productId, variations: its }) =>
      its.map((variationId) => ({ productId, variationId })),
    )
    for (const one of await this.#variations(pairs, signal)) {
      found.set(one.parent_id, [...(found.get(one.parent_id) ?? []), one])
    }
    for (const one of wanted) {
      if (!named.includes(one)) found.set(one.id, await this.#variationsOf(one.id, signal))
    }
    return found
  }

  async #variationsOf(productId: number, signal: AbortSignal, more = ''): Promise<readonly Variation[]> {
    const path = `/products/${productId}/variations`
    const asked = { path, query: `status=any&_fields=${variationFields}${more}`, schema: variations }
    try {
      // Asked of their product, they do not all say whose they are.
      return (await this.#calls.all(asked, signal)).map((one) => ({ ...one, parent_id: productId }))
    } catch (error) {
      if (error instanceof WooCommerceRefusal && error.status === 404) return []
      throw error
    }
  }
}

/** As WordPress takes it, in UTC and without the zone. */
export function timeText(at: number): string {
  return encodeURIComponent(new Date(Math.max(0, at)).toISOString().slice(0, 19))
}

function parseCursor(text: string): ListPlace {
  return listPlace.parse(JSON.parse(text))
}

function* partsOf(all: readonly number[]): Iterable<readonly number[]> {
  for (let from = 0; from < all.length; from += pageItemsMax) yield all.slice(from, from + pageItemsMax)
}

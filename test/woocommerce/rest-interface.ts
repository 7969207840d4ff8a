/**
 * The REST interface (v3) of a stand-in WooCommerce shop with its traps: pages by offset that shift, a hundred items at
 * most, `/products` without variations, times of whole seconds, a strict "after", batches whose errors stand inside a
 * 200, and a yes to writes that change nothing.
 */
import type { StandInOrder, StandInProduct, StandInStock } from './rest-stock.ts'

export interface RestAnswer {
  readonly status: number
  readonly body: unknown
  readonly total?: number
}

export interface RestSwitches {
  /** Since 10.3 there is a list of all variations. */
  readonly listsVariations: boolean
  readonly batchMax: number
}

export interface StandInWebhook {
  readonly id: number
  topic: string
  status: string
  delivery_url: string
  secret: string
  failures: number
}

export class RestInterface {
  readonly webhooks: StandInWebhook[] = []
  readonly #stock: StandInStock
  readonly #switches: RestSwitches

  constructor(stock: StandInStock, switches: Partial<RestSwitches> = {}) {
    this.#stock = stock
    this.#switches = { listsVariations: true, batchMax: 100, ...switches }
  }

  async answer(method: string, path: string, query: URLSearchParams, body: unknown): Promise<RestAnswer> {
    const [, of, id, more, moreId] = /^\/wc\/v3\/(\w+)(?:\/(\w+))?(?:\/(\w+))?(?:\/(\w+))?$/.exec(path) ?? []
    if (of === 'orders' && method === 'GET') return this.#list([...this.#stock.orders.values()], query, showOrder)
    if (of === 'webhooks') return this.#webhook(method, id, body as Record<string, string>)
    if (of === 'variations' && method === 'GET' && this.#switches.listsVariations) {
      return this.#list(
        this.#products((one) => one.parentId !== 0),
        query,
        (one) => this.#show(one),
      )
    }
    if (of !== 'products') return noRoute
    if (id === undefined)
      return this.#list(
        this.#products((one) => one.parentId === 0),
        query,
        (one) => this.#show(one),
      )
    if (id === 'batch') return this.#batch(body, 0)
    if (more === undefined) return this.#one(method, Number(id), 0, body)
    const parent = Number(id)
    if (more !== 'variations' || this.#stock.products.get(parent) === undefined) return noProduct
    if (moreId === undefined) {
      const its = this.#products((one) => one.parentId === parent)
      return this.#list(its, query, (one) => this.#show({ ...one, parentId: 0 }))
    }
    return moreId === 'batch' ? this.#batch(body, parent) : this.#one(method, Number(moreId), parent, body)
  }

  #products(wanted: (product: StandInProduct) => boolean): StandInProduct[] {
    return [...this.#stock.products.values()].filter(wanted)
  }

  #list<T extends { readonly id: number; readonly modifiedAt: number; readonly status?: string }>(
    all: readonly T[],
    query: URLSearchParams,
    show: (item: T) => unknown,
  ): RestAnswer {
    const perPage = Number(query.get('per_page') ?? 10)
    if (perPage > 100) return { status: 400, body: { code: 'rest_invalid_param', message: 'per_page' } }
    const after = query.get('modified_after')
    const since = after === null ? Number.NEGATIVE_INFINITY : Date.parse(`${after}Z`)
    const include = query.get('include')?.split(',').map(Number)
    const isTrash = query.get('status') === 'trash'
    const sign = query.get('order') === 'desc' ? -1 : 1
    const found = all
      .filter(({ status }) => status === undefined || (status === 'trash') === isTrash)
      .filter(({ id }) => include === undefined || include.includes(id))
      .filter(({ modifiedAt }) => Math.floor(modifiedAt / 1_000) * 1_000 > since)
      .sort((left, right) => sign * (left.id - right.id))
    const offset = Number(query.get('offset') ?? 0)
    return { status: 200, body: found.slice(offset, offset + perPage).map(show), total: found.length }
  }

  async #one(method: string, id: number, parent: number, body: unknown): Promise<RestAnswer> {
    const product = this.#stock.products.get(id)
    if (product === undefined || product.parentId !== parent) return noProduct
    if (method === 'PUT') await this.#stock.write(id, body as Record<string, unknown>)
    return { status: 200, body: this.#show(product) }
  }

  async #batch(body: unknown, parent: number): Promise<RestAnswer> {
    const { update } = body as { update: ({ id: number } & Record<string, unknown>)[] }
    if (update.length > this.#switches.batchMax) {
      return { status: 413, body: { code: 'woocommerce_rest_request_entity_too_large' } }
    }
    const items: unknown[] = []
    for (const item of update) {
      const { status, body: answer } = await this.#one('PUT', item.id, parent, item)
      items.push(status === 200 ? answer : { id: item.id, error: answer })
    }
    return { status: 200, body: { update: items } }
  }

  #webhook(method: string, id: string | undefined, body: Record<string, string>): RestAnswer {
    if (method === 'GET') return { status: 200, body: this.webhooks, total: this.webhooks.length }
    if (method === 'POST') {
      const { topic = '', delivery_url = '', secret = '', status = '' } = body
      this.webhooks.push({ id: 900 + this.webhooks.length, topic, delivery_url, secret, status, failures: 0 })
      return { status: 201, body: this.webhooks.at(-1) }
    }
    const found = this.webhooks.find((one) => one.id === Number(id))
    if (found === undefined) return { status: 404, body: { code: 'woocommerce_rest_shop_webhook_invalid_id' } }
    Object.assign(found, body)
    return { status: 200, body: found }
  }

  #show({ id, type, name, sku, manages, quantity, parentId, createdAt, modifiedAt }: StandInProduct): unknown {
    return {
      id,
      type,
      name,
      // A variation without a SKU shows its parent's.
      sku: sku === '' && parentId !== 0 ? (this.#stock.products.get(parentId)?.sku ?? '') : sku,
      manage_stock: manages,
      stock_quantity: manages === false ? null : manages === 'parent' ? this.#stock.holderOf(id).quantity : quantity,
      date_created_gmt: timeText(createdAt),
      date_modified_gmt: timeText(modifiedAt),
      // Another plugin's kind of variable product does not name its variations.
      variations: type === 'variable' ? this.#products((one) => one.parentId === id).map((one) => one.id) : [],
      ...(parentId === 0 ? {} : { parent_id: parentId }),
    }
  }
}

const noRoute: RestAnswer = { status: 404, body: { code: 'rest_no_route', message: 'No route', data: { status: 404 } } }
const noProduct: RestAnswer = { status: 404, body: { code: 'woocommerce_rest_product_invalid_id', message: 'Invalid' } }

function showOrder({ id, status, createdAt, modifiedAt, lines }: StandInOrder): unknown {
  return {
    id,
    number: `${id}`,
    status,
    date_created_gmt: timeText(createdAt),
    date_modified_gmt: timeText(modifiedAt),
    line_items: lines.map((line) => ({
      id: line.id,
      product_id: line.productId,
      variation_id: line.variationId,
      quantity: line.quantity,
      meta_data: line.reduced === null ? [] : [{ id: 1, key: '_reduced_stock', value: String(line.reduced) }],
    })),
  }
}

function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 19)
}

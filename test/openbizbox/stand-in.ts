/**
 * A stand-in for an OpenBizBox shop, as the vendor's documents describe it, with its traps. What the documents leave
 * open is a switch, so that a test can ask what the connector does in either case.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { matchesFiql } from './fiql.ts'

export interface Switches {
  /** The diff is added in one step; otherwise it is read, and a moment later written. */
  readonly diffIsAtomic: boolean
  /** What a variant that is sent with its id does: it is that one, a new one is added, or the place in the list counts. */
  readonly variantBy: 'id' | 'adds' | 'position'
  readonly batchTakesDiff: boolean
  readonly stopsAtZero: boolean
  readonly saleMovesUpdated: boolean
  readonly omittedVariants: 'stay' | 'go'
  readonly pageItemsMax: number
  /** How long a page of the list of products takes, in milliseconds. */
  readonly pageMs: number
  readonly fromIncludesItsId: boolean
  readonly ordersNewestFirst: boolean
  readonly ordersTellRefunds: boolean
  /** Every so many calls one is answered with 429; 0: none. */
  readonly busyEvery: number
  readonly tokenSeconds: number
  /** How far the shop's clock is ahead of ours, in milliseconds. */
  readonly clockAheadMs: number
  /** The zone in which the shop writes its times, in minutes. */
  readonly zoneMinutes: number
  /** First key of the results of a batch. */
  readonly batchCountsFrom: 0 | 1
}

const documented: Switches = {
  diffIsAtomic: true,
  variantBy: 'id',
  batchTakesDiff: true,
  stopsAtZero: false,
  saleMovesUpdated: true,
  omittedVariants: 'stay',
  pageItemsMax: 50,
  pageMs: 0,
  fromIncludesItsId: true,
  ordersNewestFirst: false,
  ordersTellRefunds: true,
  busyEvery: 0,
  tokenSeconds: 3_600,
  clockAheadMs: 0,
  zoneMinutes: 60,
  batchCountsFrom: 1,
}

export interface StandInVariant {
  id: number
  model: string
  quantity: number | string | null
  places: Map<number, number>
}

interface StandInProduct {
  readonly id: number
  readonly title: string
  readonly model: string
  readonly isSet: boolean
  isEnabled: boolean
  updatedAt: number
  variants: StandInVariant[]
}

interface StandInOrder {
  readonly id: number
  readonly createdAt: number
  modifiedAt: number
  isCancelled: boolean
  readonly lines: { readonly id: number; readonly productId: number; readonly variantId: number; quantity: number }[]
  readonly refunds: {
    readonly id: number
    readonly restock: boolean
    readonly lines: { readonly id: number; readonly quantity: number }[]
  }[]
}

interface Batch {
  readonly operations: readonly { url: string; method: string; body: Record<string, unknown> }[]
  done: number
  readonly results: Record<string, { error: string }>
}

export interface NewProduct {
  readonly title?: string
  readonly model?: string
  readonly isSet?: boolean
  readonly isEnabled?: boolean
  readonly variants: readonly {
    readonly model?: string
    readonly quantity: number | string | null
    readonly places?: Readonly<Record<number, number>>
  }[]
}

/** What happens to a call instead of its answer. `lose`: it is done, and the answer is lost. */
export type Fault = 'lose' | 'drop' | { readonly status: number; readonly body: string }

export interface SeenCall {
  readonly method: string
  readonly path: string
  readonly body: string
}

export const clientId = '1_test-client'
export const clientSecret = 'test-secret'
export const webhookSecret = 'webhook-secret'

export class StandIn implements AsyncDisposable {
  switches: Switches
  readonly products = new Map<number, StandInProduct>()
  readonly orders = new Map<number, StandInOrder>()
  readonly placeNames = new Map<number, string>()
  readonly calls: SeenCall[] = []
  /** Asked for each call of the interface; null: it goes on as usual. */
  fault: (call: SeenCall) => Fault | null = () => null
  /** Runs after a product was read and before it is answered to: a buyer between our read and our write. */
  afterRead: (productId: number) => void = () => undefined
  /** What the key may do. */
  mayWrite = true
  tokensGiven = 0
  readonly #server: Server
  readonly #tokens = new Map<string, number>()
  readonly #batches = new Map<number, Batch>()
  #nextId = 1
  #served = 0
  #clock: () => number = () => Date.now()

  private constructor(switches: Partial<Switches>) {
    this.switches = { ...documented, ...switches }
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  static async open(switches: Partial<Switches> = {}): Promise<StandIn> {
    const shop = new StandIn(switches)
    shop.#server.listen(0, '127.0.0.1')
    await once(shop.#server, 'listening')
    return shop
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Lets the shop go by a test's clock. */
  useClock(now: () => number): void {
    this.#clock = now
  }

  addProduct(wanted: NewProduct): number {
    const id = this.#newId(7)
    const variants = wanted.variants.map(({ model = '', quantity, places = {} }) => {
      const held = new Map(Object.entries(places).map(([place, units]) => [Number(place), units]))
      return { id: 1_000 + this.#newId(1), model, quantity, places: held }
    })
    const { title = `Product ${id}`, model = '', isSet = false, isEnabled = true } = wanted
    this.products.set(id, { id, title, model, isSet, isEnabled, variants, updatedAt: this.now() })
    return id
  }

  /** The stock id of a variant, as the connector names it. */
  stockId(productId: number, index = 0): string {
    return `${productId}-${this.variant(productId, index).id}`
  }

  variant(productId: number, index = 0): StandInVariant {
    const variant = this.products.get(productId)?.variants[index]
    if (variant === undefined) throw new Error(`Product ${productId} has no variant ${index}.`)
    return variant
  }

  stock(productId: number, index = 0): number | string | null {
    return this.variant(productId, index).quantity
  }

  now(): number {
    return this.#clock() + this.switches.clockAheadMs
  }

  sell(productId: number, quantity: number, index = 0): number {
    const variant = this.variant(productId, index)
    const id = 1_000 + this.orders.size + 1
    const line = { id: 10_000 + this.#newId(1), productId, variantId: variant.id, quantity }
    const now = this.now()
    this.orders.set(id, { id, createdAt: now, modifiedAt: now, isCancelled: false, lines: [line], refunds: [] })
    this.#move(productId, variant, -quantity)
    if (this.switches.saleMovesUpdated) this.#touch(productId)
    return id
  }

  /** The order's status becomes one that is cancelled; what was not refunded goes back. */
  cancel(orderId: number): void {
    const order = this.#order(orderId)
    order.isCancelled = true
    order.modifiedAt = this.now()
    for (const line of order.lines) {
      const refunded = order.refunds.flatMap((refund) => refund.lines).filter(({ id }) => id === line.id)
      this.#giveBack(line, line.quantity - refunded.reduce((sum, { quantity }) => sum + quantity, 0))
    }
  }

  refund(orderId: number, quantity: number, restock = true): void {
    const order = this.#order(orderId)
    const line = order.lines[0]
    if (line === undefined) return
    order.refunds.push({ id: this.#newId(1), restock, lines: [{ id: line.id, quantity }] })
    order.modifiedAt = this.now()
    if (restock) this.#giveBack(line, quantity)
  }

  /** Somebody types a number in the shop's admin. */
  typeStock(productId: number, quantity: number | string | null, index = 0): void {
    this.variant(productId, index).quantity = quantity
    this.#touch(productId)
  }

  endTokens(): void {
    this.#tokens.clear()
  }

  hint(body: string, at = this.now(), secret = webhookSecret): Record<string, string> {
    const time = new Date(at).toISOString().replace('T', ' ').replace('Z', '000')
    return {
      'x-obb-event': 'order.created',
      'x-obb-event-id': '16',
      'x-obb-signature': createHmac('sha256', secret).update(body).digest('hex'),
      'x-obb-created-at': time,
      'x-obb-retry': '0',
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const call = { method: request.method ?? '', path: request.url ?? '', body: Buffer.concat(chunks).toString('utf8') }
    if (call.path === '/oauth/v2/token') return this.#giveToken(call, response)
    if (!call.path.startsWith('/api/')) return send(response, 404, '<!doctype html><title>Not found</title>')
    this.calls.push(call)
    const until = this.#tokens.get((request.headers.authorization ?? '').replace(/^Bearer /, ''))
    if (until === undefined || this.#clock() >= until) return send(response, 401, { error: 'invalid_grant' })
    this.#served += 1
    response.setHeader('retry-after', '0.005')
    if (this.switches.busyEvery > 0 && this.#served % this.switches.busyEvery === 0) {
      return send(response, 429, { error: 'too many requests' })
    }
    const fault = this.fault(call)
    if (fault === 'drop') return void request.socket.destroy()
    if (fault !== null && fault !== 'lose') return send(response, fault.status, fault.body)
    const answer = await this.#answer(call)
    if (fault === 'lose') return void request.socket.destroy()
    response.setHeader('date', new Date(this.now()).toUTCString())
    send(response, answer.status, answer.body)
  }

  #giveToken(call: SeenCall, response: ServerResponse): void {
    const form = new URLSearchParams(call.body)
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
      return send(response, 400, { error: 'invalid_client' })
    }
    const text = randomBytes(16).toString('hex')
    this.tokensGiven += 1
    this.#tokens.set(text, this.#clock() + this.switches.tokenSeconds * 1_000)
    send(response, 200, {
      access_token: text,
      expires_in: this.switches.tokenSeconds,
      token_type: 'bearer',
      scope: 'read write',
    })
  }

  async #answer({ method, path, body }: SeenCall): Promise<{ status: number; body: unknown }> {
    const url = new URL(path, 'http://shop')
    const query = url.searchParams
    const parsed = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>)
    const one = /^\/api\/v3\/products\/(\d+)(?:\/variants\/(\d+))?(?:\.json)?$/.exec(url.pathname)
    if (method === 'GET' && url.pathname === '/api/v3/products.json') {
      const { pageMs } = this.switches
      if (pageMs > 0 && !query.has('ids')) await new Promise((resolve) => setTimeout(resolve, pageMs))
      return { status: 200, body: this.#list(query) }
    }
    if (method === 'GET' && url.pathname === '/api/v3/orders.json')
      return { status: 200, body: this.#listOrders(query) }
    if (method === 'GET' && url.pathname === '/api/v3/places.json') {
      return { status: 200, body: [...this.placeNames].map(([id, title]) => ({ id, title })) }
    }
    if (method === 'GET' && one !== null) {
      const product = this.products.get(Number(one[1]))
      if (product === undefined) return { status: 404, body: { error: 'There is no product with such id' } }
      const answer = this.#showProduct(product)
      this.afterRead(product.id)
      return { status: 200, body: answer }
    }
    if (method === 'PUT' && one !== null) {
      if (!this.mayWrite) return { status: 403, body: { error: 'insufficient_scope' } }
      return this.#put(Number(one[1]), one[2] === undefined ? null : Number(one[2]), parsed, true)
    }
    if (method === 'POST' && url.pathname === '/api/v3/products/mapping.json') {
      return { status: 200, body: this.#mapModels((parsed['models'] ?? []) as string[]) }
    }
    if (method === 'POST' && url.pathname === '/api/batches.json') return this.#takeBatch(parsed)
    const batch = /^\/api\/batches\/(\d+)\.json$/.exec(url.pathname)
    if (method === 'GET' && batch !== null) return this.#showBatch(Number(batch[1]))
    return { status: 404, body: '<!doctype html><title>Not found</title>' }
  }

  #list(query: URLSearchParams): unknown {
    const from = Number(query.get('from') ?? 0)
    const ids = query.get('ids')?.split(',').map(Number) ?? null
    const updated = /^(\d+) seconds$/.exec(query.get('updated_from') ?? '')
    const since = updated === null ? 0 : this.now() - Number(updated[1]) * 1_000
    const limit = Math.min(Number(query.get('limit') ?? 20), this.switches.pageItemsMax)
    const page: unknown[] = []
    // In the order of their ids, as they were added.
    for (const product of this.products.values()) {
      const { id, updatedAt } = product
      if (this.switches.fromIncludesItsId ? id < from : id <= from) continue
      if (ids !== null && !ids.includes(id)) continue
      // Times have whole seconds in the shop's database.
      if (Math.floor(updatedAt / 1_000) < Math.floor(since / 1_000)) continue
      page.push(this.#showProduct(product))
      if (page.length === limit) break
    }
    return page
  }

  #listOrders(query: URLSearchParams): unknown {
    const filter = query.get('filter') ?? ''
    const limit = Math.min(Number(query.get('limit') ?? 20), this.switches.pageItemsMax)
    const sign = this.switches.ordersNewestFirst ? -1 : 1
    return [...this.orders.values()]
      .sort((left, right) => sign * (left.id - right.id))
      .map((order) => this.#showOrder(order))
      .filter((order) => filter === '' || matchesFiql(filter, order))
      .slice(0, limit)
  }

  #mapModels(models: readonly string[]): unknown {
    return [...this.products.values()].flatMap((product) =>
      product.variants
        .map((variant) => ({ model: variant.model || product.model, product_id: product.id, variant_id: variant.id }))
        .filter(({ model }) => models.includes(model)),
    )
  }

  #showProduct(product: StandInProduct): unknown {
    const { id, title, model, isSet, isEnabled, variants } = product
    return {
      id,
      title,
      model,
      is_enabled: isEnabled,
      is_set: isSet,
      bundles: isSet ? [{ id: 1, items: [] }] : [],
      variants: variants.map((variant) => ({
        id: variant.id,
        model: variant.model,
        quantity: variant.quantity,
        is_enabled: isEnabled,
        attribute_values: [{ id: 1, title: 'Size', value: `Size ${variant.id}` }],
        place_stocks: [...variant.places].map(([place, local_quantity]) => ({ place, local_quantity })),
      })),
    }
  }

  #showOrder(order: StandInOrder): Record<string, unknown> {
    return {
      id: order.id,
      status: { id: 4, title: order.isCancelled ? 'Cancelled' : 'Pending', is_cancelled: order.isCancelled },
      created_at: this.#timeText(order.createdAt),
      modified_at: this.#timeText(order.modifiedAt),
      lines: {
        products: order.lines.map((line) => ({
          order_line_id: line.id,
          product_id: line.productId,
          variant_id: line.variantId,
          quantity: line.quantity,
          model: '',
          is_bundled: 0,
        })),
      },
      ...(this.switches.ordersTellRefunds
        ? {
            refunds: order.refunds.map(({ id, restock, lines }) => ({
              id,
              restock,
              lines: lines.map((line) => ({ order_line_id: line.id, quantity: line.quantity })),
            })),
          }
        : {}),
    }
  }

  async #put(
    productId: number,
    variantId: number | null,
    body: Record<string, unknown>,
    takesDiff: boolean,
  ): Promise<{ status: number; body: unknown }> {
    const product = this.products.get(productId)
    if (product === undefined) return { status: 404, body: { error: 'There is no product with such id' } }
    if (variantId !== null) {
      const variant = product.variants.find(({ id }) => id === variantId)
      if (variant === undefined) return { status: 404, body: { error: 'There is no variant with such id' } }
      if (typeof body['quantity'] === 'number') variant.quantity = this.#cut(body['quantity'])
      for (const { place, local_quantity } of (body['place_stocks'] ?? []) as {
        place: number
        local_quantity: number
      }[]) {
        variant.places.set(place, local_quantity)
      }
      this.#touch(productId)
      return { status: 200, body: this.#showProduct(product) }
    }
    const sent = (body['variants'] ?? []) as { id?: number; quantity_diff?: number }[]
    const { variantBy, omittedVariants } = this.switches
    for (const [index, { id, quantity_diff: diff }] of sent.entries()) {
      const byId = product.variants.find((variant) => variant.id === id)
      const target = variantBy === 'position' ? product.variants[index] : variantBy === 'id' ? byId : undefined
      if (target === undefined && (variantBy !== 'adds' || diff !== undefined)) {
        const places = new Map<number, number>()
        product.variants.push({ id: 1_000 + this.#newId(1), model: '', quantity: diff ?? 0, places })
      } else if (target !== undefined && diff !== undefined && takesDiff) await this.#add(productId, target, diff)
    }
    if (omittedVariants === 'go' && variantBy === 'id') {
      product.variants = product.variants.filter(({ id }) => sent.some((variant) => variant.id === id))
    }
    this.#touch(productId)
    return { status: 200, body: this.#showProduct(product) }
  }

  async #add(productId: number, variant: StandInVariant, diff: number): Promise<void> {
    if (this.switches.diffIsAtomic) return this.#move(productId, variant, diff)
    const read = Number(variant.quantity)
    await new Promise((resolve) => setTimeout(resolve, 5))
    variant.quantity = this.#cut(read + diff)
  }

  #takeBatch(operations: unknown): { status: number; body: unknown } {
    if (!this.mayWrite) return { status: 403, body: { error: 'insufficient_scope' } }
    if (!Array.isArray(operations)) return { status: 400, body: { error: 'an array is expected' } }
    const id = this.#newId(1)
    this.#batches.set(id, { operations: operations as Batch['operations'], done: 0, results: {} })
    return { status: 201, body: { id } }
  }

  /** Each question finds a part of the batch done. */
  async #showBatch(id: number): Promise<{ status: number; body: unknown }> {
    const batch = this.#batches.get(id)
    if (batch === undefined) return { status: 404, body: { error: 'There is no batch with such id' } }
    const total = batch.operations.length
    const goal = Math.min(total, batch.done + Math.max(1, Math.ceil(total / 2)))
    while (batch.done < goal) {
      const { url, body } = batch.operations[batch.done] ?? { url: '', body: {} }
      const target = /^\/api\/v3\/products\/(\d+)(?:\/variants\/(\d+))?/.exec(url)
      const { status } = await this.#put(
        Number(target?.[1] ?? 0),
        target?.[2] === undefined ? null : Number(target[2]),
        body,
        this.switches.batchTakesDiff,
      )
      if (status !== 200) {
        batch.results[batch.done + this.switches.batchCountsFrom] = { error: 'There is no product with such id' }
      }
      batch.done += 1
    }
    const left = total - batch.done
    return { status: 200, body: { left, total, is_processed: left === 0, results: batch.results } }
  }

  #move(_productId: number, variant: StandInVariant, delta: number): void {
    variant.quantity = this.#cut(Number(variant.quantity) + delta)
  }

  #giveBack({ productId, variantId }: StandInOrder['lines'][number], quantity: number): void {
    const variant = this.products.get(productId)?.variants.find(({ id }) => id === variantId)
    if (variant === undefined || quantity === 0) return
    this.#move(productId, variant, quantity)
    if (this.switches.saleMovesUpdated) this.#touch(productId)
  }

  #cut(quantity: number): number {
    return this.switches.stopsAtZero ? Math.max(0, quantity) : quantity
  }

  #touch(productId: number): void {
    const product = this.products.get(productId)
    if (product !== undefined) product.updatedAt = this.now()
  }

  #order(id: number): StandInOrder {
    const order = this.orders.get(id)
    if (order === undefined) throw new Error(`There is no order ${id}.`)
    return order
  }

  #timeText(at: number): string {
    const { zoneMinutes } = this.switches
    const sign = zoneMinutes < 0 ? '-' : '+'
    const zone = Math.abs(zoneMinutes)
    const digits = `${String(Math.floor(zone / 60)).padStart(2, '0')}${String(zone % 60).padStart(2, '0')}`
    return `${new Date(at + zoneMinutes * 60_000).toISOString().slice(0, 19)}${sign}${digits}`
  }

  /** Ids have gaps, as in any shop that has deleted something. */
  #newId(step: number): number {
    const id = this.#nextId
    this.#nextId += step
    return id
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const isText = typeof body === 'string'
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json' })
  response.end(isText ? body : JSON.stringify(body))
}

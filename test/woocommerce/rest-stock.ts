/**
 * The stock of a stand-in WooCommerce shop: products, variations and pools, and orders that take from them and give back
 * in WooCommerce's own order of steps: the stock moves in one step, and the note `_reduced_stock` in the order's line
 * comes after it. A write of the REST interface reads, waits, and sets what it has read and added.
 */
export type Manages = boolean | 'parent'

export interface StandInProduct {
  readonly id: number
  type: string
  /** 0: no variation. */
  readonly parentId: number
  readonly name: string
  sku: string
  manages: Manages
  quantity: number | null
  readonly createdAt: number
  modifiedAt: number
}

export interface StandInLine {
  readonly id: number
  readonly productId: number
  readonly variationId: number
  quantity: number
  /** null: no note. */
  reduced: number | string | null
}

export interface StandInOrder {
  readonly id: number
  readonly createdAt: number
  modifiedAt: number
  status: string
  lines: StandInLine[]
}

export class StandInStock {
  readonly products: Map<number, StandInProduct> = new Map()
  readonly orders: Map<number, StandInOrder> = new Map()
  /** Units that customers and the merchant moved, by stock id: what the network must learn. */
  readonly moved: Map<string, number> = new Map()
  /** The time between the stock's move and its note in the order. */
  beforeNote: (note: () => void) => void = (note) => note()
  /** The time in which a write has read the number and not set it yet. */
  window: () => Promise<void> = () => Promise.resolve()
  now: () => number = () => Date.now()
  #ids = 10

  create(
    wanted: Partial<Omit<StandInProduct, 'id'>> & { readonly sku: string; readonly quantity: number | null },
  ): number {
    const id = this.#newId()
    const { sku, quantity, type = 'simple', parentId = 0, name = `Product ${id}` } = wanted
    const manages = wanted.manages ?? quantity !== null
    const at = this.now()
    this.products.set(id, { id, type, parentId, name, sku, manages, quantity, createdAt: at, modifiedAt: at })
    return id
  }

  /** The row that holds the stock of this product or variation. */
  holderOf(id: number): StandInProduct {
    const product = this.product(id)
    return product.manages === 'parent' ? this.product(product.parentId) : product
  }

  stockId({ id, parentId }: StandInProduct): string {
    return parentId === 0 ? String(id) : `${parentId}-${id}`
  }

  product(id: number): StandInProduct {
    const product = this.products.get(id)
    if (product === undefined) throw new Error(`There is no product ${id}.`)
    return product
  }

  idOf(stockId: string): number {
    return Number(stockId.split('-').at(-1))
  }

  stockOf(stockId: string): number | null {
    const { manages, quantity } = this.product(this.idOf(stockId))
    return manages === false ? null : quantity
  }

  /** A checkout that is paid at once; answers the order. */
  sell(id: number, units: number): number {
    const { parentId } = this.product(id)
    const order: StandInOrder = {
      id: this.#newId(),
      createdAt: this.now(),
      modifiedAt: this.now(),
      status: 'processing',
      lines: [],
    }
    const [productId, variationId] = parentId === 0 ? [id, 0] : [parentId, id]
    const line: StandInLine = { id: this.#newId(), productId, variationId, quantity: units, reduced: null }
    order.lines.push(line)
    this.orders.set(order.id, order)
    this.#take(line, units)
    return order.id
  }

  cancel(orderId: number): void {
    this.#change(orderId, 'cancelled')
    for (const line of this.order(orderId).lines) {
      const held = Number(line.reduced ?? 0)
      if (held !== 0) this.#move(line, held, () => (line.reduced = null))
    }
  }

  refund(orderId: number, units: number, restocks: boolean): void {
    const [line] = this.order(orderId).lines
    if (line === undefined) return
    if (restocks && Number(line.reduced ?? 0) >= units) {
      this.#move(line, units, () => (line.reduced = Number(line.reduced) - units))
    }
    this.#change(orderId)
  }

  /** Somebody changes the quantity of the order's first line. */
  edit(orderId: number, units: number): void {
    const [line] = this.order(orderId).lines
    if (line === undefined || line.reduced === null) return
    line.quantity = units
    this.#move(line, Number(line.reduced) - units, () => (line.reduced = units))
    this.#change(orderId)
  }

  /** Somebody takes the first line out of the order, and its goods go back. */
  removeLine(orderId: number): void {
    const order = this.order(orderId)
    const [line] = order.lines
    if (line === undefined) return
    this.#move(line, Number(line.reduced ?? 0), () => (order.lines = order.lines.filter((one) => one !== line)))
    this.#change(orderId)
  }

  /** Nothing goes back. */
  trash(orderId: number): void {
    this.#change(orderId, 'trash')
  }

  type(stockId: string, quantity: number | null): void {
    const product = this.product(this.idOf(stockId))
    if (product.quantity !== null && quantity !== null) this.#count(product, quantity - product.quantity)
    this.set(product, quantity, quantity !== null)
  }

  set(product: StandInProduct, quantity: number | null, manages: Manages = product.manages): void {
    product.quantity = quantity
    product.manages = manages
    this.touch(product)
  }

  touch(product: StandInProduct): void {
    product.modifiedAt = this.now()
  }

  /** What a REST write does with one item: absolute, whatever it was asked. */
  async write(id: number, { stock_quantity: wanted, inventory_delta: delta }: Record<string, unknown>): Promise<void> {
    const product = this.product(id)
    if (product.manages !== true || product.quantity === null) return
    const read = product.quantity
    await this.window()
    if (typeof wanted === 'number') this.set(product, Math.trunc(wanted))
    else if (typeof delta === 'number' && Math.trunc(delta) !== 0) this.set(product, read + Math.trunc(delta))
  }

  order(id: number): StandInOrder {
    const order = this.orders.get(id)
    if (order === undefined) throw new Error(`There is no order ${id}.`)
    return order
  }

  #take(line: StandInLine, units: number): void {
    this.#move(line, -units, () => (line.reduced = units))
  }

  #move({ productId, variationId }: StandInLine, delta: number, note: () => void): void {
    const holder = this.holderOf(variationId === 0 ? productId : variationId)
    if (holder.manages !== true || holder.quantity === null || delta === 0) return
    holder.quantity += delta
    this.#count(holder, delta)
    this.touch(holder)
    this.beforeNote(note)
  }

  #count(product: StandInProduct, delta: number): void {
    const stockId = this.stockId(product)
    this.moved.set(stockId, (this.moved.get(stockId) ?? 0) + delta)
  }

  #change(orderId: number, status?: string): void {
    const order = this.order(orderId)
    order.modifiedAt = this.now()
    order.status = status ?? order.status
  }

  #newId(): number {
    this.#ids += 3
    return this.#ids
  }
}

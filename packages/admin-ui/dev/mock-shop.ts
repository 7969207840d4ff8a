/** A shop in memory for the storefront and the shop's admin page; it refuses what the real one refuses. */
import type { ShopOrder, ShopProduct } from '../src/shop/shop-api.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export interface MockAnswer {
  readonly status: number
  readonly body: unknown
}

const products: Mutable<ShopProduct>[] = Array.from({ length: 90 }, (_, index) => ({
  id: `p${index}`,
  parentId: index % 9 === 8 ? `p${index - 1}` : null,
  sku: index === 4 ? null : index % 13 === 12 ? 'VN-10011' : `VN-${10_000 + index}`,
  name: index % 9 === 8 ? 'Str. L' : `Vare med et navn ${index}`,
  stock: index % 11 === 10 ? null : index % 7 === 6 ? 0 : (index * 3) % 40,
  version: 1,
}))
const orders: Mutable<ShopOrder>[] = []

export function answerShop(method: string, url: URL, body: Record<string, unknown>): MockAnswer {
  const [, , , kind, id, verb] = url.pathname.split('/')
  if (kind === 'products') {
    return answerProducts(method, url, id ?? null, body)
  }
  if (method === 'GET') {
    return { status: 200, body: { items: orders.slice(0, 20), next: null, total: orders.length } }
  }
  return verb === 'cancel'
    ? cancelOrder(id ?? '')
    : placeOrder(body['lines'] as { productId: string; quantity: number }[])
}

function answerProducts(method: string, url: URL, id: string | null, body: Record<string, unknown>): MockAnswer {
  const product = products.find((one) => one.id === id)
  if (method === 'GET') {
    return { status: 200, body: listProducts(url) }
  }
  if (method === 'POST') {
    const made = { id: `p${products.length}`, parentId: null, version: 1, ...body } as Mutable<ShopProduct>
    products.unshift(made)
    return { status: 201, body: made }
  }
  if (product === undefined) {
    return refusal(404, 'product-unknown', {})
  }
  if (method === 'DELETE') {
    products.splice(products.indexOf(product), 1)
    return { status: 204, body: null }
  }
  if ('ifStock' in body && body['ifStock'] !== product.stock) {
    return refusal(409, 'stock-changed', { stock: product.stock })
  }
  const { ifStock: _ifStock, ...changes } = body
  Object.assign(product, changes)
  return { status: 200, body: product }
}

function listProducts(url: URL): unknown {
  const q = (url.searchParams.get('q') ?? '').toLowerCase()
  const limit = Number(url.searchParams.get('limit') ?? 100)
  const isDuplicate = (one: ShopProduct): boolean => products.some((other) => other !== one && other.sku === one.sku)
  const found = products
    .filter((one) => `${one.name} ${one.sku}`.toLowerCase().includes(q))
    .filter((one) => url.searchParams.get('duplicates') !== 'true' || (one.sku !== null && isDuplicate(one)))
  return { items: found.slice(0, limit), next: found.length > limit ? 'more' : null, total: found.length }
}

function placeOrder(lines: readonly { productId: string; quantity: number }[]): MockAnswer {
  const found = lines.flatMap((line) => {
    const product = products.find((one) => one.id === line.productId)
    return product === undefined ? [] : [{ product, quantity: line.quantity }]
  })
  const short = found.filter(({ product, quantity }) => product.stock !== null && product.stock < quantity)
  if (short.length > 0) {
    const named = short.map(({ product, quantity }) => ({
      sku: product.sku,
      requested: quantity,
      available: product.stock,
    }))
    return refusal(409, 'insufficient-stock', { lines: named })
  }
  for (const { product, quantity } of found) {
    product.stock = product.stock === null ? null : product.stock - quantity
  }
  const order: ShopOrder = {
    id: `o${1000 + orders.length}`,
    state: 'placed',
    createdAt: new Date().toISOString(),
    lines: found.map(({ product, quantity }) => ({
      productId: product.id,
      sku: product.sku,
      name: product.name,
      quantity,
    })),
    skipped: [],
  }
  orders.unshift(order)
  return { status: 201, body: order }
}

function cancelOrder(id: string): MockAnswer {
  const order = orders.find((one) => one.id === id)
  if (order === undefined) {
    return refusal(404, 'order-unknown', {})
  }
  order.state = 'cancelled'
  return { status: 200, body: order }
}

function refusal(status: number, code: string, details: object): MockAnswer {
  return { status, body: { error: { code, message: `The answer's own sentence for ${code}.`, details } } }
}

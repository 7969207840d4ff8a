/**
 * The table of `/shop/v1`: products and orders for people and their systems, and the feed and the adjustments for the
 * node. What is mounted, and what the interface's description says, is this table.
 */
import type { List } from '@stockmesh/protocol'
import type { ZodType } from 'zod'
import type { CsvColumn } from '../http/csv-text.ts'
import { bodyErrors, csvOf, idempotencyErrors, listErrors, type Operation, pathErrors } from '../http/operation.ts'
import type { ErrorCodes, Method } from '../http/route.ts'
import { emptyQuery } from '../http/schemas.ts'
import type { Answer, ReceiptKey } from './receipts.ts'
import {
  adjustAnswer,
  attachAnswer,
  feedPage,
  orderAnswer,
  orderList,
  productAnswer,
  productList,
  stockRowPage,
} from './shop-answers.ts'
import {
  adjustBody,
  attachBody,
  changeProductBody,
  createProductBody,
  emptyBody,
  feedQuery,
  type ListQuery,
  listQuery,
  orderBody,
  productQuery,
} from './shop-body.ts'
import type { Shop } from './shop.ts'

interface ShopCall<Query, Body> {
  /** The part of the path that varies; empty where none does. */
  readonly id: string
  readonly query: Query
  readonly body: Body
  readonly receipt: ReceiptKey | null
  /** Aborted when the caller is gone. */
  readonly gone: AbortSignal
}

export interface ShopRoute<Query = unknown, Body = unknown> {
  readonly method: Method
  /** Below `/shop/v1`. */
  readonly path: string
  readonly summary: string
  /** The least that the caller must be. `visitor`: also without a login, where the shop is open. */
  readonly access: 'visitor' | 'viewer' | 'admin'
  readonly query: ZodType<Query>
  readonly body: ZodType<Body>
  readonly status: number
  /** null where there is nothing but a status. */
  readonly answers: ZodType | null
  readonly errors: ErrorCodes
  run(shop: Shop, call: ShopCall<Query, Body>): Promise<Answer<unknown>>
  /** For a list: the columns of its CSV, and a page of it. */
  readonly list: {
    readonly columns: readonly CsvColumn[]
    page(shop: Shop, query: Query): Promise<List<object>>
  } | null
}

interface Definition<Query, Body> extends Pick<ShopRoute<Query, Body>, 'summary' | 'answers' | 'run'> {
  readonly access?: 'visitor' | 'viewer' | 'admin'
  readonly query?: ZodType<Query>
  readonly body?: ZodType<Body>
  readonly status?: number
  readonly errors?: ErrorCodes
}

function defineShopRoute<Query = object, Body = object>(
  method: Method,
  path: string,
  definition: Definition<Query, Body>,
): ShopRoute {
  const route: ShopRoute<Query, Body> = {
    method,
    path,
    access: 'admin',
    query: emptyQuery as unknown as ZodType<Query>,
    body: emptyBody as unknown as ZodType<Body>,
    status: 200,
    errors: {},
    list: null,
    ...definition,
  }
  // The router gives a row nothing but what the row's own schemas have parsed.
  return route as unknown as ShopRoute
}

interface ListDefinition<Query> extends Pick<ShopRoute, 'summary' | 'answers'> {
  readonly access?: 'visitor' | 'viewer' | 'admin'
  readonly query: ZodType<Query>
  readonly errors?: ErrorCodes
  readonly columns: readonly CsvColumn[]
  readonly page: (shop: Shop, query: Query) => Promise<List<object>>
}

function defineShopList<Query extends ListQuery>(path: string, definition: ListDefinition<Query>): ShopRoute {
  const { columns, page, ...rest } = definition
  const route = defineShopRoute('GET', path, { ...rest, run: async (shop, { query }) => ok(await page(shop, query)) })
  return { ...route, list: { columns, page: (shop, query) => page(shop, query as Query) } }
}

export const shopRoutes: readonly ShopRoute[] = [
  defineShopList('/products', {
    summary: 'Products and variants; all, or searched, under one SKU, or those whose SKU is not unique.',
    access: 'visitor',
    query: productQuery,
    answers: productList,
    columns: ['id', 'parentId', 'sku', 'name', 'stock', 'version'],
    page: (shop, query) => shop.products(query),
  }),
  defineShopRoute('GET', '/products/:id', {
    summary: 'One product with its variants.',
    access: 'viewer',
    answers: productAnswer,
    errors: { 'product-unknown': 404 },
    run: async (shop, { id }) => ok(await shop.product(id)),
  }),
  defineShopRoute('POST', '/products', {
    summary: 'Creates a product, with variants where it has some.',
    body: createProductBody,
    status: 201,
    answers: productAnswer,
    errors: { 'stock-out-of-range': 422 },
    run: (shop, { body, receipt }) => shop.createProduct(body, receipt),
  }),
  defineShopRoute('PATCH', '/products/:id', {
    summary: 'Changes SKU, name or stock of a product; the stock to a number or by one.',
    body: changeProductBody,
    answers: productAnswer,
    errors: { 'product-unknown': 404, 'stock-changed': 409, 'stock-untracked': 422, 'stock-out-of-range': 422 },
    run: async (shop, { id, body }) => ok(await shop.changeProduct(id, body)),
  }),
  defineShopRoute('DELETE', '/products/:id', {
    summary: 'Deletes a product with its variants.',
    status: 204,
    answers: null,
    errors: { 'product-unknown': 404 },
    async run(shop, { id }) {
      await shop.deleteProduct(id)
      return { status: 204, body: null }
    },
  }),
  defineShopList('/orders', {
    summary: 'Orders, the newest first.',
    access: 'viewer',
    query: listQuery,
    answers: orderList,
    errors: { 'order-unknown': 404 },
    columns: ['id', 'state', 'createdAt', 'cancelledAt', 'lines'],
    page: (shop, query) => shop.orders(query),
  }),
  defineShopRoute('GET', '/orders/:id', {
    summary: 'One order.',
    access: 'viewer',
    answers: orderAnswer,
    errors: { 'order-unknown': 404 },
    run: async (shop, { id }) => ok(await shop.order(id)),
  }),
  defineShopRoute('POST', '/orders', {
    summary: 'Places an order: all its lines or none.',
    access: 'visitor',
    body: orderBody,
    status: 201,
    answers: orderAnswer,
    errors: {
      'sku-unknown': 422,
      'sku-ambiguous': 409,
      'product-unknown': 422,
      'insufficient-stock': 409,
      'stock-out-of-range': 422,
    },
    run: (shop, { body, receipt }) => shop.placeOrder(body, receipt),
  }),
  defineShopRoute('POST', '/orders/:id/cancel', {
    summary: 'Cancels an order and puts its units back, once.',
    answers: orderAnswer,
    errors: { 'order-unknown': 404, 'stock-out-of-range': 422 },
    run: (shop, { id, receipt }) => shop.cancelOrder(id, receipt),
  }),
  defineShopRoute('POST', '/feed/attach', {
    summary: 'For the node: begins to read the feed.',
    body: attachBody,
    answers: attachAnswer,
    run: (shop, { body, receipt }) => shop.attach(body, receipt),
  }),
  defineShopList('/stock-rows', {
    summary: 'For the node: every stock row with the products that share it.',
    query: listQuery,
    answers: stockRowPage,
    columns: ['stockId', 'sku', 'name', 'stock', 'version', 'createdAt', 'products'],
    page: (shop, query) => shop.stockRows(query),
  }),
  defineShopRoute('GET', '/feed', {
    summary: 'For the node: what moved, waiting for news where there is none.',
    query: feedQuery,
    answers: feedPage,
    errors: { 'feed-epoch-changed': 409, 'feed-rolled-back': 409, ...listErrors },
    run: async (shop, { query, gone }) => ok(await shop.feed(query, gone)),
  }),
  defineShopRoute('POST', '/adjust', {
    summary: 'For the node: changes stock by a delta, each operation at most once.',
    body: adjustBody,
    answers: adjustAnswer,
    run: (shop, { body, receipt }) => shop.adjust(body, receipt),
  }),
]

/** The calls of the shop, where it is mounted at `base`. */
export function shopOperations(base: string): readonly Operation[] {
  return shopRoutes.flatMap((route) => {
    const { method, path, access, list, body, answers } = route
    const errors = {
      'login-needed': 401,
      'admin-needed': 403,
      ...(method === 'GET' ? { 'query-invalid': 400 } : bodyErrors),
      ...(method === 'POST' ? idempotencyErrors : {}),
      ...(path.includes(':') ? pathErrors : {}),
      ...(list === null ? {} : listErrors),
      'shop-closed': 503,
      'shop-write-failed': 503,
      ...route.errors,
    }
    const operation: Operation = {
      method,
      path: base + path,
      summary: route.summary,
      access,
      query: route.query,
      body: method === 'GET' ? null : body,
      status: route.status,
      type: 'application/json',
      answers,
      otherStatus: null,
      errors,
    }
    return list === null
      ? [operation]
      : [operation, csvOf({ ...operation, access: access === 'visitor' ? 'viewer' : access })]
  })
}

function ok<T>(body: T): Answer<T> {
  return { status: 200, body }
}

/**
 * Typed clients of the two HTTP interfaces over `fetch`, with a bearer token. An answer other than 2xx is thrown as an
 * `ApiRefusal`; whatever else is thrown means that no answer came.
 */
import type {
  ApiError,
  ImportAnswer,
  JoinAnswer,
  JoinRequestItem,
  List,
  LogItem,
  MemberStatus,
  MovementItem,
  ProblemItem,
  ProblemList,
  StatusAnswer,
  StockDetail,
  StockItem,
} from '@stockmesh/protocol'
import { type AnswerCheck, answerCheckOf } from './answer-check.ts'

const answerMsMax = 90_000
const pageItems = 1_000

export class ApiRefusal extends Error {
  readonly status: number
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>
  constructor(call: string, status: number, body: ApiError['error']) {
    super(`${call} answered ${status} ${body.code}: ${body.message}`)
    this.name = 'ApiRefusal'
    this.status = status
    this.code = body.code
    this.details = body.details
  }
}

interface CallOptions {
  readonly body?: unknown
  readonly idempotencyKey?: string
}

/** Calls one path under a base address; the type of the answer is the caller's word. */
type Call = <T>(method: string, path: string, options?: CallOptions) => Promise<T>

export interface NodeClient {
  readonly call: Call
  status(): Promise<StatusAnswer>
  stock(): Promise<readonly StockItem[]>
  /** null where the node knows no such SKU. */
  stockOf(sku: string): Promise<StockDetail | null>
  movements(sku: string): Promise<readonly MovementItem[]>
  count(sku: string, quantity: number): Promise<void>
  join(address: string, options?: { readonly importWhenAccepted?: boolean }): Promise<JoinAnswer>
  joinState(): Promise<JoinAnswer>
  joinRequests(): Promise<readonly JoinRequestItem[]>
  accept(id: string, code: string): Promise<JoinRequestItem>
  startImport(): Promise<ImportAnswer>
  importState(): Promise<ImportAnswer>
  members(): Promise<readonly MemberStatus[]>
  leave(): Promise<void>
  evict(id: string): Promise<void>
  problems(): Promise<readonly ProblemItem[]>
  /** Of another shop, or of `all`. */
  problemsOf(member: string): Promise<ProblemList>
  act(problem: Pick<ProblemItem, 'id' | 'version'>, action: string): Promise<void>
  log(): Promise<readonly LogItem[]>
}

export function createNodeClient(url: string, token: string): NodeClient {
  const call = createCall(`${url}/api/v1`, token)
  return {
    call,
    status: () => call('GET', '/status'),
    stock: () => readAll(call, '/stock'),
    stockOf: (sku) => call<StockDetail>('GET', `/stock/${encodeURIComponent(sku)}`).catch(nullWhenUnknown),
    movements: (sku) => readAll(call, `/stock/${encodeURIComponent(sku)}/movements`),
    count: (sku, quantity) => call('POST', `/stock/${encodeURIComponent(sku)}/count`, { body: { quantity } }),
    join: (address, options = {}) => call('POST', '/join', { body: { address, ...options } }),
    joinState: () => call('GET', '/join'),
    joinRequests: () => readAll(call, '/join-requests'),
    accept: (id, code) => call('POST', `/join-requests/${id}/accept`, { body: { code } }),
    startImport: () => call('POST', '/import'),
    importState: () => call('GET', '/import'),
    members: () => readAll(call, '/members'),
    leave: () => call('POST', '/leave'),
    evict: (id) => call('DELETE', `/members/${encodeURIComponent(id)}`),
    problems: () => readAll(call, '/problems'),
    problemsOf: (member) => call('GET', `/problems?member=${member}&limit=${pageItems}`),
    act: ({ id, version }, action) =>
      call('POST', `/problems/${encodeURIComponent(id)}/${action}`, { body: { version } }),
    log: () => readAll(call, '/log'),
  }
}

interface ShopProductItem {
  readonly id: string
  readonly parentId: string | null
  readonly sku: string | null
  readonly name: string
  readonly stock: number | null
  readonly version: number
}

export interface NewProduct {
  readonly sku: string | null
  readonly name: string
  /** null: not tracked. */
  readonly stock: number | null
}

interface NewOrder {
  readonly lines: readonly ({ readonly quantity: number } & (
    | { readonly sku: string }
    | { readonly productId: string }
  ))[]
  readonly allowBackorder?: boolean
}

interface ProductChange {
  readonly sku?: string
  readonly name?: string
  readonly stock?: number | null
  readonly stockChange?: number
  readonly ifStock?: number
}

export interface ShopClient {
  readonly call: Call
  products(): Promise<readonly ShopProductItem[]>
  createProduct(product: NewProduct): Promise<ShopProductItem>
  changeProduct(id: string, change: ProductChange): Promise<ShopProductItem>
  deleteProduct(id: string): Promise<void>
  placeOrder(order: NewOrder, idempotencyKey?: string): Promise<{ readonly id: string }>
  cancelOrder(id: string): Promise<void>
}

export function createShopClient(url: string, key: string): ShopClient {
  const call = createCall(`${url}/shop/v1`, key)
  return {
    call,
    products: () => readAll(call, '/products'),
    createProduct: (product) => call('POST', '/products', { body: product }),
    changeProduct: (id, change) => call('PATCH', `/products/${encodeURIComponent(id)}`, { body: change }),
    deleteProduct: (id) => call('DELETE', `/products/${encodeURIComponent(id)}`),
    placeOrder: (order, idempotencyKey) =>
      call('POST', '/orders', { body: order, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) }),
    cancelOrder: (id) => call('POST', `/orders/${encodeURIComponent(id)}/cancel`),
  }
}

function createCall(base: string, token: string): Call {
  return async <T>(method: string, path: string, { body, idempotencyKey }: CallOptions = {}): Promise<T> => {
    const request = {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    const { ok, status, text } = await ask(base + path, request).catch((error: unknown) => {
      // A kept connection may have been closed by the other end just now; reading again harms nothing.
      if (method === 'GET') return ask(base + path, request)
      throw error
    })
    if (!ok) throw new ApiRefusal(`${method} ${path}`, status, parseRefusal(text))
    if (text === '') return undefined as T
    const json: unknown = JSON.parse(text)
    if (base.endsWith('/api/v1')) (await answerCheck(base))?.assert({ method, path: `/api/v1${path}`, status, json })
    return json as T
  }
}

/** All nodes of a test run the same program, so the first that answers describes them all. */
let check: AnswerCheck | null = null

/** null while no node could be asked: it may have been killed right after its answer. */
async function answerCheck(base: string): Promise<AnswerCheck | null> {
  check ??= await answerCheckOf(base.slice(0, -'/api/v1'.length)).catch(() => null)
  return check
}

async function ask(url: string, request: RequestInit): Promise<{ ok: boolean; status: number; text: string }> {
  const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(answerMsMax) })
  return { ok: answer.ok, status: answer.status, text: await answer.text() }
}

function parseRefusal(text: string): ApiError['error'] {
  try {
    const { error } = JSON.parse(text) as Partial<ApiError>
    if (error !== undefined) return error
  } catch {
    // An answer that is not JSON is reported by its text.
  }
  return { code: 'not-json', message: text.slice(0, 500), details: {} }
}

/** Every page of a list. */
async function readAll<T>(call: Call, path: string): Promise<readonly T[]> {
  const items: T[] = []
  let after: string | null = null
  do {
    const cursor: string = after === null ? '' : `&after=${encodeURIComponent(after)}`
    const page: List<T> = await call('GET', `${path}?limit=${pageItems}${cursor}`)
    items.push(...page.items)
    after = page.next
  } while (after !== null)
  return items
}

function nullWhenUnknown(error: unknown): null {
  if (error instanceof ApiRefusal && error.status === 404) return null
  throw error
}

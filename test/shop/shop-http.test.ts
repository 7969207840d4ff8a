/** The shop over HTTP: what it accepts, whom it lets in, and that every answer is JSON with a stable code. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeInterface } from '../../packages/node/src/http/openapi.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { systemShopClock } from '../../packages/node/src/shop/shop-clock.ts'
import { shopOperations } from '../../packages/node/src/shop/shop-routes.ts'
import { openShopServer, type ShopServer } from '../../packages/node/src/shop/shop-server.ts'
import { AnswerCheck } from '../harness/answer-check.ts'

const key = 'shop-key-0123456789'
/** Every answer of the shop is held against its description. */
const check = new AnswerCheck(describeInterface(shopOperations('/shop/v1'), '0.1.0'))
let directory = ''
let server: ShopServer
let closed: ShopServer

interface Answer {
  readonly status: number
  /** Its shape is what the test asserts. */
  readonly body: unknown
  readonly headers: Headers
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stockmesh-http-'))
  const options = {
    host: '127.0.0.1',
    port: 0,
    keys: [key],
    clock: systemShopClock,
    random: systemRandom,
    logger: { error: () => {} },
    pagesDirectory: join(directory, 'no-pages'),
  }
  server = await openShopServer({ ...options, directory: join(directory, 'open'), open: true })
  closed = await openShopServer({ ...options, directory: join(directory, 'closed'), open: false })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await closed[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

async function call(
  method: string,
  path: string,
  { body, headers = {}, to = server }: { body?: unknown; headers?: Record<string, string>; to?: ShopServer } = {},
): Promise<Answer> {
  const response = await fetch(to.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  })
  const text = await response.text()
  const json = response.headers.get('content-type')?.startsWith('application/json') === true
  const { status } = response
  if (json) check.assert({ method, path, status, json: JSON.parse(text) })
  return { status, headers: response.headers, body: (json ? JSON.parse(text) : { text }) as unknown }
}

const admin = { authorization: `Bearer ${key}` }
const asAdmin = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  call(method, `/shop/v1${path}`, { body, headers: { ...admin, ...headers } })
const errorOf = ({ status, body }: Answer) => {
  const { code, details } = (body as { error: { code: string; details: { path?: string } } }).error
  return [status, code, ...(details.path === undefined ? [] : [details.path])]
}

describe('bodies and queries', () => {
  it('answers 201 with the product, 204 for a deletion, and takes an order', async () => {
    const product = await asAdmin('POST', '/products', { sku: 'HTTP-1', name: 'Kop', stock: 5 })
    expect(product).toMatchObject({ status: 201, body: { sku: 'HTTP-1', stock: 5, parentId: null } })
    const order = await asAdmin('POST', '/orders', { lines: [{ sku: 'http-1', quantity: 2 }] })
    expect(order).toMatchObject({ status: 201, body: { lines: [{ sku: 'HTTP-1', quantity: 2 }] } })
    const { id } = order.body as { id: string }
    expect(await asAdmin('GET', '/orders')).toMatchObject({ body: { items: [{ id }], next: null, total: 1 } })
    expect(await asAdmin('POST', `/orders/${id}/cancel`)).toMatchObject({ status: 200, body: { state: 'cancelled' } })
    const path = `/products/${(product.body as { id: string }).id}`
    expect(await asAdmin('PATCH', path, { stockChange: -1, ifStock: 5 })).toMatchObject({ body: { stock: 4 } })
    expect((await asAdmin('DELETE', path)).status).toBe(204)
    expect(errorOf(await asAdmin('GET', path))).toEqual([404, 'product-unknown'])
  })

  it.each([
    ['/orders', { lines: [{ sku: 'A', quantity: 1.5 }] }, 'lines.0.quantity'],
    ['/orders', { lines: [{ sku: 'A', quantity: 0 }] }, 'lines.0.quantity'],
    ['/orders', { lines: [{ sku: 'A', quantity: 1_000_001 }] }, 'lines.0.quantity'],
    ['/orders', { lines: [{ sku: 'A', productId: '1', quantity: 1 }] }, 'lines.0.sku'],
    ['/orders', { lines: [] }, 'lines'],
    ['/orders', undefined, 'lines'],
    ['/orders', '[1', ''],
    ['/orders', 'null', 'lines'],
    ['/products', { sku: 'A', name: 'A' }, 'stock'],
    ['/products', { sku: 'A', name: 'A', stock: 1e10 }, 'stock'],
    ['/products', { sku: 'A', name: 'A', stock: '1' }, 'stock'],
    ['/products', { sku: 'A', name: 'A', stock: 1, stokc: 2 }, 'stokc'],
    ['/products', { sku: 'x'.repeat(1_001), name: 'A', stock: 1 }, 'sku'],
    ['/adjust', { operations: [{ opId: 'nej', stockId: '1', key: 'a', delta: 1 }] }, 'operations.0.opId'],
  ])('POST %s refuses %j', async (path, body, place) => {
    const answer = await asAdmin('POST', path, body)
    if (body === 'null') expect(answer.status).toBe(400)
    else expect(errorOf(answer)).toEqual([400, 'body-invalid', place])
  })

  it('refuses a page above the limit, a strange cursor, an unknown path and a body that is too large', async () => {
    expect(errorOf(await asAdmin('GET', '/products?limit=1001'))).toEqual([400, 'limit-too-large'])
    expect(errorOf(await asAdmin('GET', '/products?limit=0'))).toEqual([400, 'query-invalid', 'limit'])
    expect(errorOf(await asAdmin('GET', '/products?after=x'))).toEqual([400, 'query-invalid', 'after'])
    expect(errorOf(await asAdmin('GET', '/nowhere'))).toEqual([404, 'not-found'])
    expect(errorOf(await asAdmin('POST', '/orders', 'x'.repeat(1_100_000)))).toEqual([413, 'body-too-large'])
    expect(errorOf(await asAdmin('GET', '/feed?epoch=x&after=0'))).toEqual([409, 'feed-epoch-changed'])
  })

  it('answers a POST under its Idempotency-Key with the same status and body', async () => {
    const product = { sku: 'IDEM', name: 'Idem', stock: 5 }
    const headers = { 'idempotency-key': 'idem-1' }
    const first = await asAdmin('POST', '/products', product, headers)
    const again = await asAdmin('POST', '/products', product, headers)
    expect([again.status, again.body]).toEqual([201, first.body])
    expect((await asAdmin('GET', '/products?sku=idem')).body).toMatchObject({ total: 1 })
    const reused = await asAdmin('POST', '/products', { ...product, stock: 6 }, headers)
    expect(errorOf(reused)).toEqual([422, 'idempotency-key-reused'])
    const long = await asAdmin('POST', '/orders', {}, { 'idempotency-key': 'x'.repeat(129) })
    expect(long.status).toBe(400)
  })

  it('gives lists as CSV, with formulas taken apart', async () => {
    await asAdmin('POST', '/products', { sku: '=1+1', name: 'a,"b"', stock: -3 })
    const { headers, body } = await asAdmin('GET', '/products.csv?q=%3D1')
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const [, line] = (body as { text: string }).text.split('\r\n')
    expect(line).toMatch(/^\d{8},,'=1\+1,"a,""b""",-3,\d+$/)
  })
})

describe('access', () => {
  const order = { lines: [{ sku: 'NOWHERE', quantity: 1 }] }

  it('lets a visitor of an open shop see products and order, and nothing else', async () => {
    expect((await call('GET', '/shop/v1/products')).status).toBe(200)
    expect(errorOf(await call('POST', '/shop/v1/orders', { body: order })).slice(0, 2)).toEqual([422, 'sku-unknown'])
    for (const [method, path] of [
      ['POST', '/products'],
      ['GET', '/orders'],
      ['GET', '/stock-rows'],
      ['POST', '/adjust'],
      ['GET', '/nowhere'],
    ] as const) {
      expect(errorOf(await call(method, `/shop/v1${path}`))).toEqual([401, 'login-needed'])
    }
  })

  it('lets nobody in without a login where the shop is not open, and no wrong key anywhere', async () => {
    expect(errorOf(await call('GET', '/shop/v1/products', { to: closed }))).toEqual([401, 'login-needed'])
    const wrong = { headers: { authorization: 'Bearer wrong' } }
    expect(errorOf(await call('GET', '/shop/v1/products', wrong))).toEqual([401, 'login-needed'])
  })

  it('signs in with the key, changes only from its own page, and signs out', async () => {
    const own = { 'x-stockmesh': '1', 'sec-fetch-site': 'same-origin' }
    const signIn = await call('POST', '/shop/session', { body: { key }, headers: own })
    expect(signIn.body).toEqual({ state: 'signed-in', open: true })
    const setCookie = signIn.headers.get('set-cookie') ?? ''
    expect(setCookie).toContain(`stockmesh-shop-${server.shop.shopId}=`)
    expect(setCookie).toMatch(/HttpOnly; SameSite=Strict$/)
    const cookie = setCookie.split(';')[0] ?? ''
    expect((await call('GET', '/shop/session', { headers: { cookie } })).body).toMatchObject({ state: 'signed-in' })
    expect((await call('GET', '/shop/v1/orders', { headers: { cookie } })).status).toBe(200)
    const body = { sku: 'COOKIE', name: '', stock: 1 }
    const foreign = { cookie, 'x-stockmesh': '1', 'sec-fetch-site': 'cross-site' }
    expect((await call('POST', '/shop/v1/products', { body, headers: foreign })).status).toBe(401)
    expect((await call('POST', '/shop/v1/products', { body, headers: { cookie } })).status).toBe(401)
    expect((await call('POST', '/shop/v1/products', { body, headers: { cookie, ...own } })).status).toBe(201)
    await call('DELETE', '/shop/session', { headers: { cookie, ...own } })
    expect((await call('GET', '/shop/v1/orders', { headers: { cookie } })).status).toBe(401)
  })

  it('stops guessing after 5 tries, also with the right key, and not for a bearer token', async () => {
    const headers = { 'x-stockmesh': '1', origin: closed.url }
    const answers: unknown[] = []
    for (const guess of ['a', 'b', 'c', 'd', 'e', 'f', key]) {
      answers.push((await call('POST', '/shop/session', { body: { key: guess }, headers, to: closed })).status)
    }
    expect(answers).toEqual([401, 401, 401, 401, 401, 429, 429])
    expect((await call('GET', '/shop/v1/orders', { headers: admin, to: closed })).status).toBe(200)
  })
})

describe('the server', () => {
  it('tells its health, and says in one sentence that pages are missing', async () => {
    expect((await call('GET', '/healthz')).status).toBe(200)
    expect((await call('GET', '/readyz')).status).toBe(200)
    for (const path of ['/shop/', '/shop/admin']) {
      expect(JSON.stringify((await call('GET', path)).body)).toContain('not built')
    }
    expect((await call('GET', '/')).headers.get('location')).toBe('/shop/')
  })

  it('closes at once although a reader waits for the feed', async () => {
    const options = { host: '127.0.0.1', port: 0, keys: [key], open: false, random: systemRandom }
    const logger = { error: () => {} }
    const other = await openShopServer({ ...options, logger, clock: systemShopClock, directory: join(directory, 'x') })
    const attach = { body: { network: 'n', node: 'x' }, headers: admin, to: other }
    const { epoch } = (await call('POST', '/shop/v1/feed/attach', attach)).body as { epoch: string }
    const path = `/shop/v1/feed?epoch=${epoch}&after=1&wait=25000`
    const waiting = call('GET', path, { headers: admin, to: other })
    await expect.poll(() => other.shop.waiting).toBe(1)
    const began = performance.now()
    await other[Symbol.asyncDispose]()
    expect(performance.now() - began).toBeLessThan(1_500)
    expect((await waiting).body).toEqual({ rows: [], end: 1 })
  })
})

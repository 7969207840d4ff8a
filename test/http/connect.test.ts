/** How a shop is connected to a running node: tried, chosen, kept over a restart, and refused where it is not right. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NodeServer } from '../../packages/node/src/node/node-server.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { systemShopClock } from '../../packages/node/src/shop/shop-clock.ts'
import { openShopServer, type ShopServer } from '../../packages/node/src/shop/shop-server.ts'
import { eventually } from '../harness/eventually.ts'
import { AnswerCheck } from '../harness/answer-check.ts'

const token = 'a-token-of-the-environment-0123456789'
const key = 'the-key-of-the-shop-beside'
let root: string
let node: NodeServer
let shop: ShopServer
let check: AnswerCheck
const logged: string[] = []

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'stockmesh-connect-'))
  shop = await openShopServer({
    directory: join(root, 'beside'),
    host: '127.0.0.1',
    port: 0,
    keys: [key],
    open: false,
    clock: systemShopClock,
    random: systemRandom,
    logger: { error: () => undefined },
  })
  await shop.shop.createProduct({ sku: 'CUP-1', name: 'Cup', stock: 7 })
  await openNode()
})

afterEach(async () => {
  await node[Symbol.asyncDispose]()
  await shop[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

async function openNode(more: Partial<Parameters<typeof NodeServer.open>[0]> = {}): Promise<void> {
  const note = (...given: unknown[]): void => void logged.push(JSON.stringify(given))
  node = await NodeServer.open({
    directory: join(root, 'node'),
    host: '127.0.0.1',
    port: 0,
    url: null,
    name: 'Butik DK',
    adminToken: token,
    connector: null,
    shop: null,
    shopKey: null,
    env: {},
    allowPrivatePeers: true,
    openShop: false,
    demo: false,
    logger: { info: note, warn: note, error: note },
    ...more,
  })
  check = new AnswerCheck(await (await fetch(`${node.url}/api/v1/openapi.json`)).json())
}

async function restart(more: Parameters<typeof openNode>[0] = {}): Promise<void> {
  await node[Symbol.asyncDispose]()
  await openNode(more)
}

// Tests read the fields they expect.
// oxlint-disable-next-line typescript/no-explicit-any
async function call(method: string, path: string, body?: object): Promise<{ status: number; json: any; text: string }> {
  const response = await fetch(`${node.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json: unknown = path.endsWith('.csv') ? null : JSON.parse(text)
  if (json !== null) check.assert({ method, path: `/api/v1${path}`, status: response.status, json })
  expect(text).not.toContain(key)
  return { status: response.status, json, text }
}

const beside = (): object => ({ platform: 'builtin', settings: { url: shop.url, key } })
const codeOf = ({ status, json }: { status: number; json: { error?: { code: string } } }): [number, unknown] => [
  status,
  json.error?.code,
]

test('a node that was told nothing is beside the built-in shop, and lists the platforms that there are', async () => {
  expect((await call('GET', '/connector')).json).toEqual({
    platform: 'builtin',
    settings: {},
    secretsSet: [],
    fromEnvironment: [],
    fixed: false,
    promise: 'exact',
    location: null,
    warnings: [],
    otherWriters: null,
  })
  const { items } = (await call('GET', '/platforms')).json
  expect(items[0]).toMatchObject({ name: 'builtin' })
  expect(items[0].fields.map(({ name, secret }: { name: string; secret: boolean }) => [name, secret])).toEqual([
    ['url', false],
    ['key', true],
  ])
})

test('a trial shows a product of the shop and keeps nothing', async () => {
  const { status, json } = await call('POST', '/connector/test', beside())
  expect([status, json]).toEqual([
    200,
    {
      platform: 'builtin',
      release: 'Stockmesh shop',
      promise: 'exact',
      mayWrite: true,
      sample: { sku: 'CUP-1', name: 'Cup', stock: 7 },
      locations: [],
      warnings: [],
      learned: {},
    },
  ])
  expect((await call('GET', '/connector')).json.settings).toEqual({})
  await expect(stat(join(root, 'node', 'connector.json'))).rejects.toThrow('ENOENT')
})

test('a wrong key, another site, a dead or forbidden address and a wrong form are one sentence each, and keep nothing', async () => {
  const page = createServer((_request, response) => response.end('<h1>A shop of another kind</h1>'))
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
  const other = `http://127.0.0.1:${(page.address() as AddressInfo).port}`
  const wrong: readonly (readonly [object, string])[] = [
    [{ platform: 'builtin', settings: { url: shop.url, key: 'a-guess' } }, 'key-rejected'],
    [{ platform: 'builtin', settings: { url: other, key } }, 'not-this-platform'],
    [{ platform: 'builtin', settings: { url: 'http://127.0.0.1:1', key } }, 'shop-unreachable'],
    [{ platform: 'builtin', settings: { url: 'http://169.254.169.254/', key } }, 'connector-settings-invalid'],
    [{ platform: 'builtin', settings: { url: 'http://[::ffff:169.254.1.1]/', key } }, 'connector-settings-invalid'],
    [{ platform: 'builtin', settings: { url: `http://a:${key}@shop.example/`, key } }, 'connector-settings-invalid'],
    [{ platform: 'builtin', settings: { url: shop.url } }, 'connector-settings-invalid'],
    [{ platform: 'builtin', settings: { url: shop.url, key, more: 'x' } }, 'connector-settings-invalid'],
    [{ platform: 'none', settings: {} }, 'platform-unknown'],
  ]
  for (const [body, code] of wrong) {
    const answer = await call('POST', '/connector/test', body)
    expect(codeOf(answer), JSON.stringify(body)).toEqual([422, code])
    expect(answer.json.error.message).toMatch(/^[A-Z].*[.!]$/)
    expect(codeOf(await call('POST', '/connector', body))).toEqual([422, code])
  }
  page.closeAllConnections()
  page.close()
  expect((await call('GET', '/connector')).json.settings).toEqual({})
  await expect(stat(join(root, 'node', 'connector.json'))).rejects.toThrow('ENOENT')
})

test('what is chosen takes effect at once, is kept over a restart, and only its owner may read the key', async () => {
  expect((await fetch(`${node.url}/shop/`)).status).toBe(200)
  const chosen = await call('POST', '/connector', { ...beside(), otherWriters: ['erp'] })
  expect([chosen.status, chosen.json]).toMatchObject([
    200,
    { platform: 'builtin', settings: { url: shop.url }, secretsSet: ['key'], otherWriters: ['erp'], promise: 'exact' },
  ])
  expect((await fetch(`${node.url}/shop/`)).status).toBe(404)
  expect((await fetch(`${node.url}/shop/v1/products`)).status).toBe(404)
  expect((await stat(join(root, 'node', 'connector.json'))).mode & 0o777).toBe(0o600)

  await restart()
  expect((await call('GET', '/connector')).json).toMatchObject({ settings: { url: shop.url }, otherWriters: ['erp'] })
  expect((await call('POST', '/import')).status).toBe(200)
  await eventually('the shop is read', async () => {
    const { json } = await call('GET', '/stock')
    return expect(json.items).toMatchObject([{ sku: 'CUP-1', level: 7, shopLevel: 7 }])
  })
  expect((await call('GET', '/status')).json.shop).toMatchObject({ connector: 'builtin', url: `${shop.url}/shop/` })
  expect(logged.join('\n')).not.toContain(key)

  const signature = `v1=${createHmac('sha256', key).update('{}').digest('hex')}`
  const hint = { method: 'POST', headers: { 'stockmesh-signature': signature }, body: '{}' }
  expect((await fetch(`${node.url}/hooks/builtin`, hint)).status).toBe(202)
})

test('a shop of a network is not changed under it: leave first; its key may be renewed', async () => {
  await call('POST', '/connector', beside())
  await call('POST', '/import')
  await eventually('the import is done', async () => expect((await call('GET', '/import')).json.state).toBe('done'))
  expect(codeOf(await call('POST', '/connector', { platform: 'builtin', settings: {} }))).toEqual([409, 'leave-first'])
  const renewed = await call('POST', '/connector', { platform: 'builtin', settings: { url: shop.url } })
  expect([renewed.status, renewed.json.secretsSet]).toEqual([200, ['key']])
  await shop.shop.createProduct({ sku: 'MUG-2', name: 'Mug', stock: 3 })
  await eventually('the new product is seen', async () =>
    expect((await call('GET', '/status')).json.stock.skus).toBe(2),
  )

  await call('POST', '/leave')
  expect((await call('POST', '/connector', { platform: 'builtin', settings: {} })).status).toBe(200)
  expect((await fetch(`${node.url}/shop/`)).status).toBe(200)
})

test('a key that is kept goes to no other address than that which it was entered for', async () => {
  await call('POST', '/connector', beside())
  const heard: unknown[] = []
  const thief = createServer((request, response) => {
    heard.push(request.headers.authorization)
    response.end()
  })
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(thief.address() as AddressInfo).port}`
  const answer = await call('POST', '/connector/test', { platform: 'builtin', settings: { url } })
  expect(codeOf(answer)).toEqual([422, 'connector-settings-invalid'])
  expect(heard).toEqual([])
  thief.close()
})

test('what the command line names is not changed here, and the environment beats what was kept', async () => {
  await restart({ shop: { url: shop.url, key } })
  expect((await call('GET', '/connector')).json).toMatchObject({ fixed: true, settings: { url: shop.url } })
  expect(codeOf(await call('POST', '/connector', { platform: 'builtin', settings: {} }))).toEqual([
    409,
    'connector-fixed',
  ])
  await restart({ env: { STOCKMESH_BUILTIN_URL: shop.url, STOCKMESH_BUILTIN_KEY: key } })
  expect((await call('GET', '/connector')).json).toMatchObject({
    fromEnvironment: ['url', 'key'],
    fixed: false,
    secretsSet: ['key'],
  })
  await call('POST', '/connector', { platform: 'builtin', settings: {} })
  expect(await readFile(join(root, 'node', 'connector.json'), 'utf8')).not.toContain(key)
})

test('a node whose shop is away starts, says so, and goes on when the shop is back', async () => {
  await call('POST', '/connector', beside())
  await restart({ env: { STOCKMESH_BUILTIN_URL: 'http://127.0.0.1:1' } })
  await call('POST', '/import')
  await eventually('the shop is out of reach', async () =>
    expect((await call('GET', '/status')).json.shop.state).toBe('unreachable'),
  )
  expect(codeOf(await call('GET', '/connector/health'))).toEqual([503, 'shop-unreachable'])
  await restart()
  await eventually('the shop is back', async () =>
    expect((await call('GET', '/status')).json.shop.state).toBe('connected'),
  )
})

test('a damaged file and settings that do not fit keep the node from starting, in one sentence', async () => {
  await node[Symbol.asyncDispose]()
  const start = openNode({ env: { STOCKMESH_BUILTIN_URL: shop.url } })
  await expect(start).rejects.toMatchObject({
    code: 'connector-settings-invalid',
    message: expect.stringContaining('STOCKMESH_BUILTIN_KEY') as unknown,
  })
  const file = join(root, 'node', 'connector.json')
  await writeFile(file, `{"platform":"builtin","settings":{"key":"${key}"}`)
  const damaged: unknown = await openNode().catch((error: unknown) => error)
  expect(damaged).toMatchObject({ code: 'connector-file-damaged' })
  expect(String(damaged)).not.toContain(key)
  await rm(file)
  await openNode()
})

test('the health of the catalogue names what cannot be synchronised, as a list and as CSV', async () => {
  await shop.shop.createProduct({ sku: null, name: 'Without', stock: 1 })
  await shop.shop.createProduct({ sku: 'cup-1', name: 'The same cup', stock: 2 })
  await shop.shop.createProduct({ sku: 'FREE', name: 'Not tracked', stock: null })
  await shop.shop.createProduct({ sku: 'MINUS', name: '=2+2', stock: -4 })
  await call('POST', '/connector', beside())
  const { json } = await call('GET', '/connector/health?limit=3')
  expect(json).toMatchObject({
    rows: 5,
    products: 5,
    counts: { 'no-sku': 1, duplicate: 1, untracked: 1, fraction: 0, bundle: 0, negative: 1, other: 0 },
    total: 4,
  })
  expect(json.items[0]).toMatchObject({ kind: 'duplicate', products: [expect.any(String), expect.any(String)] })
  const rest = (await call('GET', `/connector/health?limit=3&after=${json.next}`)).json
  const kinds: readonly string[] = [...json.items, ...rest.items].map(({ kind }: { kind: string }) => kind)
  expect(kinds.toSorted()).toEqual(['duplicate', 'negative', 'no-sku', 'untracked'])
  const { text } = await call('GET', '/connector/health.csv')
  expect(text.split('\r\n')[0]).toBe('kind,sku,name,products')
  expect(text).toContain(`negative,MINUS,'=2+2,`)
})

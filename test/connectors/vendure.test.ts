/**
 * The platform Vendure against a small stand-in of the companion's routes: the feed interface is that of a built-in shop.
 * `vendure-conformance.test.ts` runs it against a real Vendure.
 */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { vendurePlatform } from '../../packages/node/src/connectors/vendure/platform.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { never } from './feed-reader.ts'

const key = 'k'.repeat(40)
const about = {
  platform: 'vendure',
  version: '3.7.3',
  shopUrl: 'https://shop.example',
  location: '1',
  locations: [{ id: '1', name: 'Shop' }],
  isLocationFixed: false,
  isCopy: false,
  sample: { sku: 'A', name: 'Apron', stock: 4 },
}
const parts = { directory: '', clock: systemClock, timers: systemTimers, random: systemRandom, hookUrl: null }
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Answers each path with its JSON, to whoever has the key; anything else is a page. */
async function openCompanion(answers: Readonly<Record<string, object>>, asked: string[] = []): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const path = (request.url ?? '').split('?')[0] ?? ''
    const answer = answers[path]
    if (request.headers.authorization !== `Bearer ${key}`) return void response.writeHead(401).end('{}')
    if (answer === undefined) return void response.writeHead(200).end('<h1>Shop</h1>')
    const { status = 200 } = answer as { status?: number }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const both = [...about.locations, { id: '2', name: 'Warehouse' }]

it('a trial shows the release, a product, and the stock locations to pick one of', async () => {
  const url = await openCompanion({ '/stockmesh/v1/about': { ...about, locations: both } })
  expect(await vendurePlatform.test({ url, key, location: null }, never)).toEqual({
    release: 'Vendure 3.7.3',
    promise: 'exact',
    mayWrite: true,
    sample: about.sample,
    locations: both,
    warnings: [],
  })
})

it('the only stock location is kept, and so is the one that the shop itself fixes', async () => {
  const single = await openCompanion({ '/stockmesh/v1/about': about })
  expect(await vendurePlatform.test({ url: single, key, location: null }, never)).toMatchObject({
    locations: about.locations,
    learned: { location: '1' },
    warnings: [],
  })
  const fixed = { ...about, location: '2', locations: both, isLocationFixed: true }
  const url = await openCompanion({ '/stockmesh/v1/about': fixed })
  expect(await vendurePlatform.test({ url, key, location: null }, never)).toMatchObject({
    locations: [{ id: '2', name: 'Warehouse' }],
    learned: { location: '2' },
    warnings: [expect.stringContaining('"Warehouse"')],
  })
  await expect(vendurePlatform.test({ url, key, location: '1' }, never)).rejects.toMatchObject({
    code: 'not-writable',
    message: expect.stringContaining('Warehouse') as unknown,
  })
})

it('each call says which stock location it means, and a companion that knows of none begins no feed', async () => {
  const asked: string[] = []
  const answers = {
    '/stockmesh/v1/about': { ...about, location: '2', locations: both },
    '/stockmesh/v1/feed/attach': { epoch: '0'.repeat(16), start: 1 },
    '/stockmesh/v1/feed': { rows: [], end: 1 },
    '/stockmesh/v1/adjust': { results: [] },
  }
  const url = await openCompanion(answers, asked)
  await using connector = await vendurePlatform.open({ url, key, location: '2' }, parts)
  await connector.attach({ network: 'n', node: 'dk', fresh: false }, never)
  await connector.feed({ epoch: '0'.repeat(16), after: 1, tag: null, limit: 1, waitMs: 0 }, never)
  const operation = { opId: '0'.repeat(32), stockId: '1', key: 'a', delta: 1 }
  await expect(connector.adjust([operation], never)).rejects.toMatchObject({ code: 'shop-answer-invalid' })
  expect(asked.map((path) => new URL(path, url).searchParams.get('location'))).toEqual(['2', '2', '2', '2'])

  const { isLocationFixed: _unknown, ...earlier } = { ...about, locations: both }
  asked.length = 0
  const older = await openCompanion({ ...answers, '/stockmesh/v1/about': earlier }, asked)
  await using late = await vendurePlatform.open({ url: older, key, location: '2' }, parts)
  const attached = late.attach({ network: 'n', node: 'dk', fresh: false }, never)
  await expect(attached).rejects.toMatchObject({ code: 'not-writable' })
  expect(asked).toEqual(['/stockmesh/v1/about?location=2'])
})

it.for([
  ['a wrong key', { '/stockmesh/v1/about': about }, 'x'.repeat(40), 'key-rejected'],
  ['a shop without the companion', {}, key, 'not-this-platform'],
  ['another platform', { '/stockmesh/v1/about': { ...about, platform: 'other' } }, key, 'not-this-platform'],
  ['a release that is not known', { '/stockmesh/v1/about': { ...about, version: '4.0.0' } }, key, 'release-unknown'],
  ['a copied shop', { '/stockmesh/v1/about': { ...about, isCopy: true } }, key, 'shop-copied'],
] as const)('a trial with %s ends with one sentence', async ([, answers, given, code]) => {
  const url = await openCompanion(answers)
  await expect(vendurePlatform.test({ url, key: given, location: null }, never)).rejects.toMatchObject({ code })
})

it('a trial of an address where nobody is says so', async () => {
  await expect(vendurePlatform.test({ url: 'http://127.0.0.1:9', key, location: null }, never)).rejects.toMatchObject({
    code: 'shop-unreachable',
  })
})

/** The Admin API of a shop with cookies, as far as a trial asks; what it was asked by whom is kept. */
async function openAdmin(answers: Readonly<Record<string, object>>, asked: string[] = []): Promise<string> {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://shop').searchParams.get('operation') ?? ''
    asked.push(`${name} ${request.headers.cookie ?? '-'}`)
    const cookies = ['session=abc; path=/; httponly', 'session.sig=def; path=/; httponly']
    const head = { 'content-type': 'application/json', ...(name === 'StockmeshLogin' ? { 'set-cookie': cookies } : {}) }
    response.writeHead(200, head).end(JSON.stringify(answers[name] ?? { data: {} }))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const locations = [
  { id: 1, name: 'Shop' },
  { id: 2, name: 'Warehouse' },
]
const apron = {
  id: 7,
  sku: 'A',
  name: 'Apron',
  createdAt: '2026-01-01T00:00:00.000Z',
  trackInventory: 'INHERIT',
  product: { id: 3 },
  stockLevels: [
    { stockLocationId: 1, stockOnHand: 9, stockAllocated: 2 },
    { stockLocationId: 2, stockOnHand: 40, stockAllocated: 0 },
  ],
}
const adminAnswers = {
  StockmeshLogin: { data: { login: { __typename: 'CurrentUser' } } },
  StockmeshMe: {
    data: {
      me: {
        channels: [
          { token: 't', code: '__default_channel__', permissions: ['ReadCatalog', 'UpdateProduct', 'ReadOrder'] },
        ],
      },
    },
  },
  StockmeshLocations: { data: { stockLocations: { items: locations } } },
  StockmeshSample: {
    data: { globalSettings: { trackInventory: true }, productVariants: { totalItems: 1, items: [apron] } },
  },
}
const administrator = { username: 'stockmesh', password: 'a password' }

it('a trial without the companion logs in once, and shows the stock at the chosen location', async () => {
  const asked: string[] = []
  const url = await openAdmin(adminAnswers, asked)
  const settings = vendurePlatform.schema.parse({ url, ...administrator, location: '2' })
  expect(await vendurePlatform.test(settings, never)).toMatchObject({
    promise: 'best-effort',
    mayWrite: true,
    sample: { sku: 'A', name: 'Apron', stock: 40 },
    locations: [
      { id: '1', name: 'Shop' },
      { id: '2', name: 'Warehouse' },
    ],
  })
  // Whether the address leads elsewhere is asked before anything secret is sent.
  expect(asked).toEqual([
    ' -',
    'StockmeshLogin -',
    'StockmeshMe session=abc; session.sig=def',
    'StockmeshLocations session=abc; session.sig=def',
    'StockmeshSample session=abc; session.sig=def',
  ])
})

const readsOnly = {
  data: { me: { channels: [{ token: 't', code: '__default_channel__', permissions: ['ReadCatalog', 'ReadOrder'] }] } },
}
it.for([
  [
    'a wrong password',
    { StockmeshLogin: { data: { login: { __typename: 'InvalidCredentialsError' } } } },
    'key-rejected',
  ],
  ['a role that may only read', { StockmeshMe: readsOnly }, 'not-writable'],
  ['a location that is not there', { StockmeshLocations: { data: { stockLocations: { items: [] } } } }, 'not-writable'],
  ['another platform', { StockmeshLogin: { hello: 1 } }, 'not-this-platform'],
] as const)('a trial without the companion and with %s ends with one sentence', async ([, answers, code]) => {
  const url = await openAdmin({ ...adminAnswers, ...answers })
  const settings = vendurePlatform.schema.parse({ url, ...administrator })
  await expect(vendurePlatform.test(settings, never)).rejects.toMatchObject({ code })
})

it('the settings are the key of the companion, or an administrator, and never both', () => {
  const url = 'https://shop.example'
  const faultOf = (given: object): unknown => {
    const { path, message } = vendurePlatform.schema.safeParse({ url, ...given }).error?.issues[0] ?? {}
    return [path?.[0], message]
  }
  expect(vendurePlatform.schema.parse({ url: `${url}/admin-api/`, ...administrator })).toEqual({
    url,
    ...administrator,
    location: null,
    channel: null,
  })
  expect(faultOf({ key, ...administrator })).toEqual(['username', 'is left empty where the companion has a key'])
  expect(faultOf({ username: 'stockmesh' })).toEqual(['password', 'is missing'])
  expect(faultOf({})).toEqual(['key', expect.stringContaining('is missing')])
})

it('the settings are an address and a long key', () => {
  expect(vendurePlatform.schema.parse({ url: ' https://shop.example/ ', key })).toEqual({
    url: 'https://shop.example',
    key,
    location: null,
  })
  expect(vendurePlatform.schema.safeParse({ url: 'shop.example', key }).success).toBe(false)
  expect(vendurePlatform.schema.safeParse({ url: 'https://shop.example', key: 'short' }).success).toBe(false)
})

it('lists and adjusts below /stockmesh/v1, and a copied shop is told from others', async () => {
  const item = { stockId: '000000000001', sku: 'A', name: 'Apron', stock: 4, version: 3, createdAt: 1, products: [] }
  const opId = '0'.repeat(32)
  const url = await openCompanion({
    '/stockmesh/v1/stock-rows': { epoch: '', items: [item], next: null, total: 1 },
    '/stockmesh/v1/adjust': { results: [{ opId, status: 'applied', stock: 5, feedId: 4 }] },
    '/stockmesh/v1/feed': { status: 409, error: { code: 'shop-copied', message: '' } },
  })
  await using connector = await vendurePlatform.open({ url, key, location: null }, parts)
  expect([connector.name, connector.promise, connector.shopUrl]).toEqual(['vendure', 'exact', url])
  expect((await connector.list({ after: null, limit: 10 }, never)).items).toEqual([item])
  const operation = { opId, stockId: item.stockId, key: 'a', delta: 1 }
  expect(await connector.adjust([operation], never)).toEqual([{ opId, status: 'applied', stock: 5, feedId: 4 }])
  const query = { epoch: '0'.repeat(16), after: 0, tag: null, limit: 1, waitMs: 0 }
  await expect(connector.feed(query, never)).rejects.toMatchObject({ code: 'shop-copied' })
})

it("a hint is the shop's own where it is signed with the key", () => {
  const body = Buffer.from('{"at":1}')
  const sign = (secret: string): string => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`
  const check = (signature?: string): unknown =>
    vendurePlatform.checkHint?.(
      { url: '', key, location: null },
      { body, headers: { 'stockmesh-signature': signature }, now: 0 },
    )
  expect([check(sign(key)), check(sign('other')), check()]).toEqual(['hint', 'signature-invalid', 'signature-invalid'])
})

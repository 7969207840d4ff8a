/**
 * Who may call what: every call of a node and of the shop inside it, each tried without a login, with a token that is
 * none, as a viewer, and as an admin whose browser was led here by another page. A call that does not stand in this
 * table fails the test, and so does one that another may make than the table says.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { access as wordsOfAccess } from '../../packages/admin-ui/src/text/en/access.ts'
import { NodeServer } from '../../packages/node/src/node/node-server.ts'
import { createShopClient } from '../harness/client.ts'

type Access = 'anyone' | 'visitor' | 'viewer' | 'admin'

/** A list stands here without its `.csv`. */
const table: Readonly<Record<Access, readonly string[]>> = {
  anyone: [
    'GET /healthz',
    'GET /readyz',
    'GET /metrics',
    'GET /.well-known/stockmesh',
    'GET /shop/session',
    'GET /api/v1/openapi.json',
    'GET /api/v1/session',
    'POST /api/v1/session',
    'DELETE /api/v1/session',
    'POST /api/v1/setup',
    'POST /hooks/builtin',
  ],
  visitor: ['GET /shop/v1/products', 'POST /shop/v1/orders'],
  viewer: [
    'GET /api/v1/activity',
    'GET /api/v1/admin-log',
    'GET /api/v1/connector',
    'GET /api/v1/connector/health',
    'GET /api/v1/events',
    'GET /api/v1/import',
    'GET /api/v1/import/failed',
    'GET /api/v1/import/preview',
    'GET /api/v1/import/preview/items',
    'GET /api/v1/join',
    'GET /api/v1/join-requests',
    'GET /api/v1/log',
    'GET /api/v1/members',
    'GET /api/v1/oversold',
    'GET /api/v1/partition-guard',
    'GET /api/v1/pause',
    'GET /api/v1/platforms',
    'GET /api/v1/problems',
    'GET /api/v1/problems/{id}/items',
    'GET /api/v1/resume/preview',
    'GET /api/v1/settings',
    'GET /api/v1/sku-choices',
    'GET /api/v1/status',
    'GET /api/v1/stock',
    'GET /api/v1/stock/{sku}',
    'GET /api/v1/stock/{sku}/course',
    'GET /api/v1/stock/{sku}/movements',
    'GET /api/v1/stop-all',
    'GET /api/v1/tokens',
    'GET /api/v1/verify',
    'GET /api/v1/viewer-password',
    'GET /shop/v1/orders',
    'GET /shop/v1/orders/{id}',
    'GET /shop/v1/products/{id}',
  ],
  admin: [
    'DELETE /api/v1/join',
    'DELETE /api/v1/members/{id}',
    'DELETE /api/v1/tokens/{id}',
    'DELETE /api/v1/viewer-password',
    'DELETE /shop/v1/products/{id}',
    'GET /api/v1/backup',
    'GET /shop/v1/feed',
    'GET /shop/v1/stock-rows',
    'PATCH /api/v1/node',
    'PATCH /api/v1/settings',
    'PATCH /api/v1/stock/{sku}',
    'PATCH /shop/v1/products/{id}',
    'POST /api/v1/connector',
    'POST /api/v1/connector/test',
    'POST /api/v1/counts',
    'POST /api/v1/import',
    'POST /api/v1/import/cancel',
    'POST /api/v1/import/pause',
    'POST /api/v1/import/resume',
    'POST /api/v1/import/undo',
    'POST /api/v1/import/use-this-shop',
    'POST /api/v1/join',
    'POST /api/v1/join-requests/{id}/accept',
    'POST /api/v1/join-requests/{id}/refuse',
    'POST /api/v1/leave',
    'POST /api/v1/members/{id}/undo',
    'POST /api/v1/partition-guard',
    'POST /api/v1/password',
    'POST /api/v1/pause',
    'POST /api/v1/problems/{id}/{action}',
    'POST /api/v1/received',
    'POST /api/v1/resume',
    'POST /api/v1/resume-all',
    'POST /api/v1/settings/alerts/test',
    'POST /api/v1/stock/{sku}/count',
    'POST /api/v1/stop-all',
    'POST /api/v1/tokens',
    'POST /api/v1/viewer-password',
    'POST /shop/v1/adjust',
    'POST /shop/v1/feed/attach',
    'POST /shop/v1/orders/{id}/cancel',
    'POST /shop/v1/products',
  ],
}

interface Call {
  readonly method: string
  readonly template: string
  readonly access: Access
}

const token = 'roles-admin-token-0123456789abcdef0123'
const password = 'rødgrød med fløde'
const viewerPassword = 'kun at se med'
const parts: Readonly<Record<string, string>> = { sku: 'CUP-1', id: '1', action: 'dismiss' }

const directory = await mkdtemp(join(tmpdir(), 'stockmesh-roles-'))
const node = await NodeServer.open({
  directory,
  host: '127.0.0.1',
  port: 0,
  url: null,
  name: 'Roles',
  adminToken: token,
  shop: null,
  shopKey: null,
  allowPrivatePeers: true,
  connector: null,
  env: {},
  openShop: false,
  demo: false,
  logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
})
const document = (await (await fetch(`${node.url}/api/v1/openapi.json`)).json()) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly 'x-access': Access }>>>>
}
const calls: readonly Call[] = Object.entries(document.paths).flatMap(([template, methods]) =>
  Object.entries(methods).map(([method, described]) => ({
    method: method.toUpperCase(),
    template,
    access: described['x-access'],
  })),
)
const expected = (Object.keys(table) as Access[]).flatMap((access) =>
  table[access].map((call): [string, Access] => [call, access]),
)
const ownPage = { 'x-stockmesh': '1', 'sec-fetch-site': 'same-origin' }
let admin: Readonly<Record<string, string>> = {}
let viewer: Readonly<Record<string, string>> = {}
let revoked = ''
let viewerToken = ''
let adminsToken = ''
let before = ''

beforeAll(async () => {
  const { setupToken } = node.account
  admin = await signIn('setup', { token: setupToken, password, name: 'Roles', language: 'da' })
  const chosen = await send('POST', '/api/v1/viewer-password', { ...admin, ...ownPage }, { password: viewerPassword })
  expect(chosen).toEqual({ status: 200, code: null })
  viewer = await signIn('session', { password: viewerPassword })
  const madeRevoked = await makeToken('Revoked', 'admin')
  revoked = madeRevoked.token
  expect((await send('DELETE', `/api/v1/tokens/${madeRevoked.id}`, { ...admin, ...ownPage })).status).toBe(200)
  viewerToken = (await makeToken('Viewer', 'viewer')).token
  adminsToken = (await makeToken('Admin', 'admin')).token
  const shop = createShopClient(node.url, token)
  await shop.createProduct({ sku: 'CUP-1', name: 'Cup', stock: 5 })
  before = await state()
})

afterAll(async () => {
  await node[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

async function makeToken(name: string, role: 'admin' | 'viewer'): Promise<{ id: string; token: string }> {
  const headers = { ...admin, ...ownPage, 'content-type': 'application/json' }
  const body = JSON.stringify({ name, role })
  const answer = await fetch(`${node.url}/api/v1/tokens`, { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
  return (await answer.json()) as { id: string; token: string }
}

async function signIn(call: string, body: object): Promise<Record<string, string>> {
  const answer = await fetch(`${node.url}/api/v1/${call}`, {
    method: 'POST',
    headers: { ...ownPage, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(200)
  await answer.body?.cancel()
  return { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' }
}

/** Another `host` than the address is not for `fetch` to send. */
function send(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: object = {},
): Promise<{ status: number; code: string | null }> {
  const { hostname, port } = new URL(node.url)
  const sent = method === 'GET' ? '' : JSON.stringify(body)
  const content =
    method === 'GET' ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sent)) }
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers: { ...content, ...headers } }, (answer) => {
      const status = answer.statusCode ?? 0
      // A stream has no end; what it says is no error.
      if (status === 200) {
        answer.destroy()
        resolve({ status, code: null })
        return
      }
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => resolve({ status, code: codeOf(text) }))
    })
    request.on('error', reject)
    request.end(sent)
  })
}

function codeOf(text: string): string | null {
  return text === '' ? null : ((JSON.parse(text) as { error?: { code: string } }).error?.code ?? null)
}

async function state(): Promise<string> {
  const paths = ['/api/v1/stock', '/api/v1/settings', '/api/v1/viewer-password', '/api/v1/join', '/shop/v1/products']
  const headers = { authorization: `Bearer ${token}` }
  const answers = paths.map(async (path) => await (await fetch(node.url + path, { headers })).text())
  return (await Promise.all(answers)).join('\n')
}

function pathOf({ template }: Call): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? '1')
}

const nameOf = ({ method, template }: Call): string => `${method} ${template}`
const isOfShop = ({ template }: Call): boolean => template.startsWith('/shop/v1/')
const named = (chosen: readonly Call[]): [string, Call][] => chosen.map((call) => [nameOf(call), call])
const closed = calls.filter(({ access }) => access !== 'anyone')
const changing = closed.filter(({ method }) => method !== 'GET')

test('every call stands in the table, under whoever may make it', () => {
  const ofCsv = expected
    .filter(([call]) => calls.some((other) => nameOf(other) === `${call}.csv`))
    // A visitor of the shop buys, and takes no lists away.
    .map(([call, access]): [string, Access] => [`${call}.csv`, access === 'visitor' ? 'viewer' : access])
  const described = calls.map((call): [string, Access] => [nameOf(call), call.access])
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries([...expected, ...ofCsv]))
})

test('the pages have a word for each act that leaves a line', () => {
  const acts = expected
    .map(([call]) => call)
    .filter((call) => call.includes('/api/v1/') && (!call.startsWith('GET ') || call === 'GET /api/v1/backup'))
    .map((call) => call.replace('/api/v1', '').replaceAll(/\{(\w+)\}/g, ':$1'))
  expect(Object.keys(wordsOfAccess().adminLog.calls).toSorted()).toEqual(acts.toSorted())
})

describe.each(named(closed))('%s', (_name, call) => {
  const { method } = call
  const path = pathOf(call)

  test('nobody without a login, whatever the host; nobody with a token that is none', async () => {
    const signedOut = { status: 401, code: isOfShop(call) ? 'login-needed' : 'signed-out' }
    expect(await send(method, path, {})).toEqual(signedOut)
    expect(await send(method, path, ownPage)).toEqual(signedOut)
    for (const host of ['evil.example', 'localhost', '']) {
      expect(await send(method, path, { ...ownPage, host }), host).toEqual(signedOut)
    }
    const refused = { status: 401, code: isOfShop(call) ? 'login-needed' : 'token-refused' }
    for (const wrong of ['x'.repeat(43), revoked]) {
      expect(await send(method, path, { authorization: `Bearer ${wrong}` })).toEqual(refused)
    }
    expect(await send(method, path, { ...admin, ...ownPage, authorization: 'Bearer wrong' })).toEqual(refused)
  })

  test('a viewer reads, and changes nothing', async () => {
    const may = method === 'GET' && call.access !== 'admin'
    for (const headers of [{ ...viewer, ...ownPage }, { authorization: `Bearer ${viewerToken}` }]) {
      const answer = await send(method, path, headers)
      if (may) expect([401, 403]).not.toContain(answer.status)
      else expect(answer).toEqual({ status: 403, code: 'admin-needed' })
    }
  })
})

describe.each(named(changing))('%s', (_name, call) => {
  test('not with an admin’s cookie when another page sent it', async () => {
    const { host } = new URL(node.url)
    const own = `http://${host}`
    const refused = isOfShop(call) ? { status: 401, code: 'login-needed' } : { status: 403, code: 'cross-site' }
    const sent: readonly Readonly<Record<string, string>>[] = [
      {},
      { origin: own },
      { 'sec-fetch-site': 'same-origin', origin: own },
      { 'x-stockmesh': '1' },
      { 'x-stockmesh': '1', 'sec-fetch-site': 'cross-site' },
      { 'x-stockmesh': '1', 'sec-fetch-site': 'same-site', origin: own },
      { 'x-stockmesh': '1', origin: 'http://evil.example' },
      { 'x-stockmesh': '1', origin: 'null' },
    ]
    for (const headers of sent) {
      expect(await send(call.method, pathOf(call), { ...admin, ...headers }), JSON.stringify(headers)).toEqual(refused)
    }
  })
})

test('the token of a program lets nobody else in, and chooses no password', async () => {
  const headers = { authorization: `Bearer ${adminsToken}` }
  const refused = { status: 403, code: 'person-needed' }
  expect(await send('POST', '/api/v1/tokens', headers, { name: 'Another' })).toEqual(refused)
  expect(await send('DELETE', '/api/v1/tokens/1', headers)).toEqual(refused)
  expect(await send('POST', '/api/v1/password', headers, { password: 'et helt nyt kodeord' })).toEqual(refused)
  expect(await send('POST', '/api/v1/viewer-password', headers, { password: 'et nyt kodeord' })).toEqual(refused)
  expect(await send('DELETE', '/api/v1/viewer-password', headers)).toEqual(refused)
  expect((await send('GET', '/api/v1/status', headers)).status).toBe(200)
})

test('nothing of all that has changed anything', async () => {
  expect(await state()).toBe(before)
})

describe('viewers', () => {
  const page = (who: Readonly<Record<string, string>>): Record<string, string> => ({ ...who, ...ownPage })

  test('the session says who one is', async () => {
    const roleOf = async (headers: Record<string, string>): Promise<unknown> =>
      ((await (await fetch(`${node.url}/api/v1/session`, { headers })).json()) as { role: unknown }).role
    expect([await roleOf(page(admin)), await roleOf(page(viewer)), await roleOf({})]).toEqual(['admin', 'viewer', null])
  })

  test('their password is not the admin’s, nor the other way round', async () => {
    const path = '/api/v1/viewer-password'
    const taken = { status: 409, code: 'password-taken' }
    expect(await send('POST', path, page(admin), { password })).toEqual(taken)
    const change = { password: viewerPassword, current: password }
    expect(await send('POST', '/api/v1/password', page(admin), change)).toEqual(taken)
  })

  test('another password, or none, signs them out and leaves the admin signed in', async () => {
    const path = '/api/v1/viewer-password'
    const reads = async (who: Readonly<Record<string, string>>): Promise<number> =>
      (await send('GET', '/api/v1/status', page(who))).status
    expect([await reads(viewer), await reads(admin)]).toEqual([200, 200])
    await send('POST', path, page(admin), { password: 'en helt anden kode' })
    expect([await reads(viewer), await reads(admin)]).toEqual([401, 200])
    const again = await signIn('session', { password: 'en helt anden kode' })
    expect(await reads(again)).toBe(200)
    await send('DELETE', path, page(admin))
    expect([await reads(again), await reads(admin)]).toEqual([401, 200])
    const refused = await send('POST', '/api/v1/session', ownPage, { password: 'en helt anden kode' })
    expect(refused).toEqual({ status: 401, code: 'password-wrong' })
  })
})

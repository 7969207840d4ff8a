/**
 * Every call of the node and of its shop is tried with what does not fit, over the table that the node gives of itself:
 * each time a stable code and a sentence in JSON, and nothing has changed. The node is real, with a network and stock.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bodyBytesMax, idempotencyKeyCharactersMax } from '../../packages/node/src/http/limits.ts'
import { NodeServer } from '../../packages/node/src/node/node-server.ts'
import { AnswerCheck } from '../harness/answer-check.ts'
import { createNodeClient, createShopClient } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import { sendAndCut, sendRaw } from '../harness/raw-http.ts'

interface Parameter {
  readonly required?: boolean
  readonly name: string
  readonly in: string
}

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
}

interface Described {
  readonly security: readonly object[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, { schema: Schema }>> }
}

interface Call extends Described {
  readonly method: string
  /** As it is described, with `{name}` for a part that varies. */
  readonly template: string
  /** With a value for each part that varies. */
  readonly path: string
}

const token = 'bad-input-admin-token-0123456789abcdef'
const bearer = { authorization: `Bearer ${token}` }
const json = { 'content-type': 'application/json' }
const values: Readonly<Record<string, string>> = { sku: 'CUP-1', id: '1', action: 'dismiss', shop: 'none' }

/** Their body may also be the list alone. */
const takesList = ['/api/v1/counts', '/api/v1/received']

const directory = await mkdtemp(join(tmpdir(), 'stockmesh-bad-input-'))
const failures: unknown[] = []
const node = await NodeServer.open({
  directory,
  host: '127.0.0.1',
  port: 0,
  url: null,
  name: 'Bad input',
  adminToken: token,
  shop: null,
  shopKey: null,
  allowPrivatePeers: true,
  connector: null,
  env: {},
  openShop: false,
  demo: false,
  logger: { info: () => undefined, warn: () => undefined, error: (...given: unknown[]) => void failures.push(given) },
})
const document = (await (await fetch(`${node.url}/api/v1/openapi.json`)).json()) as {
  paths: Record<string, Record<string, Described>>
}
const check = new AnswerCheck(document)
const calls: readonly Call[] = Object.entries(document.paths).flatMap(([template, methods]) =>
  Object.entries(methods).map(([method, described]) => {
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'none')
    return { ...described, method: method.toUpperCase(), template, path }
  }),
)
const named = (chosen: readonly Call[]): [string, Call][] =>
  chosen.map((call) => [`${call.method} ${call.template}`, call])
const isPlain = ({ template }: Call): boolean => !/^\/(api|shop)\/v1\//.test(template)
const isStream = ({ template }: Call): boolean => template === '/api/v1/events'
/** A hint takes any bytes that are signed, and says nothing of them: it has stories of its own. */
const isHook = ({ template }: Call): boolean => template.startsWith('/hooks/')
const changing = calls.filter((call) => call.method !== 'GET' && !isHook(call))
const reading = calls.filter((call) => call.method === 'GET' && !isPlain(call))
let before = ''

beforeAll(async () => {
  const shop = createShopClient(node.url, token)
  await shop.createProduct({ sku: 'CUP-1', name: 'Cup', stock: 5 })
  await shop.createProduct({ sku: 'MUG-2', name: 'Mug', stock: 7 })
  await shop.placeOrder({ lines: [{ sku: 'CUP-1', quantity: 1 }] })
  const client = createNodeClient(node.url, token)
  await client.startImport()
  await eventually('the import is done', async () => (await client.importState()).state === 'done')
  await eventually('the node is at rest', async () => {
    const earlier = before
    before = await state()
    const { pending, lastChangeAt } = await client.status()
    return lastChangeAt !== null && pending.shop === 0 && before === earlier
  })
})

afterAll(async () => {
  await node[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

/** Everything that a call could change, but for the times of the last contact. */
async function state(): Promise<string> {
  const paths = ['status', 'stock', 'stock/CUP-1', 'members', 'join', 'import', 'problems', 'settings', 'pause', 'log']
  const answers = [
    ...paths.map((path) => `/api/v1/${path}`),
    ...['products', 'orders'].map((path) => `/shop/v1/${path}`),
  ]
  const texts = await Promise.all(
    answers.map(async (path) => {
      const answer = await fetch(node.url + path, { headers: bearer })
      expect(answer.status, path).toBe(200)
      return JSON.stringify(await answer.json(), (name, value: unknown) =>
        /lastContactAt|readAt/.test(name) ? null : value,
      )
    }),
  )
  return texts.join('\n')
}

/** Sent with the token unless the headers say otherwise; answers `status code`, after looking at the form of it. */
async function refused(method: string, path: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(node.url + path, {
    method,
    redirect: 'manual',
    ...init,
    headers: { ...bearer, ...init.headers },
  })
  const text = await answer.text()
  expect(answer.headers.get('content-type'), `${method} ${path}: ${text.slice(0, 200)}`).toMatch(/^application\/json/)
  return refusal(method, path, answer.status, text)
}

function refusal(method: string, path: string, status: number, text: string): string {
  const { error } = JSON.parse(text) as { error: { code: string; message: string; details: object } }
  expect(status, text).toBeGreaterThanOrEqual(400)
  expect(status, text).toBeLessThan(500)
  expect(error.code).toMatch(/^[a-z]+(-[a-z]+)*$/)
  expect(error.message).toMatch(/^[A-Z].*[.!]$|^[^ ]+ is not for this address\.$/s)
  expect(error.details).toBeTypeOf('object')
  check.assert({ method, path, status, json: JSON.parse(text) })
  return `${status} ${error.code}`
}

async function expectUnchanged(): Promise<void> {
  expect(await state()).toBe(before)
  expect(failures).toEqual([])
}

function bodySchema(call: Call): Schema {
  return call.requestBody?.content['application/json']?.schema ?? { type: 'object', properties: {} }
}

/** For each field one value of a type that it never has. */
function wrongTypes(call: Call): readonly object[] {
  return Object.entries(bodySchema(call).properties ?? {}).map(([name, { type }]) => ({
    [name]: type === 'object' || type === 'array' ? 'text' : { not: ['this'] },
  }))
}

/** The methods of every call whose path may be this one: a part that varies may be spelled like another path. */
function methodsAt(path: string): readonly string[] {
  const fits = (template: string): boolean => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)
  return calls.filter(({ template }) => fits(template)).map(({ method }) => method)
}

const body = (sent: unknown, headers: Record<string, string> = {}): RequestInit => ({
  body: typeof sent === 'string' ? sent : JSON.stringify(sent),
  headers: { ...json, ...headers },
})

describe.each(named(changing))('%s', (_name, call) => {
  const { method, path } = call

  test('a body that is not what it takes', async () => {
    const bodies = [
      'null',
      ...(takesList.includes(call.template) ? [] : ['[]']),
      '5',
      '"text"',
      '{"a":',
      'not JSON',
      '{"__proto__":{"polluted":true}}',
      '{"constructor":{"prototype":{}}}',
      '{"unknown-field":1}',
      '[['.repeat(50_000),
      `{"unknown":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      ...wrongTypes(call).map((wrong) => JSON.stringify(wrong)),
    ]
    for (const sent of bodies) {
      expect(await refused(method, path, body(sent)), sent.slice(0, 60)).toBe('400 body-invalid')
    }
    if (call.requestBody?.required === true) expect(await refused(method, path)).toBe('400 body-invalid')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    await expectUnchanged()
  })

  test('a body over the limit, also when it was packed', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(bodyBytesMax) })
    expect(await refused(method, path, body(large))).toBe('413 body-too-large')
    const packed = { body: gzipSync(large), headers: { ...json, 'content-encoding': 'gzip' } }
    expect(await refused(method, path, packed)).toBe('413 body-too-large')
    await expectUnchanged()
  })

  test('a body of another type, in another encoding, or not packed as it says', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'nonsense',
      'application/json; charset=latin1',
    ]) {
      expect(await refused(method, path, body('{"a":1}', { 'content-type': type })), type).toBe('415 content-type')
    }
    for (const encoding of ['unknown', 'compress']) {
      expect(await refused(method, path, body('{"a":1}', { 'content-encoding': encoding })), encoding).toBe(
        '415 content-type',
      )
    }
    for (const encoding of ['gzip', 'deflate', 'br']) {
      expect(await refused(method, path, body('{"a":1}', { 'content-encoding': encoding })), encoding).toBe(
        '400 body-invalid',
      )
    }
    await expectUnchanged()
  })

  test('a connection that is cut in the body, and chunks that are none', async () => {
    const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${bearer.authorization}\r\nContent-Type: application/json\r\n`
    await sendAndCut(node.url, `${head}Content-Length: 1000\r\n\r\n{"quantity":1`)
    await sendAndCut(node.url, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"qua`)
    for (const broken of [
      `${head}Transfer-Encoding: chunked\r\n\r\nZZZ\r\n{}\r\n0\r\n\r\n`,
      `${head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
      `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}`,
      `${head}Content-Length: -1\r\n\r\n{}`,
    ]) {
      const answer = await sendRaw(node.url, broken)
      expect(refusal('', '', answer?.status ?? 0, answer?.body ?? '')).toMatch(/^400 (request-malformed|body-invalid)$/)
    }
    await expectUnchanged()
  })

  test('an Idempotency-Key that is none', async () => {
    if (!call.parameters.some(({ name }) => name === 'Idempotency-Key')) return
    const long = 'k'.repeat(idempotencyKeyCharactersMax + 1)
    for (const key of ['', long, 'k'.repeat(8_000), ...(call.template.startsWith('/api/') ? ['two words'] : [])]) {
      const sent = call.requestBody?.required === true ? body({}) : {}
      const answer = await refused(method, path, { ...sent, headers: { ...json, 'idempotency-key': key } })
      if (call.requestBody?.required !== true) expect(answer, key.slice(0, 20)).toBe('400 idempotency-key-invalid')
    }
    await expectUnchanged()
  })
})

describe.each(named(reading))('%s', (_name, call) => {
  const { path } = call

  test('a query that is not what it takes', async () => {
    const needed = call.parameters
      .filter((parameter) => parameter.in === 'query' && parameter.required === true)
      .map(({ name }) => `&${name}=0`)
      .join('')
    const wants = call.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
    expect(await refused('GET', `${path}?unknown=1`)).toMatch(/^400 query-invalid$/)
    for (const name of wants) {
      expect(await refused('GET', `${path}?${name}=1&${name}=2`), name).toMatch(/^400 query-invalid$/)
      expect(await refused('GET', `${path}?${name}=${'x'.repeat(8_000)}`), name).toMatch(/^400 query-invalid$/)
    }
    if (wants.includes('limit')) {
      for (const limit of ['0', '-1', '1.5', 'ten', '', '%00', '99999999999999999999']) {
        expect(await refused('GET', `${path}?limit=${limit}${needed}`), limit).toMatch(
          /^400 (query-invalid|limit-too-large)$/,
        )
      }
      for (const limit of ['1001', '999999999']) {
        expect(await refused('GET', `${path}?limit=${limit}${needed}`), limit).toBe('400 limit-too-large')
      }
    }
    await expectUnchanged()
  })

  test('a cursor that is none of its own', async () => {
    if (!call.parameters.some(({ name }) => name === 'after')) return
    const parts = [{ a: 1 }, 'text', 5, [], [null], [[1]], [-1], [1.5], [1e300], ['x', 'y', 'z', 'w']]
    const cursors = [
      'x',
      '~',
      '%F0%9F%98%80',
      '-1',
      'null',
      ...parts.map((one) => Buffer.from(JSON.stringify(one)).toString('base64url')),
    ]
    for (const after of cursors) {
      expect(await refused('GET', `${path}?after=${after}`), after).toMatch(
        /^4\d\d (cursor-invalid|query-invalid|order-unknown|problem-solved)$/,
      )
    }
  })

  test('HEAD has the status of GET and no body; a trailing slash changes nothing', async () => {
    if (isStream(call)) return
    const get = await fetch(node.url + path, { headers: bearer })
    await get.arrayBuffer()
    for (const [method, same] of [
      ['HEAD', path],
      ['GET', `${path}/`],
    ] as const) {
      const answer = await fetch(node.url + same, { method, headers: bearer })
      const text = await answer.text()
      expect(answer.status, `${method} ${same}`).toBe(get.status)
      if (method === 'HEAD') expect(text).toBe('')
    }
  })

  test('a body on a GET is nothing to it', async () => {
    if (isStream(call)) return
    const get = await fetch(node.url + path, { headers: bearer })
    await get.arrayBuffer()
    const head = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: ${bearer.authorization}\r\n`
    const answer = await sendRaw(node.url, `${head}Content-Type: text/plain\r\nContent-Length: 4\r\n\r\n{"a"`)
    expect(answer?.status).toBe(get.status)
  })
})

describe.each(named(calls))('%s', (_name, call) => {
  const { method, path, template } = call

  test('without a token, with a wrong one, or with several', async () => {
    if (call.security.length === 0) return
    const sent = method === 'GET' ? {} : body('{"a":')
    for (const authorization of [
      '',
      'Bearer',
      'Bearer ',
      'Bearer wrong',
      `Basic ${token}`,
      `Bearer ${token}x`,
      `Bearer ${token} ${token}`,
      `bearer: ${token}`,
    ]) {
      const headers = { ...json, authorization }
      expect(await refused(method, path, { ...sent, headers }), authorization).toMatch(
        /^401 (signed-out|token-refused|login-needed)$/,
      )
    }
    const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n`
    for (const several of [
      `Authorization: Bearer wrong\r\nAuthorization: ${bearer.authorization}\r\n`,
      'Authorization: \r\n',
      '',
    ]) {
      const answer = await sendRaw(node.url, `${head}${several}\r\n`)
      expect(refusal(method, path, answer?.status ?? 0, answer?.body ?? '')).toMatch(/^401 /)
    }
    await expectUnchanged()
  })

  test('another method is refused with those that it has', async () => {
    const own = Object.keys(document.paths[template] ?? {}).map((one) => one.toUpperCase())
    const others = ['PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'GET']
    for (const other of others.filter((one) => !methodsAt(path).includes(one))) {
      const answer = await fetch(node.url + path, { method: other, headers: bearer })
      expect(answer.headers.get('allow')?.split(', '), other).toEqual(expect.arrayContaining(own))
      expect(refusal(other, path, answer.status, await answer.text())).toBe('405 method-not-allowed')
    }
    await expectUnchanged()
  })

  test('a path that is spelled otherwise is not found; a part that is broken, long or odd is refused', async () => {
    const spelled = template.replace(/\/([a-z.])([^/{}]*(\/\{\w+\})*)$/, (_, first: string, rest: string) => {
      return `/${first === '.' ? '_' : first.toUpperCase()}${rest}`
    })
    // `/:action` takes any word.
    if (methodsAt(spelled).length === 0) expect(await refused(method, spelled)).toBe('404 not-found')
    if (!template.includes('{')) return
    const sent = method === 'GET' || method === 'DELETE' ? {} : body({})
    for (const broken of ['%', '%E0%A4%A', '%ff', '%ED%A0%80']) {
      const odd = template.replaceAll(/\{\w+\}/g, broken)
      expect(await refused(method, odd, sent), broken).toBe('400 path-invalid')
    }
    for (const odd of [
      'x'.repeat(8_000),
      '%00',
      '%0a',
      '..%2f..%2fetc',
      '%2e%2e%2f',
      '%E2%80%AE',
      '%20',
      '-1',
      '__proto__',
      'constructor',
      '1e3',
      '%F0%9F%98%80',
    ]) {
      const at = template.replaceAll(/\{\w+\}/g, odd)
      const answer = await fetch(node.url + at, { method, ...sent, headers: { ...bearer, ...json } })
      const text = await answer.text()
      // A list below something that is not there may be empty.
      if (answer.status !== 200) expect(refusal(method, at, answer.status, text)).toMatch(/^4/)
      else expect(method).toBe('GET')
    }
    await expectUnchanged()
  })
})

describe('pages and files', () => {
  test.each([
    '/%',
    '/%00',
    '/assets/%00',
    '/assets/..%2f..%2fpackage.json',
    '/..%5c..%5cx',
    '/.git/config',
    '/assets',
    '/index.html/x',
  ])('%s is not there, and says so in JSON', async (path) => {
    const head = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
    const answer = await sendRaw(node.url, head)
    expect(refusal('GET', path, answer?.status ?? 0, answer?.body ?? '')).toMatch(/^(404 not-found|400 path-invalid)$/)
    expect(failures).toEqual([])
  })
})

test('what a client expects beside an answer changes no answer', async () => {
  const expecting = `Host: localhost\r\nConnection: close\r\nExpect: 200-ok\r\n`
  const refused = await sendRaw(node.url, `GET /api/v1/status HTTP/1.1\r\n${expecting}\r\n`)
  expect(refusal('GET', '/api/v1/status', refused?.status ?? 0, refused?.body ?? '')).toBe('401 signed-out')
  const head = `GET /api/v1/status HTTP/1.1\r\nAuthorization: Bearer ${token}\r\n${expecting}\r\n`
  expect((await sendRaw(node.url, head))?.status).toBe(200)
})

describe('what is no request', () => {
  test.each([
    [
      'a path that is longer than a head may be',
      `GET /api/v1/stock/${'x'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      '431 head-too-large',
    ],
    [
      'a header that is',
      `GET /api/v1/status HTTP/1.1\r\nHost: a\r\nIdempotency-Key: ${'x'.repeat(100_000)}\r\n\r\n`,
      '431 head-too-large',
    ],
    ['not HTTP', 'hello\r\n\r\n', '400 request-malformed'],
    ['a method that nobody knows', 'BREW /api/v1/status HTTP/1.1\r\nHost: a\r\n\r\n', '400 request-malformed'],
    ['a header without a name', 'GET /api/v1/status HTTP/1.1\r\n: x\r\n\r\n', '400 request-malformed'],
    ['no host', 'GET /api/v1/status HTTP/1.1\r\n\r\n', '400 request-malformed'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', '400 request-malformed'],
  ])('%s', async (_name, text, expected) => {
    const answer = await sendRaw(node.url, Buffer.from(text, 'latin1'))
    expect(answer?.headers).toContain('application/json')
    expect(refusal('', '', answer?.status ?? 0, answer?.body ?? '')).toBe(expected)
    await expectUnchanged()
  })
})

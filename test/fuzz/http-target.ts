/**
 * The HTTP interface, by the table that the node gives of itself: bodies, queries, paths, headers and cookies that do
 * not fit, with a token, as a browser that is signed in, and as nobody; and heads that are no HTTP. Every answer is one
 * that the table names, none is a 5xx, and the node lives. Many calls are under way at once.
 */
import type { SeededRandom } from '../protocol/random.ts'
import { type HttpAnswer, type HttpCall, HttpCaller, headOf } from './http-caller.ts'
import { awkwardTexts, mutate } from './mutation.ts'
import { fuzzToken, OwnNode } from './own-node.ts'
import { Finding, type Target } from './target.ts'

interface Schema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}

interface Described {
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

interface Call extends Described {
  readonly method: string
  readonly template: string
}

const callsPerRound = 64
/** Calls that are under way: slow ones, as the trial of a shop, keep no others waiting. */
const atOnceMax = 64
/** Calls that end the node's life or its account, give its shop to another node, or never answer. */
const leftOut = new Set([
  'GET /api/v1/events',
  'POST /api/v1/leave',
  'DELETE /api/v1/session',
  'POST /shop/v1/feed/attach',
])
/** With the node's own token they would choose other passwords and sign the browsers out. */
const ofPasswords = /^\/api\/v1\/(?:viewer-)?password/
/** A refusal that a busy node may give. */
const busy = new Set([503])
const password = 'a password to fuzz with'

/** The cookies of browsers that are signed in, as `name=value`. */
interface Browsers {
  readonly admin: string
  readonly viewer: string
}

export async function openHttpTarget(): Promise<Target> {
  const node = await OwnNode.open('H')
  const caller = new HttpCaller(node.address)
  await node.fill()
  await node.api.startImport()
  const browsers = await signInBrowsers(node)
  const answer = await fetch(`${node.url}/api/v1/openapi.json`)
  const description = (await answer.json()) as { readonly paths: Record<string, Record<string, Described>> }
  const calls = Object.entries(description.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ ...described, method: method.toUpperCase(), template })),
  )
  const chosen = calls.filter(({ method, template }) => !leftOut.has(`${method} ${template}`))
  const underWay = new Set<Promise<void>>()
  const findings: unknown[] = []
  const assertNothingFound = (): void => {
    if (findings.length > 0) throw findings[0]
    node.assertQuiet()
  }
  return {
    async round(random) {
      for (let index = 0; index < callsPerRound; index += 1) {
        if (underWay.size >= atOnceMax) await Promise.race(underWay)
        const described = random.pick(chosen)
        const call = anyCall(described, browsers, random)
        const tried = random.chance(0.1) ? tryHead(caller, call, random) : tryCall(caller, call, described)
        const ended = tried.catch((error: unknown) => void findings.push(error)).then(() => void underWay.delete(ended))
        underWay.add(ended)
      }
      assertNothingFound()
      return callsPerRound
    },
    async end() {
      await Promise.all(underWay)
      assertNothingFound()
      const { node: about } = await node.api.status()
      if (about.id === '') throw new Finding('the node does not say who it is')
      node.assertQuiet()
    },
    async [Symbol.asyncDispose]() {
      caller.close()
      await node[Symbol.asyncDispose]()
    },
  }
}

async function signInBrowsers(node: OwnNode): Promise<Browsers> {
  const post = async (path: string, body: object, token?: string): Promise<string> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    const answer = await fetch(`${node.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`)
    await answer.arrayBuffer()
    return answer.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
  }
  const admin = await post('/setup', { token: node.setupToken, password, name: 'H', language: 'en' })
  const forViewers = `${password} and look`
  await post('/viewer-password', { password: forViewers }, fuzzToken)
  return { admin, viewer: await post('/session', { password: forViewers }) }
}

function anyCall(described: Call, browsers: Browsers, random: SeededRandom): HttpCall {
  const path = described.template.replaceAll(/\{\w+\}/g, () => encodeURIComponent(anyText(random)))
  const query = described.parameters
    .filter((parameter) => parameter.in === 'query' && random.chance(0.4))
    .map(({ name }) => `${name}=${escaped(anyText(random))}`)
  const method = random.chance(0.05) ? random.pick(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'POST']) : described.method
  return {
    method,
    path: `${path}${query.length === 0 ? '' : `?${query.join('&')}`}`,
    headers: anyHeaders(browsers, ofPasswords.test(path), random),
    body: method === 'GET' || method === 'OPTIONS' ? null : anyBody(described, random),
  }
}

async function tryCall(caller: HttpCaller, call: HttpCall, { template }: Call): Promise<void> {
  const told = `${headOf(call)}${Buffer.from(call.body ?? []).toString()}`
  const { status, text } = await caller.call(call).catch((error: unknown) => failed(told, error))
  assertNoFailure(told, { status, text })
  const isApi = template.startsWith('/api/') || template.startsWith('/shop/v1')
  if (status < 400 || !isApi) return
  const refusal = parse(text) as { readonly error?: { readonly code?: unknown; readonly message?: unknown } } | null
  const { code, message } = refusal?.error ?? {}
  if (typeof code !== 'string' || typeof message !== 'string') throw new Finding(`no sentence to ${told}: ${text}`)
  if (/\bat .*\.[tj]s:\d|node_modules/.test(text)) throw new Finding(`a stack to ${told}: ${text}`)
}

/** The bytes of a call, changed anywhere in its head or body. */
async function tryHead(caller: HttpCaller, call: HttpCall, random: SeededRandom): Promise<void> {
  const whole = Buffer.concat([Buffer.from(headOf(call), 'latin1'), call.body ?? new Uint8Array()])
  const bytes = mutate(whole, whole, random)
  const told = Buffer.from(bytes).toString('latin1')
  const answer = await caller.send(bytes).catch((error: unknown) => failed(told, error))
  if (answer !== null) assertNoFailure(told, answer)
}

function assertNoFailure(told: string, { status, text }: HttpAnswer): void {
  if (status >= 500 && !busy.has(status)) throw new Finding(`HTTP ${status} to ${told}: ${text}`)
}

function failed(told: string, error: unknown): never {
  throw new Finding(`no answer to ${told}`, { cause: error })
}

function anyText(random: SeededRandom): string {
  const text = random.chance(0.3) ? random.pick(['CUP-1', 'MUG-2', '1', 'dismiss']) : random.pick(awkwardTexts)
  // A lone surrogate cannot be escaped; in a body it goes out as it is.
  return text.replaceAll(/[\ud800-\udfff]/g, '?')
}

/** As a query has it, now and then not escaped at all. */
function escaped(text: string): string {
  return /^[\w%./-]*$/.test(text) ? text : encodeURIComponent(text)
}

const otherHeaders = [
  'accept',
  'accept-encoding',
  'content-encoding',
  'expect',
  'host',
  'if-none-match',
  'last-event-id',
  'range',
  'upgrade',
  'x-forwarded-for',
  'x-forwarded-proto',
] as const

function anyHeaders(browsers: Browsers, withoutToken: boolean, random: SeededRandom): Record<string, string> {
  const headers: Record<string, string> = {}
  if (random.chance(0.3)) Object.assign(headers, cookieHeaders(browsers, random))
  else if (!withoutToken && random.chance(0.85)) headers['authorization'] = `Bearer ${fuzzToken}`
  else if (random.chance(0.5)) headers['authorization'] = visible(anyText(random))
  if (random.chance(0.9)) headers['content-type'] = 'application/json'
  else headers['content-type'] = visible(anyText(random)) || 'text/plain'
  if (random.chance(0.1)) headers['idempotency-key'] = visible(anyText(random)) || 'a'
  if (random.chance(0.05)) headers['origin'] = 'https://elsewhere.example'
  if (random.chance(0.05)) headers['sec-fetch-site'] = random.pick(['cross-site', 'same-origin', 'none'])
  if (random.chance(0.1)) headers[random.pick(otherHeaders)] = visible(anyText(random)) || '*/*'
  return headers
}

/** A browser's, mostly as its page sends it; the cookie is whole, changed, doubled or made up. */
function cookieHeaders({ admin, viewer }: Browsers, random: SeededRandom): Record<string, string> {
  const whole = random.chance(0.7) ? admin : viewer
  const bytes = new TextEncoder().encode(whole)
  const changed = visible(Buffer.from(mutate(bytes, bytes, random)).toString('latin1'))
  const madeUp = visible(`${anyText(random)}=${anyText(random)}`)
  const cookie = random.pick([whole, whole, changed, madeUp, `${madeUp}; ${whole}`, `${changed};${whole};`])
  const own = random.chance(0.8) ? { 'x-stockmesh': '1', 'sec-fetch-site': 'same-origin' } : {}
  return cookie === '' ? own : { cookie, ...own }
}

function visible(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '').trim()
}

function anyBody(described: Call, random: SeededRandom): Uint8Array {
  const schema = described.requestBody?.content['application/json']?.schema
  const value = schema === undefined || random.chance(0.1) ? anyValue(random, 3) : valueOf(schema, random, 4)
  const text = new TextEncoder().encode(JSON.stringify(value) ?? '')
  return random.chance(0.2) ? mutate(text, text, random) : text
}

/** Mostly what the schema asks for, with something else in one place or another. */
function valueOf(schema: Schema, random: SeededRandom, depth: number): unknown {
  if (depth === 0 || random.chance(0.15)) return anyValue(random, 2)
  const types = schema.type === undefined ? [] : [schema.type].flat()
  const type = types.length === 0 ? (schema.properties === undefined ? 'any' : 'object') : random.pick(types)
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(() => random.chance(0.8))
          .map(([name, of]) => [name, valueOf(of, random, depth - 1)]),
      )
    case 'array':
      return Array.from({ length: random.below(4) }, () => valueOf(schema.items ?? {}, random, depth - 1))
    case 'string':
      return anyText(random)
    case 'integer':
    case 'number':
      return random.pick([0, 1, -1, 5, 1.5, 1e9, 2 ** 53, -(2 ** 53), 1e300])
    case 'boolean':
      return random.chance(0.5)
    default:
      return anyValue(random, 2)
  }
}

function anyValue(random: SeededRandom, depth: number): unknown {
  const kind = random.below(depth === 0 ? 5 : 7)
  if (kind === 0) return null
  if (kind === 1) return random.chance(0.5)
  if (kind === 2) return random.pick([0, -0, 1.5, 2 ** 53, -(2 ** 31), 1e300])
  if (kind <= 4) return random.pick(awkwardTexts)
  if (kind === 5) return Array.from({ length: random.below(4) }, () => anyValue(random, depth - 1))
  return { [random.pick(awkwardTexts)]: anyValue(random, depth - 1), sku: anyValue(random, depth - 1) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

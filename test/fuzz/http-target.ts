/**
 * The HTTP interface, by the table that the node gives of itself: bodies, queries, paths, headers and cookies that do
 * not fit, with and without a token. Every answer is one that the table names, none is a 5xx, and the node lives.
 */
import type { SeededRandom } from '../protocol/random.ts'
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

const callsPerRound = 50
const answerMsMax = 30_000
/** Calls that end the node's life or its account, give its shop to another node, or never answer. */
const leftOut = new Set([
  'GET /api/v1/events',
  'POST /api/v1/leave',
  'DELETE /api/v1/session',
  'POST /shop/v1/feed/attach',
])
/** A refusal that a busy node may give. */
const busy = new Set([503])

export async function openHttpTarget(): Promise<Target> {
  const node = await OwnNode.open('H')
  await node.fill()
  await node.api.startImport()
  const answer = await fetch(`${node.url}/api/v1/openapi.json`)
  const description = (await answer.json()) as { readonly paths: Record<string, Record<string, Described>> }
  const calls = Object.entries(description.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ ...described, method: method.toUpperCase(), template })),
  )
  const chosen = calls.filter(({ method, template }) => !leftOut.has(`${method} ${template}`))
  return {
    async round(random) {
      for (let index = 0; index < callsPerRound; index += 1) await call(node, random.pick(chosen), random)
      node.assertQuiet()
      return callsPerRound
    },
    async end() {
      const { node: about } = await node.api.status()
      if (about.id === '') throw new Finding('the node does not say who it is')
      node.assertQuiet()
    },
    [Symbol.asyncDispose]: () => node[Symbol.asyncDispose](),
  }
}

async function call(node: OwnNode, described: Call, random: SeededRandom): Promise<void> {
  const path = described.template.replaceAll(/\{\w+\}/g, () => encodeURIComponent(anyText(random)))
  const query = described.parameters
    .filter((parameter) => parameter.in === 'query' && random.chance(0.4))
    .map(({ name }) => `${name}=${escaped(anyText(random))}`)
  const url = `${node.url}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`
  const method = random.chance(0.05) ? random.pick(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'POST']) : described.method
  const body = method === 'GET' || method === 'OPTIONS' ? null : anyBody(described, random)
  const headers = anyHeaders(random)
  const told = `${method} ${url} ${JSON.stringify(headers)} ${body === null ? '' : Buffer.from(body).toString()}`
  try {
    const answer = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      body: body === null ? null : Buffer.from(body),
      signal: AbortSignal.timeout(answerMsMax),
    })
    const text = await answer.text()
    const statusCode = answer.status
    if (statusCode >= 500 && !busy.has(statusCode)) throw new Finding(`HTTP ${statusCode} to ${told}: ${text}`)
    const isApi = described.template.startsWith('/api/') || described.template.startsWith('/shop/v1')
    if (statusCode < 400 || !isApi) return
    const refusal = parse(text) as { readonly error?: { readonly code?: unknown; readonly message?: unknown } } | null
    const { code, message } = refusal?.error ?? {}
    if (typeof code !== 'string' || typeof message !== 'string') throw new Finding(`no sentence to ${told}: ${text}`)
    if (/\bat .*\.[tj]s:\d|node_modules/.test(text)) throw new Finding(`a stack to ${told}: ${text}`)
  } catch (error) {
    if (error instanceof Finding) throw error
    if (isOurs(error)) return
    throw new Finding(`no answer to ${told}: ${(error as Error).message}`, { cause: error })
  }
}

/** What the client itself does not send; what comes from the line has a cause. */
function isOurs(error: unknown): boolean {
  return error instanceof TypeError && error.cause === undefined
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

function anyHeaders(random: SeededRandom): Record<string, string> {
  const headers: Record<string, string> = {}
  if (random.chance(0.8)) headers['authorization'] = `Bearer ${fuzzToken}`
  else if (random.chance(0.5)) headers['authorization'] = visible(anyText(random))
  if (random.chance(0.9)) headers['content-type'] = 'application/json'
  else headers['content-type'] = visible(anyText(random)) || 'text/plain'
  if (random.chance(0.1)) headers['cookie'] = visible(`${anyText(random)}=${anyText(random)}`)
  if (random.chance(0.1)) headers['idempotency-key'] = visible(anyText(random)) || 'a'
  if (random.chance(0.05)) headers['origin'] = 'https://elsewhere.example'
  if (random.chance(0.05)) headers['sec-fetch-site'] = random.pick(['cross-site', 'same-origin', 'none'])
  if (random.chance(0.05)) headers['accept'] = visible(anyText(random)) || '*/*'
  return headers
}

function visible(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '').trim()
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

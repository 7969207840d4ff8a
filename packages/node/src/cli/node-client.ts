/**
 * The command line's way to a running node: its HTTP interface, with a bearer token. Every failure is one sentence
 * that says what to do.
 */
import type { ApiError, List } from '@stockmesh/protocol'
import { resolve } from 'node:path'
import { readCliToken } from '../http/cli-token.ts'
import type { Invocation } from './catalogue.ts'

/** Leaving waits up to 60 s for a member that has everything. */
const answerMsMax = 120_000
const pageItems = 1_000

/** Codes: `node-unreachable`, `token-missing`, `token-refused`, `answer-invalid`, or the node's own. */
class NodeCallError extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NodeCallError'
    this.code = code
  }
}

export interface NodeClient {
  /** The type of the answer is the caller's word. */
  call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T>
  /** All pages of a list. */
  readAll<T>(path: string): Promise<List<T>>
}

export async function connectNode({ settings, terminal }: Invocation): Promise<NodeClient> {
  const token = settings.token ?? terminal.env['STOCKMESH_ADMIN_TOKEN'] ?? (await readCliToken(settings.data))
  if (token === null) {
    const folder = resolve(settings.data)
    throw new NodeCallError(
      'token-missing',
      `There is no token in ${folder}. Name the node's folder with --data, or its token with --token.`,
    )
  }
  const call: NodeClient['call'] = async (method, path, body) => {
    const response = await send(settings.node, method, path, token, body)
    return await readAnswer(settings.node, response)
  }
  return {
    call,
    async readAll<T>(path: string) {
      const items: T[] = []
      let next: string | null = null
      do {
        const query: string = next === null ? '' : `&after=${encodeURIComponent(next)}`
        const page: List<T> = await call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=${pageItems}${query}`)
        items.push(...page.items)
        next = page.next
      } while (next !== null)
      return { items, next, total: items.length }
    },
  }
}

async function send(node: string, method: string, path: string, token: string, body?: object): Promise<Response> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  try {
    return await fetch(`${node}/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      // The token is for this node alone.
      redirect: 'error',
      signal: AbortSignal.timeout(answerMsMax),
    })
  } catch (error) {
    throw new NodeCallError(
      'node-unreachable',
      `No node answers at ${node}. Start it with "stockmesh start", or name another with --node.`,
      { cause: error },
    )
  }
}

async function readAnswer<T>(node: string, response: Response): Promise<T> {
  const text = await response.text()
  const json = parseJson(text)
  if (response.ok && json !== undefined) return json as T
  if (response.status === 401) {
    throw new NodeCallError(
      'token-refused',
      `The node at ${node} refuses the token. Name its folder with --data, or its token with --token.`,
    )
  }
  const error = (json as Partial<ApiError> | undefined)?.error
  if (error === undefined) {
    throw new NodeCallError('answer-invalid', `What answers at ${node} is not a node. Correct --node.`)
  }
  throw new NodeCallError(error.code, `${error.message} (${error.code})`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

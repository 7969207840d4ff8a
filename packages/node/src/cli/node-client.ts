/**
 * The command line's way to a running node: its HTTP interface, with a bearer token. Every failure is one sentence
 * that says what to do. A change carries a key of its own, so that sending it again after a cut connection never does
 * it twice.
 */
import { resolve } from 'node:path'
import type { List } from '@stockmesh/protocol'
import type { ZodType } from 'zod'
import { errorAnswer, listOf } from '../http/answer-schema.ts'
import { readCliToken } from '../http/cli-token.ts'
import { makeSecret } from '../http/secret.ts'
import { fits } from './answer-fit.ts'
import { chunksOf } from './body-chunks.ts'
import type { Invocation } from './client-command.ts'
import { answerBytesMax, answerMsMax, attemptsMax, pageItems } from './limits.ts'
import { callFailure, isCut, NodeCallError, notANode } from './node-call-error.ts'
import { plain } from './cell.ts'
import type { Terminal } from './terminal.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

interface CallOptions {
  readonly body?: object
  readonly answerMsMax?: number
}

export interface NodeClient {
  /** Answers what the node sent, with whatever a newer one added. */
  call<T>(method: Method, path: string, answers: ZodType<T>, options?: CallOptions): Promise<T>
  /** All pages of a list. */
  readAll<T>(path: string, item: ZodType<T>): Promise<List<T>>
  /** The event stream from after that event on; until the connection is aborted, or one of both ends is gone. */
  openEvents(lastEventId: string | null, connection: AbortController): Promise<ReadableStream<Uint8Array>>
  /** The bytes of a backup as they come, until they end or the node is silent for too long. */
  openBackup(connection: AbortController): Promise<AsyncIterable<Uint8Array>>
}

interface Request {
  readonly node: string
  readonly method: Method
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** Codes: `token-missing`, `token-unreadable`, `token-refused`, those of `node-call-error.ts`, or the node's own. */
export async function connectNode({ settings, terminal }: Invocation): Promise<NodeClient> {
  const { node } = settings
  const token = settings.token ?? settings['admin-token'] ?? (await tokenIn(settings.data))
  const authorization = `Bearer ${token}`
  const call: NodeClient['call'] = async (method, path, answers, options = {}) => {
    const { body } = options
    const headers = {
      authorization,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': makeSecret(16) } : {}),
    }
    const request = { node, method, path, headers, body: body === undefined ? null : JSON.stringify(body) }
    const answer = readAnswer(node, await send(request, terminal, options.answerMsMax ?? answerMsMax))
    if (fits(answers, answer)) return answer
    throw notANode(node)
  }
  return {
    call,
    async readAll<T>(path: string, item: ZodType<T>) {
      const items: T[] = []
      const pages = listOf(item)
      let next: string | null = null
      do {
        const query: string = next === null ? '' : `&after=${encodeURIComponent(next)}`
        const limited = `${path}${path.includes('?') ? '&' : '?'}limit=${pageItems}${query}`
        const page: List<T> = await call('GET', limited, pages)
        // A page that leads back to itself would never end.
        if (page.next !== null && page.next === next) throw notANode(node)
        items.push(...page.items)
        next = page.next
      } while (next !== null)
      return { items, next, total: items.length }
    },
    async openEvents(lastEventId, connection) {
      const headers = {
        authorization,
        accept: 'text/event-stream',
        ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
      }
      const request: Request = { node, method: 'GET', path: '/events', headers, body: null }
      return await openStream(request, terminal, connection, 'text/event-stream')
    },
    async openBackup(connection) {
      const request: Request = { node, method: 'GET', path: '/backup', headers: { authorization }, body: null }
      const body = await openStream(request, terminal, connection, 'application/octet-stream')
      return flowing(body, request, terminal)
    },
  }
}

async function tokenIn(data: string): Promise<string> {
  const folder = resolve(data)
  let token: string | null
  try {
    token = await readCliToken(folder)
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new NodeCallError(
      'token-unreadable',
      `The token in ${folder} cannot be read (${why}). Name the node's folder with --data, or its token with --token.`,
      { cause: error },
    )
  }
  if (token !== null) return token
  throw new NodeCallError(
    'token-missing',
    `There is no token in ${folder}. Name the node's folder with --data, or its token with --token.`,
  )
}

interface Answer {
  readonly status: number
  readonly text: string
}

async function send(request: Request, terminal: Terminal, msMax: number): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const ended = new AbortController()
    const cancel = terminal.after(msMax, () => ended.abort())
    try {
      const response = await open(request, ended.signal)
      return { status: response.status, text: await readText(response, ended.signal) }
    } catch (error) {
      const mayRepeat = request.method === 'GET' || request.method === 'POST'
      if (isCut(error) && mayRepeat && attempt < attemptsMax) continue
      throw callFailure({ node: request.node, isChange: request.method !== 'GET', msMax, error })
    } finally {
      cancel()
    }
  }
}

async function openStream(
  request: Request,
  terminal: Terminal,
  connection: AbortController,
  type: string,
): Promise<ReadableStream<Uint8Array>> {
  const cancel = terminal.after(answerMsMax, () => connection.abort())
  try {
    const response = await open(request, connection.signal)
    const isStream = response.headers.get('content-type')?.startsWith(type) === true
    if (response.ok && isStream && response.body !== null) return response.body
    readAnswer(request.node, { status: response.status, text: await readText(response, connection.signal) })
    throw notANode(request.node)
  } catch (error) {
    throw callFailure({ node: request.node, isChange: false, msMax: answerMsMax, error })
  } finally {
    cancel()
  }
}

/** What comes of a long answer: as long as something does, it may take its time. */
async function* flowing(
  body: ReadableStream<Uint8Array>,
  { node }: Request,
  terminal: Terminal,
): AsyncGenerator<Uint8Array> {
  const silent = new AbortController()
  const watch = (): (() => void) => terminal.after(answerMsMax, () => silent.abort())
  let cancel = watch()
  try {
    for await (const chunk of chunksOf(body, silent.signal)) {
      cancel()
      yield chunk
      cancel = watch()
    }
    silent.signal.throwIfAborted()
  } catch (error) {
    throw callFailure({ node, isChange: false, msMax: answerMsMax, error })
  } finally {
    cancel()
  }
}

function open({ node, method, path, headers, body }: Request, signal: AbortSignal): Promise<Response> {
  // The token is for this node alone, so that it is not sent on.
  return fetch(`${node}/api/v1${path}`, { method, headers, body, redirect: 'error', signal })
}

async function readText(response: Response, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body === null ? [] : chunksOf(response.body, signal)) {
    bytes += chunk.length
    if (bytes > answerBytesMax) throw notANode(new URL(response.url).origin)
    chunks.push(chunk)
  }
  signal.throwIfAborted()
  return Buffer.concat(chunks).toString('utf8')
}

function readAnswer(node: string, { status, text }: Answer): unknown {
  const json = parseJson(text)
  if (status >= 200 && status < 300 && json !== undefined) return json
  if (status === 401) {
    throw new NodeCallError(
      'token-refused',
      `The node at ${node} refuses the token. Name its folder with --data, or its token with --token.`,
    )
  }
  if (fits(errorAnswer, json)) {
    const { code, message } = json.error
    throw new NodeCallError(code, plain(`${message} (${code})`))
  }
  if (status < 500) throw notANode(node)
  throw new NodeCallError(
    'node-failed',
    `What answers at ${node} failed with ${status} and gave no reason. Look at the log of the node, or of the proxy in front of it.`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

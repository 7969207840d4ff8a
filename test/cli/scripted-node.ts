/**
 * A port that answers as a test says, well or badly, and notes what it was asked. It knows nothing of Stockmesh, so
 * that it can also be what no node would be.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'

export interface SeenRequest {
  readonly method: string
  /** Below `/api/v1`, as it was sent. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

type Reply = object | ((request: SeenRequest, response: ServerResponse) => void)

export class ScriptedNode implements AsyncDisposable {
  readonly requests: SeenRequest[] = []
  /** By method and path without its query, as in `POST /pause`; a function answers for itself. */
  readonly replies: Record<string, Reply> = {}
  /** For whatever has no reply of its own. */
  fallback: Reply = (_request, response) => fail(response, 404, 'not-found', 'There is nothing here.')
  readonly #server: Server

  static async open(): Promise<ScriptedNode> {
    const node = new ScriptedNode()
    node.#server.listen(0, '127.0.0.1')
    await once(node.#server, 'listening')
    return node
  }

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** What was asked, as `POST /counts`, in order. */
  get calls(): readonly string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`)
  }

  get changes(): readonly SeenRequest[] {
    return this.requests.filter(({ method }) => method !== 'GET')
  }

  /** Ends every connection as a process that is killed does. */
  dropConnections(): void {
    this.#server.closeAllConnections()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(/^\/api\/v1/, '')
    const text = await textOf(request).catch(() => null)
    if (text === null) return
    const seen = {
      method: request.method ?? '',
      path,
      headers: request.headers,
      body: text === '' ? null : (JSON.parse(text) as unknown),
    }
    this.requests.push(seen)
    const reply = this.replies[`${seen.method} ${path.split('?')[0]}`] ?? this.fallback
    if (typeof reply === 'function') {
      ;(reply as (request: SeenRequest, response: ServerResponse) => void)(seen, response)
    } else response.setHeader('content-type', 'application/json').end(JSON.stringify(reply))
  }
}

export function fail(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: { code, message, details: {} } }))
}

export function listOf(...items: readonly object[]): object {
  return { items, next: null, total: items.length }
}

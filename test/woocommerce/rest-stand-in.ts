/**
 * A stand-in WooCommerce over HTTP: it checks who asks, answers from a cache where the same address is asked twice, and
 * breaks where a test wants it to.
 */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RestInterface, type RestSwitches } from './rest-interface.ts'
import { StandInStock } from './rest-stock.ts'

export const consumerKey = `ck_${'a'.repeat(40)}`
export const consumerSecret = `cs_${'b'.repeat(40)}`

/** What happens to a call instead of its answer. `lose`: it is done, and the answer is lost. */
export type RestFault = 'lose' | 'drop' | { readonly status: number; readonly body: string }

export interface SeenCall {
  readonly method: string
  /** Below `/wp-json`, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
}

export class RestStandIn implements AsyncDisposable {
  readonly stock: StandInStock = new StandInStock()
  readonly rest: RestInterface
  readonly calls: SeenCall[] = []
  fault: (call: SeenCall) => RestFault | null = () => null
  readonly #server: Server
  readonly #cache = new Map<string, { readonly body: string; readonly total: number | undefined }>()
  readonly #nonces = new Set<string>()

  private constructor(switches: Partial<RestSwitches>) {
    this.rest = new RestInterface(this.stock, switches)
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  static async open(switches: Partial<RestSwitches> = {}): Promise<RestStandIn> {
    const shop = new RestStandIn(switches)
    shop.#server.listen(0, '127.0.0.1')
    await once(shop.#server, 'listening')
    return shop
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const url = new URL(request.url ?? '/', this.url)
    const path = url.pathname.replace(/^\/wp-json/, '')
    const call = { method: request.method ?? '', path, query: url.searchParams, body: Buffer.concat(chunks).toString() }
    response.setHeader('date', new Date(this.stock.now()).toUTCString())
    if (!this.#isSigned(call.method, url)) {
      return send(response, 401, JSON.stringify({ code: 'woocommerce_rest_cannot_view' }))
    }
    this.calls.push(call)
    const fault = this.fault(call)
    if (fault === 'drop') return void request.socket.destroy()
    if (fault !== null && fault !== 'lose') return send(response, fault.status, fault.body)
    const plain = [...url.searchParams].filter(([name]) => !name.startsWith('oauth_'))
    const address = `${path}?${plain.join('&')}`
    const cached = call.method === 'GET' ? this.#cache.get(address) : undefined
    if (cached !== undefined) return send(response, 200, cached.body, cached.total)
    const parsed: unknown = call.body === '' ? {} : JSON.parse(call.body)
    const answer = await this.rest.answer(call.method, path, url.searchParams, parsed)
    const body = JSON.stringify(answer.body)
    if (call.method === 'GET' && answer.status === 200) this.#cache.set(address, { body, total: answer.total })
    if (fault === 'lose') return void request.socket.destroy()
    send(response, answer.status, body, answer.total)
  }

  /** OAuth 1.0a over http, each nonce once. */
  #isSigned(method: string, url: URL): boolean {
    const query = new URLSearchParams(url.searchParams)
    const signature = query.get('oauth_signature')
    const nonce = query.get('oauth_nonce') ?? ''
    const at = Number(query.get('oauth_timestamp')) * 1_000
    if (query.get('oauth_consumer_key') !== consumerKey || this.#nonces.has(nonce)) return false
    if (Math.abs(at - this.stock.now()) > 15 * 60_000) return false
    this.#nonces.add(nonce)
    query.delete('oauth_signature')
    const sorted = [...query].sort(([left], [right]) => (left < right ? -1 : 1))
    const text = sorted.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')
    const base = [method, url.origin + url.pathname, text].map(encoded).join('&')
    return createHmac('sha256', `${consumerSecret}&`).update(base).digest('base64') === signature
  }
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}

function send(response: ServerResponse, status: number, body: string, total?: number): void {
  const type = body.startsWith('<') ? 'text/html' : 'application/json'
  const counts = total === undefined ? {} : { 'x-wp-total': String(total) }
  response.writeHead(status, { 'content-type': type, 'retry-after': '0', ...counts })
  response.end(body)
}

/**
 * The front of a WordPress with the companion plugin: WooCommerce's keys, permissions and WordPress's own errors, as
 * WooCommerce 11.0 checks and gives them. Behind it a built-in shop answers the feed interface, which is the same, except
 * that the companion never keeps a call open and takes 100 adjustments at most.
 */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const consumerKey = 'ck_0123456789abcdef0123456789abcdef01234567'
export const consumerSecret = 'cs_89abcdef0123456789abcdef0123456789abcdef'

export interface FrontSwitches {
  permissions: 'read' | 'write' | 'read_write'
  /** `plain`: `/wp-json` is not there, and `?rest_route=` is. */
  permalinks: 'pretty' | 'plain'
  hasCompanion: boolean
  /** Over what `GET /about` answers. */
  about: Readonly<Record<string, unknown>>
  /** WordPress's own address, on which signatures are checked; null: the one it listens at. */
  home: string | null
}

export class WordPressFront implements AsyncDisposable {
  readonly switches: FrontSwitches = {
    permissions: 'read_write',
    permalinks: 'pretty',
    hasCompanion: true,
    about: {},
    home: null,
  }
  /** What the node said of its hints. */
  hook: unknown = null
  readonly operationCounts: number[] = []
  readonly #server: Server
  readonly #shop: string | null
  readonly #nonces = new Set<string>()

  private constructor(shop: string | null) {
    this.#shop = shop
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy())
    })
  }

  /** `shop` is the address of the built-in shop behind it, whose key is `key`; null: the feed is not asked. */
  static async open(shop: string | null = null): Promise<WordPressFront> {
    const front = new WordPressFront(shop)
    front.#server.listen(0, '127.0.0.1')
    await once(front.#server, 'listening')
    return front
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const url = new URL(request.url ?? '/', this.url)
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body))
    }
    const { permalinks, hasCompanion } = this.switches
    if (url.searchParams.get('rest_route') === '/') return answer(200, { name: 'Shop', namespaces: ['wc/v3'] })
    if (permalinks === 'plain' || !url.pathname.startsWith('/wp-json/')) {
      return void response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>')
    }
    const path = url.pathname.replace('/wp-json', '')
    if (!hasCompanion || !path.startsWith('/stockmesh/v1/')) {
      return answer(404, { code: 'rest_no_route', message: 'No route was found', data: { status: 404 } })
    }
    const fault = this.#fault(request.method ?? '', url)
    if (fault !== null) {
      return answer(401, { code: 'woocommerce_rest_authentication_error', message: fault, data: { status: 401 } })
    }
    await this.#route(request.method ?? '', path.replace('/stockmesh/v1', ''), url, Buffer.concat(chunks), answer)
  }

  async #route(
    method: string,
    path: string,
    url: URL,
    body: Buffer,
    answer: (status: number, body: object) => void,
  ): Promise<void> {
    if (path === '/about') return answer(200, { ...aboutAnswer, shopUrl: this.#home, ...this.switches.about })
    if (path === '/hook') {
      this.hook = JSON.parse(body.toString())
      return answer(200, {})
    }
    if (path === '/adjust') {
      const { operations } = JSON.parse(body.toString()) as { operations: unknown[] }
      this.operationCounts.push(operations.length)
      if (operations.length > 100) return answer(400, { error: { code: 'body-invalid', message: 'At most 100.' } })
    }
    const target = new URL(`/shop/v1${path}`, this.#shop ?? this.url)
    for (const [name, value] of url.searchParams) {
      if (!name.startsWith('oauth_') && name !== 'wait') target.searchParams.set(name, value)
    }
    const given = await fetch(target, {
      method,
      headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
      body: method === 'POST' ? new Uint8Array(body) : null,
    })
    answer(given.status, (await given.json()) as object)
  }

  get #home(): string {
    return this.switches.home ?? this.url
  }

  /** What WooCommerce says to a call that is not signed as it should be; null: it may be made. */
  #fault(method: string, url: URL): string | null {
    const given = new Map(url.searchParams)
    if (given.get('oauth_consumer_key') !== consumerKey) return 'Consumer key is invalid.'
    const signature = given.get('oauth_signature') ?? ''
    given.delete('oauth_signature')
    // Names and values are encoded, joined, and encoded once more, in the order of their names.
    const joined = [...given.keys()].sort().map((name) => twice(`${name}`) + '%3D' + twice(given.get(name) ?? ''))
    const text = `${method}&${encode(this.#home + url.pathname)}&${joined.join('%26')}`
    const expected = createHmac('sha256', `${consumerSecret}&`).update(text).digest('base64')
    if (given.get('oauth_signature_method') !== 'HMAC-SHA256') return 'Invalid signature - signature method is invalid.'
    if (signature !== expected) return 'Invalid signature - provided signature does not match.'
    const timestamp = Number(given.get('oauth_timestamp'))
    if (!(Math.abs(timestamp - Date.now() / 1_000) < 15 * 60)) return 'Invalid timestamp.'
    const nonce = given.get('oauth_nonce') ?? ''
    if (nonce === '' || this.#nonces.has(nonce)) return 'Invalid nonce - nonce has already been used.'
    this.#nonces.add(nonce)
    const { permissions } = this.switches
    const needed = method === 'GET' ? 'read' : 'write'
    return permissions === 'read_write' || permissions === needed
      ? null
      : `The API key provided does not have ${needed} permissions.`
  }
}

const aboutAnswer = {
  platform: 'woocommerce',
  version: '11.0.1',
  plugin: '0.2.0',
  isCopy: false,
  faults: [],
  sample: { sku: 'A', name: 'Apron', stock: 4 },
}

function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const letter = String.fromCharCode(byte)
      return /[A-Za-z0-9._~-]/.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}

function twice(text: string): string {
  return encode(encode(text))
}

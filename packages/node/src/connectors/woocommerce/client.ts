/**
 * Calls to the REST interface of one WordPress: signed, with errors that say what to do. What is not the JSON that was
 * asked for is a `ConnectorError`; nothing is repeated here, since the caller knows what it asked.
 */
import { Agent } from 'undici'
import { z, type ZodType } from 'zod'
import type { Clock, Random, Timers } from '../../ports.ts'
import { retryAfterMs } from '../busy-shop.ts'
import { ConnectorError } from '../connector.ts'
import { refusalOfFeed } from '../shop-call.ts'
import { answerInvalid, exchange, parseAnswer, parseJson, type ShopResponse, shopTimeOf } from '../shop-exchange.ts'
import { answerBytesMax, answerMsMax, callsAtOnceMax } from './limits.ts'
import { signCall, type WooCommerceKeys } from './signing.ts'

interface Call<T> {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Below `/wp-json`, with the query. */
  readonly path: string
  readonly body?: object
  readonly schema: ZodType<T>
}

export interface Answer<T> {
  readonly value: T
  /** Items and pages of the whole listing, where the answer is a page of one. */
  readonly total: number | null
  readonly pages: number | null
  /** What the shop's clock shows, in milliseconds since 1970; null where it does not say. */
  readonly shopTime: number | null
}

export interface WooCommerceAddress extends WooCommerceKeys {
  readonly url: string
}

/** The shop answered and did nothing: no other outcome is possible. */
export class WooCommerceRefusal extends ConnectorError {
  readonly status: number
  /** WordPress's own word, as `rest_no_route`; null: the answer is not WordPress's. */
  readonly reason: string | null
  /** The pause that the shop asks for, in milliseconds; null: none. */
  readonly retryAfterMs: number | null
  constructor(
    code: string,
    message: string,
    { status, reason, retryAfterMs = null }: { status: number; reason: string | null; retryAfterMs?: number | null },
  ) {
    super(code, message)
    this.name = 'WooCommerceRefusal'
    this.status = status
    this.reason = reason
    this.retryAfterMs = retryAfterMs
  }
}

const errorAnswer = z.object({ code: z.string() })
const companionError = z.object({ error: z.object({ code: z.string() }) })

export class WooCommerceClient implements AsyncDisposable {
  readonly #address: WooCommerceAddress
  readonly #ports: { readonly clock: Clock; readonly timers: Timers; readonly random: Random }
  readonly #connections = new Agent({ keepAliveTimeout: 10_000, connections: callsAtOnceMax })

  constructor(
    address: WooCommerceAddress,
    ports: { readonly clock: Clock; readonly timers: Timers; readonly random: Random },
  ) {
    this.#address = address
    this.#ports = ports
  }

  /** Errors: `WooCommerceRefusal` with `key-rejected` or `shop-error`; those of `ConnectorError`. */
  async ask<T>({ method, path, body, schema }: Call<T>, signal: AbortSignal): Promise<Answer<T>> {
    const { clock, random } = this.#ports
    const url = new URL(`${this.#address.url}/wp-json${path}`)
    const nonce = Buffer.from(random.bytes(16)).toString('hex')
    const { headers, search } = signCall(this.#address, method, url, { now: clock.now(), nonce })
    const asked = {
      method,
      path: `/wp-json${path.split('?')[0]}${search}`,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    }
    const response = await this.#send(asked, signal)
    if (response.status < 200 || response.status > 299) throw refusal(response, clock.now())
    return {
      value: parseAnswer(schema, response.body, 'WordPress'),
      total: countOf(response, 'x-wp-total'),
      pages: countOf(response, 'x-wp-totalpages'),
      shopTime: shopTimeOf(response),
    }
  }

  /** Whether a WordPress answers that is reached at `?rest_route=` alone; its answer there is public. */
  async hasPlainPermalinks(signal: AbortSignal): Promise<boolean> {
    const asked = { method: 'GET', path: '/?rest_route=/', headers: {}, body: null } as const
    const { body } = await this.#send(asked, signal)
    return z.object({ namespaces: z.array(z.string()) }).safeParse(parseJson(body)).success
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connections.destroy()
  }

  async #send(
    asked: Pick<Parameters<typeof exchange>[0], 'method' | 'path' | 'headers' | 'body'>,
    signal: AbortSignal,
  ): Promise<ShopResponse> {
    const ports = { connections: this.#connections, timers: this.#ports.timers }
    return await exchange({ ...asked, address: this.#address.url, answerMsMax, answerBytesMax }, ports, signal)
  }
}

function refusal(response: ShopResponse, now: number): ConnectorError {
  const { status, body } = response
  const answer = parseJson(body)
  const parsed = errorAnswer.safeParse(answer)
  const reason = parsed.success ? parsed.data.code : null
  if (status === 401 || status === 403) {
    return new WooCommerceRefusal(
      'key-rejected',
      'The shop does not accept the key. Make one with the permission Read/Write, for a user who may manage the shop, and copy both of its texts.',
      { status, reason },
    )
  }
  const companion = companionError.safeParse(answer)
  const told = companion.success ? refusalOfFeed(status, companion.data.error.code) : null
  if (told !== null) return told
  if (status === 429) {
    const sentence = 'The shop asks for fewer calls (HTTP 429).'
    return new WooCommerceRefusal('shop-error', sentence, { status, reason, retryAfterMs: retryAfterMs(response, now) })
  }
  if (status >= 500) {
    return new ConnectorError('shop-error', `The shop answers with an error (HTTP ${status}).`)
  }
  if (status >= 400) return new WooCommerceRefusal('shop-error', refusedSentence(status, reason), { status, reason })
  return answerInvalid(`HTTP ${status}, which is no answer of WordPress`)
}

function refusedSentence(status: number, reason: string | null): string {
  return `The shop refuses the call (HTTP ${status}${reason === null ? '' : `, ${reason}`}).`
}

function countOf({ headers }: ShopResponse, name: string): number | null {
  const text = headers[name]
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : null
}

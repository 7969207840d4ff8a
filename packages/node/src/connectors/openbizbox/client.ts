/**
 * Calls to one OpenBizBox shop: the token with its renewal, the pause where the shop is asked too often, and errors
 * with what to do. What is not the JSON that was asked for is a `ConnectorError`.
 */
import { Agent } from 'undici'
import { z, type ZodType } from 'zod'
import type { Clock, Timers } from '../../ports.ts'
import { Wakeup } from '../../wakeup.ts'
import { ConnectorError } from '../connector.ts'
import { callWithLent, type Lent, LentKey } from '../lent-key.ts'
import { answerInvalid, exchange, parseAnswer, parseJson, type ShopResponse, shopTimeOf } from '../shop-exchange.ts'
import { token } from './answers.ts'
import { answerBytesMax, answerMsMax, callsAtOnceMax, tokenMarginMs } from './limits.ts'

export interface Keys {
  /** The shop's address, as `https://webshopdemo.dk`. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
}

interface Call<T> {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** With the query. */
  readonly path: string
  readonly body?: object
  readonly schema: ZodType<T>
}

export interface Answer<T> {
  readonly value: T
  /** What the shop's clock shows, in milliseconds since 1970; null where it does not say. */
  readonly shopTime: number | null
}

/** The shop answered and did nothing: no other outcome is possible. */
export class CallRefused extends ConnectorError {
  readonly status: number
  constructor(status: number, code: string, message: string) {
    super(code, message)
    this.name = 'CallRefused'
    this.status = status
  }
}

/** What every OAuth server says to wrong keys (RFC 6749, 5.2); another kind of shop answers something else. */
const oauthError = z.object({ error: z.string() })

export class OpenBizBoxClient implements AsyncDisposable {
  readonly #base: string
  readonly #keys: Keys
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #connections = new Agent({ keepAliveTimeout: 10_000, connections: callsAtOnceMax })
  readonly #token: LentKey<string>

  constructor(keys: Keys, clock: Clock, timers: Timers) {
    this.#base = keys.url.replace(/\/+$/, '')
    this.#keys = keys
    this.#clock = clock
    this.#timers = timers
    this.#token = new LentKey(() => this.#borrowToken(), clock)
  }

  async ask<T>(call: Call<T>, signal: AbortSignal): Promise<Answer<T>> {
    const send = (token: string): Promise<ShopResponse> =>
      this.#send(call.method, call.path, { authorization: `Bearer ${token}` }, jsonOf(call.body), signal)
    const lent = { key: this.#token, send, isEnded: ({ status }: ShopResponse) => status === 401 }
    const response = await callWithLent(lent, { clock: this.#clock, timers: this.#timers }, signal)
    if (response.status < 200 || response.status > 299) throw refusal(response.status)
    const value = parseAnswer(call.schema, response.body, 'an OpenBizBox shop')
    return { value, shopTime: shopTimeOf(response) }
  }

  async pause(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await new Wakeup(this.#timers).wait(ms, signal)
    signal.throwIfAborted()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connections.destroy()
  }

  async #borrowToken(): Promise<Lent<string>> {
    const form = new URLSearchParams({
      client_id: this.#keys.clientId,
      client_secret: this.#keys.clientSecret,
      grant_type: 'client_credentials',
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const response = await this.#send('POST', '/oauth/v2/token', headers, form.toString(), new AbortController().signal)
    const isRefused = response.status === 400 || response.status === 401 || response.status === 403
    if (isRefused && oauthError.safeParse(parseJson(response.body)).success) {
      throw new CallRefused(
        response.status,
        'key-rejected',
        'The shop does not accept the client id and secret. Copy both again from /admin/api-token in the shop.',
      )
    }
    if (response.status >= 500 || response.status === 429) throw refusal(response.status)
    const parsed = token.safeParse(parseJson(response.body))
    if (response.status !== 200 || !parsed.success) {
      throw new ConnectorError(
        'not-this-platform',
        `There is no OpenBizBox shop at ${this.#base}: it gives no token. Check the shop's address.`,
      )
    }
    const lifeMs = parsed.data.expires_in * 1_000
    const renewAt = this.#clock.now() + Math.max(lifeMs / 2, lifeMs - tokenMarginMs)
    return { value: parsed.data.access_token, renewAt }
  }

  async #send(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | null,
    signal: AbortSignal,
  ): Promise<ShopResponse> {
    return await exchange(
      { address: this.#base, method, path, headers, body, answerMsMax, answerBytesMax },
      { connections: this.#connections, timers: this.#timers },
      signal,
    )
  }
}

function refusal(status: number): ConnectorError {
  if (status === 401) {
    return new CallRefused(
      status,
      'key-rejected',
      'The shop does not accept the key. Make a new one at /admin/api-token.',
    )
  }
  if (status === 403) {
    return new CallRefused(
      status,
      'not-writable',
      'The key may not do this. Give it the right to read and write products.',
    )
  }
  if (status === 429) return new CallRefused(status, 'shop-error', 'The shop asks for fewer calls (HTTP 429).')
  if (status >= 500) return new ConnectorError('shop-error', `The shop answers with an error (HTTP ${status}).`)
  if (status >= 400) return new CallRefused(status, 'shop-error', `The shop refuses the call (HTTP ${status}).`)
  return answerInvalid(`HTTP ${status}, which is no answer of an OpenBizBox shop`)
}

function jsonOf(body: object | undefined): string | null {
  return body === undefined ? null : JSON.stringify(body)
}

/**
 * Calls to Vendure's Admin API: the session of one administrator with its renewal, the pause where the shop is asked too
 * often, and errors that say what to do. What is not the JSON that was asked for is a `ConnectorError`.
 */
import { Agent } from 'undici'
import { z, type ZodType } from 'zod'
import type { Clock, Timers } from '../../ports.ts'
import { ConnectorError } from '../connector.ts'
import { callWithLent, type Lent, LentKey } from '../lent-key.ts'
import { answerInvalid, exchange, parseAnswer, parseJson, type ShopResponse, shopTimeOf } from '../shop-exchange.ts'
import { answerBytesMax, answerMsMax, callsAtOnceMax } from './admin-limits.ts'
import type { AdminSettings } from './settings.ts'

interface Question<T> {
  /** The operation's name, as it stands in the query; the shop's log shows it. */
  readonly name: string
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  /** Of `data`. */
  readonly schema: ZodType<T>
}

export interface Answer<T> {
  readonly value: T
  /** What the shop's clock shows, in milliseconds since 1970; null where it does not say. */
  readonly shopTime: number | null
}

/** The shop answered and did nothing: no other outcome is possible. */
export class AdminRefusal extends ConnectorError {
  /** Vendure's own word, as `ENTITY_NOT_FOUND`; null: the call did not come so far. */
  readonly reason: string | null
  constructor(code: string, message: string, reason: string | null) {
    super(code, message)
    this.name = 'AdminRefusal'
    this.reason = reason
  }
}

/** What names the session: a bearer token or cookies, as the shop is configured. */
type Session = Readonly<Record<string, string>>

const failure = z.object({
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).nullish() })).min(1),
})
const loginAnswer = z.object({ login: z.object({ __typename: z.string() }) })
const login =
  'mutation StockmeshLogin($username: String!, $password: String!) { login(username: $username, password: $password) { __typename } }'

export class AdminClient implements AsyncDisposable {
  readonly #settings: AdminSettings
  readonly #timers: Timers
  readonly #clock: Clock
  readonly #connections = new Agent({ keepAliveTimeout: 10_000, connections: callsAtOnceMax })
  readonly #session: LentKey<Session>

  constructor(settings: AdminSettings, { clock, timers }: { readonly clock: Clock; readonly timers: Timers }) {
    this.#settings = settings
    this.#clock = clock
    this.#timers = timers
    this.#session = new LentKey(() => this.#logIn(), clock)
  }

  /** Errors: `AdminRefusal` with `key-rejected` or `shop-error`; those of `ConnectorError`. */
  async ask<T>(question: Question<T>, signal: AbortSignal): Promise<Answer<T>> {
    const send = (session: Session): Promise<ShopResponse> => this.#send(question, session, signal)
    const isEnded = (response: ShopResponse): boolean => refusalOf(response)?.code === 'key-rejected'
    const ports = { clock: this.#clock, timers: this.#timers }
    const response = await callWithLent({ key: this.#session, send, isEnded }, ports, signal)
    const refused = refusalOf(response)
    if (refused !== null) throw refused
    const { data } = parseAnswer(z.object({ data: question.schema }), response.body, 'Vendure')
    return { value: data, shopTime: shopTimeOf(response) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connections.destroy()
  }

  async #logIn(): Promise<Lent<Session>> {
    const { username, password } = this.#settings
    const variables = { username, password }
    const question = { name: 'StockmeshLogin', query: login, variables, schema: loginAnswer }
    const response = await this.#send(question, {}, new AbortController().signal)
    const refused = refusalOf(response)
    if (refused !== null) throw refused
    const { data } = parseAnswer(z.object({ data: loginAnswer }), response.body, 'Vendure')
    if (data.login.__typename !== 'CurrentUser') throw rejected(data.login.__typename)
    const session = sessionOf(response)
    if (session === null) throw answerInvalid('the login gives neither a token nor a cookie')
    return { value: session, renewAt: null }
  }

  async #send(
    { name, query, variables }: Question<unknown>,
    session: Session,
    signal: AbortSignal,
  ): Promise<ShopResponse> {
    const { url, channel } = this.#settings
    const request = {
      address: url,
      method: 'POST',
      path: `/admin-api?operation=${name}&at=${this.#clock.now()}`,
      headers: { ...session, ...(channel === null ? {} : { 'vendure-token': channel }) },
      body: JSON.stringify({ operationName: name, query, variables }),
      answerMsMax,
      answerBytesMax,
    } as const
    return await exchange(request, { connections: this.#connections, timers: this.#timers }, signal)
  }
}

/** null: the shop did what it was asked. */
function refusalOf({ status, body }: ShopResponse): ConnectorError | null {
  if (status === 401 || status === 403) return rejected(null)
  if (status === 429) return new AdminRefusal('shop-error', 'The shop asks for fewer calls (HTTP 429).', null)
  if (status >= 500) return new ConnectorError('shop-error', `The shop answers with an error (HTTP ${status}).`)
  const parsed = failure.safeParse(parseJson(body))
  if (parsed.success) return failureOf(parsed.data)
  if (status >= 200 && status <= 299) return null
  return answerInvalid(`HTTP ${status}, which is no answer of Vendure`)
}

/** Vendure's words for what it found before it did anything; everything else may come after something was done. */
const harmless = new Set(['ENTITY_NOT_FOUND', 'USER_INPUT_ERROR', 'BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED'])

function failureOf({ errors }: z.infer<typeof failure>): ConnectorError {
  const code = errors[0]?.extensions?.code ?? ''
  if (code === 'FORBIDDEN' || code === 'UNAUTHORIZED') return rejected(code)
  if (code === 'CHANNEL_NOT_FOUND') {
    return new AdminRefusal(
      'not-writable',
      "The shop has no channel with this token. Correct the channel's token.",
      code,
    )
  }
  const sentence = `The shop refuses the call (${code === '' ? 'without a reason' : code}).`
  return harmless.has(code)
    ? new AdminRefusal('shop-error', sentence, code)
    : new ConnectorError('shop-error', sentence)
}

function rejected(reason: string | null): AdminRefusal {
  const sentence =
    'The shop does not accept the user name and password, or their role may not read catalog and orders. Check them under Settings > Administrators.'
  return new AdminRefusal('key-rejected', sentence, reason)
}

function sessionOf({ headers }: ShopResponse): Session | null {
  const token = headers['vendure-auth-token']
  if (typeof token === 'string' && token !== '') return { authorization: `Bearer ${token}` }
  const cookies = [headers['set-cookie'] ?? []].flat().map((cookie) => cookie.split(';')[0] ?? '')
  return cookies.length === 0 ? null : { cookie: cookies.join('; ') }
}

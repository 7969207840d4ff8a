/**
 * One request to a shop and its whole answer. A caller who aborts gets the abort's own reason; everything else that goes
 * wrong is a `ConnectorError`. No redirect is followed: the key goes to nobody else.
 */
import { type Dispatcher, request } from 'undici'
import type { ZodType } from 'zod'
import type { Timers } from '../ports.ts'
import { ConnectorError } from './connector.ts'
import { elsewhere, unsafe } from './shop-elsewhere.ts'

export interface ShopRequest {
  /** What the merchant entered, where the paths begin, without a slash at its end. */
  readonly address: string
  readonly method: 'GET' | 'POST' | 'PUT'
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON, unless the headers say otherwise. */
  readonly body: string | null
  readonly answerMsMax: number
  readonly answerBytesMax: number
}

export interface ShopResponse {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/**
 * Errors: `shop-unreachable`; `address-elsewhere`; `certificate-untrusted`; `shop-answer-invalid` where the answer is too
 * long, or leads to where no shop is.
 */
export async function exchange(
  { address, method, path, headers, body, answerMsMax, answerBytesMax }: ShopRequest,
  ports: { readonly connections: Dispatcher; readonly timers: Timers },
  signal: AbortSignal,
): Promise<ShopResponse> {
  const stop = new AbortController()
  const abort = (): void => stop.abort()
  // Not AbortSignal.any, which keeps every call alive as long as the caller's signal lives.
  signal.addEventListener('abort', abort)
  const cancel = ports.timers.after(answerMsMax, abort)
  try {
    signal.throwIfAborted()
    const response = await request(address + path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body,
      signal: stop.signal,
      dispatcher: ports.connections,
    })
    const text = await readText(response.body, answerBytesMax)
    if (response.statusCode >= 300 && response.statusCode <= 399) {
      throw elsewhere({ address, path }, response.statusCode, response.headers['location'])
    }
    return { status: response.statusCode, headers: response.headers, body: text }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ConnectorError) throw error
    throw (
      unsafe(address, error) ??
      new ConnectorError(
        'shop-unreachable',
        `The shop does not answer at ${address}. Check the address, and that the shop is running.`,
        { cause: error },
      )
    )
  } finally {
    cancel()
    signal.removeEventListener('abort', abort)
  }
}

/** The answer as the schema has it; `whose` is what should have answered. Error: `shop-answer-invalid`. */
export function parseAnswer<T>(schema: ZodType<T>, body: string, whose: string): T {
  const parsed = schema.safeParse(parseJson(body))
  if (parsed.success) return parsed.data
  const path = parsed.error.issues[0]?.path.join('.') ?? ''
  throw answerInvalid(path === '' ? `it is not the JSON of ${whose}` : `${path} does not fit`)
}

/** undefined where it is no JSON. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

/** What the shop's clock showed, in milliseconds since 1970; null where it does not say. */
export function shopTimeOf({ headers }: Pick<ShopResponse, 'headers'>): number | null {
  const date = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : Number.NaN
  return Number.isNaN(date) ? null : date
}

export function answerInvalid(what: string): ConnectorError {
  return new ConnectorError('shop-answer-invalid', `The shop's answer cannot be used: ${what}.`)
}

async function readText(stream: AsyncIterable<Buffer>, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    if (length > bytesMax) throw answerInvalid(`more than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * One call of a shop's HTTP interface. A caller who aborts gets the abort's own reason; everything else that goes wrong is
 * a `ConnectorError`: an error page with status 200, an empty body, more bytes than a shop has, a redirect.
 */
import { Agent, type Dispatcher, request } from 'undici'
import { z } from 'zod'
import { systemTimers } from '../ports.ts'
import { ConnectorError } from './connector.ts'

export interface ShopAddress {
  /** Where the calls' paths begin, without a slash at its end. */
  readonly base: string
  /** Sent as `Authorization: Bearer`. */
  readonly key: string
}

export interface ShopCall<T> {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: object
  readonly schema: z.ZodType<T>
  /** How long the shop may keep the call open because it was asked to. */
  readonly waitMs?: number
}

/** How long an answer may take, in milliseconds; a feed read may wait as long again as it was asked to. */
const answerMsMax = 15_000
/** A page of 1,000 stock rows with long names stays below; more is not this shop. */
const answerBytesMax = 32 * 1024 * 1024
const errorAnswer = z.object({ error: z.object({ code: z.string() }) })

/** Connections to the shop are kept; one that the shop has closed is noticed at the next call. */
const connections = new Agent({ keepAliveTimeout: 30_000 })

/** Codes: those of `ConnectorError`, `shop-copied` among them. */
export async function askShop<T>({ base, key }: ShopAddress, call: ShopCall<T>, signal: AbortSignal): Promise<T> {
  const stop = new AbortController()
  const abort = (): void => stop.abort()
  // Not AbortSignal.any, which keeps every call alive as long as the caller's signal lives.
  signal.addEventListener('abort', abort)
  const cancel = systemTimers.after(answerMsMax + (call.waitMs ?? 0), abort)
  let status: number
  let body: string
  try {
    signal.throwIfAborted()
    // A shop's interface does not redirect, and no redirect is followed: the key goes to nobody else.
    const response = await request(base + call.path, {
      method: call.method,
      headers: {
        authorization: `Bearer ${key}`,
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: stop.signal,
      dispatcher: connections,
    })
    status = response.statusCode
    body = await readText(response.body)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ConnectorError) throw error
    throw new ConnectorError('shop-unreachable', `The shop does not answer at ${base}.`, { cause: error })
  } finally {
    cancel()
    signal.removeEventListener('abort', abort)
  }
  if (status < 200 || status > 299) throw refusal(status, body)
  const parsed = call.schema.safeParse(parseJson(body))
  if (parsed.success) return parsed.data
  const path = parsed.error.issues[0]?.path.join('.') ?? ''
  throw answerInvalid(path === '' ? 'it is not the JSON of a Stockmesh shop' : `${path} does not fit`)
}

function refusal(status: number, body: string): ConnectorError {
  if (status === 401 || status === 403) {
    return new ConnectorError('key-rejected', "The shop does not accept the key. Check the connector's key.")
  }
  if (status >= 500 || status === 429) {
    return new ConnectorError('shop-error', `The shop answers with an error (HTTP ${status}).`)
  }
  const parsed = errorAnswer.safeParse(parseJson(body))
  const code = parsed.success ? parsed.data.error.code : null
  if (status === 409 && code === 'feed-epoch-changed') {
    return new ConnectorError(code, 'Another node was attached to this shop.')
  }
  if (status === 409 && code === 'feed-rolled-back') {
    return new ConnectorError(code, "The shop's feed is not the one that was read before.")
  }
  if (status === 409 && code === 'shop-copied') {
    return new ConnectorError(code, 'This shop is a copy of another one. Let its administrator begin a new feed.')
  }
  if (code === null || status === 404) return answerInvalid(`HTTP ${status}, which is no answer of a Stockmesh shop`)
  return new ConnectorError('shop-error', `The shop refuses the call (HTTP ${status}, ${code}).`)
}

async function readText(stream: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > answerBytesMax) throw answerInvalid(`more than ${answerBytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

export function answerInvalid(what: string): ConnectorError {
  return new ConnectorError('shop-answer-invalid', `The shop's answer cannot be used: ${what}.`)
}

/**
 * One call of a shop that speaks Stockmesh's own interface. Whatever is not its answer is a `ConnectorError`: an error page
 * with status 200, an empty body.
 */
import { Agent } from 'undici'
import { z } from 'zod'
import { systemTimers } from '../ports.ts'
import { anotherNodeAttached, ConnectorError } from './connector.ts'
import { answerInvalid, exchange, parseAnswer, parseJson } from './shop-exchange.ts'

export interface ShopAddress {
  /** Where the shop is, without a slash at its end. */
  readonly url: string
  /** Where the calls' paths begin there, as `/shop/v1`. */
  readonly space: string
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
export async function askShop<T>({ url, space, key }: ShopAddress, call: ShopCall<T>, signal: AbortSignal): Promise<T> {
  const { status, body } = await exchange(
    {
      address: url,
      method: call.method,
      path: space + call.path,
      headers: { authorization: `Bearer ${key}` },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      answerMsMax: answerMsMax + (call.waitMs ?? 0),
      answerBytesMax,
    },
    { connections, timers: systemTimers },
    signal,
  )
  if (status < 200 || status > 299) throw refusal(status, body)
  return parseAnswer(call.schema, body, 'a Stockmesh shop')
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
  const told = code === null ? null : refusalOfFeed(status, code)
  if (told !== null) return told
  if (code === null || status === 404) return answerInvalid(`HTTP ${status}, which is no answer of a Stockmesh shop`)
  return new ConnectorError('shop-error', `The shop refuses the call (HTTP ${status}, ${code}).`)
}

/** What a feed says of itself, in the node's words; null: it is another refusal. */
export function refusalOfFeed(status: number, code: string): ConnectorError | null {
  if (status !== 409) return null
  if (code === 'feed-epoch-changed') return anotherNodeAttached()
  if (code === 'feed-rolled-back') {
    return new ConnectorError(code, "The shop's feed is not the one that was read before.")
  }
  if (code === 'shop-copied') {
    return new ConnectorError(
      code,
      'This shop is a copy of another one, so that nothing is read or written. If it is the shop from now on, let its administrator claim it.',
    )
  }
  return null
}

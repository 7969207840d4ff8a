/**
 * From what a merchant typed to a node that answers: the page that names the node, then the likely ports, each
 * through the address guard. All that fails along the way is one answer, unless the person can do something about it.
 */
import { get as getPlain, type RequestOptions } from 'node:http'
import { get as getSecure } from 'node:https'
import { failure, limits, type ParsedAddress, parseAddress, type Result, success } from '@stockmesh/protocol'
import {
  AddressRefusedError,
  type AllowsPrivate,
  checkAddress,
  checkUrl,
  type DialLimiter,
  guardedLookup,
  placeOf,
} from './address-guard.ts'
import type { ReadPage } from './socket.ts'

/** Codes that say more than "nothing found". */
const tellingCodes: ReadonlySet<string> = new Set(['private-address-refused', 'own-key', 'wire-major', 'dial-limit'])

/** Tries the addresses in turn until `attempt` succeeds with one. Codes: the telling ones and `node-not-found`. */
export async function discover<T>(
  address: ParsedAddress,
  limiter: DialLimiter,
  readPage: ReadPage,
  attempt: (url: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  let told: Result<T> | null = null
  const named: string[] = []
  for (const page of address.wellKnown) {
    const found = await readWellKnown(page, limiter, readPage)
    if (found.ok) {
      named.push(...found.value)
      break
    }
    if (tellingCodes.has(found.code)) told = found
  }
  for (const url of new Set([...named, ...address.dial])) {
    const result = await attempt(url)
    if (result.ok) return result
    if (tellingCodes.has(result.code)) told ??= result
  }
  return (
    told ?? failure('node-not-found', 'No node of a shop answers at this address. Check it, and that it is running.')
  )
}

/** The WebSocket addresses that `/.well-known/stockmesh` names. */
async function readWellKnown(
  page: string,
  limiter: DialLimiter,
  readPage: ReadPage,
): Promise<Result<readonly string[]>> {
  // Whether a private one may be read is for the reader to say.
  const checked = checkUrl(page, true)
  if (!checked.ok) return checked
  const admitted = limiter.admit(placeOf(checked.value))
  if (!admitted.ok) return admitted
  const body = await readPage(checked.value)
  if (!body.ok) return body
  try {
    const { url } = JSON.parse(body.value) as { url?: unknown }
    const parsed = typeof url === 'string' ? parseAddress(url) : notThere
    return parsed.ok ? success(parsed.value.dial) : notThere
  } catch {
    return notThere
  }
}

const notThere = failure('node-not-found', 'There is no such page.')

/** At most 4 KiB, no redirect, no shared connection. */
export function createReadPage(allowsPrivate: AllowsPrivate): ReadPage {
  return async (url) => {
    const checked = checkUrl(url.href, allowsPrivate())
    return checked.ok ? await read(url, allowsPrivate()) : checked
  }
}

function read(url: URL, allowsPrivate: boolean): Promise<Result<string>> {
  const options: RequestOptions = {
    lookup: guardedLookup(allowsPrivate),
    agent: false,
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(limits.wellKnownMsMax),
  }
  return new Promise((resolve) => {
    const request = (url.protocol === 'https:' ? getSecure : getPlain)(url, options, (response) => {
      const chunks: Buffer[] = []
      let size = 0
      const end = (result: Result<string>): void => {
        resolve(result)
        request.destroy()
      }
      if (response.statusCode !== 200 || !checkAddress(response.socket.remoteAddress ?? '', allowsPrivate).ok)
        return end(notThere)
      response.on('error', () => resolve(notThere))
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        chunks.push(chunk)
        if (size > limits.wellKnownBytesMax) end(notThere)
      })
      response.on('end', () => end(success(Buffer.concat(chunks).toString('utf8'))))
    })
    request.on('error', (error) => {
      resolve(error instanceof AddressRefusedError ? failure(error.code, error.message) : notThere)
    })
  })
}

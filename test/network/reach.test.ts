/**
 * What an address may lead to, with real sockets: a server in this machine stands for what must not be reached, and
 * counts who comes.
 */
import dns, { type LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { type AddressInfo, isIP } from 'node:net'
import { limits, type Result } from '@stockmesh/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DialLimiter, guardedLookup } from '../../packages/node/src/network/address-guard.ts'
import { createDial } from '../../packages/node/src/network/dialer.ts'
import { createReadPage } from '../../packages/node/src/network/discovery.ts'
import { Owned } from '../harness/owned.ts'
import { ManualTime } from './manual-time.ts'

/** What the name means, each time that it is asked for. */
const names = { answers: [] as LookupAddress[][], asked: 0, onAsked: (): unknown => undefined }
const { lookup } = dns

function answerFromList(name: string, ...rest: readonly unknown[]): void {
  // A server that listens at an address asks as well.
  if (isIP(name) !== 0) return Reflect.apply(lookup, dns, [name, ...rest])
  const callback = rest.at(-1) as (error: null, found: LookupAddress[]) => void
  const answer = names.answers[Math.min(names.asked, names.answers.length - 1)] ?? []
  names.asked += 1
  queueMicrotask(() => callback(null, answer))
  names.onAsked()
}

/** For this process, also for modules that are loaded already. */
function lookUpWith(replacement: unknown): void {
  Object.assign(dns, { lookup: replacement })
  syncBuiltinESMExports()
}

const inside = { address: '127.0.0.1', family: 4 }
/** Public; no test sends anything there. */
const outside = { address: '8.8.8.8', family: 4 }

let owned: Owned
beforeEach(() => {
  owned = new Owned()
  lookUpWith(answerFromList)
  Object.assign(names, { answers: [], asked: 0, onAsked: () => undefined })
})
afterEach(async () => {
  lookUpWith(lookup)
  await owned[Symbol.asyncDispose]()
})

interface Counted {
  readonly port: number
  readonly connections: () => number
}

async function serve(listener: RequestListener): Promise<Counted> {
  const server = createServer(listener)
  let connections = 0
  server.on('connection', () => {
    connections += 1
  })
  server.on('upgrade', (_, socket) => {
    socket.end(`HTTP/1.1 302 Found\r\nLocation: ${redirectTo}\r\nConnection: close\r\n\r\n`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  owned.defer(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  return { port: (server.address() as AddressInfo).port, connections: () => connections }
}

let redirectTo = ''

const dial = async (url: string, allowsPrivate: boolean, signal = new AbortController().signal): Promise<string> =>
  codeOf(await createDial(() => allowsPrivate)(url, new DialLimiter(new ManualTime()), signal))

const read = async (url: string, allowsPrivate: boolean): Promise<string> =>
  codeOf(await createReadPage(() => allowsPrivate)(new URL(url)))

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.code
}

test('27: a redirect leads nowhere, neither that of a page that names a node nor that of a dial', async () => {
  const secret = await serve((_, response) => response.end('{"url":"https://shop.example"}'))
  redirectTo = `http://127.0.0.1:${secret.port}/`
  const first = await serve((_, response) => response.writeHead(302, { location: redirectTo }).end())
  expect(await read(`http://127.0.0.1:${first.port}/.well-known/stockmesh`, true)).toBe('node-not-found')
  expect(await dial(`ws://127.0.0.1:${first.port}/sync/v1`, true)).toBe('unreachable')
  expect([first.connections(), secret.connections()]).toEqual([2, 0])
})

test('a page that names a node is read to its limit and no further', async () => {
  const page = await serve((_, response) => response.end('x'.repeat(limits.wellKnownBytesMax + 1)))
  expect(await read(`http://127.0.0.1:${page.port}/`, true)).toBe('node-not-found')
})

test.each([
  ['an inside address', [inside]],
  ['an outside and an inside address', [outside, inside]],
])('27: a name that means %s is not dialed, and no page of it is read', async (_, answer) => {
  const secret = await serve((__, response) => response.end('{}'))
  names.answers = [answer]
  expect(await dial(`ws://shop.example:${secret.port}/sync/v1`, false)).toBe('private-address-refused')
  expect(await read(`http://shop.example:${secret.port}/`, false)).toBe('private-address-refused')
  expect(secret.connections()).toBe(0)
})

test('27: a name that changes its mind is asked once in a dial, and what was looked at is what the socket gets', async () => {
  names.answers = [[outside], [inside]]
  const given = await new Promise<unknown>((resolve) => {
    guardedLookup(false)('shop.example', {}, (error, address) => resolve(error ?? address))
  })
  expect([given, names.asked]).toEqual([outside.address, 1])
  const secret = await serve((_, response) => response.end('{}'))
  names.asked = 0
  // Given up before the socket is on its way.
  const giveUp = new AbortController()
  names.onAsked = () => giveUp.abort()
  expect(await dial(`ws://shop.example:${secret.port}/sync/v1`, false, giveUp.signal)).toBe('unreachable')
  expect([names.asked, secret.connections()]).toEqual([1, 0])
})

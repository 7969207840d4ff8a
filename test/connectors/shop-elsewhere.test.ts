/**
 * A shop that is not at the address that was entered: one that leads to its https or its www, one whose certificate is none
 * to trust. Every platform says it in one sentence with a code, and nothing is sent to where the shop leads.
 */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { busyPause, retryAfterMs } from '../../packages/node/src/connectors/busy-shop.ts'
import { LentKey } from '../../packages/node/src/connectors/lent-key.ts'
import type { Platform } from '../../packages/node/src/connectors/platform.ts'
import { loadPlatform } from '../../packages/node/src/connectors/platforms.ts'
import { elsewhere, unsafe } from '../../packages/node/src/connectors/shop-elsewhere.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { never } from './feed-reader.ts'

const secret = 'a_secret_that_nobody_else_may_see_0123456789'
const ways: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  ['WooCommerce', 'woocommerce', { consumerKey: 'ck_0123456789', consumerSecret: `cs_${secret}` }],
  ['Vendure with the companion', 'vendure', { key: secret }],
  ['Vendure by its Admin API', 'vendure', { username: 'robot', password: secret }],
  ['OpenBizBox', 'openbizbox', { clientId: 'robot', clientSecret: secret }],
  ['the built-in shop', 'builtin', { key: secret }],
]

/** A key and a certificate of our own making for 127.0.0.1, good until 2120: nothing but this test knows them. */
const ownKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyI213r/Xi2qniDHY
iIoG9nqV4ZDY9mJJd9AD2Me7VcehRANCAAQgkjs/euSc2mbEBOcE9wHxHLnflh2W
eTezaxGSyN4+RutUPiSqJHwMz39JDQIrXc8XHA7cCfmTKDmmnW4ys48S
-----END PRIVATE KEY-----`
const ownCertificate = `-----BEGIN CERTIFICATE-----
MIIBUDCB96ADAgECAgEBMAoGCCqGSM49BAMCMBcxFTATBgNVBAMMDHNob3AuZXhh
bXBsZTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFzEVMBMGA1UE
AwwMc2hvcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIJI7P3rk
nNpmxATnBPcB8Ry535Ydlnk3s2sRksjePkbrVD4kqiR8DM9/SQ0CK13PFxwO3An5
kyg5pp1uMrOPEqMyMDAwDwYDVR0RBAgwBocEfwAAATAdBgNVHQ4EFgQUcosibyuD
1IdSZMB8caLWoEniB+kwCgYIKoZIzj0EAwIDSAAwRQIhAJk8fg9bngM069EJru1p
tUs2apPR7VnKYMxxRH8a+9YgAiA4pu6k1doQX67qaBxY8Xd0ACoNPMHr2sNyV8he
uyYlvg==
-----END CERTIFICATE-----`

async function trial(name: string, settings: Readonly<Record<string, string>>): Promise<unknown> {
  const platform: Platform = await loadPlatform(name)
  return platform.test(platform.schema.parse(settings), never)
}

async function folder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'stockmesh-elsewhere-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

async function serve(answer: RequestListener, isSecure = false): Promise<string> {
  const server = isSecure ? createSecureServer({ key: ownKey, cert: ownCertificate }, answer) : createServer(answer)
  server.listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return `${isSecure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.for(ways)('%s: an address that leads elsewhere is said, with the one to enter', async ([, name, keys]) => {
  const arrived: string[] = []
  const there = await serve((request, response) => void (arrived.push(request.url ?? ''), response.end('{}')))
  const asked: IncomingMessage[] = []
  const here = await serve((request, response) => {
    asked.push(request)
    response.writeHead(301, { location: `${there}${request.url}` }).end()
  })
  await expect(trial(name, { ...keys, url: here })).rejects.toMatchObject({
    code: 'address-elsewhere',
    message: `The shop leads from ${here} to ${there}. Enter that address.`,
  })
  expect(asked.length).toBeGreaterThan(0)
  expect(arrived).toEqual([])
  // At an address without https not even the shop itself gets the secret before it is known that it is there.
  const seen = asked.map(({ url, headers }) => JSON.stringify([url, headers])).join()
  expect(seen).not.toContain(secret)
})

test.for(ways)('%s: a shop that moves while it is connected gets nothing sent after it', async ([, name, keys]) => {
  const arrived: string[] = []
  const there = await serve((request, response) => void (arrived.push(request.url ?? ''), response.end('{}')))
  const here = await serve((request, response) => response.writeHead(308, { location: `${there}${request.url}` }).end())
  const platform = await loadPlatform(name)
  const settings = platform.schema.parse({
    ...keys,
    url: here,
    ...(name === 'woocommerce' ? { companion: 'yes' } : {}),
  })
  const directory = await folder()
  const parts = { directory, clock: systemClock, timers: systemTimers, random: systemRandom, hookUrl: null }
  await using connector = await platform.open(settings, parts)
  await connector.attach({ network: 'n', node: 'dk', fresh: false }, never).catch(() => undefined)
  await expect(connector.list({ after: null, limit: 10 }, never)).rejects.toMatchObject({ code: 'address-elsewhere' })
  expect(arrived).toEqual([])
})

test.for(ways)('%s: a certificate of its own making is said to be none to trust', async ([, name, keys]) => {
  let calls = 0
  const shop = await serve((_request, response) => void ((calls += 1), response.end('{}')), true)
  await expect(trial(name, { ...keys, url: shop })).rejects.toMatchObject({
    code: 'certificate-untrusted',
    message: `The certificate of ${shop} is signed by nobody whom this machine knows. Let the shop's host get one that browsers trust, or name its authority in NODE_EXTRA_CA_CERTS where the node is started. It says DEPTH_ZERO_SELF_SIGNED_CERT.`,
  })
  expect(calls).toBe(0)
  const plain = await serve((_request, response) => response.end('{}'))
  const withoutHttps = plain.replace('http:', 'https:')
  await expect(trial(name, { ...keys, url: withoutHttps })).rejects.toMatchObject({
    code: 'certificate-untrusted',
    message: expect.stringContaining(`There is no https at ${withoutHttps}`) as string,
  })
})

test.for([
  ['a host', 'http://shop.example', '/admin-api?at=1', 'https://shop.example/admin-api?at=1', 'https://shop.example'],
  ['a path', 'http://shop.example/da', '/wp-json/wc/v3', '/no/wp-json/wc/v3/', 'http://shop.example/no'],
  [
    'another page',
    'http://shop.example',
    '/admin-api',
    'https://www.shop.example/login?from=x',
    'https://www.shop.example',
  ],
] as const)(
  'where %s moves, the address that is named is the shop, not the page',
  ([, address, path, location, there]) => {
    expect(elsewhere({ address, path }, 301, location)).toMatchObject({
      code: 'address-elsewhere',
      message: `The shop leads from ${address} to ${there}. Enter that address.`,
    })
  },
)

test('a way out of https is no address to enter', () => {
  const { code, message } = elsewhere({ address: 'https://a.example', path: '/x' }, 302, 'http://a.example/x')
  expect([code, message]).toEqual([
    'address-elsewhere',
    "The shop leads from https://a.example to http://a.example, where keys can be read on the way. Let the shop's host keep its https.",
  ])
})

test.for([
  ['a page of the shop itself', '/maintenance'],
  ['the same address', 'https://a.example/x'],
  ['no address', undefined],
  ['no address of a shop', 'http://169.254.169.254/x'],
  ['another scheme', 'ftp://a.example/x'],
  ['a user', 'https://me@169.254.1.1/x'],
] as const)('%s is an answer that cannot be used', ([, location]) => {
  expect(elsewhere({ address: 'https://a.example', path: '/x' }, 302, location)).toMatchObject({
    code: 'shop-answer-invalid',
  })
})

test('each fault of a certificate says what to do, and other errors are none', () => {
  const said = (code: string): string | undefined =>
    unsafe('https://a.example', Object.assign(new Error(), { code }))?.message
  expect(said('CERT_HAS_EXPIRED')).toBe(
    "The certificate of https://a.example has ended. Let the shop's host renew it. It says CERT_HAS_EXPIRED.",
  )
  expect(said('ERR_TLS_CERT_ALTNAME_INVALID')).toContain('made for another address. Enter the address')
  expect(said('UNABLE_TO_VERIFY_LEAF_SIGNATURE')).toContain('NODE_EXTRA_CA_CERTS')
  expect(said('ECONNREFUSED')).toBeUndefined()
})

test('a pause that a busy shop asks for is read in seconds and as a date by its own clock, and is never without end', () => {
  const read = (after: string | undefined, date?: string): number | null =>
    retryAfterMs({ headers: { 'retry-after': after, date } }, Date.parse('2026-01-01T00:00:00Z'))
  expect(read('2.5')).toBe(2_500)
  expect(read('0')).toBe(0)
  expect(read('Thu, 01 Jan 2026 00:00:07 GMT')).toBe(7_000)
  expect(read('Thu, 01 Jan 2026 01:00:07 GMT', 'Thu, 01 Jan 2026 01:00:00 GMT')).toBe(7_000)
  expect(read('Wed, 31 Dec 2025 00:00:00 GMT')).toBe(0)
  expect([read(undefined), read(''), read('soon'), read('-1')]).toEqual([null, null, null, null])
  expect([busyPause(null, 0), busyPause(null, 3), busyPause(86_400_000, 0)]).toEqual([1_000, 8_000, 60_000])
})

test('what a shop lends is renewed once for all who wait, before its end, and not again for who comes late', async () => {
  let now = 0
  let lent = 0
  const key = new LentKey(() => Promise.resolve({ value: `token-${(lent += 1)}`, renewAt: now + 100 }), {
    now: () => now,
  })
  expect(await Promise.all([key.current(), key.current()])).toEqual(['token-1', 'token-1'])
  now = 100
  expect(await key.current()).toBe('token-2')
  key.drop('token-1')
  expect(await key.current()).toBe('token-2')
  key.drop('token-2')
  expect(await key.current()).toBe('token-3')
})

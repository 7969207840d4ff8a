/**
 * Who may do what over HTTP: set-up, signing in and out, bearer tokens, and what another site's page cannot do.
 */
import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nodeId } from './fake-node.ts'
import { bearer, openRunningApp, password, type RunningApp } from './running-app.ts'

let app: RunningApp
beforeEach(async () => {
  app = await openRunningApp()
})
afterEach(async () => {
  await app[Symbol.asyncDispose]()
})

const session = '/api/v1/session'
const setup = (token: string | null, more: object = {}): Promise<Awaited<ReturnType<RunningApp['call']>>> =>
  app.call('POST', '/api/v1/setup', { token, password, name: 'Butik DK', language: 'da', ...more }, {})
const stateOf = async (headers: Record<string, string> = {}): Promise<string> =>
  (await app.call('GET', session, undefined, headers)).json.state

describe('set-up', () => {
  test('the token that the node printed sets the password, name and language, and signs in', async () => {
    expect((await app.call('GET', session, undefined, {})).json).toEqual({
      state: 'setup',
      role: null,
      hasPassword: false,
      name: null,
      language: null,
    })
    const token = app.account.setupToken
    expect(Buffer.from(token ?? '', 'base64url')).toHaveLength(16)
    const answer = await setup(token)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      state: 'signed-in',
      role: 'admin',
      hasPassword: true,
      name: 'Butik DK',
      language: 'da',
    })
    expect(app.profiles).toEqual([{ name: 'Butik DK', language: 'da' }])
    expect(app.account.profile).toEqual({ name: 'Butik DK', language: 'da' })
    expect(app.account.setupToken).toBeNull()
    expect(await stateOf(app.pageHeaders(answer))).toBe('signed-in')
    expect(await stateOf()).toBe('signed-out')
    expect(app.storage.text).not.toContain(password)
  })

  test('works once, even when sent twice at the same time', async () => {
    const token = app.account.setupToken
    const answers = await Promise.all([setup(token), setup(token, { name: 'Other' })])
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200, 409]))
    expect(app.profiles).toHaveLength(1)
    const later = await setup(token)
    expect([later.status, later.json.error.code]).toEqual([409, 'setup-done'])
    expect(later.headers.get('set-cookie')).toBeNull()
  })

  test('a wrong token is refused', async () => {
    const answer = await setup('wrong')
    expect([answer.status, answer.json.error.code]).toEqual([403, 'token-wrong'])
    expect(app.account.profile).toBeNull()
  })

  test('the token expires after 30 minutes; the next start prints another', async () => {
    const token = app.account.setupToken
    app.clock.advance(30 * 60_000)
    const answer = await setup(token)
    expect([answer.status, answer.json.error.code]).toEqual([403, 'token-expired'])
    await app.restart()
    expect(app.account.setupToken).not.toBe(token)
    expect((await setup(token)).json.error.code).toBe('token-wrong')
    expect((await setup(app.account.setupToken)).status).toBe(200)
  })

  test.each([
    [{ password: '123456789' }, 'password'],
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ language: 'fi' }, 'language'],
    [{ admin: true }, 'admin'],
  ])('%j does not fit', async (wrong, path) => {
    const answer = await setup(app.account.setupToken, wrong)
    expect([answer.status, answer.json.error.code, answer.json.error.details.path]).toEqual([400, 'body-invalid', path])
    expect(app.account.profile).toBeNull()
  })
})

describe('signing in and out', () => {
  const signIn = (given: string): ReturnType<RunningApp['call']> => app.call('POST', session, { password: given }, {})

  test('before set-up there is nothing to sign in to', async () => {
    expect((await signIn(password)).json.error.code).toBe('setup-first')
  })

  test('the password signs in, whichever way its letters are composed; a wrong one does not', async () => {
    await app.signIn()
    expect((await signIn(password)).json.state).toBe('signed-in')
    expect((await signIn(password.normalize('NFD'))).json.state).toBe('signed-in')
    const wrong = await signIn('something else')
    expect([wrong.status, wrong.json.error.code]).toEqual([401, 'password-wrong'])
    expect(wrong.headers.get('set-cookie')).toBeNull()
  })

  test('a session outlives a restart, is not readable from the database, and ends by signing out', async () => {
    const page = await app.signIn()
    const id = page['cookie']?.split('=')[1] ?? ''
    expect(Buffer.from(id, 'base64url')).toHaveLength(32)
    expect(app.storage.text).not.toContain(id)
    await app.restart()
    expect(await stateOf(page)).toBe('signed-in')
    expect((await app.call('GET', '/api/v1/status', undefined, page)).status).toBe(200)
    const out = await app.call('DELETE', session, undefined, { ...page, origin: app.url })
    expect(out.json.state).toBe('signed-out')
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    expect(await stateOf(page)).toBe('signed-out')
    expect((await app.call('GET', '/api/v1/status', undefined, page)).json.error.code).toBe('signed-out')
  })

  test('a session ends after 30 days without use, not while it is used', async () => {
    const page = await app.signIn()
    const days = 24 * 3_600_000
    app.clock.advance(29 * days)
    expect(await stateOf(page)).toBe('signed-in')
    app.clock.advance(29 * days)
    await app.restart()
    expect(await stateOf(page)).toBe('signed-in')
    app.clock.advance(30 * days)
    expect(await stateOf(page)).toBe('signed-out')
  })

  test('the cookie of plain http', async () => {
    await app.signIn()
    const cookie = (await signIn(password)).headers.get('set-cookie')
    expect(cookie).toMatch(
      new RegExp(`^stockmesh-${nodeId}=[\\w-]{43}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict$`),
    )
  })

  test('whoever says by himself that he came by https is not believed', async () => {
    await app.signIn()
    const answer = await app.call('POST', session, { password }, { 'x-forwarded-proto': 'https' })
    expect(answer.headers.get('set-cookie')).not.toMatch(/Secure|__Host-/)
    expect(answer.headers.get('strict-transport-security')).toBeNull()
  })

  test('a browser whose page came by https has a secure cookie, also where a proxy does not say so', async () => {
    await app.signIn()
    const page = { origin: 'https://shop.example', 'sec-fetch-site': 'same-origin', 'x-stockmesh': '1' }
    const given = (await app.call('POST', session, { password }, page)).headers.get('set-cookie') ?? ''
    expect(given).toMatch(new RegExp(`^__Host-stockmesh-${nodeId}=.*; Path=/; .*; HttpOnly; SameSite=Strict; Secure$`))
    const cookie = given.split(';')[0] ?? ''
    // A reading names no origin: the cookie itself says how it came, and stays what it is.
    const reading = await app.call('GET', session, undefined, { cookie })
    expect(reading.json.state).toBe('signed-in')
    expect(reading.headers.get('set-cookie')).toMatch(/^__Host-.*; Secure$/)
    const ended = await app.call('DELETE', session, undefined, { ...page, cookie })
    expect(ended.headers.get('set-cookie')).toMatch(/^__Host-.*=; Path=\/; Max-Age=0; .*; Secure$/)
    expect(await stateOf({ cookie })).toBe('signed-out')
  })

  test('the cookie of https is bound to the host and secure; the plain one is not taken in its place', async () => {
    await app[Symbol.asyncDispose]()
    app = await openRunningApp({ trustsProxy: true })
    const page = await app.signIn()
    const https = { 'x-forwarded-proto': 'https' }
    const cookie = (await app.call('POST', session, { password }, https)).headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(new RegExp(`^__Host-stockmesh-${nodeId}=.*; Path=/; .*; HttpOnly; SameSite=Strict; Secure$`))
    expect(cookie).not.toContain('Domain')
    expect(await stateOf({ ...https, cookie: cookie.split(';')[0] ?? '' })).toBe('signed-in')
    expect(await stateOf({ ...https, cookie: page['cookie'] ?? '' })).toBe('signed-out')
  })
})

describe('who may call', () => {
  test.each([
    ['GET', '/status'],
    ['GET', '/stock'],
    ['GET', '/stock.csv'],
    ['GET', '/stock/ABC-1'],
    ['GET', '/log'],
    ['POST', '/join'],
    ['DELETE', '/join'],
    ['POST', '/join-requests/r1/accept'],
    ['POST', '/import'],
    ['GET', '/import/preview'],
    ['GET', '/import/preview/items'],
    ['POST', '/leave'],
    ['POST', '/problems/p1/dismiss'],
  ])('%s %s: nobody without signing in, whatever the body', async (method, path) => {
    const bodies = method === 'GET' ? [undefined] : [undefined, { wrong: true }]
    for (const body of bodies) {
      const answer = await app.call(method, `/api/v1${path}`, body, {})
      expect([answer.status, answer.json.error.code]).toEqual([401, 'signed-out'])
      const wrong = await app.call(method, `/api/v1${path}`, body, { authorization: `Bearer ${'x'.repeat(40)}` })
      expect([wrong.status, wrong.json.error.code]).toEqual([401, 'token-refused'])
    }
    expect(app.node.calls).toEqual([])
  })

  test('a wrong token is not saved by a good cookie', async () => {
    const page = await app.signIn()
    const answer = await app.call('GET', '/api/v1/status', undefined, { ...page, authorization: 'Bearer wrong' })
    expect(answer.json.error.code).toBe('token-refused')
    expect(await stateOf({ ...page, authorization: 'Bearer wrong' })).toBe('signed-out')
  })

  test('the token is taken whatever the case of its scheme, and needs no header of our pages', async () => {
    const authorization = bearer.authorization.replace('Bearer', 'bEaReR')
    expect((await app.call('POST', '/api/v1/import', {}, { authorization })).status).toBe(200)
    expect(await stateOf({ authorization })).toBe('signed-in')
  })

  test('health and discovery need nobody', async () => {
    expect((await app.send('/healthz')).status).toBe(200)
    expect((await app.send('/readyz')).status).toBe(200)
    app.node.isReady = false
    expect([(await app.send('/readyz')).status, (await app.send('/healthz')).status]).toEqual([503, 200])
    expect((await app.send('/.well-known/stockmesh')).json).toEqual({ url: app.url })
  })
})

describe('a change with a cookie must come from our own page', () => {
  test.each([
    ['our page', { 'x-stockmesh': '1', 'sec-fetch-site': 'same-origin' }, 200],
    ['typed by the person', { 'x-stockmesh': '1', 'sec-fetch-site': 'none' }, 200],
    ['an older browser, our origin', { 'x-stockmesh': '1', origin: 'OWN' }, 200],
    ['without the header of our pages', { 'sec-fetch-site': 'same-origin', origin: 'OWN' }, 403],
    ['another site', { 'x-stockmesh': '1', 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbour under the same domain', { 'x-stockmesh': '1', 'sec-fetch-site': 'same-site', origin: 'OWN' }, 403],
    ['another origin', { 'x-stockmesh': '1', origin: 'http://evil.example' }, 403],
    ['an opaque origin', { 'x-stockmesh': '1', origin: 'null' }, 403],
    ['no word on where it comes from', { 'x-stockmesh': '1' }, 403],
  ])('%s', async (_who, given, status) => {
    const { cookie = '' } = await app.signIn()
    const headers: Record<string, string> = { ...given, cookie }
    if (headers['origin'] === 'OWN') headers['origin'] = app.url
    const answer = await app.call('POST', '/api/v1/import', {}, headers)
    expect(answer.status).toBe(status)
    expect(app.node.calls).toEqual(status === 200 ? ['startImport(null)'] : [])
    if (status !== 200) expect(answer.json.error.code).toBe('cross-site')
    const signOut = await app.call('DELETE', session, undefined, headers)
    expect(signOut.status).toBe(status)
    expect(await stateOf({ cookie })).toBe(status === 200 ? 'signed-out' : 'signed-in')
  })

  test('reading is free of it, because no other site can see the answer', async () => {
    const { cookie = '' } = await app.signIn()
    const answer = await app.call('GET', '/api/v1/status', undefined, { cookie })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('tries are limited to 5 in 15 minutes', () => {
  const guess = (): ReturnType<RunningApp['call']> => app.call('POST', session, { password: 'a guess, wrong' }, {})

  test('the sixth guess waits, and so does the right password; a forged address does not help', async () => {
    await app.signIn()
    for (let index = 0; index < 5; index += 1) expect((await guess()).status).toBe(401)
    const sixth = await guess()
    expect([sixth.status, sixth.json.error.code]).toEqual([429, 'too-many-tries'])
    expect(sixth.headers.get('retry-after')).toBe('900')
    const right = await app.call('POST', session, { password }, { 'x-forwarded-for': '203.0.113.7' })
    expect(right.status).toBe(429)
    app.clock.advance(15 * 60_000)
    expect((await app.call('POST', session, { password }, {})).status).toBe(200)
  })

  test('each visitor has a count of his own behind a proxy that is trusted, by what the proxy itself adds', async () => {
    await app[Symbol.asyncDispose]()
    app = await openRunningApp({ trustsProxy: true })
    await app.signIn()
    const from = async (forwarded: string): Promise<number> =>
      (await app.call('POST', session, { password: 'a guess, wrong' }, { 'x-forwarded-for': forwarded })).status
    for (let index = 0; index < 5; index += 1) expect(await from(`198.51.100.${index}, 203.0.113.7`)).toBe(401)
    expect(await from('198.51.100.9, 203.0.113.7')).toBe(429)
    expect(await from('203.0.113.8')).toBe(401)
    // What is no address counts as the proxy itself.
    for (let index = 0; index < 5; index += 1) expect(await from(`unknown-${index}`)).toBe(401)
    expect(await from('unknown-6')).toBe(429)
  })

  test('a connection is kept for a moment, that of a proxy longer than proxies keep theirs', async () => {
    const kept = async (): Promise<string | null> => (await app.call('GET', session)).headers.get('keep-alive')
    expect(await kept()).toBe('timeout=5')
    await app[Symbol.asyncDispose]()
    app = await openRunningApp({ trustsProxy: true })
    expect(await kept()).toBe('timeout=130')
  })

  test('signing in rightly does not count, nor does a caller with a valid token', async () => {
    await app.signIn()
    for (let index = 0; index < 7; index += 1) {
      expect((await app.call('POST', session, { password }, {})).status).toBe(200)
    }
    for (let index = 0; index < 7; index += 1) {
      expect((await app.call('POST', session, { password: 'wrong' })).status).toBe(401)
    }
    expect((await guess()).status).toBe(401)
  })

  test('set-up has its own count', async () => {
    for (let index = 0; index < 5; index += 1) expect((await setup('wrong')).status).toBe(403)
    const sixth = await setup(app.account.setupToken)
    expect([sixth.status, sixth.json.error.code]).toEqual([429, 'too-many-tries'])
    expect(app.account.profile).toBeNull()
  })
})

describe('the demo', () => {
  /** `fetch` does not send another host name than the one it connects to. */
  function readSession(host: string, headers: Record<string, string> = {}): Promise<string> {
    const { hostname, port } = new URL(app.url)
    return new Promise((resolve, reject) => {
      const sent = httpRequest({ hostname, port, path: session, headers: { host, ...headers } }, (answer) => {
        let text = ''
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
        answer.on('end', () => resolve(JSON.parse(text).state))
      })
      sent.on('error', reject)
      sent.end()
    })
  }

  test('opens signed in on this machine, under a loopback name only', async () => {
    await app[Symbol.asyncDispose]()
    app = await openRunningApp({ demo: true })
    const answer = await app.call('GET', session, undefined, {})
    expect(answer.json).toMatchObject({ state: 'signed-in', role: 'admin' })
    const page = app.pageHeaders(answer)
    expect((await app.call('POST', '/api/v1/import', {}, page)).status).toBe(200)
    expect(await readSession('localhost:1')).toBe('signed-in')
    expect(await readSession('[::1]:1')).toBe('signed-in')
    expect(await readSession('evil.example')).toBe('setup')
    expect(await readSession('127.0.0.1.evil.example')).toBe('setup')
    expect(await readSession('localhost', { 'x-forwarded-for': '203.0.113.7' })).toBe('setup')
    expect((await app.call('GET', '/api/v1/status', undefined, {})).status).toBe(401)
  })

  test('without it nobody is signed in by asking', async () => {
    expect(await readSession('localhost')).toBe('setup')
  })
})

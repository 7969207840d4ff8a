/**
 * What admins did, and who tried: a line for each act, durable before it happens, and never a secret.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAdminLog } from '../../packages/node/src/http/admin-log.ts'
import { actsKeptMs, failedSignInsNotedMax } from '../../packages/node/src/http/limits.ts'
import { ApiFailure } from '../../packages/node/src/http/node-api.ts'
import { ManualClock } from './manual-clock.ts'
import { MemoryStorage } from './memory-storage.ts'
import { bearer, openRunningApp, password, type RunningApp } from './running-app.ts'

let app: RunningApp
let page: Record<string, string>
beforeEach(async () => {
  app = await openRunningApp()
  page = await app.signIn()
})
afterEach(async () => {
  await app[Symbol.asyncDispose]()
})

async function lines(): Promise<readonly string[]> {
  const { json } = await app.call('GET', '/api/v1/admin-log?limit=1000')
  return json.items.map(
    ({ by, call, subject, result }: Record<string, string | null>) => `${by}: ${call} (${subject}) ${result}`,
  )
}

test('who did what on what, and what became of it; the newest first', async () => {
  await app.call('PATCH', '/api/v1/settings', { buffer: 2 }, page)
  await app.call('POST', '/api/v1/tokens', { name: 'Bookkeeping' }, page)
  await app.call('POST', '/api/v1/join', { address: 'butik.example' }, bearer)
  await app.call('DELETE', '/api/v1/tokens/none', undefined, page)
  expect(await lines()).toEqual([
    'session: DELETE /tokens/:id (none) token-unknown',
    'environment: POST /join (butik.example) done',
    'session: POST /tokens (Bookkeeping) done',
    'session: PATCH /settings (buffer) done',
    'session: POST /setup (Butik DK) done',
  ])
})

test('where a call came from: what a proxy says counts only where one is trusted', async () => {
  const forwarded = { ...bearer, 'x-forwarded-for': '198.51.100.1, 203.0.113.7' }
  const addressOf = async (): Promise<string> => {
    await app.call('PATCH', '/api/v1/settings', { buffer: 2 }, forwarded)
    return (await app.call('GET', '/api/v1/admin-log')).json.items[0].address
  }
  expect(await addressOf()).toBe('127.0.0.1')
  await app[Symbol.asyncDispose]()
  app = await openRunningApp({ trustsProxy: true })
  expect(await addressOf()).toBe('203.0.113.7')
})

test('a session is told from another by its mark, a token by its name', async () => {
  const { token } = (await app.call('POST', '/api/v1/tokens', { name: 'Stock', role: 'admin' }, page)).json
  await app.call('POST', '/api/v1/import', {}, { authorization: `Bearer ${token}` })
  const { items } = (await app.call('GET', '/api/v1/admin-log')).json
  expect(items[0]).toMatchObject({ by: 'token', name: 'Stock', call: 'POST /import' })
  expect(items[1].name).toMatch(/^[0-9a-f]{8}$/)
  expect(items[1].name).toBe(items[2].name)
  expect(page['cookie']).not.toContain(items[1].name)
})

test('reading, a dry run, a repeat and what is refused at the door leave no line', async () => {
  const before = await lines()
  await app.call('GET', '/api/v1/stock')
  await app.call('POST', '/api/v1/import', {}, {})
  await app.call('POST', '/api/v1/import', {}, { cookie: page['cookie'] ?? '' })
  expect(await lines()).toEqual(before)
  const once = { ...bearer, 'idempotency-key': 'once' }
  await app.call('POST', '/api/v1/import', {}, once)
  await app.call('POST', '/api/v1/import', {}, once)
  expect(await lines()).toHaveLength(before.length + 1)
})

test('no secret is in it: no password, no token, no key', async () => {
  const secrets = ['en helt anden kode', 'kun at se med', 'a-webhook-secret', 'wrong guess']
  await app.call('POST', '/api/v1/viewer-password', { password: secrets[1] }, page)
  await app.call('PATCH', '/api/v1/settings', { alertWebhookSecret: secrets[2] }, page)
  await app.call('POST', '/api/v1/session', { password: secrets[3] }, {})
  await app.call('POST', '/api/v1/password', { password: secrets[0], current: password }, page)
  const { token } = (await app.call('POST', '/api/v1/tokens', { name: 'A' }, page)).json
  const { text } = await app.call('GET', '/api/v1/admin-log?limit=1000')
  for (const secret of [...secrets, password, token]) expect(text).not.toContain(secret)
  expect(await lines()).toContain('session: PATCH /settings (alertWebhookSecret) done')
})

test('the line is durable before the act: one that the node did not survive stands without a result', async () => {
  app.node.startImport = async () => {
    // What is on disk while the act is under way is what a killed node would find.
    const { items } = (await app.call('GET', '/api/v1/admin-log')).json
    expect(items[0]).toMatchObject({ call: 'POST /import', result: null })
    return app.node.importState()
  }
  expect((await app.call('POST', '/api/v1/import', {}, page)).status).toBe(200)
  expect((await lines())[0]).toBe('session: POST /import (null) done')
})

test('signing in and out is noted, and so is a refused try', async () => {
  const again = await app.call('POST', '/api/v1/session', { password }, {})
  await app.call('POST', '/api/v1/session', { password: 'wrong' }, {})
  await app.call('DELETE', '/api/v1/session', undefined, app.pageHeaders(again))
  expect((await lines()).slice(0, 3)).toEqual([
    'session: DELETE /session (null) done',
    'nobody: POST /session (null) password-wrong',
    'session: POST /session (null) done',
  ])
})

test('of refused tries only so many a day are noted, so that guesses do not push out the rest', async () => {
  const clock = new ManualClock()
  const log = await openAdminLog({ storage: new MemoryStorage(), table: 1, clock })
  const total = async (): Promise<number> => (await log.page({ after: null, limit: 1 })).total
  const guess = (): Promise<void> =>
    log.after(
      { caller: null, address: '203.0.113.7', call: 'POST /session', subject: null },
      new ApiFailure(401, 'password-wrong', 'No.'),
    )
  for (let index = 0; index < failedSignInsNotedMax + 2; index += 1) await guess()
  expect(await total()).toBe(failedSignInsNotedMax)
  clock.advance(24 * 3_600_000)
  await guess()
  expect(await total()).toBe(failedSignInsNotedMax + 1)
})

test('it outlives a restart, goes on after it, pages, and forgets what is older than it keeps', async () => {
  for (const buffer of [1, 2, 3]) await app.call('PATCH', '/api/v1/settings', { buffer })
  await app.restart()
  await app.call('PATCH', '/api/v1/settings', { buffer: 4 })
  const first = (await app.call('GET', '/api/v1/admin-log?limit=3')).json
  expect([first.items.length, first.total]).toEqual([3, 5])
  const second = (await app.call('GET', `/api/v1/admin-log?limit=3&after=${first.next}`)).json
  expect([second.items.length, second.next]).toEqual([2, null])
  expect((await app.call('GET', '/api/v1/admin-log?after=x')).json.error.code).toBe('cursor-invalid')
  const csv = await app.call('GET', '/api/v1/admin-log.csv')
  expect(csv.text.split('\n')[0]?.trim()).toBe('at,by,name,address,call,subject,result')
  app.clock.advance(actsKeptMs)
  await app.call('PATCH', '/api/v1/settings', { buffer: 5 })
  expect(await lines()).toEqual(['environment: PATCH /settings (buffer) done'])
})

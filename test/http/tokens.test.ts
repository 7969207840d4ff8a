/**
 * Tokens of programs: told once, kept as hashes, noted as they are used, and gone at once when they are revoked.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { apiTokensMax } from '../../packages/node/src/http/limits.ts'
import { type Answer, openRunningApp, type RunningApp } from './running-app.ts'

let app: RunningApp
let page: Record<string, string>
beforeEach(async () => {
  app = await openRunningApp()
  page = await app.signIn()
})
afterEach(async () => {
  await app[Symbol.asyncDispose]()
})

const make = (body: object): Promise<Answer> => app.call('POST', '/api/v1/tokens', body, page)
const holding = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })
const read = async (token: string): Promise<number> =>
  (await app.call('GET', '/api/v1/status', undefined, holding(token))).status

test('a token is told once, is a viewer’s unless it is said otherwise, and outlives a restart', async () => {
  const { status, json } = await make({ name: 'Bookkeeping' })
  expect(status).toBe(200)
  expect(json).toMatchObject({ name: 'Bookkeeping', role: 'viewer', usedAt: null })
  expect(json.token).toMatch(/^stockmesh_[\w-]{43}$/)
  expect(app.storage.text).not.toContain(json.token.slice('stockmesh_'.length))
  const list = await app.call('GET', '/api/v1/tokens', undefined, page)
  expect(list.text).not.toContain('stockmesh_')
  expect(list.json).toMatchObject({ items: [{ id: json.id, name: 'Bookkeeping' }], total: 1 })
  await app.restart()
  expect(await read(json.token)).toBe(200)
})

test('the same call again makes another one or none: what was told is kept for no repeat', async () => {
  const headers = { ...page, 'idempotency-key': 'once' }
  const first = await app.call('POST', '/api/v1/tokens', { name: 'A' }, headers)
  const again = await app.call('POST', '/api/v1/tokens', { name: 'A' }, headers)
  expect([first.status, again.status, again.json.error.code]).toEqual([200, 409, 'token-name-taken'])
  expect(app.storage.text).not.toContain(first.json.token)
})

test('the list says when it was used last, to the minute and over restarts', async () => {
  const { token } = (await make({ name: 'Bookkeeping', role: 'admin' })).json
  const usedAt = async (): Promise<unknown> =>
    (await app.call('GET', '/api/v1/tokens', undefined, page)).json.items[0].usedAt
  expect(await usedAt()).toBeNull()
  await read(token)
  const first = await usedAt()
  expect(first).toBe(new Date(app.clock.now()).toISOString())
  app.clock.advance(59_000)
  await read(token)
  expect(await usedAt()).toBe(first)
  app.clock.advance(1_000)
  await read(token)
  const second = await usedAt()
  expect(second).toBe(new Date(app.clock.now()).toISOString())
  await app.restart()
  expect(await usedAt()).toBe(second)
})

test('a revoked token is none at once, and after a restart; the others go on', async () => {
  const gone = (await make({ name: 'Old', role: 'admin' })).json
  const stays = (await make({ name: 'New', role: 'admin' })).json
  const revoked = await app.call('DELETE', `/api/v1/tokens/${gone.id}`, undefined, page)
  expect(revoked.json).toEqual({})
  expect([await read(gone.token), await read(stays.token)]).toEqual([401, 200])
  const again = await app.call('DELETE', `/api/v1/tokens/${gone.id}`, undefined, page)
  expect([again.status, again.json.error.code]).toEqual([404, 'token-unknown'])
  await app.restart()
  expect([await read(gone.token), await read(stays.token)]).toEqual([401, 200])
  expect((await make({ name: 'Old' })).status).toBe(200)
})

test('there are at most so many', async () => {
  for (let index = 0; index < apiTokensMax; index += 1)
    expect((await make({ name: `Token ${index}` })).status).toBe(200)
  const refused = await make({ name: 'One more' })
  expect([refused.status, refused.json.error.code]).toEqual([409, 'too-many-tokens'])
})

test.each([
  [{}, 'name'],
  [{ name: ' ' }, 'name'],
  [{ name: 'x'.repeat(101) }, 'name'],
  [{ name: 'A', role: 'owner' }, 'role'],
])('a body that does not fit: %j', async (body, path) => {
  const refused = await make(body)
  expect([refused.json.error.code, refused.json.error.details.path]).toEqual(['body-invalid', path])
})

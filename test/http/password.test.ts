/**
 * A new password: who may choose one, and who is signed in afterwards.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Answer, bearer, openRunningApp, password, type RunningApp } from './running-app.ts'

let app: RunningApp
beforeEach(async () => {
  app = await openRunningApp()
})
afterEach(async () => {
  await app[Symbol.asyncDispose]()
})

const next = 'et helt nyt kodeord'
const change = (body: object, headers: Record<string, string>): Promise<Answer> =>
  app.call('POST', '/api/v1/password', body, headers)
const signIn = (given: string): Promise<Answer> => app.call('POST', '/api/v1/session', { password: given }, {})
const mayLook = async (headers: Record<string, string>): Promise<boolean> =>
  (await app.call('GET', '/api/v1/status', undefined, headers)).status === 200

test('a signed-in page proves the current password and stays; every other one is signed out, over a restart too', async () => {
  const page = await app.signIn()
  const other = app.pageHeaders(await signIn(password))
  expect(await mayLook(other)).toBe(true)
  expect((await change({ password: next, current: password }, page)).status).toBe(200)
  expect([await mayLook(page), await mayLook(other)]).toEqual([true, false])
  expect((await signIn(password)).json.error.code).toBe('password-wrong')
  await app.restart()
  expect([await mayLook(page), await mayLook(other)]).toEqual([true, false])
  expect((await signIn(next)).status).toBe(200)
  expect((await app.call('GET', '/api/v1/session')).json).toMatchObject({ name: 'Butik DK', language: 'da' })
})

test('the bearer token needs no password, and signs out every page', async () => {
  const page = await app.signIn()
  expect((await change({ password: next }, bearer)).json).toEqual({})
  expect(await mayLook(page)).toBe(false)
  expect((await signIn(next)).status).toBe(200)
})

test('a wrong or missing current password changes nothing, and is limited as signing in is', async () => {
  const page = await app.signIn()
  for (const body of [{ password: next }, { password: next, current: 'forkert' }]) {
    const refused = await change(body, page)
    expect([refused.status, refused.json.error.code]).toEqual([401, 'password-wrong'])
  }
  for (let tries = 0; tries < 3; tries += 1) await change({ password: next, current: 'forkert' }, page)
  expect((await change({ password: next, current: password }, page)).json.error.code).toBe('too-many-tries')
  expect(await mayLook(page)).toBe(true)
  expect((await signIn(password)).status).toBe(200)
})

test('before set-up there is no password to replace', async () => {
  const refused = await change({ password: next }, bearer)
  expect([refused.status, refused.json.error.code]).toEqual([409, 'setup-first'])
})

test.each([
  [{}, 'password'],
  [{ password: 'kort' }, 'password'],
  [{ password: 'x'.repeat(1_001) }, 'password'],
  [{ password: next, current: 7 }, 'current'],
  [{ password: next, hint: 'x' }, 'hint'],
])('a body that does not fit: %j', async (body, path) => {
  await app.signIn()
  const refused = await change(body, bearer)
  expect([refused.status, refused.json.error.code, refused.json.error.details.path]).toEqual([
    400,
    'body-invalid',
    path,
  ])
  expect((await signIn(password)).status).toBe(200)
})

test('nobody else may', async () => {
  const page = await app.signIn()
  expect((await change({ password: next, current: password }, {})).status).toBe(401)
  expect((await change({ password: next, current: password }, { cookie: page['cookie'] ?? '' })).status).toBe(403)
  expect((await signIn(password)).status).toBe(200)
})

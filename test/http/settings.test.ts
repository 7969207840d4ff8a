/**
 * `GET` and `PATCH /settings`, `PATCH /node`: what is kept, what is refused, and that a secret never comes out again.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultSettings, settingsAnswer } from '../../packages/node/src/settings/settings.ts'
import { SettingsStore, type StartWords } from '../../packages/node/src/settings/settings-store.ts'
import { MemoryStorage } from './memory-storage.ts'
import { openRunningApp, password, type RunningApp } from './running-app.ts'

const defaults = {
  name: 'Stockmesh',
  language: 'en',
  buffer: 0,
  holdOwnChanges: true,
  holdMemberChanges: true,
  holdFromSkus: 50,
  alertWebhookUrl: null,
  alertWebhookSecretSet: false,
  alertEmailTo: null,
  alertEmailFrom: null,
  alertSmtpUrlSet: false,
  alertUnreachableMinutes: 15,
  alertQuietFrom: null,
  alertQuietTo: null,
  alertQuietZone: null,
  alertQuietExempt: 'none',
}

const everything = {
  name: 'Butik DK',
  language: 'da',
  buffer: 2,
  holdOwnChanges: false,
  holdMemberChanges: false,
  holdFromSkus: 80,
  alertWebhookUrl: 'https://hooks.example/stock?room=7',
  alertWebhookSecret: 'sesame-open-the-webhook',
  alertEmailTo: 'lager@butik.example',
  alertEmailFrom: 'stockmesh@butik.example',
  alertSmtpUrl: 'smtps://post:sesame-open-the-mail@mail.example:465',
  alertUnreachableMinutes: 30,
  alertQuietFrom: '22:00',
  alertQuietTo: '07:00',
  alertQuietZone: 'Europe/Copenhagen',
  alertQuietExempt: 'oversold',
}

const answered = {
  name: 'Butik DK',
  language: 'da',
  buffer: 2,
  holdOwnChanges: false,
  holdMemberChanges: false,
  holdFromSkus: 80,
  alertWebhookUrl: 'https://hooks.example/stock?room=7',
  alertWebhookSecretSet: true,
  alertEmailTo: 'lager@butik.example',
  alertEmailFrom: 'stockmesh@butik.example',
  alertSmtpUrlSet: true,
  alertUnreachableMinutes: 30,
  alertQuietFrom: '22:00',
  alertQuietTo: '07:00',
  alertQuietZone: 'Europe/Copenhagen',
  alertQuietExempt: 'oversold',
}

test('what nobody said may be told is not in the answer', () => {
  const later = { ...defaultSettings, laterSecret: 'sesame-open-what-comes' }
  expect(settingsAnswer(later)).toEqual(defaults)
})

describe('over HTTP', () => {
  let app: RunningApp
  beforeEach(async () => {
    app = await openRunningApp()
  })
  afterEach(async () => {
    await app[Symbol.asyncDispose]()
  })

  test('what is set is answered and outlives a restart; secrets go in and never come out', async () => {
    expect((await app.call('GET', '/api/v1/settings')).json).toEqual(defaults)
    const changed = await app.call('PATCH', '/api/v1/settings', everything)
    expect(changed.status).toBe(200)
    expect(changed.json).toEqual(answered)
    await app.restart()
    const read = await app.call('GET', '/api/v1/settings')
    expect(read.json).toEqual(answered)
    expect(changed.text + read.text + JSON.stringify(app.logged)).not.toContain('sesame')
  })

  test('absent is unchanged and null is the default', async () => {
    await app.call('PATCH', '/api/v1/settings', everything)
    expect((await app.call('PATCH', '/api/v1/settings', {})).json).toEqual(answered)
    const changed = await app.call('PATCH', '/api/v1/settings', { buffer: null, alertSmtpUrl: null, name: null })
    expect(changed.json).toEqual({ ...answered, buffer: 0, alertSmtpUrlSet: false, name: 'Stockmesh' })
    const nothing = Object.fromEntries(Object.keys(everything).map((name) => [name, null]))
    expect((await app.call('PATCH', '/api/v1/settings', nothing)).json).toEqual(defaults)
    expect(app.storage.text).not.toContain('sesame')
  })

  test.each([
    ['name', '   '],
    ['name', 'x'.repeat(101)],
    ['language', 'fi'],
    ['buffer', -1],
    ['buffer', 1.5],
    ['buffer', 1_000_001],
    ['buffer', '2'],
    ['alertWebhookUrl', 'javascript:alert(1)'],
    ['alertWebhookUrl', 'file:///etc/passwd'],
    ['alertWebhookUrl', 'https://'],
    ['alertWebhookUrl', 'https://post:sesame@hooks.example/'],
    ['alertWebhookSecret', ''],
    ['alertEmailTo', 'nobody'],
    ['alertEmailTo', 'a@butik.example\r\nBcc: all@butik.example'],
    ['alertEmailFrom', 'a@b.example, c@d.example'],
    ['alertSmtpUrl', 'https://post:sesame@mail.example'],
    ['alertSmtpUrl', 'smtp://'],
    ['holdFromSkus', 9],
    ['holdFromSkus', 10_001],
    ['holdOwnChanges', 'off'],
    ['alertUnreachableMinutes', 0],
    ['alertUnreachableMinutes', 10_081],
    ['alertQuietFrom', '24:00'],
    ['alertQuietTo', '7'],
    ['alertQuietZone', 'Europe/Nowhere'],
    ['alertQuietExempt', 'held'],
    ['colour', 'green'],
  ])('a bad value is refused with its path, without repeating it: %s %j', async (name, value) => {
    const refused = await app.call('PATCH', '/api/v1/settings', { buffer: 7, [name]: value })
    expect(refused.status).toBe(400)
    expect(refused.json.error.code).toBe('body-invalid')
    expect(refused.json.error.details).toEqual({ path: name })
    expect(refused.text).not.toContain('sesame')
    expect((await app.call('GET', '/api/v1/settings')).json).toEqual(defaults)
  })

  test('the session tells name and language as they are now, not as they were at set-up', async () => {
    const token = app.account.setupToken
    await app.call('POST', '/api/v1/setup', { token, password, name: 'Butik DK', language: 'da' }, {})
    expect((await app.call('GET', '/api/v1/session')).json).toMatchObject({ name: 'Butik DK', language: 'da' })
    await app.call('PATCH', '/api/v1/settings', { name: 'Butik Nord', language: 'en' })
    expect((await app.call('GET', '/api/v1/session')).json).toMatchObject({ name: 'Butik Nord', language: 'en' })
    await app.call('PATCH', '/api/v1/settings', { name: null, language: null })
    expect((await app.call('GET', '/api/v1/session')).json).toMatchObject({ name: 'Butik DK', language: 'da' })
  })

  test.each([
    ['url', 'not an address'],
    ['url', 'ftp://butik.example'],
    ['url', 'https://user:sesame@butik.example'],
    ['url', 'https://butik.example/?next=1'],
    ['url', 'https://butik.example/#top'],
    ['url', `https://${'x'.repeat(500)}.example`],
    ['name', ''],
    ['buffer', 1],
  ])('the node takes no bad name or address: %s %j', async (name, value) => {
    const refused = await app.call('PATCH', '/api/v1/node', { [name]: value })
    expect(refused.status).toBe(400)
    expect(refused.json.error).toMatchObject({ code: 'body-invalid', details: { path: name } })
    expect(refused.text).not.toContain('sesame')
    // That it was asked for is noted, and nothing else is stored.
    expect(app.storage.size).toBe(await app.rows('act'))
  })
})

describe('the later word holds', () => {
  const row = { table: 1, profile: () => ({ name: 'Set-up', language: 'da' as const }) }
  const nothing: StartWords = { name: null, url: null }

  test('a name chosen in the pages stands while the node is started with the word that it replaced, or with none', async () => {
    const storage = new MemoryStorage()
    const started = { name: 'Flag', url: 'http://127.0.0.1:7400' }
    const first = await SettingsStore.open({ ...row, storage, started })
    expect(first.current).toMatchObject(started)
    await first.change({ name: 'Page', url: 'https://stock.butik.example' })
    for (const words of [started, nothing, started]) {
      const again = await SettingsStore.open({ ...row, storage, started: words })
      expect(again.current).toMatchObject({ name: 'Page', url: 'https://stock.butik.example' })
    }
  })

  test('a new word at the start wins, each setting by itself, and the replaced choice does not come back', async () => {
    const storage = new MemoryStorage()
    const first = await SettingsStore.open({ ...row, storage, started: { name: 'Flag', url: null } })
    await first.change({ name: 'Page', url: 'https://stock.butik.example', buffer: 3 })
    const renamed = await SettingsStore.open({ ...row, storage, started: { name: 'New flag', url: null } })
    expect(renamed.current).toMatchObject({ name: 'New flag', url: 'https://stock.butik.example', buffer: 3 })
    const back = await SettingsStore.open({ ...row, storage, started: { name: 'Flag', url: null } })
    expect(back.current).toMatchObject({ name: 'Flag', url: 'https://stock.butik.example', buffer: 3 })
    const silent = await SettingsStore.open({ ...row, storage, started: nothing })
    expect(silent.current.name).toBe('Set-up')
  })

  test('taken back, the start has the word again, and set-up where the start says nothing', async () => {
    const storage = new MemoryStorage()
    const store = await SettingsStore.open({ ...row, storage, started: { name: 'Flag', url: null } })
    await store.change({ name: 'Page' })
    expect((await store.change({ name: null })).name).toBe('Flag')
    expect((await SettingsStore.open({ ...row, storage, started: nothing })).current.name).toBe('Set-up')
  })
})

test('a change is told after it is durable, and one that could not be written is none', async () => {
  const storage = new MemoryStorage()
  const store = await SettingsStore.open({ storage, table: 1, started: { name: null, url: null }, profile: () => null })
  const told: string[] = []
  store.onChange((now, before) => told.push(`${before.buffer} to ${now.buffer}, on disk ${storage.text}`))
  await store.change({ buffer: 2 })
  expect(told).toEqual(['0 to 2, on disk {"buffer":2}'])
  const write = storage.write.bind(storage)
  storage.write = () => Promise.reject(new Error('disk full'))
  await expect(store.change({ buffer: 5 })).rejects.toThrow('disk full')
  expect(store.current.buffer).toBe(2)
  storage.write = write
  expect((await store.change({ language: 'da' })).buffer).toBe(2)
  expect(told).toHaveLength(2)
})

/**
 * When an alert is sent: each problem once when it begins, many together, a shop when it has been away long enough and
 * again when it is back; over failures of the target and over restarts.
 */
import { beforeEach, expect, test } from 'vitest'
import type { AlertFacts, AlertItem } from '../../packages/node/src/alerts/alert.ts'
import type { AlertMessage } from '../../packages/node/src/alerts/alert-message.ts'
import { Alerts } from '../../packages/node/src/alerts/alerts.ts'
import { gatherMs, kindPauseMs, messageMsMax } from '../../packages/node/src/alerts/limits.ts'
import type { AlertTarget } from '../../packages/node/src/alerts/targets.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { defaultSettings, type NodeSettings } from '../../packages/node/src/settings/settings.ts'
import { ManualClock } from '../http/manual-clock.ts'
import { MemoryStorage } from '../http/memory-storage.ts'

const minute = 60_000
/** What began is gathered, and then sent. */
const soonMs = gatherMs + 2_000
const awayMs = defaultSettings.alertUnreachableMinutes * minute

let clock: ManualClock
let storage: MemoryStorage
let facts: AlertFacts
let isDown: boolean
let sent: AlertMessage[]
let failures: string[]
let settings: NodeSettings

beforeEach(() => {
  clock = new ManualClock()
  storage = new MemoryStorage()
  const quiet = { fork: [], clone: [], 'bad-peer': [], 'key-rejected': [], 'stopped-all': [] }
  facts = { shops: [], oversold: [], held: [], ...quiet }
  isDown = false
  sent = []
  failures = []
  settings = { ...defaultSettings, language: 'en' }
})

const sink: AlertTarget = {
  name: 'webhook',
  async send(message) {
    if (isDown) return { ok: false, code: 'target-unreachable', message: 'The webhook does not answer.' }
    sent.push(message)
    return { ok: true, value: undefined }
  },
}

function open(targets: () => readonly AlertTarget[] = () => [sink]): Promise<Alerts> {
  return Alerts.open({
    storage,
    table: 1,
    clock,
    random: systemRandom,
    settings: () => settings,
    sender: () => ({ id: 'm', name: 'M', url: 'https://m.example' }),
    facts: () => facts,
    onFailure: (code) => failures.push(code),
    onChange: () => undefined,
    targets,
  })
}

/** Lets time pass, and what follows from it happen. */
async function pass(ms: number): Promise<void> {
  const step = 1_000
  for (let passed = 0; passed < ms; passed += step) {
    clock.advance(Math.min(step, ms - passed))
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  }
}

function skus(count: number, from = 0): AlertItem[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `SKU-${from + index}`
    return { id: name.toLowerCase(), name, units: -1, since: null }
  })
}

function told(): string[] {
  return sent.map(({ kind, count }) => `${kind} ${count}`)
}

test('500 SKUs that are oversold within a moment are one message, and none of them is told twice', async () => {
  await using alerts = await open()
  for (let count = 100; count <= 500; count += 100) {
    facts = { ...facts, oversold: skus(count) }
    alerts.changed()
    await pass(100)
  }
  await pass(soonMs)
  expect(told()).toEqual(['oversold 500'])
  expect(sent[0]?.items).toHaveLength(10)
  for (let again = 0; again < 20; again += 1) {
    alerts.changed()
    await pass(soonMs)
  }
  expect(told()).toEqual(['oversold 500'])
})

test('what trickles in is gathered: one message of a kind in five minutes, however many there are', async () => {
  await using alerts = await open()
  for (let count = 1; count <= 290; count += 1) {
    facts = { ...facts, oversold: skus(count) }
    alerts.changed()
    await pass(1_000)
  }
  expect(sent).toHaveLength(1)
  await pass(kindPauseMs)
  expect(sent).toHaveLength(2)
  expect(sent.reduce((sum, { count }) => sum + count, 0)).toBe(290)
  facts = { ...facts, held: skus(3) }
  alerts.changed()
  await pass(soonMs)
  expect(told().at(-1)).toBe('held 3')
})

test('that everything is stopped is told each time, and that it goes on is not', async () => {
  await using alerts = await open()
  const stopAt = async (stamp: number): Promise<void> => {
    facts = { ...facts, 'stopped-all': [{ id: String(stamp), name: 'E', units: null, since: stamp }] }
    alerts.changed()
    await pass(soonMs)
  }
  await stopAt(clock.now())
  expect(sent.map(({ subject }) => subject)).toEqual(['E stopped everything'])
  facts = { ...facts, 'stopped-all': [] }
  alerts.changed()
  await pass(kindPauseMs)
  expect(sent).toHaveLength(1)
  await stopAt(clock.now())
  expect(sent).toHaveLength(2)
})

test('a shop that has two histories, or runs twice, is told at once', async () => {
  await using alerts = await open()
  const item = { id: 'x', name: 'E', units: null, since: clock.now() }
  facts = { ...facts, fork: [item], clone: [item] }
  alerts.changed()
  await pass(soonMs)
  expect(sent.map(({ subject }) => subject)).toEqual(['E: two numbers for the same thing', 'E seems to run twice'])
})

test('what is solved and begins again is told again', async () => {
  await using alerts = await open()
  for (const oversold of [skus(1), [], skus(1)]) {
    facts = { ...facts, oversold }
    alerts.changed()
    await pass(kindPauseMs + soonMs)
  }
  expect(told()).toEqual(['oversold 1', 'oversold 1'])
})

test('a shop out of reach is told when it has been away long enough, once, and once that it is back', async () => {
  await using alerts = await open()
  const shop = { id: 'e', name: 'E' }
  facts = { ...facts, shops: [{ ...shop, state: 'away', since: clock.now() }] }
  alerts.changed()
  await pass(awayMs - 2_000)
  expect(sent).toEqual([])
  await pass(4_000)
  expect(told()).toEqual(['shop-unreachable 1'])
  expect(sent[0]?.subject).toBe('E cannot be reached')
  await pass(10 * awayMs)
  expect(sent).toHaveLength(1)
  facts = { ...facts, shops: [{ ...shop, state: 'reached', since: null }] }
  alerts.changed()
  await pass(soonMs)
  expect(told()).toEqual(['shop-unreachable 1', 'shop-reachable 1'])
  // A short absence is nobody's business.
  facts = { ...facts, shops: [{ ...shop, state: 'away', since: clock.now() }] }
  alerts.changed()
  await pass(minute)
  facts = { ...facts, shops: [{ ...shop, state: 'reached', since: null }] }
  alerts.changed()
  await pass(awayMs)
  expect(sent).toHaveLength(2)
})

test('after a restart nothing is told again, and a shop that was not spoken to yet is not back', async () => {
  facts = { ...facts, oversold: skus(2), shops: [{ id: 'e', name: 'E', state: 'away', since: clock.now() - awayMs }] }
  const before = await open()
  await pass(soonMs)
  expect(told().sort()).toEqual(['oversold 2', 'shop-unreachable 1'])
  await before[Symbol.asyncDispose]()
  facts = { ...facts, shops: [{ id: 'e', name: 'E', state: 'unknown', since: null }] }
  await using alerts = await open()
  await pass(10 * minute)
  expect(sent).toHaveLength(2)
  facts = { ...facts, shops: [{ id: 'e', name: 'E', state: 'reached', since: null }] }
  alerts.changed()
  await pass(soonMs)
  expect(told().at(-1)).toBe('shop-reachable 1')
})

test('while a shop that is away is not due yet, what else begins is told at once', async () => {
  await using alerts = await open()
  facts = { ...facts, shops: [{ id: 'e', name: 'E', state: 'away', since: clock.now() }] }
  alerts.changed()
  await pass(minute)
  facts = { ...facts, oversold: skus(1) }
  alerts.changed()
  await pass(soonMs)
  expect(told()).toEqual(['oversold 1'])
  await pass(awayMs)
  expect(told()).toEqual(['oversold 1', 'shop-unreachable 1'])
})

test('a shop that changes all the time does not put the look off', async () => {
  await using alerts = await open()
  facts = { ...facts, held: skus(1) }
  for (let second = 0; second < 6; second += 1) {
    alerts.changed()
    await pass(1_000)
  }
  expect(told()).toEqual(['held 1'])
})

test('a target that throws is one that failed', async () => {
  const throwing: AlertTarget = { name: 'email', send: () => Promise.reject(new Error('broken')) }
  facts = { ...facts, held: skus(1) }
  await using alerts = await open(() => [throwing])
  await pass(minute)
  expect(failures.slice(0, 2)).toEqual(['target-invalid', 'target-invalid'])
  expect(failures.length).toBeLessThan(6)
  expect((await alerts.test()).results).toMatchObject([{ target: 'email', delivered: false, code: 'target-invalid' }])
})

test('a shop that left the network is not told to be back', async () => {
  await using alerts = await open()
  facts = { ...facts, shops: [{ id: 'e', name: 'E', state: 'away', since: clock.now() - awayMs }] }
  alerts.changed()
  await pass(soonMs)
  facts = { ...facts, shops: [] }
  alerts.changed()
  await pass(kindPauseMs)
  expect(told()).toEqual(['shop-unreachable 1'])
})

test('a target that is down gets the message when it is up, also over a restart, and only once', async () => {
  isDown = true
  facts = { ...facts, held: skus(1) }
  const before = await open()
  await pass(minute)
  expect(before.failures).toMatchObject([{ target: 'webhook', code: 'target-unreachable' }])
  expect(failures.length).toBeGreaterThan(2)
  expect(failures.length).toBeLessThan(6)
  await before[Symbol.asyncDispose]()
  await using alerts = await open()
  await pass(10 * minute)
  expect(sent).toEqual([])
  isDown = false
  await pass(60 * minute)
  expect(told()).toEqual(['held 1'])
  expect(alerts.failures).toEqual([])
  await pass(24 * 60 * minute)
  expect(sent).toHaveLength(1)
})

test('a message that nobody takes for two days is given up', async () => {
  isDown = true
  facts = { ...facts, held: skus(1) }
  await using alerts = await open()
  await pass(messageMsMax + 2 * 60 * minute)
  isDown = false
  alerts.retry()
  await pass(60 * minute)
  expect(sent).toEqual([])
})

test('without a target nothing is kept; once there is one, what is open then is told', async () => {
  let targets: readonly AlertTarget[] = []
  facts = { ...facts, oversold: skus(3) }
  await using alerts = await open(() => targets)
  await pass(minute)
  expect(storage.size).toBe(0)
  expect(await alerts.test()).toEqual({ results: [] })
  targets = [sink]
  alerts.retry()
  await pass(soonMs)
  expect(told()).toEqual(['oversold 3'])
  expect((await alerts.test()).results).toEqual([{ target: 'webhook', delivered: true, code: null, message: null }])
})

test('facts that cannot be read end nothing', async () => {
  const broken = new Error('the node is closing')
  await using alerts = await open(() => {
    throw broken
  })
  await pass(minute)
  alerts.changed()
  await pass(minute)
  expect(failures).toEqual(['alerts-failed', 'alerts-failed'])
})

test('a shop that refuses the key is told at once, as that', async () => {
  await using alerts = await open()
  facts = { ...facts, 'key-rejected': [{ id: 'm', name: 'M', units: null, since: clock.now() }] }
  alerts.changed()
  await pass(soonMs)
  expect(sent.map(({ subject }) => subject)).toEqual(['M refused the node’s key'])
})

test('what begins in the quiet hours is told when they end, once, if it is still so', async () => {
  // The hours begin where the clock stands, whatever that is, and last ten minutes.
  const time = (ms: number): string => new Date(ms).toISOString().slice(11, 16)
  settings = {
    ...settings,
    alertQuietFrom: time(clock.now()),
    alertQuietTo: time(clock.now() + 10 * minute),
    alertQuietZone: 'UTC',
  }
  await using alerts = await open()
  facts = { ...facts, oversold: skus(2), held: skus(1) }
  alerts.changed()
  await pass(5 * minute)
  expect(told()).toEqual([])
  facts = { ...facts, held: [], oversold: skus(3) }
  alerts.changed()
  await pass(4 * minute)
  expect(told()).toEqual([])
  await pass(2 * minute + soonMs)
  expect(told()).toEqual(['oversold 3'])
})

test('a kind that is exempt is told in the quiet hours, and the others wait', async () => {
  settings = {
    ...settings,
    alertQuietFrom: '00:00',
    alertQuietTo: '23:59',
    alertQuietZone: 'UTC',
    alertQuietExempt: 'oversold-and-fork',
  }
  await using alerts = await open()
  const item = { id: 'x', name: 'E', units: null, since: clock.now() }
  facts = { ...facts, oversold: skus(1), held: skus(1), fork: [item] }
  alerts.changed()
  await pass(soonMs)
  expect(told()).toEqual(['oversold 1', 'fork 1'])
  settings = { ...settings, alertQuietFrom: null, alertQuietTo: null }
  alerts.retry()
  await pass(soonMs)
  expect(told()).toEqual(['oversold 1', 'fork 1', 'held 1'])
})

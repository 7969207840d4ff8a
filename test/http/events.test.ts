/**
 * The streams of `/events` over a window that the test fills, with a clock that the test moves.
 */
import type { LogItem, SkuKey, StockItem } from '@stockmesh/protocol'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EventStreams } from '../../packages/node/src/http/event-streams.ts'
import { EventWindow } from '../../packages/node/src/http/event-window.ts'
import { eventsRoutes } from '../../packages/node/src/http/events-routes.ts'
import { eventPingMs, eventsKeptMax, eventStreamsMax } from '../../packages/node/src/http/limits.ts'
import { EventReader, type ReaderOptions } from '../harness/event-reader.ts'
import { eventually } from '../harness/eventually.ts'
import { item } from './fake-node.ts'
import { bearer, openRunningApp, type RunningApp } from './running-app.ts'

let app: RunningApp
let window: EventWindow
let streams: EventStreams
let level: number
let name: string
let made: number
const readers: EventReader[] = []

beforeEach(async () => {
  window = new EventWindow('aaaa')
  level = 7
  name = 'Kop'
  made = 0
  const stockItem = (key: SkuKey): StockItem => {
    made += 1
    return item(key, name, level)
  }
  app = await openRunningApp({
    features: (access, clock) => {
      const mayRead = (request: Parameters<typeof access.role>[0]): boolean => access.role(request) !== null
      streams = new EventStreams({ window, clock, mayRead, stockItem })
      return eventsRoutes(async (request, response) => streams.open(request, response))
    },
  })
})

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.cut()
  streams.close()
  await app[Symbol.asyncDispose]()
})

async function read(options: Partial<ReaderOptions> = {}): Promise<EventReader> {
  const reader = await EventReader.open(app.url, { headers: bearer, ...options })
  readers.push(reader)
  return reader
}

function logLine(number: number): LogItem {
  const line = { at: '2026-03-01T10:00:00Z', member: 'dk', sku: 'A', name: 'Kop', delta: -1, levelAfter: number }
  return { ...line, cause: 'sale', reference: `order ${number}`, result: 'counted' }
}

/** Appends log lines with these numbers. */
function tell(from: number, count: number): void {
  for (let number = from; number < from + count; number += 1) {
    window.append({ event: 'log', data: logLine(number) })
  }
  streams.notify()
}

async function cut(reader: EventReader): Promise<void> {
  const open = streams.count
  reader.cut()
  await eventually('the node has noticed', () => streams.count < open, { every: 1 })
}

const numbersOf = (reader: EventReader): number[] => reader.of('log').map(({ data }) => data.levelAfter)

describe('a stream', () => {
  test('tells what changed under its name, with the item of the list as its data', async () => {
    const reader = await read()
    window.append({ event: 'stock', key: 'abc-1' as SkuKey })
    tell(1, 1)
    await reader.until('the log line', ({ event }) => event === 'log')
    expect(reader.events).toEqual([
      { id: 'aaaa-1', event: 'stock', data: item('abc-1', 'Kop', 7) },
      { id: 'aaaa-2', event: 'log', data: logLine(1) },
    ])
    expect(reader.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    expect(reader.response.headers['content-encoding']).toBeUndefined()
  })

  test('makes a stock item when it is sent: whoever comes back gets the number of now', async () => {
    const first = await read()
    await cut(first)
    window.append({ event: 'stock', key: 'abc-1' as SkuKey })
    level = 3
    const second = await read({ lastEventId: first.lastEventId })
    expect((await second.until('the stock', ({ event }) => event === 'stock')).data.level).toBe(3)
  })

  test('is not for the signed out, takes no query, and answers HEAD without a stream', async () => {
    expect((await read({ headers: {} })).response.statusCode).toBe(401)
    expect((await app.call('GET', '/api/v1/events?since=3')).json.error.code).toBe('query-invalid')
    expect((await app.call('POST', '/api/v1/events')).status).toBe(405)
    const head = await app.call('HEAD', '/api/v1/events')
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    expect(streams.count).toBe(0)
  })

  test('opens with the cookie of a signed-in page, and ends when that page signs out', async () => {
    const page = await app.signIn()
    const reader = await read({ headers: { cookie: page['cookie'] ?? '' } })
    tell(1, 1)
    await reader.until('the first line', ({ event }) => event === 'log')
    await app.call('DELETE', '/api/v1/session', undefined, page)
    tell(2, 1)
    await eventually('the stream has ended', () => reader.isClosed, { every: 10 })
    expect(numbersOf(reader)).toEqual([1])
  })

  test('is silent for 20 s at most: then it says ping', async () => {
    const reader = await read()
    app.clock.advance(eventPingMs - 1)
    app.clock.advance(1)
    await reader.until('a ping', ({ event }) => event === 'ping')
    tell(1, 1)
    app.clock.advance(eventPingMs)
    await eventually('a second ping', () => reader.of('ping').length === 2, { every: 10 })
    expect(reader.events.map(({ id, event }) => [id, event])).toEqual([
      ['aaaa-0', 'ping'],
      ['aaaa-1', 'log'],
      ['aaaa-1', 'ping'],
    ])
    await cut(reader)
    expect(app.clock.timers).toBe(0)
  })

  test('ends at once when the node stops', async () => {
    const reader = await read()
    streams.close()
    await eventually('it has ended', () => reader.isClosed, { every: 10 })
    expect((await read()).response.statusCode).toBe(503)
  })

  test('is refused with a code when too many are open', async () => {
    const open = await Promise.all(Array.from({ length: eventStreamsMax }, () => read()))
    const refused = await app.call('GET', '/api/v1/events')
    expect([refused.status, refused.json.error.code]).toEqual([503, 'too-many-streams'])
    const [first] = open
    if (first !== undefined) await cut(first)
    expect((await read()).response.statusCode).toBe(200)
  })
})

describe('resuming', () => {
  test('cut at any place and as often as it will, the parts together are exactly what was told', async () => {
    let seen = 0
    const cutsArbitrary = fc.array(fc.record({ told: fc.nat({ max: 300 }), read: fc.nat({ max: 300 }) }), {
      minLength: 1,
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(cutsArbitrary, async (cuts) => {
        const from = seen + 1
        const got: number[] = []
        let lastEventId: string | undefined
        for (const { told, read: wanted } of cuts) {
          const reader = await read(lastEventId === undefined ? {} : { lastEventId })
          await eventually('the stream has begun', () => reader.lastEventId !== '', { every: 1 })
          tell(seen + 1, told)
          seen += told
          await eventually(`${wanted} of ${told} were read`, () => numbersOf(reader).length >= Math.min(wanted, told), {
            every: 1,
          })
          await cut(reader)
          got.push(...numbersOf(reader))
          expect(reader.of('reset')).toEqual([])
          lastEventId = reader.lastEventId
        }
        const last = await read(lastEventId === undefined ? {} : { lastEventId })
        tell(seen + 1, 1)
        seen += 1
        await last.until('the newest', ({ data }) => data.levelAfter === seen)
        got.push(...numbersOf(last))
        await cut(last)
        expect(got).toEqual(Array.from({ length: seen - from + 1 }, (_, index) => from + index))
      }),
      { numRuns: 20 },
    )
  })

  test('after more than are kept there is one reset, and then what comes', async () => {
    const first = await read()
    await eventually('the stream has begun', () => first.lastEventId !== '', { every: 1 })
    await cut(first)
    tell(1, eventsKeptMax)
    const whole = await read({ lastEventId: first.lastEventId })
    await eventually('all that are kept', () => whole.events.length === eventsKeptMax)
    expect(numbersOf(whole)[0]).toBe(1)
    tell(eventsKeptMax + 1, 1)
    const late = await read({ lastEventId: first.lastEventId })
    await late.until('the reset', ({ event }) => event === 'reset')
    tell(eventsKeptMax + 2, 1)
    await late.until('what comes then', ({ event }) => event === 'log')
    expect(late.events.map(({ event }) => event)).toEqual(['reset', 'log'])
    expect(late.events[0]).toMatchObject({ id: `aaaa-${eventsKeptMax + 1}`, data: {} })
  })

  test.each(['bbbb-1', 'aaaa-99', 'aaaa-', 'aaaa', '1', 'æøå', 'aaaa-1-1', 'aaaa-1e1'])(
    'after the id %s, which this process never gave, there is one reset',
    async (id) => {
      tell(1, 3)
      const reader = await read({ lastEventId: Buffer.from(id).toString('latin1') })
      tell(4, 1)
      await reader.until('the newest', ({ data }) => data.levelAfter === 4)
      expect(reader.events.map(({ event }) => event)).toEqual(['reset', 'log'])
    },
  )

  test('what is forgotten reaches every open stream as one reset; the numbering goes on', async () => {
    const reader = await read()
    tell(1, 2)
    window.forget()
    streams.notify()
    tell(3, 1)
    await reader.until('the newest', ({ data }) => data.levelAfter === 3)
    expect(reader.events.map(({ event }) => event)).toEqual(['log', 'log', 'reset', 'log'])
  })
})

describe('a slow reader', () => {
  test('holds up nobody, fills no memory, is cut when it takes nothing, and resumes without loss', async () => {
    const slow = await read()
    const quick = await read()
    await eventually('the stream has begun', () => slow.lastEventId !== '', { every: 1 })
    slow.response.pause()
    // Far more than the sockets of this machine take: each item is about 10 kB.
    name = 'x'.repeat(10_000)
    const skus = Array.from({ length: 3_000 }, (_, index) => `sku-${index}`)
    for (const sku of skus) {
      window.append({ event: 'stock', key: sku as SkuKey })
      streams.notify()
    }
    await eventually('the quick one has it all', () => quick.events.length === skus.length)
    // Nothing is made for the slow one that it does not take.
    expect(made).toBeLessThan(2 * skus.length - 500)
    app.clock.advance(eventPingMs)
    expect(streams.count).toBe(2)
    app.clock.advance(eventPingMs)
    await eventually('the slow one is cut', () => streams.count === 1)
    slow.response.resume()
    await eventually('it notices', () => slow.isClosed)
    const again = await read({ lastEventId: slow.lastEventId })
    await again.until('the newest', ({ data }) => data.sku === skus.at(-1))
    expect([...slow.events, ...again.events].map(({ data }) => data.sku)).toEqual(skus)
  })
})

/** A relay drops without closing, and what it dropped arrives when the line is clear again. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { clearLine } from './faults.ts'
import { Relay } from './relay.ts'

const dropped = { ...clearLine, dropped: true }

let server: Server
let relay: Relay
let heard: string
let accepted: Socket[]
let said: string
let dialer: Socket

beforeEach(async () => {
  heard = ''
  said = ''
  accepted = []
  server = createServer((socket) => {
    accepted.push(socket)
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text
      socket.write(`<${text}>`)
    })
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  relay = await Relay.open({ target: (server.address() as AddressInfo).port, chance: () => 0 })
  dialer = connect({ port: Number(new URL(relay.url).port), host: '127.0.0.1' })
  dialer.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  dialer.on('error', () => {})
  await once(dialer, 'connect')
})

afterEach(async () => {
  dialer.destroy()
  await relay[Symbol.asyncDispose]()
  server.close()
})

test('one way can be dropped: what is sent back still comes, and nobody is told', async () => {
  dialer.write('a')
  await eventually('a is answered', () => said === '<a>')
  relay.set('in', dropped)
  dialer.write('b')
  accepted[0]?.write('news')
  await eventually('the news arrives', () => said === '<a>news')
  expect(heard).toBe('a')
  expect(dialer.destroyed || accepted[0]?.destroyed).toBe(false)
  relay.set('in', clearLine)
  await eventually('b arrives after all', () => heard === 'ab')
  await eventually('b is answered', () => said === '<a>news<b>')
})

test('an end behind a dropped line is heard when the line is clear', async () => {
  dialer.write('a')
  await eventually('a is answered', () => said === '<a>')
  relay.set('in', dropped)
  const [target] = accepted
  dialer.write('b')
  dialer.end()
  accepted[0]?.write('news')
  await eventually('the news arrives', () => said === '<a>news')
  expect(target?.readableEnded).toBe(false)
  relay.set('in', clearLine)
  await eventually('b and the end arrive', () => heard === 'ab' && target?.readableEnded === true)
})

test('a delayed line keeps the order, a slow one its rate', async () => {
  relay.set('in', { ...clearLine, delayMs: 150 })
  let from = performance.now()
  dialer.write('a')
  await eventually('a arrives', () => heard === 'a', { every: 5 })
  expect(performance.now() - from).toBeGreaterThan(140)
  relay.set('in', { ...clearLine, bytesPerSecond: 1_000 })
  from = performance.now()
  dialer.write('b'.repeat(200))
  await eventually('the first arrive', () => heard.length === 201, { every: 5 })
  dialer.write('c')
  await eventually('the next one waits for them', () => heard.endsWith('c'), { every: 5 })
  expect(performance.now() - from).toBeGreaterThan(190)
})

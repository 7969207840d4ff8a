/**
 * Strangers who hold the port: sockets that say nothing, slowly or too much are sent away, and whoever says what he wants
 * is answered meanwhile. With low limits here; `npm run bench -- --only sockets` has 10,000 of them beside sales.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { neighbourhoodOf } from '../../packages/node/src/address-place.ts'
import { headMsMax } from '../../packages/node/src/http/limits.ts'
import { type Listener, openListener } from '../../packages/node/src/http/listener.ts'
import { eventually } from '../harness/eventually.ts'
import { ManualClock } from './manual-clock.ts'

const limits = { most: 12, mostOfAddress: 5 }
let clock: ManualClock
let listener: Listener
let strangers: Socket[]

beforeEach(async () => {
  clock = new ManualClock()
  strangers = []
  listener = await openListener({
    host: '127.0.0.1',
    port: 0,
    app: (request, response) => {
      request.resume()
      response.end('served')
    },
    upgrades: { '/echo': (_, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n') },
    clock,
    waiting: limits,
  })
})
afterEach(async () => {
  for (const stranger of strangers) stranger.destroy()
  await listener[Symbol.asyncDispose]()
})

/** A socket from another address of this machine, which Linux alone has many of; tests that need them run there only. */
async function come(address: number, says = ''): Promise<Socket> {
  const localAddress = process.platform === 'linux' ? `127.0.1.${address}` : '127.0.0.1'
  const socket = connect({ port: listener.port, host: '127.0.0.1', localAddress })
  strangers.push(socket)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(says)
  socket.resume()
  return socket
}

async function areOpen(sockets: readonly Socket[], expected: readonly boolean[]): Promise<void> {
  await eventually(`open are ${expected.join(', ')}`, () =>
    sockets.every((socket, index) => (expected[index] === true) === !socket.closed),
  )
}

async function serve(): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${listener.port}/`)).text()
}

test.skipIf(process.platform !== 'linux')(
  'of one address the oldest goes when there is one too many, and nobody else does',
  async () => {
    const other = await come(2)
    const mates: Socket[] = []
    for (let index = 0; index < limits.mostOfAddress + 2; index += 1) mates.push(await come(1))
    await areOpen([other, ...mates], [true, false, false, true, true, true, true, true])
    expect(await serve()).toBe('served')
  },
)

test.skipIf(process.platform !== 'linux')('of all together the oldest goes', async () => {
  const all: Socket[] = []
  for (let index = 0; index < limits.most + 3; index += 1) all.push(await come(1 + index))
  await areOpen(
    all,
    all.map((_, index) => index >= 3),
  )
  expect(await serve()).toBe('served')
})

describe('what is not said in time ends', () => {
  test.each([
    ['nothing', ''],
    ['half of a request', 'POST / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['half of an upgrade', 'GET /echo HTTP/1.1\r\nUpgrade: websocket\r\n'],
  ])('%s', async (_, says) => {
    const socket = await come(1, says)
    expect(await serve()).toBe('served')
    clock.advance(headMsMax)
    await areOpen([socket], [false])
    expect(await serve()).toBe('served')
  })
})

test('who has said what he wants does not wait: a request that is answered, a body under way, a WebSocket', async () => {
  const whole = 'Host: x\r\nConnection: keep-alive\r\n'
  const sockets = [
    await come(1, `POST / HTTP/1.1\r\n${whole}Content-Length: 100\r\n\r\nbeginning`),
    await come(1, `GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`),
  ]
  for (const socket of sockets) await once(socket, 'data')
  for (let index = 0; index < 2 * limits.mostOfAddress; index += 1) await come(1)
  clock.advance(headMsMax)
  await areOpen(strangers, [true, true])
})

test('a household of IPv6 counts as one, an address of IPv4 as itself', () => {
  expect(neighbourhoodOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
  expect(neighbourhoodOf('2001:db8:1:2::9')).toBe(neighbourhoodOf('2001:db8:1:2:ffff::1'))
  expect(neighbourhoodOf('2001:db8:1:3::9')).not.toBe(neighbourhoodOf('2001:db8:1:2::9'))
  expect(neighbourhoodOf('::ffff:203.0.113.7')).toBe('203.0.113.7')
  expect(neighbourhoodOf('')).toBe('')
})

/** Who knocks at `/sync/v1`: few of one neighbourhood without a proof, and of all together the oldest goes. */
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { limits } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { Doorway } from '../../packages/node/src/network/doorway.ts'

function upgrade(): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  request.method = 'GET'
  request.url = '/sync/v1'
  request.headers = {
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  }
  return request
}

/** A line that a WebSocket server takes for a socket; the other end says nothing. */
class Line extends Duplex {
  said = ''
  override _read(): void {}
  override _write(bytes: Buffer, _: unknown, done: () => void): void {
    this.said += bytes.toString()
    done()
  }
  setTimeout(): void {}
  setNoDelay(): void {}
}

interface Knocked {
  readonly socket: Line
  readonly release: (() => void) | null
}

function knock(doorway: Doorway, from: string): Knocked {
  const socket = new Line()
  let release: (() => void) | null = null
  doorway.handleUpgrade(upgrade(), socket, Buffer.alloc(0), from, (_, done) => {
    release = done
  })
  return { socket, release }
}

test('16 of one address, and of one /64 of IPv6; more are refused until one has proved who it is', () => {
  for (const address of ['93.184.216.7', '2a00:1450::']) {
    const doorway = new Doorway()
    const from = (index: number): string => (address.endsWith('::') ? `${address}${index}` : address)
    const all = Array.from({ length: limits.unauthenticatedSocketsMax + 1 }, (_, index) => knock(doorway, from(index)))
    expect(all.filter(({ release }) => release !== null)).toHaveLength(limits.unauthenticatedSocketsMax)
    expect(all.at(-1)?.socket.said).toContain('503')
    all[0]?.release?.()
    expect(knock(doorway, from(99)).release).not.toBeNull()
  }
})

test('of all together the oldest without a proof goes, and who has proved it stays', () => {
  const doorway = new Doorway()
  const all = Array.from({ length: limits.unauthenticatedSocketsAllMax }, (_, index) =>
    knock(doorway, `93.185.${index >> 8}.${index & 255}`),
  )
  expect(all.every(({ socket, release }) => release !== null && !socket.destroyed)).toBe(true)
  all[0]?.release?.()
  expect(knock(doorway, '93.184.216.1').release).not.toBeNull()
  expect(all.map(({ socket }) => socket.destroyed)).not.toContain(true)
  expect(knock(doorway, '93.184.216.2').release).not.toBeNull()
  expect(all.map(({ socket }) => socket.destroyed).indexOf(true)).toBe(1)
  expect(all.filter(({ socket }) => socket.destroyed)).toHaveLength(1)
})

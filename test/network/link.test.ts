/**
 * The link between members over real sockets: one session for each pair, bad frames, strangers, and coming back.
 */
import type { Duplex } from 'node:stream'
import { encodeMessage, type Message, processIdOf, ridOf } from '@stockmesh/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { generateIdentity, verify } from '../../packages/node/src/identity.ts'
import { type Channel, openNoiseChannel } from '../../packages/node/src/network/channel.ts'
import { Session } from '../../packages/node/src/network/session.ts'
import { systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { ManualTime } from './manual-time.ts'
import { eventually, SmallNode } from './small-node.ts'

const nodes: SmallNode[] = []
const sockets: WebSocket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  for (const node of nodes.splice(0)) await node.remove()
})

/** Two members of one network, connected. */
async function pair(): Promise<[SmallNode, SmallNode]> {
  const [m, e] = [await SmallNode.start('M'), await SmallNode.start('E')]
  nodes.push(m, e)
  await m.found()
  await m.membership.add({ key: e.identity.publicKey, url: e.url, name: 'E' })
  await e.membership.adopt(m.membership.network ?? ('' as never), m.membership.records())
  await connected(m, e)
  return [m, e]
}

async function connected(m: SmallNode, e: SmallNode): Promise<void> {
  await eventually(() => m.link.connected().has(e.id) && e.link.connected().has(m.id), 'a session stands')
}

async function connect(node: SmallNode, options: { origin?: string } = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${node.address}/sync/v1`, options)
  sockets.push(socket)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return socket
}

/** How the node ends the conversation: the code beside the WebSocket close code, or that one. */
function farewell(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.on('close', (code, reason) => resolve(reason.length > 0 ? reason.toString() : String(code)))
  })
}

describe('the link', () => {
  it('ends two dials at the same time in exactly one session at both ends', async () => {
    const [m, e] = await pair()
    for (let round = 0; round < 20; round += 1) {
      for (const node of [m, e]) for (const peer of node.link.peers()) peer.close('test', 'The test wants another one.')
      m.link.wake()
      e.link.wake()
      await connected(m, e)
      await sameSession(m, e)
    }
    expect(m.link.peers()).toHaveLength(1)
    // Every session that began has ended but one: nothing is left half open.
    await eventually(() => m.opened.length - m.closed.length === 1, 'M has one session')
    await eventually(() => e.opened.length - e.closed.length === 1, 'E has one session')
  })

  it('dials again when the other node was away, and when it moved', async () => {
    const [m, e] = await pair()
    await e.stop()
    await eventually(() => !m.link.connected().has(e.id), 'M notices')
    expect(m.link.lastContact(e.id)).toBeGreaterThan(0)
    await e.start()
    await connected(m, e)
    await e.stop()
    e.port = 0
    await e.start()
    await e.membership.move(e.url)
    await connected(m, e)
    await eventually(() => m.membership.member(e.id)?.url === e.url, 'M hears of the new address')
  })

  it('lets a restarted process in though its dead socket still stands', async () => {
    const [m, e] = await pair()
    const before = m.link.peers()[0]
    await e.restart()
    await connected(m, e)
    await eventually(() => m.link.peers()[0] !== before, 'the new session replaced the old one')
    expect(Buffer.from(m.link.peers()[0]?.processId ?? []).equals(before?.processId ?? new Uint8Array())).toBe(false)
  })

  it('lets the same process in again that lost its end of the session', async () => {
    const [m, e] = await pair()
    const opened = m.opened.length
    const socket = await connect(m)
    const { party } = e.link
    const lost = { ...party, network: party.network, losses: (key: Uint8Array) => party.losses(key) + 1 }
    const ports = { timers: systemTimers, random: systemRandom, openChannel: openNoiseChannel }
    const quiet = { onOpen: () => undefined, onMessage: () => undefined, onClose: () => undefined }
    const opening = { role: 'dialer', purpose: 'member', expected: m.identity.publicKey } as const
    new Session(socket, opening, lost, ports, quiet)
    await eventually(() => m.opened.length > opened, 'the new session stands')
    await eventually(() => m.closed.includes('duplicate-session'), 'it took the place of the old one')
    expect(m.link.peers()).toHaveLength(1)
  })

  it('sends a process away that started earlier than the one that is connected, and tells when both are alive', async () => {
    const [m, e] = await pair()
    const { party } = e.link
    const ends: string[] = []
    const dialAs = async (startedAt: number): Promise<void> => {
      const socket = await connect(m)
      const other = { ...party, network: party.network, processId: processIdOf(startedAt, new Uint8Array(16)) }
      const opening = { role: 'dialer', purpose: 'member', expected: m.identity.publicKey } as const
      new Session(
        socket,
        opening,
        other,
        { timers: systemTimers, random: systemRandom, openChannel: openNoiseChannel },
        {
          onOpen: () => undefined,
          onMessage: () => undefined,
          onClose: (_, code) => ends.push(code),
        },
      )
    }
    await dialAs(17)
    await eventually(() => ends.length === 1, 'the earlier process is sent away')
    expect(ends).toEqual(['superseded'])
    // Which of the sessions that the two dialed stands may change; that it is the later process's may not.
    expect(m.link.peers()).toHaveLength(1)
    expect(m.twice).toEqual([])
    await eventually(() => {
      e.link.peers()[0]?.send({ type: 'ack', rid: ridOf(e.id, new Uint8Array(8)), index: 0 })
      return m.twice.length > 0
    }, 'M hears of the later one after the earlier one came')
    expect(m.twice).toEqual([{ shop: e.id, earlier: 17 }])
    // The one that starts later takes the place of both.
    const [before] = m.link.peers()
    await dialAs(2 ** 47)
    await eventually(() => e.closed.includes('superseded'), 'E is sent away')
    expect(m.link.peers()).not.toEqual([before])
  })

  it('ends a session on a frame it cannot read, and lives', async () => {
    const [m, e] = await pair()
    for (const [frame, code] of [
      [Buffer.from([16, 255, 255, 255]), 'channel-broken'],
      [Buffer.alloc(0), 'channel-broken'],
      ['text', 'frame-not-binary'],
      [Buffer.alloc(32), 'channel-broken'],
      [Buffer.alloc(64 * 1024, 1), '1009'],
      [Buffer.alloc(1024 * 1024 + 1, 1), '1009'],
      [encodeMessage({ type: 'join-cancel' }), 'channel-broken'],
    ] as const) {
      const socket = await connect(m)
      const end = farewell(socket)
      socket.send(frame)
      expect(await end).toBe(code)
    }
    expect(m.link.connected().has(e.id)).toBe(true)
  })

  it('ends a session on a message it cannot read behind the channel, and lives', async () => {
    const [m, e] = await pair()
    for (const [message, code] of [
      [Buffer.from([16, 255, 255, 255]), 'malformed'],
      [Buffer.alloc(0), 'malformed'],
      [Buffer.alloc(64 * 1024 + 1, 1), 'frame-too-large'],
      [encodeMessage({ type: 'join-cancel' }), 'handshake-order'],
    ] as const) {
      const socket = await connect(m)
      const channel = openNoiseChannel('dialer')
      const codes: string[] = []
      const limit = 1024 * 1024
      socket.on('message', (data: Buffer) => {
        const opened = channel.open(data, limit)
        const said = opened.ok ? opened.value.message : null
        if (said?.[0] === 31) codes.push(Buffer.from(said.subarray(2, 2 + (said[1] ?? 0))).toString())
        else if (said === null) for (const frame of sealed(channel, message)) socket.send(frame)
      })
      for (const frame of channel.opening) socket.send(frame)
      await eventually(() => codes.length > 0, `M says ${code}`)
      expect(codes).toEqual([code])
    }
    expect(m.link.connected().has(e.id)).toBe(true)
  })

  it('ends a member’s session on garbage after the proof, and takes it back', async () => {
    const [m, e] = await pair()
    for (const message of [
      { type: 'document', bytes: new Uint8Array([2, 200, 1, 2, 3]) },
      { type: 'document', bytes: new Uint8Array([2, 3, 1, 1, 77]) },
      { type: 'join-cancel' },
    ] satisfies Message[]) {
      const code = message.type === 'document' ? 'malformed' : 'unexpected-message'
      const before = m.closed.length
      // A second dial of the start may still be replacing the session, so the message is sent until it met one.
      await eventually(() => {
        e.link.peers()[0]?.send(message as never)
        return m.closed.slice(before).includes(code)
      }, `M ends the session with ${code}`)
      await connected(m, e)
    }
    m.document?.append({ at: 1, kind: 'still-here' })
    await eventually(() => e.events().includes('still-here'), 'the document is unharmed')
  })

  it('lets no stranger in, no browser, and few sockets of one address', async () => {
    const [m] = await pair()
    const stranger = generateIdentity()
    const socket = await connect(m)
    const codes: string[] = []
    const party = {
      key: stranger.publicKey,
      network: m.membership.network,
      processId: new Uint8Array(16),
      sign: stranger.sign,
      verify,
      isMember: () => true,
      losses: () => 0,
    }
    const ports = { timers: systemTimers, random: systemRandom, openChannel: openNoiseChannel }
    new Session(socket, { role: 'dialer', purpose: 'member', expected: null }, party, ports, {
      onOpen: () => codes.push('open'),
      onMessage: () => codes.push('message'),
      onClose: (_, code) => codes.push(code),
    })
    await eventually(() => codes.length > 0, 'the stranger is answered')
    expect(codes).toEqual(['not-a-member'])
    await expect(connect(m, { origin: 'http://127.0.0.1' })).rejects.toThrow('403')
    const silent: Promise<WebSocket>[] = []
    for (let index = 0; index < 18; index += 1) silent.push(connect(m))
    const results = await Promise.allSettled(silent)
    expect(results.filter((result) => result.status === 'rejected').length).toBeGreaterThanOrEqual(2)
    expect(results.filter((result) => result.status === 'fulfilled').length).toBeLessThanOrEqual(16)
  })

  it('ends the session with a removed shop and does not let it back', async () => {
    const [m, e] = await pair()
    await m.membership.remove(e.id)
    await eventually(() => m.link.connected().size === 0, 'the session ends')
    const opened = m.opened.length
    e.link.wake()
    await eventually(() => e.membership.members.length === 1 || e.link.connected().size === 0, 'E is alone')
    expect(m.opened).toHaveLength(opened)
    expect(m.memberNames).toEqual(['M'])
  })

  it('gives a socket 10 seconds to prove itself, and a silent peer 10 seconds to answer', async () => {
    const [m] = await pair()
    const time = new ManualTime()
    const ends: string[] = []
    const socket = await connect(m)
    const session = new Session(
      socket,
      { role: 'acceptor' },
      m.link.party,
      { timers: time, random: systemRandom, openChannel: openNoiseChannel },
      { onOpen: () => undefined, onMessage: () => undefined, onClose: (_, code) => ends.push(code) },
    )
    await time.advance(9_999)
    expect(ends).toEqual([])
    await time.advance(1)
    expect(ends).toEqual(['handshake-timeout'])
    expect(session.closed).toBe(true)
  })

  it('notices a peer that hangs', async () => {
    const [m, e] = await pair()
    const time = new ManualTime()
    const ends: string[] = []
    // A second process of E, whose socket stops reading after the handshake.
    const socket = await connect(m)
    const opened: string[] = []
    const party = { ...e.link.party, network: e.membership.network, processId: new Uint8Array(16).fill(7) }
    new Session(
      socket,
      { role: 'dialer', purpose: 'member', expected: null },
      party,
      { timers: time, random: systemRandom, openChannel: openNoiseChannel },
      {
        onOpen: () => opened.push('open'),
        onMessage: () => undefined,
        onClose: (_, code) => ends.push(code),
      },
    )
    await eventually(() => opened.length === 1, 'the session stands')
    const raw = (socket as unknown as { _socket: Duplex })._socket
    raw.pause()
    for (let tick = 0; tick < 3; tick += 1) await time.advance(5_000)
    expect(ends).toEqual(['peer-silent'])
  })
})

/** Both ends hold the same socket: what one sends on its session arrives at the other's. */
async function sameSession(m: SmallNode, e: SmallNode): Promise<void> {
  const presence = { type: 'presence', importState: 'idle', importDone: 0, importTotal: 0, shopState: 'ok' } as const
  const clock = Math.floor(Math.random() * 2 ** 40)
  const arrived = (node: SmallNode): boolean =>
    node.received.some(({ message }) => message.type === 'presence' && message.clock === clock)
  await eventually(() => {
    for (const node of [m, e]) for (const peer of node.link.peers()) peer.send({ ...presence, clock })
    return arrived(m) && arrived(e)
  }, 'the session carries messages both ways')
}

function sealed(channel: Channel, message: Uint8Array): readonly Uint8Array[] {
  const frames = channel.seal(message)
  if (!frames.ok) throw new Error(frames.code)
  return frames.value
}

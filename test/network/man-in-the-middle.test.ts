/**
 * Somebody between two nodes: a proxy that only passes bytes on is no matter, one that opens the channel gets no
 * further, and what was recorded of a session is worth nothing in another one.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type Channel, openNoiseChannel } from '../../packages/node/src/network/channel.ts'
import { eventually, SmallNode } from './small-node.ts'

const nodes: SmallNode[] = []
const servers: WebSocketServer[] = []

afterEach(async () => {
  for (const node of nodes.splice(0)) await node.remove()
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate()
    server.close()
  }
})

async function shops(): Promise<[SmallNode, SmallNode]> {
  const [m, e] = [await SmallNode.start('M'), await SmallNode.start('E')]
  nodes.push(m, e)
  await m.found()
  return [m, e]
}

type Between = (near: WebSocket, far: WebSocket) => void

/** The address of somebody who stands before `behind`; both sockets are open when `between` gets them. */
async function proxy(behind: SmallNode, between: Between): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  servers.push(server)
  await once(server, 'listening')
  server.on('connection', (near) => {
    const early: Buffer[] = []
    const keep = (data: Buffer): number => early.push(data)
    near.on('message', keep)
    const far = new WebSocket(`ws://${behind.address}/sync/v1`)
    far.once('open', () => {
      near.off('message', keep)
      between(near, far)
      for (const data of early) near.emit('message', data, true)
    })
    near.on('close', () => far.close())
    far.on('close', () => near.close())
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

function passOn(from: WebSocket, to: WebSocket, heard: (data: Buffer) => void = () => undefined): void {
  from.on('message', (data: Buffer) => {
    heard(data)
    to.send(data)
  })
}

/** Opens what comes on one channel and seals it for the other, once both stand. */
function reseal(from: WebSocket, opens: Channel, to: WebSocket, seals: Channel): () => void {
  const waiting: Uint8Array[] = []
  const drain = (): void => {
    if (seals.binding === null) return
    for (const message of waiting.splice(0)) {
      const frames = seals.seal(message)
      if (frames.ok) for (const frame of frames.value) to.send(frame)
    }
  }
  from.on('message', (data: Buffer) => {
    const opened = opens.open(data, 1024 * 1024)
    if (!opened.ok) return
    for (const frame of opened.value.frames) from.send(frame)
    if (opened.value.message !== null) waiting.push(opened.value.message)
    drain()
  })
  return drain
}

describe('somebody in the middle', () => {
  it('a proxy that passes bytes on hears nothing of the shops, and a join goes through it', async () => {
    const [m, e] = await shops()
    const heard: Buffer[] = []
    const address = await proxy(m, (near, far) => {
      passOn(near, far, (data) => heard.push(data))
      passOn(far, near, (data) => heard.push(data))
    })
    expect(await e.outgoing.request(address, false)).toMatchObject({ ok: true })
    await eventually(() => m.incoming.list().length === 1, 'the request is seen')
    const line = Buffer.concat(heard)
    for (const secret of [m.identity.publicKey, e.identity.publicKey, Buffer.from(e.url)]) {
      expect(line.includes(Buffer.from(secret))).toBe(false)
    }
  })

  it('who opens the channel and hands the proofs on is found out, and nothing is asked', async () => {
    const [m, e] = await shops()
    const address = await proxy(m, (near, far) => {
      const [dialer, acceptor] = [openNoiseChannel('dialer'), openNoiseChannel('acceptor')]
      const drains = [reseal(near, acceptor, far, dialer), reseal(far, dialer, near, acceptor)]
      far.on('message', () => drains.forEach((drain) => drain()))
      for (const frame of dialer.opening) far.send(frame)
    })
    const asked = await e.outgoing.request(address, false)
    expect(asked.ok).toBe(false)
    expect(m.incoming.list()).toEqual([])
    expect(e.outgoing.current?.request.state ?? 'none').toBe('none')
  })

  it('who speaks to both with a key of its own shows two codes, and M does not accept by the one that E reads out', async () => {
    const [m, e] = await shops()
    const thief = await SmallNode.start('M')
    nodes.push(thief)
    await thief.found()
    const code = (node: SmallNode): string => node.outgoing.current?.request.code ?? ''
    expect(await e.outgoing.request(thief.address, false)).toMatchObject({ ok: true })
    await eventually(() => code(e) !== '', 'E shows a code')
    expect(await thief.outgoing.request(m.address, false)).toMatchObject({ ok: true })
    await eventually(() => code(thief) !== '', 'M shows a code')
    const [request] = m.incoming.list()
    expect(request?.code).not.toBe(code(e))
    expect(await m.incoming.accept(request?.id ?? '', code(e))).toMatchObject({ code: 'code-mismatch' })
    expect(m.memberNames).toEqual(['M'])
  })

  it('a recorded session, sent again frame by frame, opens nothing', async () => {
    const [m, e] = await shops()
    const sent: Buffer[] = []
    const address = await proxy(m, (near, far) => {
      passOn(near, far, (data) => sent.push(data))
      passOn(far, near)
    })
    await e.outgoing.request(address, false)
    await eventually(() => m.incoming.list().length === 1, 'the request is seen')
    const before = JSON.stringify(m.incoming.list())
    const socket = new WebSocket(`ws://${m.address}/sync/v1`)
    await once(socket, 'open')
    const closed = once(socket, 'close') as Promise<[number, Buffer]>
    for (const frame of sent) socket.send(frame)
    // Its BYE is sealed with keys that the recording does not have.
    expect((await closed)[0]).toBe(4_000)
    expect(JSON.stringify(m.incoming.list())).toBe(before)
  })
})

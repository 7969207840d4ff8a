/**
 * The way of one sale with nothing on it but what the machine must do: five messages over loopback WebSockets (order,
 * feed, chunk, adjustment, feed) and a flush after each of the five durable steps (order, record, merge, intent,
 * adjustment). Each stage appends to a file of its own, as six processes would.
 */
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket, WebSocketServer } from 'ws'
import { Owned } from '../../test/harness/owned.ts'
import { steadyLoad } from '../steady-load.ts'

const bytes = Buffer.alloc(300, 'x')
/** A message goes before each flush but the intent's, which follows the merge in the same process; one comes last. */
const steps = [
  'message',
  'flush',
  'message',
  'flush',
  'message',
  'flush',
  'flush',
  'message',
  'flush',
  'message',
] as const

/** Milliseconds of each sale, from the time at which it was to begin. */
export async function measureWay(load: { perSecond: number; count: number }): Promise<readonly number[]> {
  await using owned = new Owned()
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-limit-'))
  owned.defer(() => rm(folder, { recursive: true, force: true }))
  const way: ((sale: number) => Promise<void>)[] = []
  for (const [index, step] of steps.entries()) {
    way.push(step === 'message' ? await openHop(owned) : await openDisk(join(folder, String(index)), owned))
  }
  const latencies: number[] = []
  const walks: Promise<void>[] = []
  await steadyLoad(load, (sale, intendedAt) => {
    walks.push(walk(sale).then(() => void latencies.push(performance.now() - intendedAt)))
  })
  await Promise.all(walks)
  return latencies

  async function walk(sale: number): Promise<void> {
    for (const step of way) await step(sale)
  }
}

/** A socket over which one message goes one way. */
async function openHop(owned: Owned): Promise<(sale: number) => Promise<void>> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  await once(server, 'listening')
  const arrivals = new Map<number, () => void>()
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => arrivals.get(data.readUInt32BE())?.())
  })
  const { port } = server.address() as AddressInfo
  const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
  await once(client, 'open')
  owned.defer(async () => {
    client.terminate()
    server.close()
    await once(server, 'close')
  })
  return (sale) =>
    new Promise((resolve) => {
      arrivals.set(sale, () => {
        arrivals.delete(sale)
        resolve()
      })
      const message = Buffer.from(bytes)
      message.writeUInt32BE(sale)
      client.send(message)
    })
}

async function openDisk(file: string, owned: Owned): Promise<() => Promise<void>> {
  const handle = await open(file, 'a')
  owned.defer(() => handle.close())
  return async () => {
    await handle.write(bytes)
    await handle.datasync()
  }
}

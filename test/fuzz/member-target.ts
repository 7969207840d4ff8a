/**
 * A node and one of its members, who has the keys and no good will: sound messages with wrong contents, changed ones,
 * what the node itself said sent back, and frames that were never sealed. The node must live, and its numbers stay.
 */
import fc from 'fast-check'
import { decodeMessage, encodeMessage, type Message, type NetworkId, processIdOf } from '@stockmesh/protocol'
import { rm } from 'node:fs/promises'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { type Identity, openIdentity, verify } from '../../packages/node/src/identity.ts'
import { type Channel, openNoiseChannel } from '../../packages/node/src/network/channel.ts'
import { Session, type SessionMessage } from '../../packages/node/src/network/session.ts'
import { systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { foundNetwork, joinNetwork } from '../harness/agreement.ts'
import { eventually } from '../harness/eventually.ts'
import { anyOf } from '../protocol/any-message.ts'
import type { SeededRandom } from '../protocol/random.ts'
import { mutate, randomBytes } from './mutation.ts'
import { OwnNode } from './own-node.ts'
import { Finding, type Target } from './target.ts'

const messagesPerSession = 40
/** What the node said, kept to be sent back. */
const heardMax = 500

export async function openMemberTarget(first: SeededRandom): Promise<Target> {
  const node = await OwnNode.open('M')
  await node.fill()
  const stranger = await OwnNode.open('X')
  await foundNetwork([node])
  await joinNetwork(stranger, node)
  await stranger.close()
  const identity = await openIdentity(stranger.directory, systemRandom)
  await rm(stranger.directory, { recursive: true, force: true })
  const { network } = await node.api.status()
  if (network === null) throw new Error('M founded a network.')
  const before = await levelsOf(node)
  const heard: Uint8Array[] = []
  const liar = new Liar(node, identity, network.id as NetworkId, heard, new Messages(first.below(2 ** 31)))
  return {
    async round(random) {
      const tries = random.chance(0.2) ? await liar.knock(random) : await liar.speak(random)
      node.assertQuiet()
      return tries
    },
    async end() {
      await eventually('the node answers', async () => (await node.api.status()).node.name === 'M')
      node.assertQuiet()
      const after = await levelsOf(node)
      if (after !== before) throw new Finding(`the levels were ${before} and are ${after}`)
      const audit = await node.api.call<{ readonly faults: readonly object[] }>('GET', '/verify')
      if (audit.faults.length > 0) throw new Finding(`the audit found ${JSON.stringify(audit.faults)}`)
    },
    [Symbol.asyncDispose]: () => node[Symbol.asyncDispose](),
  }
}

async function levelsOf(node: OwnNode): Promise<string> {
  const stock = await node.api.stock()
  return stock.map(({ sku, level }) => `${sku} ${level}`).join(', ')
}

/** Of each type so many are made once: making one costs more than all that a node does with it. */
const madeOfEach = 300

class Messages {
  readonly #made: readonly (readonly Message[])[]

  constructor(seed: number) {
    this.#made = Object.values(anyOf).map((any) =>
      fc.sample(any as fc.Arbitrary<Message>, { seed, numRuns: madeOfEach }),
    )
  }

  any(random: SeededRandom): Message {
    return random.pick(random.pick(this.#made))
  }

  anyBytes(random: SeededRandom): Uint8Array {
    const bytes = encodeMessage(this.any(random))
    return random.chance(0.5) ? bytes : mutate(bytes, bytes, random)
  }
}

function sealed(channel: Channel, message: Uint8Array): readonly Uint8Array[] {
  const frames = channel.seal(message)
  if (!frames.ok) throw new Finding(frames.code)
  return frames.value
}

class Liar {
  readonly #node: OwnNode
  readonly #identity: Identity
  readonly #network: NetworkId
  readonly #heard: Uint8Array[]
  readonly #messages: Messages
  #startedAt = Date.now()

  constructor(node: OwnNode, identity: Identity, network: NetworkId, heard: Uint8Array[], messages: Messages) {
    this.#node = node
    this.#identity = identity
    this.#network = network
    this.#heard = heard
    this.#messages = messages
  }

  /** Bytes on a socket before anything is proved: none of a channel, or a channel and then none of a handshake. */
  async knock(random: SeededRandom): Promise<number> {
    await using socket = await this.#dial()
    const channel = random.chance(0.7) ? openNoiseChannel('dialer') : null
    for (const frame of channel?.opening ?? []) socket.send(frame)
    if (channel !== null && !(await this.#agree(socket.socket, channel))) return 1
    const tries = 1 + random.below(4)
    for (let index = 0; index < tries; index += 1) {
      const bytes = random.chance(0.5) ? this.#messages.anyBytes(random) : randomBytes(random.below(200), random)
      const frames = channel === null || random.chance(0.2) ? [bytes] : sealed(channel, bytes)
      for (const frame of frames) socket.send(frame)
    }
    await socket.ended()
    return tries
  }

  /** A session as the member that it is, and then what no member says. */
  async speak(random: SeededRandom): Promise<number> {
    await using socket = await this.#dial()
    const end: { code: string | null } = { code: null }
    let resolve: () => void = () => undefined
    const opened = new Promise<void>((done) => {
      resolve = done
    })
    // A later start takes the place of the session before, so that no round waits for another one's end.
    this.#startedAt += 1
    const own = this.#identity
    const session = new Session(
      socket.socket,
      { role: 'dialer', purpose: 'member', expected: null },
      {
        key: own.publicKey,
        network: this.#network,
        processId: processIdOf(this.#startedAt, systemRandom.bytes(16)),
        sign: own.sign,
        verify,
        isMember: () => true,
        losses: () => 0,
      },
      { timers: systemTimers, random: systemRandom, openChannel: openNoiseChannel },
      {
        onOpen: () => resolve(),
        onMessage: (_, message) => this.#keep(message, random),
        onClose: (_, code) => {
          end.code = code
          resolve()
        },
      },
    )
    await opened
    if (end.code !== null) throw new Finding(`the node does not let its member in any more: ${end.code}`)
    let tries = 0
    for (; tries < messagesPerSession && !session.closed; tries += 1) {
      const lie = this.#lie(random)
      if (lie !== null) session.send(lie)
      // What was sent is answered before the next one goes out, or a whole session would be judged by its first lie.
      if (random.chance(0.3)) await new Promise((done) => setImmediate(done))
    }
    session.close('done', 'Enough.')
    await socket.ended()
    return tries
  }

  /** What the node said once, with a field changed, or any message; null where it would only end the session. */
  #lie(random: SeededRandom): SessionMessage | null {
    const again = this.#heard.length > 0 && random.chance(0.5)
    const changed = again ? decodeMessage(mutate(random.pick(this.#heard), random.pick(this.#heard), random)) : null
    const message = changed === null ? this.#messages.any(random) : changed.ok ? changed.value : null
    if (message === null || message.type === 'unknown') return null
    return ['bye', 'challenge', 'proof'].includes(message.type) ? null : (message as SessionMessage)
  }

  #keep(message: SessionMessage, random: SeededRandom): void {
    const bytes = encodeMessage(message)
    if (this.#heard.length < heardMax) this.#heard.push(bytes)
    else this.#heard[random.below(heardMax)] = bytes
  }

  async #agree(socket: WebSocket, channel: Channel): Promise<boolean> {
    const [data] = (await Promise.race([once(socket, 'message'), once(socket, 'close')])) as [unknown]
    return Buffer.isBuffer(data) && channel.open(data, 1024).ok
  }

  async #dial(): Promise<OpenSocket> {
    const socket = new WebSocket(`ws://${this.#node.address}/sync/v1`)
    socket.on('error', () => undefined)
    const outcome = await Promise.race([
      once(socket, 'open').then(() => 'open'),
      once(socket, 'close').then(() => 'closed'),
    ])
    if (outcome === 'closed') throw new Finding('the node takes no connection any more')
    return new OpenSocket(socket)
  }
}

/** A socket that is closed by the other end, or cut at the end of its use. */
class OpenSocket implements AsyncDisposable {
  readonly socket: WebSocket
  constructor(socket: WebSocket) {
    this.socket = socket
  }

  send(frame: Uint8Array): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(frame)
  }

  /** When nothing is on its way any more. */
  async ended(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return
    const closed = once(this.socket, 'close')
    this.socket.close()
    await closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate()
    await Promise.resolve()
  }
}

/**
 * One socket to a peer: channel, handshake, then messages, then one end. Frames are bytes only, messages small before
 * the proof; a frame that cannot be opened or read ends the session with a code and nothing else.
 *
 *   keying --channel--> handshake --proof--> open --bye, silence, bad frame, close()--> closed
 *
 * `onClose` is called exactly once, and nothing is delivered after it.
 */
import {
  type Bye,
  decodeMessage,
  encodeMessage,
  type HandshakeState,
  type HandshakeStep,
  limits,
  type Message,
  type Party,
  type ProvenPeer,
  type Purpose,
  startAccepting,
  startDialing,
  stepHandshake,
} from '@stockmesh/protocol'
import type { RawData } from 'ws'
import type { Cancel, Random, Timers } from '../ports.ts'
import type { Channel, OpenChannel } from './channel.ts'
import type { Socket } from './socket.ts'

export type SessionMessage = Exclude<Message, Bye>

export interface SessionEvents {
  onOpen(session: Session, peer: ProvenPeer): void
  onMessage(session: Session, message: SessionMessage): void
  onClose(session: Session, code: string, text: string): void
}

export type Opening =
  | { readonly role: 'acceptor' }
  | { readonly role: 'dialer'; readonly purpose: Purpose; readonly expected: Uint8Array | null }

/** How long a socket may take to close in order before it is cut, in milliseconds. */
const closingMsMax = 1_000
/** WebSocket close code of our own; the reason is in the BYE before it. */
const closeCode = 4_000

export class Session {
  readonly dialed: boolean
  readonly #socket: Socket
  readonly #party: Party
  readonly #timers: Timers
  readonly #events: SessionEvents
  readonly #channel: Channel
  readonly #opening: Opening
  readonly #nonce: Uint8Array
  /** null until the channel stands. */
  #handshake: HandshakeState | null = null
  #cancelTimer: Cancel
  #pingsUnanswered = 0
  #closed = false

  /** The socket is open already. */
  constructor(
    socket: Socket,
    opening: Opening,
    party: Party,
    ports: { readonly timers: Timers; readonly random: Random; readonly openChannel: OpenChannel },
    events: SessionEvents,
  ) {
    this.#socket = socket
    this.#party = party
    this.#timers = ports.timers
    this.#events = events
    this.dialed = opening.role === 'dialer'
    this.#cancelTimer = ports.timers.after(limits.handshakeMsMax, () => {
      this.close('handshake-timeout', 'The other node did not say who it is in time.')
    })
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    socket.on('pong', () => this.#heard())
    socket.on('ping', () => this.#heard())
    // The close that follows an error tells the rest; without a listener an error would end the process.
    socket.on('error', (error) => this.#end(socketErrorCode(error), error.message))
    socket.on('close', () => this.#end('connection-lost', 'The connection was lost.'))
    this.#opening = opening
    this.#nonce = ports.random.bytes(32)
    this.#channel = ports.openChannel(opening.role)
    for (const frame of this.#channel.opening) this.#put(frame)
    this.#begin()
  }

  /** null until the handshake is done. */
  get peer(): ProvenPeer | null {
    return this.#handshake?.at === 'open' ? this.#handshake.peer : null
  }

  get closed(): boolean {
    return this.#closed
  }

  bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  /** Does nothing once the session is closed: the other side will not miss what it cannot hear. */
  send(message: SessionMessage): void {
    if (this.#closed) return
    this.#transmit(message)
    if (this.#socket.bufferedAmount > limits.unsentBytesMax) {
      this.#end('peer-too-slow', 'The other node does not read what it is sent.')
      this.#socket.terminate()
    }
  }

  /** Says goodbye with a code and a sentence, and ends. */
  close(code: string, text: string): void {
    if (this.#closed) return
    if (this.#handshake !== null) this.#transmit({ type: 'bye', code, text })
    this.#end(code, text)
  }

  /** The handshake, once the channel stands. */
  #begin(): void {
    const { binding } = this.#channel
    if (binding === null || this.#handshake !== null) return
    if (this.#opening.role === 'acceptor') {
      this.#handshake = startAccepting(this.#nonce, binding)
      return
    }
    const { purpose, expected } = this.#opening
    const step = startDialing(this.#party, purpose, this.#nonce, expected, binding)
    this.#handshake = step.state
    for (const message of step.outputs) this.#transmit(message)
  }

  #transmit(message: Message): void {
    const frames = this.#channel.seal(encodeMessage(message))
    if (!frames.ok) return this.#end(frames.code, frames.message)
    for (const frame of frames.value) this.#put(frame)
  }

  #put(frame: Uint8Array): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame)
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#closed) return
    this.#heard()
    if (!isBinary) return this.close('frame-not-binary', 'Only binary frames are understood here.')
    const opened = this.#channel.open(bytesOf(data), this.#messageBytesMax())
    if (!opened.ok) return this.close(opened.code, opened.message)
    for (const frame of opened.value.frames) this.#put(frame)
    this.#begin()
    if (opened.value.message === null || this.#handshake === null) return
    const decoded = decodeMessage(opened.value.message)
    if (!decoded.ok) return this.close('malformed', 'A frame could not be read.')
    const message = decoded.value
    if (this.#handshake.at !== 'open') return this.#advance(stepHandshake(this.#party, this.#handshake, message))
    if (message.type === 'unknown') return
    if (message.type === 'bye') return this.#end(message.code, message.text)
    if (message.type === 'challenge' || message.type === 'proof') {
      return this.close('handshake-order', 'The handshake is over.')
    }
    this.#events.onMessage(this, message)
  }

  #advance(step: HandshakeStep): void {
    this.#handshake = step.state
    for (const message of step.outputs) this.#transmit(message)
    if (step.state.at === 'closed') return this.#end(step.state.code, step.state.text)
    if (step.state.at !== 'open') return
    this.#cancelTimer()
    this.#schedulePing()
    this.#events.onOpen(this, step.state.peer)
  }

  /** Large messages are for those who have something to lose: members, and the member that a joiner chose to ask. */
  #messageBytesMax(): number {
    const trusted = this.#handshake?.at === 'open' && (this.#handshake.peer.purpose === 'member' || this.dialed)
    return trusted ? limits.frameBytesMax : limits.frameBytesMaxBeforeProof
  }

  #heard(): void {
    this.#pingsUnanswered = 0
  }

  /** Silence is counted in pings, not by the clock, which may be set to another year at any time. */
  #schedulePing(): void {
    this.#cancelTimer = this.#timers.after(limits.pingIntervalMs, () => {
      if (this.#pingsUnanswered >= limits.pingsUnansweredMax) {
        this.#end('peer-silent', 'The other node did not answer for 10 seconds.')
        this.#socket.terminate()
        return
      }
      this.#pingsUnanswered += 1
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
      this.#schedulePing()
    })
  }

  #end(code: string, text: string): void {
    if (this.#closed) return
    this.#closed = true
    this.#cancelTimer()
    // Without a channel there is no BYE; the code is for whoever looks at the line.
    this.#socket.close(closeCode, this.#handshake === null ? code : '')
    const cancelCut = this.#timers.after(closingMsMax, () => this.#socket.terminate())
    if (this.#socket.readyState === this.#socket.CLOSED) cancelCut()
    else this.#socket.once('close', cancelCut)
    this.#events.onClose(this, code, text)
  }
}

function bytesOf(data: RawData): Uint8Array {
  // A copy: what ws hands out may be a view of a buffer that it uses again.
  if (Array.isArray(data)) return new Uint8Array(Buffer.concat(data))
  return new Uint8Array(data)
}

function socketErrorCode(error: Error): string {
  const code = (error as { code?: unknown }).code
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 'frame-too-large'
  return typeof code === 'string' && code.startsWith('WS_ERR') ? 'malformed' : 'connection-lost'
}

/**
 * The secret between the two ends of a socket: a Noise NN handshake with fresh keys, then every frame sealed under a
 * counter, so that a frame that is changed, repeated, left out or swapped cannot be opened. Who is at the other end it
 * does not say: both prove that over `binding`, which is the same at both ends only if nobody stands between them.
 *
 *   keying --key of the peer--> standing --a frame that cannot be opened--> broken
 */
import { failure, limits, type Result, success } from '@stockmesh/protocol'
import CipherState from 'noise-handshake/cipher.js'
import Noise from 'noise-handshake'

type Role = 'dialer' | 'acceptor'

interface Received {
  /** Frames to answer at once. */
  readonly frames: readonly Uint8Array[]
  /** The message that is whole with this frame, if any. */
  readonly message: Uint8Array | null
}

export interface Channel {
  /** 64 bytes, or null until the channel stands. */
  readonly binding: Uint8Array | null
  /** Frames to send before anything was received. */
  readonly opening: readonly Uint8Array[]
  /** Frames for one message; `binding` is not null. A failure ends the channel, with `channel-worn`. */
  seal(message: Uint8Array): Result<readonly Uint8Array[]>
  /** Takes the next frame. Messages above `bytesMax` are refused. Codes: `channel-broken`, `frame-too-large`, `channel-worn`. */
  open(frame: Uint8Array, bytesMax: number): Result<Received>
}

export type OpenChannel = (role: Role) => Channel

/** What both ends must mean before anything else. */
const prologue = Buffer.from('stockmesh link 1')
/** 16 bytes of a frame authenticate it, and the first of the rest says whether the message goes on. */
const partBytesMax = limits.channelFrameBytesMax - 16 - 1
const isLast = 0
const goesOn = 1

export const openNoiseChannel: OpenChannel = (role) => new NoiseChannel(role)

class NoiseChannel implements Channel {
  readonly #noise: Noise
  readonly opening: readonly Uint8Array[]
  #standing: { readonly binding: Uint8Array; readonly send: CipherState; readonly receive: CipherState } | null = null
  #sealed = 0
  #opened = 0
  #parts: Uint8Array[] = []
  #partBytes = 0

  constructor(role: Role) {
    this.#noise = new Noise('NN', role === 'dialer')
    this.#noise.initialise(prologue)
    this.opening = role === 'dialer' ? [this.#noise.send()] : []
  }

  get binding(): Uint8Array | null {
    return this.#standing?.binding ?? null
  }

  seal(message: Uint8Array): Result<readonly Uint8Array[]> {
    if (this.#standing === null) throw new Error('The channel does not stand yet.')
    const frames: Uint8Array[] = []
    for (let from = 0; frames.length === 0 || from < message.length; from += partBytesMax) {
      if (this.#sealed >= limits.channelFramesMax) return worn
      this.#sealed += 1
      const part = message.subarray(from, from + partBytesMax)
      const plain = Buffer.allocUnsafe(part.length + 1)
      plain[0] = from + partBytesMax < message.length ? goesOn : isLast
      plain.set(part, 1)
      frames.push(this.#standing.send.encrypt(plain))
    }
    return success(frames)
  }

  open(frame: Uint8Array, bytesMax: number): Result<Received> {
    try {
      return this.#standing === null ? this.#agree(frame) : this.#unseal(this.#standing.receive, frame, bytesMax)
    } catch {
      return broken
    }
  }

  /** The peer's key; the acceptor answers with its own. */
  #agree(frame: Uint8Array): Result<Received> {
    const payload = this.#noise.recv(viewOf(frame))
    if (payload.length > 0) return broken
    const frames = this.#noise.complete ? [] : [this.#noise.send()]
    const { tx, rx, hash } = this.#noise
    if (tx === null || rx === null || hash === null) throw new Error('Two messages make the keys.')
    this.#standing = { binding: new Uint8Array(hash), send: new CipherState(tx), receive: new CipherState(rx) }
    return success({ frames, message: null })
  }

  #unseal(cipher: CipherState, frame: Uint8Array, bytesMax: number): Result<Received> {
    if (this.#opened >= limits.channelFramesMax) return worn
    this.#opened += 1
    const plain = cipher.decrypt(viewOf(frame))
    const [mark] = plain
    const part = plain.subarray(1)
    this.#partBytes += part.length
    if (this.#partBytes > bytesMax) return failure('frame-too-large', 'A message is over its limit.')
    this.#parts.push(part)
    // An empty part in the middle would let a peer send for ever what costs nothing.
    if (mark === goesOn) return part.length === partBytesMax ? success({ frames: [], message: null }) : broken
    if (mark !== isLast) return broken
    const message = this.#parts.length === 1 ? part : Buffer.concat(this.#parts)
    this.#parts = []
    this.#partBytes = 0
    return success({ frames: [], message })
  }
}

/** The library takes buffers alone; nothing is copied. */
function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const broken = failure('channel-broken', 'A frame was not sealed by the other node. Update the older of the two shops.')
const worn = failure('channel-worn', 'The session has carried all that one may; the next one has fresh keys.')

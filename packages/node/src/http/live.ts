/**
 * The server end of y-websocket for our own admin pages: each page gets the network document, which it cannot change,
 * and the node's state as one awareness entry under the key `node`. A page hears nothing of other pages.
 */
import type { LiveState } from '@stockmesh/protocol'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding'
import {
  createEncoder,
  type Encoder,
  toUint8Array,
  writeVarString,
  writeVarUint,
  writeVarUint8Array,
} from 'lib0/encoding'
import { messageYjsSyncStep1, writeSyncStep2, writeUpdate } from 'y-protocols/sync'
import type { Doc } from 'yjs'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Clock } from './clock.ts'
import { liveBufferedBytesMax, liveFrameBytesMax, liveIntervalMs, liveRenewMs, liveSocketsMax } from './limits.ts'
import type { Role } from './sessions.ts'

/** The message types of y-websocket. */
const messageSync = 0
const messageAwareness = 1
const messageQueryAwareness = 3

/** Close codes 4400-4499 tell y-websocket not to come back by itself; 1013 is "try again later". */
const closeMalformed = 4400
const closeSignedOut = 4401
const closeLater = 1013
const closeGoingAway = 1001

export interface LiveOptions {
  readonly document: Doc
  /** Asked at the start and before each state, so that signing out ends the channel. */
  readonly role: (request: IncomingMessage) => Role | null
  readonly clock: Clock
}

export class Live implements AsyncDisposable {
  readonly #options: LiveOptions
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: liveFrameBytesMax, clientTracking: false })
  readonly #pages = new Map<WebSocket, { readonly request: IncomingMessage; heard: boolean }>()
  /** Who the entry is of, for a page: the same for all its time, whichever name the document writes under by now. */
  readonly #writer: number
  #state: LiveState | null = null
  /** Grows with every sending: a page drops an entry that is not newer than the one it had. */
  #clock = 0
  #sentAt = Number.NEGATIVE_INFINITY
  #cancelSend: (() => void) | null = null
  #cancelRenew: (() => void) | null = null

  constructor(options: LiveOptions) {
    this.#options = options
    this.#writer = options.document.clientID
    options.document.on('update', this.#sendUpdate)
  }

  get pages(): number {
    return this.#pages.size
  }

  /** What the pages are to see; sent at once, then at most five times a second, the latest always. */
  setState(state: LiveState): void {
    this.#state = state
    if (this.#cancelSend !== null || this.#pages.size === 0) return
    const wait = this.#sentAt + liveIntervalMs - this.#options.clock.now()
    if (wait <= 0) this.#sendState()
    else this.#cancelSend = this.#options.clock.after(wait, () => this.#sendState())
  }

  /** For the path `/live/v1` and what is below it. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (page) => this.#admit(page, request))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.document.off('update', this.#sendUpdate)
    this.#cancelSend?.()
    this.#cancelRenew?.()
    const closed = [...this.#pages.keys()].map(
      (page) =>
        new Promise<void>((resolve) => {
          page.once('close', () => resolve())
          page.close(closeGoingAway)
          page.terminate()
        }),
    )
    await Promise.all(closed)
    this.#server.close()
  }

  #admit(page: WebSocket, request: IncomingMessage): void {
    // Without a listener an error of one page would end the process; its close event follows and cleans up.
    page.on('error', () => page.terminate())
    if (this.#options.role(request) === null) {
      page.close(closeSignedOut, 'signed-out')
      return
    }
    if (this.#pages.size >= liveSocketsMax) {
      page.close(closeLater, 'too-many-pages')
      return
    }
    this.#pages.set(page, { request, heard: true })
    page.once('close', () => this.#remove(page))
    page.on('pong', () => this.#hear(page))
    page.on('message', (data: Buffer, isBinary) => this.#receive(page, data, isBinary))
    this.#cancelRenew ??= this.#options.clock.after(liveRenewMs, () => this.#renew())
    this.#clock += 1
    this.#send(page, this.#encodeState())
  }

  #receive(page: WebSocket, data: Buffer, isBinary: boolean): void {
    this.#hear(page)
    try {
      if (!isBinary) throw new Error('the protocol is binary')
      const answer = this.#answer(new Uint8Array(data))
      if (answer !== null) this.#send(page, answer)
    } catch {
      // Whatever cannot be read is the page's mistake; it would make the same one again.
      page.close(closeMalformed, 'message-malformed')
    }
  }

  #answer(message: Uint8Array): Uint8Array | null {
    const decoder = createDecoder(message)
    switch (readVarUint(decoder)) {
      case messageSync: {
        // A page's own changes (step 2 and updates) are not taken: the document is the node's.
        if (readVarUint(decoder) !== messageYjsSyncStep1) return null
        const known = readVarUint8Array(decoder)
        return encodeMessage(messageSync, (encoder) => writeSyncStep2(encoder, this.#options.document, known))
      }
      case messageAwareness:
        // The page hears its own state again and so knows that the connection lives.
        readVarUint8Array(decoder)
        return message
      case messageQueryAwareness:
        this.#clock += 1
        return this.#encodeState()
      default:
        return null
    }
  }

  #sendUpdate = (update: Uint8Array): void => {
    if (this.#pages.size === 0) return
    const message = encodeMessage(messageSync, (encoder) => writeUpdate(encoder, update))
    for (const page of this.#pages.keys()) this.#send(page, message)
  }

  #sendState(): void {
    this.#cancelSend?.()
    this.#cancelSend = null
    this.#sentAt = this.#options.clock.now()
    this.#clock += 1
    const message = this.#encodeState()
    for (const [page, { request }] of this.#pages) {
      if (this.#options.role(request) === null) page.close(closeSignedOut, 'signed-out')
      // The next state says all that this one does, so a page that reads slowly skips it.
      else if (page.bufferedAmount === 0) this.#send(page, message)
    }
  }

  /** Keeps the entry alive in the pages, and drops a page that has not answered since the last time. */
  #renew(): void {
    for (const [page, held] of this.#pages) {
      if (!held.heard) page.terminate()
      held.heard = false
      page.ping()
    }
    this.#sendState()
    this.#cancelRenew = this.#options.clock.after(liveRenewMs, () => this.#renew())
  }

  #hear(page: WebSocket): void {
    const held = this.#pages.get(page)
    if (held !== undefined) held.heard = true
  }

  #remove(page: WebSocket): void {
    this.#pages.delete(page)
    if (this.#pages.size > 0) return
    this.#cancelRenew?.()
    this.#cancelRenew = null
  }

  #send(page: WebSocket, message: Uint8Array): void {
    if (page.readyState !== page.OPEN) return
    if (page.bufferedAmount > liveBufferedBytesMax) page.close(closeLater, 'too-slow')
    else page.send(message)
  }

  /** One awareness entry: the node's. */
  #encodeState(): Uint8Array {
    const entry = createEncoder()
    writeVarUint(entry, 1)
    writeVarUint(entry, this.#writer)
    writeVarUint(entry, this.#clock)
    writeVarString(entry, JSON.stringify(this.#state === null ? {} : { node: this.#state }))
    return encodeMessage(messageAwareness, (encoder) => writeVarUint8Array(encoder, toUint8Array(entry)))
  }
}

function encodeMessage(type: number, write: (encoder: Encoder) => void): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, type)
  write(encoder)
  return toUint8Array(encoder)
}

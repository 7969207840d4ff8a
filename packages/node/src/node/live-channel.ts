/**
 * The pages' live channel over the node's lives: when the node enters or leaves a network its document is another
 * one, and the pages are sent to it. The state is made only while somebody looks, and at most five times a second.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { LiveState } from '@stockmesh/protocol'
import { Doc } from 'yjs'
import type { Role } from '../http/sessions.ts'
import type { Clock } from '../http/clock.ts'
import { Live } from '../http/live.ts'
import type { Cancel } from '../ports.ts'

const intervalMs = 200

export interface LiveChannelParts {
  readonly clock: Clock
  readonly role: (request: IncomingMessage) => Role | null
  /** The network document; null while the shop is alone or the node is loading. */
  readonly document: () => Doc | null
  /** null while the node is loading. */
  readonly state: () => LiveState | null
}

export class LiveChannel implements AsyncDisposable {
  readonly #parts: LiveChannelParts
  readonly #empty = new Doc()
  #document: Doc
  #live: Live
  #cancel: Cancel | null = null
  #closed = false

  constructor(parts: LiveChannelParts) {
    this.#parts = parts
    this.#document = parts.document() ?? this.#empty
    this.#live = this.#open()
  }

  /** Pages that are open. */
  get pages(): number {
    return this.#live.pages
  }

  /** Something that pages show has changed. */
  changed(): void {
    if (this.#closed) return
    this.#cancel ??= this.#parts.clock.after(intervalMs, () => {
      this.#cancel = null
      this.#send()
    })
  }

  /** For the HTTP server, on `/live/v1`. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#send(true)
    this.#live.handleUpgrade(request, socket, head)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.#live[Symbol.asyncDispose]()
  }

  #send(always: boolean = false): void {
    if (this.#closed) return
    const document = this.#parts.document() ?? this.#empty
    if (document !== this.#document) {
      this.#document = document
      const old = this.#live
      this.#live = this.#open()
      // Its pages come back by themselves; nothing of it is waited for.
      void old[Symbol.asyncDispose]()
    }
    if (this.#live.pages === 0 && !always) return
    const state = this.#parts.state()
    if (state !== null) this.#live.setState(state)
  }

  #open(): Live {
    return new Live({ document: this.#document, role: this.#parts.role, clock: this.#parts.clock })
  }
}

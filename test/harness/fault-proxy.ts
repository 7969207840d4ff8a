/**
 * A TCP proxy in front of one program, with faults that are switched while it runs. A cut swallows bytes, ends and
 * resets silently, as a broken line does; after healing, a connection that lost anything is reset and the others go on.
 * "In" is towards the target, "out" is back to the dialer. Faults can be meant for one dialer, where the proxy was
 * given a way to tell dialers apart by the first bytes of a connection.
 */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Identify } from './dialer.ts'
import { type Direction, FaultyConnection } from './faulty-connection.ts'

interface FaultScope {
  readonly direction?: Direction | 'both'
  /** Only connections of this dialer; absent: all. */
  readonly dialer?: string
}

interface FaultProxyOptions {
  /** Port of the target on loopback. */
  readonly target: number
  /** Own port; absent: any. */
  readonly port?: number
  readonly identify?: Identify
}

interface OneShot {
  bytesLeft: number
  readonly done: () => void
}

export class FaultProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #target: number
  readonly #identify: Identify | null
  readonly #connections = new Set<FaultyConnection>()
  /** Cut directions by dialer; under null those of everyone. */
  readonly #cuts = new Map<string | null, Set<Direction>>()
  #delayMs = 0
  #resetAfter: OneShot | null = null
  #lostAnswer: OneShot | null = null

  private constructor(server: Server, options: FaultProxyOptions) {
    this.#server = server
    this.#target = options.target
    this.#identify = options.identify ?? null
    server.on('connection', (dialer: Socket) => this.#accept(dialer))
  }

  static async open(options: FaultProxyOptions): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true })
    const proxy = new FaultProxy(server, options)
    server.listen(options.port ?? 0, '127.0.0.1')
    await once(server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Who the open connections are from: null where that is not known. */
  get dialers(): readonly (string | null)[] {
    return [...this.#connections].map((connection) => connection.dialer)
  }

  cut({ direction = 'both', dialer }: FaultScope = {}): void {
    const cuts = this.#cuts.get(dialer ?? null) ?? new Set()
    this.#cuts.set(dialer ?? null, cuts)
    for (const each of direction === 'both' ? (['in', 'out'] as const) : [direction]) cuts.add(each)
  }

  /** Lifts the cuts meant for this dialer, or every cut; connections that lost bytes are reset. */
  heal({ dialer }: { readonly dialer?: string } = {}): void {
    if (dialer === undefined) this.#cuts.clear()
    else this.#cuts.delete(dialer)
    for (const connection of this.#connections) {
      if (connection.lost && !this.isCut(connection.dialer, 'in') && !this.isCut(connection.dialer, 'out')) {
        connection.reset()
      }
    }
  }

  /** Each byte arrives this much later, in both directions. */
  delay(milliseconds: number): void {
    this.#delayMs = milliseconds
  }

  /** Resets the connection on which the n-th byte from now passes; resolves when that happened. */
  resetAfter(bytes: number): Promise<void> {
    return new Promise((done) => {
      this.#resetAfter = { bytesLeft: bytes, done }
    })
  }

  /** Lets the next request pass and swallows its answer, then resets the connection; resolves when that happened. */
  loseAnswer(): Promise<void> {
    return new Promise((done) => {
      this.#lostAnswer = { bytesLeft: 0, done }
      for (const connection of this.#connections) connection.asked = false
    })
  }

  /** Resets every connection now. */
  reset(): void {
    for (const connection of this.#connections) connection.reset()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.reset()
    await closed
  }

  isCut(dialer: string | null, direction: Direction): boolean {
    return (
      (this.#cuts.get(null)?.has(direction) ?? false) ||
      (dialer !== null && (this.#cuts.get(dialer)?.has(direction) ?? false))
    )
  }

  #accept(outer: Socket): void {
    const swallowed = this.isCut(null, 'in') && this.isCut(null, 'out')
    const connection = new FaultyConnection({
      outer,
      inner: swallowed ? null : connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }),
      identify: this.#identify,
      isCut: (dialer, direction) => this.isCut(dialer, direction),
      delayMs: () => this.#delayMs,
      spoil: (direction, bytes) => this.#spoil(connection, direction, bytes),
      closed: () => this.#connections.delete(connection),
    })
    this.#connections.add(connection)
  }

  /** How many of these bytes pass before the connection is reset; null when no such fault is due. */
  #spoil(connection: FaultyConnection, direction: Direction, bytes: number): number | null {
    const lostAnswer = this.#lostAnswer
    if (lostAnswer !== null && direction === 'out' && connection.asked) {
      this.#lostAnswer = null
      lostAnswer.done()
      return 0
    }
    if (direction === 'in') connection.asked = true
    const due = this.#resetAfter
    if (due === null) return null
    if (bytes < due.bytesLeft) {
      due.bytesLeft -= bytes
      return null
    }
    this.#resetAfter = null
    due.done()
    return due.bytesLeft
  }
}

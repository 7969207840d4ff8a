/**
 * A TCP relay in front of one program whose lines can be dropped, delayed and slowed while it runs, without a socket
 * being closed by it: what is dropped waits, as with a sender that repeats it, and arrives when the line is clear
 * again; ends and resets wait in the same queue. It cannot refuse a connection silently: behind a dropped line a dialer
 * is connected and hears nothing.
 */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { type Identify, unnamedDialer } from '../harness/dialer.ts'
import { clearLine, type LineState } from './faults.ts'

/** `in`: from the dialer to the program; `out`: back. */
type Direction = 'in' | 'out'

interface RelayOptions {
  /** Port of the program on loopback. */
  readonly target: number
  /** Who dials, by the first bytes; absent: everybody is one dialer, called ''. */
  readonly identify?: Identify
  /** From 0 below 1: how much of the jitter a piece gets. */
  readonly chance: () => number
}

/** What one lane keeps before its sender has to wait, in bytes. */
const keptBytesMax = 1024 * 1024

export class Relay implements AsyncDisposable {
  readonly #server: Server
  readonly #connections = new Set<RelayedConnection>()
  readonly #states = new Map<string, LineState>()

  private constructor(server: Server, options: RelayOptions) {
    this.#server = server
    server.on('connection', (outer: Socket) => {
      const connection = new RelayedConnection(outer, options, {
        state: (dialer, direction) => this.#states.get(`${direction} ${dialer}`) ?? clearLine,
        closed: () => this.#connections.delete(connection),
      })
      this.#connections.add(connection)
    })
  }

  static async open(options: RelayOptions): Promise<Relay> {
    const server = createServer({ allowHalfOpen: true, noDelay: true })
    const relay = new Relay(server, options)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return relay
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  set(direction: Direction, state: LineState, dialer = ''): void {
    // A dialer without a name would go on being heard, and a fault would not be one.
    if ([...this.#connections].some((connection) => connection.dialer === unnamedDialer)) {
      throw new Error('The relay could not tell who dials, so its lines cannot be dropped one by one.')
    }
    this.#states.set(`${direction} ${dialer}`, state)
    for (const connection of this.#connections) connection.goOn()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const connection of this.#connections) connection.destroy()
    await closed
  }
}

interface Relaying {
  state(dialer: string, direction: Direction): LineState
  closed(): void
}

class RelayedConnection {
  readonly #sockets: readonly [outer: Socket, inner: Socket]
  readonly #lanes: readonly Lane[]
  #dialer: string | null
  /** What a dialer that is not known yet has said, and how much of it went on. */
  #early = Buffer.alloc(0)
  #earlyPassed = 0

  constructor(outer: Socket, { target, identify, chance }: RelayOptions, relaying: Relaying) {
    const inner = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    this.#sockets = [outer, inner]
    this.#dialer = identify === undefined ? '' : null
    const stateOf = (direction: Direction) => (): LineState =>
      this.#dialer === null ? clearLine : relaying.state(this.#dialer, direction)
    const [towards, back] = [
      new Lane(outer, inner, stateOf('in'), chance),
      new Lane(inner, outer, stateOf('out'), chance),
    ]
    this.#lanes = [towards, back]
    outer.on('data', (bytes: Buffer) => {
      if (this.#dialer !== null || identify === undefined) towards.take(bytes)
      else this.#identify(bytes, identify, towards)
    })
    inner.on('data', (bytes: Buffer) => back.take(bytes))
    for (const socket of this.#sockets) {
      socket.on('close', () => {
        if (this.#sockets.every(({ destroyed }) => destroyed)) relaying.closed()
      })
    }
  }

  /** Who dialed; null while that is not known. */
  get dialer(): string | null {
    return this.#dialer
  }

  goOn(): void {
    for (const lane of this.#lanes) lane.goOn()
  }

  destroy(): void {
    for (const socket of this.#sockets) reset(socket)
  }

  #identify(bytes: Buffer, identify: Identify, towards: Lane): void {
    this.#early = Buffer.concat([this.#early, bytes])
    const identity = identify(this.#early)
    const pass = identity.state === 'known' ? this.#early.length : identity.mayPass
    if (identity.state === 'known') this.#dialer = identity.dialer ?? ''
    if (pass > this.#earlyPassed) towards.take(this.#early.subarray(this.#earlyPassed, pass))
    this.#earlyPassed = pass
  }
}

type Piece = { readonly dueAt: number } & (
  | { readonly what: 'bytes'; readonly bytes: Buffer }
  | { readonly what: 'end' | 'reset' }
)

/** One way of one connection: pieces go on in their order, each when it is due and the line is not dropped. */
class Lane {
  readonly #source: Socket
  readonly #sink: Socket
  readonly #state: () => LineState
  readonly #chance: () => number
  readonly #queue: Piece[] = []
  #keptBytes = 0
  #timer: NodeJS.Timeout | null = null

  constructor(source: Socket, sink: Socket, state: () => LineState, chance: () => number) {
    this.#source = source
    this.#sink = sink
    this.#state = state
    this.#chance = chance
    source.on('end', () => this.#push({ what: 'end', dueAt: this.#due() }))
    source.on('error', () => this.#push({ what: 'reset', dueAt: this.#due() }))
  }

  take(bytes: Buffer): void {
    this.#keptBytes += bytes.length
    if (this.#keptBytes > keptBytesMax) this.#source.pause()
    this.#push({ what: 'bytes', bytes, dueAt: this.#due() })
  }

  goOn(): void {
    if (this.#timer !== null) return
    for (let piece = this.#queue[0]; piece !== undefined; piece = this.#queue[0]) {
      const { dropped, bytesPerSecond } = this.#state()
      const waitMs = piece.dueAt - performance.now()
      if (dropped) return
      if (waitMs > 0) {
        this.#wait(waitMs)
        return
      }
      this.#queue.shift()
      this.#deliver(piece)
      if (piece.what === 'bytes' && bytesPerSecond !== null) {
        this.#wait((1_000 * piece.bytes.length) / bytesPerSecond)
        return
      }
    }
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.goOn()
    }, milliseconds)
    this.#timer.unref()
  }

  #push(piece: Piece): void {
    this.#queue.push(piece)
    this.goOn()
  }

  #due(): number {
    const { delayMs, jitterMs } = this.#state()
    return performance.now() + delayMs + jitterMs * this.#chance()
  }

  #deliver(piece: Piece): void {
    if (piece.what === 'bytes') {
      const gone = (): void => {
        this.#keptBytes -= piece.bytes.length
        if (this.#keptBytes <= keptBytesMax) this.#source.resume()
      }
      if (this.#sink.writable) this.#sink.write(piece.bytes, gone)
      else gone()
    } else if (piece.what === 'end') this.#sink.end()
    else reset(this.#sink)
  }
}

/** Node 20 leaves the handle of a socket open that was reset while its end was still being sent. */
function reset(socket: Socket): void {
  if (socket.destroyed) return
  socket.unref()
  socket.resetAndDestroy()
}

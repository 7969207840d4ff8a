/**
 * One connection through a fault proxy: two sockets and a lane in each direction. Bytes and ends keep their order in a
 * lane; `lost` is true from the first byte, end or reset that was swallowed.
 */
import type { Socket } from 'node:net'
import type { Identify } from './dialer.ts'

export type Direction = 'in' | 'out'

interface Faults {
  readonly outer: Socket
  /** null: nothing of this connection reaches the target. */
  readonly inner: Socket | null
  readonly identify: Identify | null
  isCut(dialer: string | null, direction: Direction): boolean
  delayMs(): number
  /** How many of these bytes pass before the connection is reset; null: all, and no reset. */
  spoil(direction: Direction, bytes: number): number | null
  closed(): void
}

interface Lane {
  readonly direction: Direction
  readonly source: Socket
  readonly sink: Socket
  readonly waiting: { readonly dueAt: number; readonly deliver: () => void }[]
}

export class FaultyConnection {
  /** Whether bytes went to the target since a lost answer was asked for. */
  asked = false
  readonly #faults: Faults
  readonly #sockets: readonly Socket[]
  #dialer: string | null = null
  #lost: boolean
  /** Bytes of a dialer that is not identified yet; null afterwards. */
  #early: Buffer | null
  #earlyPassed = 0

  constructor(faults: Faults) {
    const { outer, inner } = faults
    this.#faults = faults
    this.#lost = inner === null
    this.#early = faults.identify === null ? null : Buffer.alloc(0)
    this.#sockets = inner === null ? [outer] : [outer, inner]
    for (const socket of this.#sockets) {
      socket.on('close', () => {
        if (this.#sockets.every(({ destroyed }) => destroyed)) faults.closed()
      })
    }
    if (inner === null) {
      outer.on('error', () => {})
      outer.resume()
      outer.on('end', () => outer.destroy())
      return
    }
    this.#open({ direction: 'in', source: outer, sink: inner, waiting: [] })
    this.#open({ direction: 'out', source: inner, sink: outer, waiting: [] })
  }

  get dialer(): string | null {
    return this.#dialer
  }

  get lost(): boolean {
    return this.#lost
  }

  reset(): void {
    for (const socket of this.#sockets) reset(socket)
  }

  #open(lane: Lane): void {
    const { source, sink } = lane
    source.on('data', (chunk: Buffer) => {
      if (lane.direction === 'in' && this.#early !== null) this.#identify(lane, chunk)
      else this.#carry(lane, chunk)
    })
    source.on('end', () => this.#later(lane, () => this.#carryEnd(lane)))
    source.on('error', () => this.#later(lane, () => this.#carryReset(lane)))
    sink.on('drain', () => source.resume())
  }

  #identify(lane: Lane, chunk: Buffer): void {
    const bytes = Buffer.concat([this.#early ?? Buffer.alloc(0), chunk])
    const identity = this.#faults.identify?.(bytes) ?? { state: 'known', dialer: null }
    const pass = identity.state === 'known' ? bytes.length : identity.mayPass
    const from = this.#earlyPassed
    if (identity.state === 'known') {
      this.#early = null
      this.#dialer = identity.dialer
      if (this.#isCut('in') && this.#isCut('out')) {
        // Behind a broken line the target would not have heard of this connection.
        this.#lost = true
        lane.sink.destroy()
        return
      }
    } else {
      this.#early = bytes
      this.#earlyPassed = pass
    }
    if (pass > from) this.#carry(lane, bytes.subarray(from, pass))
  }

  #carry(lane: Lane, chunk: Buffer): void {
    this.#later(lane, () => {
      if (this.#isCut(lane.direction)) {
        this.#lost = true
        return
      }
      if (lane.sink.destroyed || !lane.sink.writable) return
      const pass = this.#faults.spoil(lane.direction, chunk.length)
      if (pass === null) {
        if (!lane.sink.write(chunk)) lane.source.pause()
      } else if (pass === 0) this.reset()
      else lane.sink.write(chunk.subarray(0, pass), () => this.reset())
    })
  }

  #carryEnd(lane: Lane): void {
    if (this.#isCut(lane.direction)) {
      this.#lost = true
      // Nothing more can come from this end, and nothing has to be told to it.
      lane.source.destroy()
    } else lane.sink.end()
  }

  #carryReset(lane: Lane): void {
    if (this.#isCut(lane.direction)) this.#lost = true
    else reset(lane.sink)
  }

  #isCut(direction: Direction): boolean {
    return this.#faults.isCut(this.#dialer, direction)
  }

  /** Runs at once without a delay and nothing before it in the lane; else in its turn. */
  #later(lane: Lane, deliver: () => void): void {
    const delayMs = this.#faults.delayMs()
    if (delayMs === 0 && lane.waiting.length === 0) {
      deliver()
      return
    }
    lane.waiting.push({ dueAt: performance.now() + delayMs, deliver })
    if (lane.waiting.length === 1) this.#wait(lane, delayMs)
  }

  #wait(lane: Lane, milliseconds: number): void {
    setTimeout(() => {
      lane.waiting[0]?.deliver()
      lane.waiting.shift()
      const next = lane.waiting[0]
      if (next !== undefined) this.#wait(lane, Math.max(0, next.dueAt - performance.now()))
    }, milliseconds)
  }
}

/**
 * Node 20 leaves the handle of a socket open that was reset while its end was still being sent; such a handle must not
 * keep the process alive.
 */
function reset(socket: Socket): void {
  if (socket.destroyed) return
  socket.unref()
  socket.resetAndDestroy()
}

/**
 * The network between simulated processes: connections that keep their order and take their time. What is sent over a
 * cut line waits, as TCP keeps sending it, and comes after the line is mended, if the connection still stands then; a
 * lost packet is sent again, and all behind it waits. A broken connection loses what was under way, and the two ends
 * learn of it at different times, or one never.
 */
import { EventEmitter } from 'node:events'
import { failure, limits, success } from '@stockmesh/protocol'
import { placeOf } from '../../packages/node/src/network/address-guard.ts'
import type { Dial, ReadPage, Socket } from '../../packages/node/src/network/socket.ts'
import type { SeededRandom } from '../protocol/random.ts'
import type { Life } from './life.ts'
import type { Liar } from './liar.ts'
import { asOlder } from './older-release.ts'
import type { VirtualTime } from './virtual-time.ts'

/** An address as `host:port`. */
type Place = string

interface Listener {
  readonly life: Life
  accept(socket: Socket): void
}

type Frame = { readonly kind: 'data'; readonly bytes: Buffer } | { readonly kind: 'ping' | 'pong' | 'close' | 'reset' }

/** When TCP sends a packet again, in milliseconds; twice as late each time. */
const resendMs = 200
const resendMsMax = 3_000

const notThere = failure('node-not-found', 'There is no such page.')
const unreachable = failure('unreachable', 'Nothing answers at this address.')

export class SimNetwork {
  readonly time: VirtualTime
  readonly random: SeededRandom
  /** A frame takes up to so long, in milliseconds. */
  delayMsMax = 30
  /** The chance that a packet is lost, from 0 to 1: TCP sends it again, later each time. */
  lost = 0
  /** Where nodes of an older release run. */
  readonly older = new Set<Place>()
  /** Members that change what they relay. */
  readonly liars = new Map<Place, Liar>()
  readonly #listeners = new Map<Place, Listener>()
  readonly #cuts = new Set<string>()
  readonly #connections = new Set<SimConnection>()

  constructor(time: VirtualTime, random: SeededRandom) {
    this.time = time
    this.random = random
  }

  listen(place: Place, listener: Listener): void {
    this.#listeners.set(place, listener)
  }

  /** How a process at `place` dials others. */
  dialer(place: Place, life: Life): Dial {
    return (url, limiter, signal) =>
      new Promise((settle) => {
        const to = placeOf(new URL(url))
        const admitted = limiter.admit(to)
        if (!admitted.ok || signal.aborted) return settle(admitted.ok ? unreachable : admitted)
        const giveUp = (): void => resolve(unreachable)
        const resolve = (result: Awaited<ReturnType<Dial>>): void => {
          signal.removeEventListener('abort', giveUp)
          settle(result)
        }
        signal.addEventListener('abort', giveUp, { once: true })
        life.after(limits.handshakeMsMax, () => resolve(unreachable))
        this.time.after(this.delay(), () => {
          const listener = this.#listeners.get(to)
          if (this.isCut(place, to) || !life.alive) return
          if (listener === undefined || !listener.life.alive || url.startsWith('wss:')) {
            return life.do(() => resolve(unreachable))
          }
          const connection = new SimConnection(this, [place, to], [life, listener.life])
          this.#connections.add(connection)
          listener.life.do(() => listener.accept(connection.ends[1] as unknown as Socket))
          this.time.after(this.delay(), () =>
            life.do(() => {
              if (signal.aborted) connection.ends[0].terminate()
              resolve(success(connection.ends[0] as unknown as Socket))
            }),
          )
        })
      })
  }

  /** Nobody in the world has a page that names a node; each shop is asked at the address of its node. */
  pageReader(life: Life): ReadPage {
    return () => new Promise((resolve) => life.after(2 * this.delay(), () => resolve(notThere)))
  }

  cut(a: Place, b: Place): void {
    this.#cuts.add(pairOf(a, b))
  }

  mend(a: Place, b: Place): void {
    this.#cuts.delete(pairOf(a, b))
    for (const connection of this.#connections) connection.flow()
  }

  mendAll(): void {
    this.#cuts.clear()
    for (const connection of this.#connections) connection.flow()
  }

  isCut(a: Place, b: Place): boolean {
    return this.#cuts.has(pairOf(a, b))
  }

  /** Breaks connections: what is under way is lost. */
  reset(place: Place): void {
    for (const connection of this.#connections) if (connection.places.includes(place)) connection.break()
  }

  /** The operating system ends the connections of a process that is gone. */
  drop(life: Life): void {
    for (const connection of this.#connections) connection.drop(life)
  }

  forget(connection: SimConnection): void {
    this.#connections.delete(connection)
  }

  delay(): number {
    let ms = this.random.next() * this.delayMsMax
    for (let again = resendMs; again < resendMsMax && this.random.chance(this.lost); again *= 2) ms += again
    return ms
  }
}

class SimConnection {
  readonly places: readonly [Place, Place]
  readonly ends: readonly [SimSocket, SimSocket]
  readonly #network: SimNetwork
  readonly #lives: readonly [Life, Life]
  /** What each end sent and the other has not got, in order, with the time from which it may come. */
  readonly #lines: readonly [{ frame: Frame; at: number }[], { frame: Frame; at: number }[]] = [[], []]

  constructor(network: SimNetwork, places: readonly [Place, Place], lives: readonly [Life, Life]) {
    this.#network = network
    this.places = places
    this.#lives = lives
    this.ends = [new SimSocket((frame) => this.#send(0, frame)), new SimSocket((frame) => this.#send(1, frame))]
  }

  /** Delivers what is due, in order. */
  flow(): void {
    for (const from of [0, 1] as const) this.#deliver(from)
  }

  break(): void {
    for (const from of [0, 1] as const) {
      this.#lines[from].length = 0
      this.#send(from, { kind: 'reset' })
    }
  }

  drop(life: Life): void {
    const side = this.#lives.indexOf(life)
    if (side !== 0 && side !== 1) return
    this.#lines[side].length = 0
    this.#lines[side === 0 ? 1 : 0].length = 0
    this.#send(side, { kind: 'reset' })
  }

  #send(from: 0 | 1, sent: Frame): void {
    for (const told of this.#asTold(from, sent)) {
      const frame = this.#asUnderstood(told)
      if (frame !== null) this.#put(from, frame)
    }
  }

  #put(from: 0 | 1, frame: Frame): void {
    const line = this.#lines[from]
    const { time } = this.#network
    const at = Math.max(line.at(-1)?.at ?? 0, time.now + this.#network.delay())
    line.push({ frame, at })
    time.after(at - time.now, () => this.#deliver(from))
  }

  #asTold(from: 0 | 1, frame: Frame): readonly Frame[] {
    const liar = this.#network.liars.get(this.places[from])
    if (liar === undefined || frame.kind !== 'data') return [frame]
    return liar.told(frame.bytes).map((bytes) => ({ kind: 'data', bytes: Buffer.from(bytes) }))
  }

  #asUnderstood(frame: Frame): Frame | null {
    if (frame.kind !== 'data' || !this.places.some((place) => this.#network.older.has(place))) return frame
    const bytes = asOlder(frame.bytes)
    return bytes === null ? null : { kind: 'data', bytes: Buffer.from(bytes) }
  }

  #deliver(from: 0 | 1): void {
    const line = this.#lines[from]
    const to = from === 0 ? 1 : 0
    const { time } = this.#network
    while (line[0] !== undefined && line[0].at <= time.now) {
      if (this.#network.isCut(...this.places)) return
      const next = line.shift()
      const end = this.ends[to]
      if (next !== undefined) this.#lives[to].do(() => end.receive(next.frame))
    }
    if (this.ends.every(({ readyState }) => readyState === 3)) this.#network.forget(this)
  }
}

/** One end, as `ws` shows it. */
class SimSocket extends EventEmitter {
  readonly OPEN = 1
  readonly CLOSED = 3
  readyState: 1 | 2 | 3 = 1
  readonly bufferedAmount = 0
  readonly #transmit: (frame: Frame) => void

  constructor(transmit: (frame: Frame) => void) {
    super()
    this.#transmit = transmit
  }

  send(bytes: Uint8Array): void {
    if (this.readyState === 1) this.#transmit({ kind: 'data', bytes: Buffer.from(bytes) })
  }

  ping(): void {
    if (this.readyState === 1) this.#transmit({ kind: 'ping' })
  }

  close(): void {
    if (this.readyState !== 1) return
    this.readyState = 2
    this.#transmit({ kind: 'close' })
  }

  terminate(): void {
    if (this.readyState === 3) return
    this.#transmit({ kind: 'reset' })
    this.#closed()
  }

  receive(frame: Frame): void {
    if (this.readyState === 3) return
    switch (frame.kind) {
      case 'data':
        if (this.readyState === 1) this.emit('message', frame.bytes, true)
        break
      case 'ping':
        this.emit('ping')
        if (this.readyState === 1) this.#transmit({ kind: 'pong' })
        break
      case 'pong':
        this.emit('pong')
        break
      case 'close':
        if (this.readyState === 1) this.#transmit({ kind: 'close' })
        this.#closed()
        break
      case 'reset':
        this.#closed()
        break
    }
  }

  #closed(): void {
    this.readyState = 3
    this.emit('close', 1006)
  }
}

function pairOf(a: Place, b: Place): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}

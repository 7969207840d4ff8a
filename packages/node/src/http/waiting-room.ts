/**
 * Connections of which nobody knows yet what they want: their request, or the handshake before it, has not arrived whole.
 * Each has a time to say it, and there are so many at most, of one address and in all. Where one too many comes, the
 * oldest goes: whoever means it says at once what he wants, so he is not among the oldest for long, and no stranger can
 * take the place of the others by being there first.
 */
import type { Socket } from 'node:net'
import { neighbourhoodOf } from '../address-place.ts'
import type { Cancel, Timers } from '../ports.ts'
import { headMsMax, waitingConnectionsMax, waitingConnectionsOfAddressMax } from './limits.ts'

export interface WaitingRoomOptions {
  readonly timers: Timers
  /** In all, and of one address. */
  readonly most?: number
  readonly mostOfAddress?: number
}

/** How a connection is known on both sides of its TLS. */
type Ends = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>

interface Waiting {
  readonly socket: Socket
  readonly place: string
  readonly cancel: Cancel
}

export class WaitingRoom {
  readonly #timers: Timers
  readonly #most: number
  readonly #mostOfAddress: number
  /** By the ends of each, the oldest first. */
  readonly #waiting = new Map<string, Waiting>()
  readonly #ofPlace = new Map<string, Set<string>>()

  constructor({
    timers,
    most = waitingConnectionsMax,
    mostOfAddress = waitingConnectionsOfAddressMax,
  }: WaitingRoomOptions) {
    this.#timers = timers
    this.#most = most
    this.#mostOfAddress = mostOfAddress
  }

  get size(): number {
    return this.#waiting.size
  }

  /** A connection has come. */
  enter(socket: Socket): void {
    const id = idOf(socket)
    const place = neighbourhoodOf(socket.remoteAddress ?? '')
    this.#drop(id)
    const mates = this.#ofPlace.get(place) ?? new Set()
    if (mates.size >= this.#mostOfAddress) this.#drop(mates.values().next().value)
    if (this.#waiting.size >= this.#most) this.#drop(this.#waiting.keys().next().value)
    const cancel = this.#timers.after(headMsMax, () => this.#drop(id))
    this.#waiting.set(id, { socket, place, cancel })
    this.#ofPlace.set(place, mates.add(id))
    socket.once('close', () => {
      if (this.#waiting.get(id)?.socket === socket) this.#forget(id)
    })
  }

  /** It has said what it wants; in front of TLS or behind it. */
  leave(socket: Ends): void {
    this.#forget(idOf(socket))
  }

  #drop(id: string | undefined): void {
    if (id !== undefined) this.#forget(id)?.socket.destroy()
  }

  #forget(id: string): Waiting | null {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return null
    waiting.cancel()
    this.#waiting.delete(id)
    const mates = this.#ofPlace.get(waiting.place)
    mates?.delete(id)
    if (mates?.size === 0) this.#ofPlace.delete(waiting.place)
    return waiting
  }
}

function idOf({ remoteAddress, remotePort, localAddress, localPort }: Ends): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}

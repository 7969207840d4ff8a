/**
 * Time and chance as arguments: what may not be called directly anywhere else in the node, so that a test can hold
 * the clock still and a run can be repeated.
 */
import { randomBytes } from 'node:crypto'

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
}

export type Cancel = () => void

export interface Timers {
  /** Runs once after so many milliseconds, unless it was cancelled before. */
  after(ms: number, run: () => void): Cancel
}

export interface Random {
  bytes(count: number): Uint8Array
}

export const systemClock: Clock = { now: () => Date.now() }

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

export const systemRandom: Random = { bytes: (count) => new Uint8Array(randomBytes(count)) }

/** A number from 0 up to, but never, 1. */
export function randomFraction(random: Random): number {
  const bytes = random.bytes(4)
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32
}

/**
 * How far another shop's clock is from ours, from the times that it tells. A message that was long on its way makes
 * its sender's clock look slow and never fast, so of the last readings the largest is nearest to the truth: it is
 * below the true difference by the delay of the fastest of these messages, and never above it.
 */
import { clockReadingsKept, clockSkewMsMax } from './limits.ts'

/** Milliseconds that the other clock seemed to be ahead of ours; the newest reading last. */
export type ClockReadings = readonly number[]

/** `theirs` is the time that a message tells, `ours` when it came, both in milliseconds since 1970. */
export function readClock(readings: ClockReadings, theirs: number, ours: number): ClockReadings {
  return [...readings, theirs - ours].slice(-clockReadingsKept)
}

/** Milliseconds, negative where the other clock is behind; null before the first reading. */
export function clockAhead(readings: ClockReadings): number | null {
  return readings.length === 0 ? null : Math.max(...readings)
}

/** Whether a person should hear of it. One late message alone is no proof. */
export function isClockWrong(readings: ClockReadings): boolean {
  const ahead = clockAhead(readings)
  return ahead !== null && readings.length > 1 && Math.abs(ahead) > clockSkewMsMax
}

/** The clocks of two shops compared by the times that messages tell: lateness is never taken for a wrong clock. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type ClockReadings, clockAhead, isClockWrong, readClock } from '../../packages/protocol/src/clock-skew.ts'
import { clockReadingsKept, clockSkewMsMax } from '../../packages/protocol/src/limits.ts'
import { check } from './arbitraries.ts'

const minute = 60_000

/** Messages of a clock that is `ahead`, one every 5 s, each so long on its way. */
function heard(ahead: number, delays: readonly number[]): ClockReadings {
  let readings: ClockReadings = []
  for (const [index, delay] of delays.entries()) {
    const sentAt = 1_000_000_000 + index * 5_000
    readings = readClock(readings, sentAt + ahead, sentAt + delay)
  }
  return readings
}

it('is below the truth by the fastest of the last messages, and never above', () => {
  const delays = fc.array(fc.nat(20 * minute), { minLength: 1, maxLength: 20 })
  const ahead = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
  check(
    fc.property(ahead, delays, (truth, late) => {
      const measured = clockAhead(heard(truth, late))
      expect(measured).toBe(truth - Math.min(...late.slice(-clockReadingsKept)))
    }),
  )
})

it('finds nothing wrong with a right clock, however late all messages but one of the last come', () => {
  expect(isClockWrong(heard(0, [20, 60 * minute, 60 * minute, 60 * minute, 60 * minute, 60 * minute]))).toBe(false)
  expect(isClockWrong(heard(0, [60 * minute]))).toBe(false)
})

it('18: finds a skew above five minutes wrong in either direction, and none below', () => {
  expect(isClockWrong(heard(-2 * 365 * 24 * 60 * minute, [50, 80]))).toBe(true)
  expect(isClockWrong(heard(clockSkewMsMax + 100, [50, 80]))).toBe(true)
  expect(isClockWrong(heard(clockSkewMsMax, [50, 80]))).toBe(false)
  expect(isClockWrong(heard(-clockSkewMsMax + 1_000, [50, 80]))).toBe(false)
})

it('follows a clock that was set right', () => {
  let readings = heard(10 * minute, [50, 50, 50, 50, 50, 50])
  for (let message = 0; message < clockReadingsKept; message += 1) readings = readClock(readings, 5_000, 5_050)
  expect(clockAhead(readings)).toBe(-50)
})

it('knows nothing before the first message', () => {
  expect(clockAhead([])).toBeNull()
  expect(isClockWrong([])).toBe(false)
})

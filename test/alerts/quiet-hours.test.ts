/** When it is quiet: over midnight, in a zone of its own, and on the days when the clocks are changed. */
import { expect, test } from 'vitest'
import { isQuiet, isTimeZone, type QuietHours } from '../../packages/node/src/alerts/quiet-hours.ts'

const night: QuietHours = { from: '22:00', to: '07:00', zone: 'Europe/Copenhagen', exempt: 'none' }

function at(time: string): number {
  return Date.parse(time)
}

test.each([
  ['2026-01-15T20:59:59Z', false],
  ['2026-01-15T21:00:00Z', true],
  ['2026-01-15T23:30:00Z', true],
  ['2026-01-16T05:59:59Z', true],
  ['2026-01-16T06:00:00Z', false],
  // In summer the same hours begin an hour earlier in the world's time.
  ['2026-07-15T20:00:00Z', true],
  ['2026-07-16T05:00:00Z', false],
  // The night in which the clock is set forward, and the one in which it is set back.
  ['2026-03-29T04:59:59Z', true],
  ['2026-03-29T05:00:00Z', false],
  ['2026-10-25T05:59:59Z', true],
  ['2026-10-25T06:00:00Z', false],
])('from 22 to 7 in Denmark it is at %s: %s', (time, quiet) => {
  expect(isQuiet(night, 'held', at(time))).toBe(quiet)
})

test('hours within a day, none at all, and the kinds that do not wait', () => {
  const noon: QuietHours = { ...night, from: '12:00', to: '13:00', zone: 'UTC' }
  expect(isQuiet(noon, 'oversold', at('2026-01-15T12:30:00Z'))).toBe(true)
  expect(isQuiet(noon, 'oversold', at('2026-01-15T13:00:00Z'))).toBe(false)
  const midnight = at('2026-01-15T00:00:00Z')
  for (const none of [{ from: null }, { to: null }, { to: '22:00' }]) {
    expect(isQuiet({ ...night, ...none }, 'oversold', midnight)).toBe(false)
  }
  const waits = (exempt: QuietHours['exempt'], kind: 'oversold' | 'fork' | 'clone' | 'test'): boolean =>
    isQuiet({ ...night, exempt }, kind, midnight)
  expect([waits('oversold', 'oversold'), waits('oversold', 'fork')]).toEqual([false, true])
  expect([waits('fork', 'oversold'), waits('fork', 'fork'), waits('fork', 'clone')]).toEqual([true, false, false])
  expect([waits('oversold-and-fork', 'oversold'), waits('oversold-and-fork', 'fork')]).toEqual([false, false])
  expect(waits('none', 'test')).toBe(false)
})

test('a time zone is one that this machine knows', () => {
  expect(['Europe/Copenhagen', 'UTC', 'Europe/Nowhere', ''].map((zone) => isTimeZone(zone))).toEqual([
    true,
    true,
    false,
    false,
  ])
})

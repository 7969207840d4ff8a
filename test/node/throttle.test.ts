/** Work that is asked for often and done seldom. */
import { expect, test } from 'vitest'
import { Throttle } from '../../packages/node/src/node/throttle.ts'
import { ManualClock } from '../http/manual-clock.ts'

test('work asked for many times is done once in a pause, and once more for what was asked meanwhile', async () => {
  const clock = new ManualClock()
  let done = 0
  const throttle = new Throttle(
    clock,
    () => 100,
    () => {
      done += 1
    },
  )
  for (let times = 0; times < 50; times += 1) throttle.ask()
  expect([done, clock.timers]).toEqual([0, 1])
  clock.advance(100)
  await Promise.resolve()
  expect([done, clock.timers]).toEqual([1, 0])
  throttle.ask()
  clock.advance(99)
  expect(done).toBe(1)
  clock.advance(1)
  expect(done).toBe(2)
  throttle.ask()
  throttle.stop()
  clock.advance(1_000)
  expect([done, clock.timers]).toEqual([2, 0])
})

test('what was asked while the work is under way is done afterwards, never at the same time', async () => {
  const clock = new ManualClock()
  const running: (() => void)[] = []
  const pauses: number[] = []
  const throttle = new Throttle(
    clock,
    (tookMs) => {
      pauses.push(tookMs)
      return 10
    },
    () => new Promise((resolve) => void running.push(resolve)),
  )
  throttle.ask()
  clock.advance(10)
  throttle.ask()
  clock.advance(5_000)
  expect(running).toHaveLength(1)
  running[0]?.()
  await new Promise(setImmediate)
  expect(pauses).toEqual([0, 5_000])
  clock.advance(10)
  expect(running).toHaveLength(2)
})

/** Time that has passed, by clocks that are set back. */
import { expect, it } from 'vitest'
import { hasPassed } from '../../packages/protocol/src/elapsed.ts'

it.each([
  ['not yet', 1_249, false],
  ['to the millisecond', 1_250, true],
  ['long ago', 9_000, true],
  ['a clock that was set back since', 999, true],
])('%s', (_, now, passed) => {
  expect(hasPassed(250, 1_000, now)).toBe(passed)
})

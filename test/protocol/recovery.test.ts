/**
 * When a node that came out of a backup may read its shop, and when it may write to it.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  limits,
  mayList,
  type RecoveryFacts,
  type RecoveryState,
  stepRecovery,
} from '../../packages/protocol/src/index.ts'

const nobodyYet: RecoveryFacts = { others: 2, heard: 0, aloneMs: 0, followed: false, caughtUp: true }

it('waits for a member, reads its shop when one has answered, and ends when feed and members are caught up with', () => {
  expect(stepRecovery('waiting', nobodyYet)).toEqual({ state: 'waiting', alone: false })
  const answered = { ...nobodyYet, heard: 1, caughtUp: false }
  expect(stepRecovery('waiting', answered)).toEqual({ state: 'reading', alone: false })
  expect(stepRecovery('reading', answered).state).toBe('reading')
  expect(stepRecovery('reading', { ...answered, followed: true }).state).toBe('reading')
  expect(stepRecovery('reading', { ...answered, caughtUp: true }).state).toBe('reading')
  expect(stepRecovery('reading', { ...answered, followed: true, caughtUp: true })).toEqual({
    state: 'over',
    alone: false,
  })
})

it('does not wait in a network of one', () => {
  const one = { ...nobodyYet, others: 0 }
  expect(stepRecovery('waiting', one)).toEqual({ state: 'reading', alone: false })
  expect(stepRecovery('reading', { ...one, followed: true })).toEqual({ state: 'over', alone: false })
})

it('goes on alone after 60 s, and says so', () => {
  const alone = { ...nobodyYet, aloneMs: limits.recoveryAloneMsMax }
  expect(stepRecovery('waiting', { ...alone, aloneMs: alone.aloneMs - 1 }).state).toBe('waiting')
  expect(stepRecovery('waiting', alone)).toEqual({ state: 'reading', alone: true })
  expect(stepRecovery('reading', { ...alone, followed: true })).toEqual({ state: 'over', alone: true })
})

it('a member that answered and went before all was fetched is waited for as if it had not come', () => {
  const gone = { ...nobodyYet, followed: true, aloneMs: 5_000 }
  expect(stepRecovery('reading', gone).state).toBe('reading')
  expect(mayList(gone)).toBe(false)
})

it('never writes before the feed is read, and never goes back', () => {
  const order: readonly RecoveryState[] = ['waiting', 'reading', 'over']
  fc.assert(
    fc.property(
      fc.constantFrom(...order),
      fc.record({
        others: fc.nat(3),
        heard: fc.nat(3),
        aloneMs: fc.nat(120_000),
        followed: fc.boolean(),
        caughtUp: fc.boolean(),
      }),
      (state, facts) => {
        const next = stepRecovery(state, facts)
        expect(order.indexOf(next.state)).toBeGreaterThanOrEqual(order.indexOf(state))
        if (state !== 'over' && next.state === 'over') {
          expect([state, facts.followed]).toEqual(['reading', true])
          expect(next.alone || facts.others === 0 || facts.caughtUp).toBe(true)
        }
      },
    ),
  )
})

/**
 * How the node stands with its shop is told by two kinds of calls: one that works does not hide one that fails.
 */
import { expect, test } from 'vitest'
import { ShopHealth } from '../../packages/node/src/shop-sync/health.ts'

function openHealth(): { health: ShopHealth; clock: { at: number }; changes: () => number } {
  const clock = { at: 1_000 }
  let changes = 0
  const health = new ShopHealth({ now: () => clock.at }, () => {
    changes += 1
  })
  return { health, clock, changes: () => changes }
}

test('a shop that can be read but takes no adjustment is out of reach, since the first call that failed', () => {
  const { health, clock, changes } = openHealth()
  health.succeed('read')
  health.fail('adjust', 'shop-error', 'The shop answers with an error (HTTP 500).')
  clock.at = 2_000
  health.succeed('read')
  expect(health.state).toBe('unreachable')
  expect(health.failure).toMatchObject({ code: 'shop-error', since: 1_000 })
  health.fail('adjust', 'shop-error', 'The shop answers with an error (HTTP 500).')
  expect(health.failure?.since).toBe(1_000)
  // A failure that goes on is no news.
  expect(changes()).toBe(1)
  health.succeed('adjust')
  expect(health.state).toBe('connected')
})

test('an adjustment that turned out to be made is not waited for', () => {
  const { health } = openHealth()
  health.fail('adjust', 'shop-unreachable', 'The shop does not answer.')
  health.forget('adjust')
  expect(health.failure).toBeNull()
  expect(health.lastContactAt).toBeNull()
})

test('of two calls that fail the one that began first is told, then the other', () => {
  const { health, clock } = openHealth()
  health.fail('read', 'shop-unreachable', 'The shop does not answer.')
  clock.at = 3_000
  health.fail('adjust', 'key-rejected', 'The shop does not accept the key.')
  expect(health.failure).toMatchObject({ code: 'shop-unreachable', since: 1_000 })
  health.succeed('read')
  expect(health.failure).toMatchObject({ code: 'key-rejected', since: 3_000 })
})

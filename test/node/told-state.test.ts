/** What is news to a reader of `/events`, and how seldom numbers that always move are told. */
import type { ImportAnswer, MemberStatus, ProblemItem } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { memberNumbersMs, ToldImport, ToldMembers, ToldProblems } from '../../packages/node/src/node/told-state.ts'
import { importAnswer } from '../http/fake-node.ts'

const member: MemberStatus = {
  id: 'se',
  name: 'Butik SE',
  url: 'https://se.example',
  self: false,
  online: true,
  lastContactAt: '2026-03-01T12:00:00Z',
  behind: 0,
  release: '0.1.0',
  clockAheadMs: 3,
  import: { state: 'done', done: 10, total: 10 },
  shopState: 'connected',
}

test('a member is told of at once when it goes or is renamed, and seldom when only its numbers move', () => {
  const told = new ToldMembers()
  const at = (now: number, change: Partial<MemberStatus>): unknown => {
    const { items, withheld } = told.news([{ ...member, ...change }], now)
    return items.length > 0 ? change : withheld
  }
  expect(at(0, {})).toEqual({})
  expect(at(1_000, { lastContactAt: null, clockAheadMs: 400 })).toBe(false)
  expect(at(2_000, { behind: 4 })).toBe(true)
  expect(at(3_000, { behind: 0 })).toBe(false)
  expect(at(4_000, { online: false, behind: 1 })).toEqual({ online: false, behind: 1 })
  expect(at(5_000, { online: false, behind: 2 })).toBe(true)
  expect(at(4_000 + memberNumbersMs, { online: false, behind: 2 })).toEqual({ online: false, behind: 2 })
  expect(told.news([], 60_000).items).toMatchObject([{ id: 'se', left: true, online: false }])
  expect(told.news([], 61_000).items).toEqual([])
})

test('a problem is told of when it appears, when it changes and once when it is gone', () => {
  const problem = { id: 'p', version: 1, kind: 'oversold', count: 1 } as ProblemItem
  const told = new ToldProblems()
  expect(told.news([problem])).toMatchObject([{ id: 'p', version: 1, solved: false }])
  expect(told.news([problem])).toEqual([])
  expect(told.news([{ ...problem, version: 2, count: 3 }])).toMatchObject([{ version: 2, count: 3, solved: false }])
  expect(told.news([])).toMatchObject([{ id: 'p', version: 2, count: 3, solved: true }])
  expect(told.news([])).toEqual([])
})

test('an import is told of when it moves, and not because its rate falls while it waits', () => {
  const told = new ToldImport()
  const running: ImportAnswer = importAnswer('running', 3, 10)
  expect(told.news(running)).toBe(running)
  expect(told.news({ ...running, ratePerSecond: 1 })).toBeNull()
  expect(told.news({ ...running, done: 4 })).toMatchObject({ done: 4 })
})

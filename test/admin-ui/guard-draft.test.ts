/** The form of the partition guard: what is sent of it, and the shares that it shows. */
import type { GuardAnswer } from '@stockmesh/protocol/api'
import { describe, expect, it } from 'vitest'
import {
  createGuardDraft,
  guardChange,
  secondsToChoose,
  shareOf,
} from '../../packages/admin-ui/src/admin/guard-draft.ts'

const answer: GuardAnswer = {
  on: true,
  outOfReachSeconds: 90,
  shares: 'sales',
  weights: [{ member: 'M', weight: 9_000 }],
  closed: [],
  unheard: [],
  outOfReach: [],
  shownPercent: null,
}

describe('the form of the partition guard', () => {
  it('sends weights only where a person sets them, those of a member without one too', () => {
    const draft = createGuardDraft(answer, ['M', 'E'])
    expect(guardChange(draft)).toEqual({ on: true, outOfReachSeconds: 90, shares: 'sales' })
    draft.shares.value = 'set'
    expect(guardChange(draft)).toMatchObject({ shares: 'set', weights: { M: 9_000, E: 1 } })
  })

  it('offers the time that holds now, in its place among the usual ones', () => {
    expect(secondsToChoose(90).slice(1, 4)).toEqual([60, 90, 120])
    expect(secondsToChoose(60)).toEqual([30, 60, 120, 300, 900, 3_600])
  })

  it('shows no share where nothing, or nothing whole, is typed', () => {
    expect(shareOf(3, [3, 1])).toBe(0.75)
    expect(shareOf(0, [0, 0])).toBe(0)
    expect(shareOf(Number('x'), [Number('x'), 1])).toBe(0)
  })
})

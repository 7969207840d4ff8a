/** What becomes of a number that changed while its shop was paused. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shownLevel } from '../../packages/protocol/src/reconcile.ts'
import { type PausedSku, resume, type Resumption } from '../../packages/protocol/src/resume.ts'
import { check } from './arbitraries.ts'

const sold5: PausedSku = { reading: 65, shadow: 70, adjusting: 0, explained: false, choice: 'network' }

describe('resuming', () => {
  it.each<[string, Partial<PausedSku>, Resumption]>([
    ['SCENARIO 35: a feed tells of the five that were sold', { explained: true }, { type: 'follow', difference: -5 }],
    [
      'with a feed the choice decides nothing',
      { explained: true, choice: 'count-in' },
      { type: 'follow', difference: -5 },
    ],
    ['SCENARIO 35: without one the network keeps its 70', {}, { type: 'take', difference: -5 }],
    ['SCENARIO 35: or the five are counted in', { choice: 'count-in' }, { type: 'count', difference: -5 }],
    ['goods came in', { reading: 82, choice: 'count-in' }, { type: 'count', difference: 12 }],
    ['nothing changed', { reading: 70, choice: 'count-in' }, { type: 'nothing' }],
    ['the open adjustment was made', { reading: 67, adjusting: -3, choice: 'count-in' }, { type: 'nothing' }],
    ['the open adjustment was not made', { reading: 70, adjusting: -3, choice: 'count-in' }, { type: 'nothing' }],
    ['it was made, and two were sold', { adjusting: -3, choice: 'count-in' }, { type: 'count', difference: -2 }],
    ['not tracked any more', { reading: null, choice: 'count-in' }, { type: 'nothing' }],
    ['tracked again', { shadow: null, choice: 'count-in' }, { type: 'nothing' }],
  ])('%s', (_, changed, expected) => {
    expect(resume({ ...sold5, ...changed })).toEqual(expected)
  })

  const units = fc.integer({ min: -1_000, max: 1_000 })
  const buffer = fc.integer({ min: 0, max: 10 })

  it('whatever others sold meanwhile: counting in publishes the shop’s own change, and only theirs is still to be applied', () => {
    check(
      fc.property(units, units, units, buffer, (before, here, elsewhere, held) => {
        const shown = (level: number): number =>
          shownLevel({ level, buffer: held, floor: null, ceiling: null, withheld: 0, offset: 0 })
        const shadow = shown(before)
        const paused = { reading: shadow + here, shadow, adjusting: 0, explained: false } as const
        const counted = resume({ ...paused, choice: 'count-in' })
        const published = counted.type === 'count' ? counted.difference : 0
        expect(published).toBe(here)
        // What is then applied here is what the others sold, and nothing of our own a second time.
        expect(shown(before + elsewhere + published) - paused.reading).toBe(elsewhere)
        expect(resume({ ...paused, choice: 'network' }).type).not.toBe('count')
      }),
    )
  })
})

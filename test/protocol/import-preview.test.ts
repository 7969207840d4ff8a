/** What an import will do is told before it does it, and holds until more than sales has changed. */
import { describe, expect, test } from 'vitest'
import * as fc from 'fast-check'
import {
  isPreviewStale,
  isSameChange,
  noOtherChange,
  otherwiseChanged,
  type PreviewBasis,
  previewSku,
  type Situation,
} from '../../packages/protocol/src/index.ts'

const known: Situation = {
  rows: 1,
  shadow: 7,
  fault: null,
  offset: 0,
  intentOpen: false,
  level: 100,
  elsewhere: 'known',
  dropped: false,
  leftOut: false,
  buffer: 0,
  floor: 0,
  ceiling: null,
  withheld: 0,
  writable: false,
}

describe('what the import will do to one SKU', () => {
  test('a SKU that both know takes what the network shows here: the level less the buffer, not below none', () => {
    expect(previewSku(known)).toEqual({ type: 'matched', from: 7, to: 100 })
    expect(previewSku({ ...known, buffer: 3 })).toEqual({ type: 'matched', from: 7, to: 97 })
    expect(previewSku({ ...known, level: -2 })).toEqual({ type: 'matched', from: 7, to: 0 })
    expect(previewSku({ ...known, level: -2, floor: null })).toEqual({ type: 'matched', from: 7, to: -2 })
    expect(previewSku({ ...known, level: 7 })).toEqual({ type: 'matched', from: 7, to: 7 })
  })

  test('a SKU that no other shop has, or that all of them dropped, keeps this shop’s number', () => {
    expect(previewSku({ ...known, level: null, elsewhere: 'unknown' })).toEqual({ type: 'only-here' })
    expect(previewSku({ ...known, dropped: true })).toEqual({ type: 'only-here' })
  })

  test.each<[string, Partial<Situation>]>([
    ['stands twice', { rows: 2 }],
    ['is not tracked', { shadow: null }],
    ['cannot be read', { fault: 'stock-fraction' }],
    ['has a number that is still on the way', { level: null }],
  ])('a SKU that %s is left out', (_why, change) => {
    expect(previewSku({ ...known, ...change })).toEqual({ type: 'left-out' })
  })
})

describe('whether what was seen still holds', () => {
  const before: PreviewBasis = { shop: 7, level: 100 }

  test('sales anywhere, and a movement that comes after its change, change nothing that a person decides on', () => {
    const sale = otherwiseChanged(noOtherChange, before, { shop: 6, level: 97 }, { here: -1, everywhere: -3 })
    expect(sale).toEqual(noOtherChange)
    const unexplained = otherwiseChanged(noOtherChange, before, { shop: 7, level: 98 }, { here: 0, everywhere: 0 })
    expect(unexplained).toEqual({ shop: 0, level: -2, facts: 0 })
    const later = { shop: 7, level: 98 }
    expect(otherwiseChanged(unexplained, later, later, { here: 0, everywhere: -2 })).toEqual(noOtherChange)
  })

  test('a number that comes or goes is a change, and so is one back', () => {
    const gone = otherwiseChanged(noOtherChange, before, { shop: null, level: 100 }, { here: 0, everywhere: 0 })
    expect(gone).toEqual({ shop: 0, level: 0, facts: 1 })
    const back = otherwiseChanged(gone, { shop: null, level: 100 }, before, { here: 0, everywhere: 0 })
    expect(isSameChange(back, noOtherChange)).toBe(false)
  })

  test('any sales beside any other changes: exactly the others are left', () => {
    const step = fc.record({ sold: fc.integer({ min: -9, max: 9 }), other: fc.integer({ min: -9, max: 9 }) })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let [change, now] = [noOtherChange, before]
        for (const { sold, other } of steps) {
          const next = { shop: (now.shop ?? 0) + sold, level: (now.level ?? 0) + sold + other }
          change = otherwiseChanged(change, now, next, { here: sold, everywhere: sold })
          now = next
        }
        expect(change).toEqual({ shop: 0, level: steps.reduce((sum, { other }) => sum + other, 0), facts: 0 })
      }),
    )
  })

  test('one in a hundred may change, and no more', () => {
    expect(isPreviewStale(48, 4_800)).toBe(false)
    expect(isPreviewStale(49, 4_800)).toBe(true)
    expect(isPreviewStale(1, 60)).toBe(true)
    expect(isPreviewStale(0, 0)).toBe(false)
  })
})

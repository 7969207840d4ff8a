/** Which shop moved a level: the moves of a batch add up to what the level changed by, whatever came in it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Applied } from '../../packages/protocol/src/holdings.ts'
import { type Issued, levelOf, noRecords, type SkuRecords } from '../../packages/protocol/src/level.ts'
import { levelMoves } from '../../packages/protocol/src/level-moves.ts'
import type { StockRecord } from '../../packages/protocol/src/record.ts'
import { anyHistory, baseline, check, keyOf, ridAt, shopAt, totals } from './arbitraries.ts'
import { findRecord, mergeRecord } from './record-model.ts'

const key = keyOf('a')
const [M, E] = [ridAt(shopAt(1)), ridAt(shopAt(2))] as const

function apply(held: SkuRecords, batch: readonly Issued<StockRecord>[]): { held: SkuRecords; applied: Applied[] } {
  const applied: Applied[] = []
  let after = held
  for (const { rid, record } of batch) {
    const before = findRecord(after, rid, record.kind)?.record ?? null
    if (before !== null && before.seq >= record.seq) continue
    after = mergeRecord(after, { rid, record })
    applied.push({ held: { rid, record, bytes: new Uint8Array() }, before, beforeBytes: null })
  }
  return { held: after, applied }
}

describe('the moves of a batch', () => {
  it('add up to what the level changed by', () => {
    check(
      fc.property(anyHistory, fc.nat(40), (history, at) => {
        const { held: before } = apply(noRecords, history.slice(0, at))
        const { held, applied } = apply(before, history.slice(at))
        const moved = levelMoves(key, held, applied).reduce((sum, { units }) => sum + units, 0)
        expect(moved).toBe((levelOf(held) ?? 0) - (levelOf(before) ?? 0))
      }),
    )
  })

  it('are a sale of one shop and a count of another, each under its own name', () => {
    const { held: before } = apply(noRecords, [{ rid: M, record: baseline(1, 10) }])
    const count = baseline(3, 7, { kind: 'count', stamp: 5, covers: [{ rid: E, seq: 1, net: -1 }] })
    const { held, applied } = apply(before, [
      { rid: E, record: totals(1, 0, 1) },
      { rid: M, record: count },
    ])
    expect(levelMoves(key, held, applied)).toEqual([
      { key, rid: E, seq: 1, units: -1 },
      { key, rid: M, seq: 3, units: -2 },
    ])
  })

  it('are none where a count that covers it was heard of first', () => {
    const count = baseline(3, 7, { kind: 'count', stamp: 5, covers: [{ rid: E, seq: 1, net: -1 }] })
    const { held: before } = apply(noRecords, [{ rid: M, record: count }])
    const { held, applied } = apply(before, [{ rid: E, record: totals(1, 0, 1) }])
    expect(levelMoves(key, held, applied)).toEqual([])
  })
})

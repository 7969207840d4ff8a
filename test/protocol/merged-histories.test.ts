/** Merging two histories of a replica is a join: any order, any number of times, the same bytes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergedSeqBase } from '../../packages/protocol/src/limits.ts'
import { isMerged, mergeHistories } from '../../packages/protocol/src/merged-histories.ts'
import type { StockRecord } from '../../packages/protocol/src/record.ts'
import { baseline, check, keyOf, listed, ridAt, shopAt, totals } from './arbitraries.ts'

const rid = ridAt(shopAt(1))
const small = fc.integer({ min: 0, max: 9 })
const key = fc.constantFrom('a', 'b', 'c')
const anyRecord: fc.Arbitrary<StockRecord> = fc.oneof(
  fc.tuple(key, small, small).map(([of, added, removed]) => totals(1, added, removed, of)),
  fc.tuple(key, small).map(([of, quantity]) => baseline(1, quantity, {}, keyOf(of))),
  fc.tuple(key, fc.boolean(), small).map(([of, value, stamp]) => listed(1, value, stamp, keyOf(of))),
)
/** What one history came to: a record of each SKU and kind at most. */
const anyHistory = fc
  .array(anyRecord, { maxLength: 8 })
  .map((records) => [...new Map(records.map((record) => [`${record.kind} ${record.key}`, record])).values()])

const contents = (records: readonly { readonly record: StockRecord }[]): StockRecord[] =>
  records.map(({ record }) => record)

describe('merging', () => {
  it('does not depend on the order in which histories meet, nor on how often', () => {
    check(
      fc.property(anyHistory, anyHistory, anyHistory, (a, b, c) => {
        const ab = mergeHistories(rid, [a, b])
        const { doubtful: _, ...abTold } = ab
        expect(mergeHistories(rid, [b, a])).toMatchObject(abTold)
        const left = mergeHistories(rid, [contents(ab.records), c])
        const right = mergeHistories(rid, [a, contents(mergeHistories(rid, [b, c]).records)])
        expect([left.records, left.high]).toEqual([right.records, right.high])
        const again = mergeHistories(rid, [contents(ab.records), b])
        expect(again.records).toEqual(ab.records)
      }),
    )
  })

  it('never makes a total smaller, and names the SKUs of which something may be lost', () => {
    const a = [totals(5, 4, 7, 'a'), totals(6, 1, 1, 'b')]
    const b = [totals(5, 6, 2, 'a'), totals(4, 1, 1, 'b'), totals(6, 9, 0, 'c')]
    const merged = mergeHistories(rid, [a, b])
    expect(contents(merged.records)).toMatchObject([
      { key: 'a', added: 6, removed: 7 },
      { key: 'b', added: 1, removed: 1 },
      { key: 'c', added: 9, removed: 0 },
    ])
    expect(merged.doubtful).toEqual(['a'])
    expect([isMerged(merged.high), isMerged(mergedSeqBase)]).toEqual([true, false])
  })
})

/** History: the lines of a SKU always add up to its totals, whatever was skipped on the way. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyIssued, applyReceived, claimOf, createHoldings } from '../../packages/protocol/src/holdings.ts'
import { historyOf } from '../../packages/protocol/src/history.ts'
import { movementsPerRecordMax } from '../../packages/protocol/src/limits.ts'
import { encodeMovement, type Movement } from '../../packages/protocol/src/movement.ts'
import { encodeRecord, type StockRecord, type TotalsRecord } from '../../packages/protocol/src/record.ts'
import type { ReceivedRecord } from '../../packages/protocol/src/replication-step.ts'
import { baseline, check, keyOf, listed, ridAt, shopAt, totals } from './arbitraries.ts'

const shop = shopAt(1)
const rid = ridAt(shop)
const sale = (delta: number): Movement => ({
  delta,
  cause: 'sale',
  reference: null,
  at: 1_000,
  levelBefore: null,
  levelAfter: null,
})

function historyFor(record: StockRecord, before: StockRecord | null, movements: readonly Uint8Array[]) {
  return historyOf({ held: { rid, record, bytes: encodeRecord(record), movements }, before }, 5_000)
}

const deltas = (lines: ReturnType<typeof historyFor>): number[] => lines.map(({ movement }) => movement.delta)

describe('history', () => {
  it('adds up to the totals for any loss of records and movements in between', () => {
    const commit = fc.record({
      changes: fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 40 }),
      arrives: fc.boolean(),
    })
    check(
      fc.property(fc.array(commit, { maxLength: 12 }), (commits) => {
        const [origin, receiver] = [createHoldings(), createHoldings()]
        let record: TotalsRecord = totals(1, 0, 0)
        let waiting: ReceivedRecord[] = []
        let sum = 0
        let seq = 0
        for (const [index, { changes, arrives }] of commits.entries()) {
          seq += 1
          const up = changes.reduce((all, delta) => all + Math.max(0, delta), 0)
          const down = changes.reduce((all, delta) => all + Math.max(0, -delta), 0)
          record = totals(seq, record.added + up, record.removed + down)
          const movements = changes.map((delta) => encodeMovement(sale(delta))).slice(-movementsPerRecordMax)
          applyIssued(origin, rid, [{ record, movements }], seq)
          // A record that did not arrive was replaced by the next one before it was asked for.
          waiting = [...(index % 2 === 0 ? waiting : []), { record, bytes: encodeRecord(record), movements }]
          if (!arrives) continue
          const applied = applyReceived(receiver, rid, waiting, claimOf(origin, rid), false)
          expect(applied.ok).toBe(true)
          for (const one of applied.ok ? applied.value : []) {
            for (const line of historyOf(one, 5_000)) sum += line.movement.delta
          }
          waiting = []
          expect(sum).toBe(record.added - record.removed)
        }
      }),
    )
  })

  it('tells the movements as they were, and nothing more where they explain all', () => {
    const movements = [sale(-2), sale(5)].map(encodeMovement)
    const lines = historyFor(totals(9, 15, 2), totals(4, 10, 0), movements)
    expect(lines).toEqual([sale(-2), sale(5)].map((movement) => ({ shop, rid, key: keyOf('a'), movement })))
  })

  it('puts what was skipped first, dated no later than what is told', () => {
    const lines = historyFor(totals(9, 15, 2), totals(4, 10, 0), [encodeMovement(sale(-2))])
    expect(deltas(lines)).toEqual([5, -2])
    expect(lines[0]?.movement).toMatchObject({ cause: 'catch-up', at: 1_000, reference: null, levelAfter: null })
  })

  it('takes a movement that cannot be read for one that was skipped, at the time it was learned', () => {
    const lines = historyFor(totals(1, 0, 3), null, [new Uint8Array([255, 255])])
    expect(lines.map(({ movement }) => [movement.delta, movement.at])).toEqual([[-3, 5_000]])
  })

  it('says when the movements tell more than the totals', () => {
    expect(deltas(historyFor(totals(1, 0, 3), null, [encodeMovement(sale(-5))]))).toEqual([2, -5])
  })

  it('of baselines and listings there is none', () => {
    expect(historyFor(baseline(1, 100), null, [encodeMovement(sale(-5))])).toEqual([])
    expect(historyFor(listed(1, true, 1), null, [])).toEqual([])
  })
})

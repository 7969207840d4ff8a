/** The fold of a shop's feed: what counts, and that it does not matter how the rows were cut into reads. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedKind, FeedRow } from '../../packages/protocol/src/feed.ts'
import { addChange, localChange } from '../../packages/protocol/src/fold.ts'
import {
  applyIssued,
  claimOf,
  createHoldings,
  type Holdings,
  readHoldings,
  totalsOf,
} from '../../packages/protocol/src/holdings.ts'
import { deltaUnitsMax } from '../../packages/protocol/src/limits.ts'
import type { TotalsRecord } from '../../packages/protocol/src/record.ts'
import type { SkuKey } from '../../packages/protocol/src/sku.ts'
import { check, keyOf, ridAt, shopAt } from './arbitraries.ts'
import { recordHashes } from '../../packages/node/src/record-hashes.ts'

const rid = ridAt(shopAt(1))
const ordinary: FeedRow = {
  id: 7,
  tag: '0'.repeat(16),
  at: 1_000,
  kind: 'sale',
  stockId: '1',
  sku: ' ABC ',
  unique: true,
  delta: -2,
  stock: 38,
  reference: '1001',
  opId: null,
  row: null,
}

const counting: readonly FeedKind[] = ['sale', 'cancel', 'return', 'manual']
const silent: readonly FeedKind[] = ['adjust', 'attached', 'row', 'deleted']

const anyRows: fc.Arbitrary<readonly FeedRow[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...counting, ...counting, ...silent),
      sku: fc.constantFrom('a', 'A', 'b', 'c', null, '', '\ud83d'),
      unique: fc.constantFrom(true, true, true, false),
      delta: fc.integer({ min: -5, max: 5 }),
      stock: fc.constantFrom(1, 2, 3, null),
    }),
    { maxLength: 40 },
  )
  .map((rows) => rows.map((row, index) => ({ ...ordinary, ...row, id: index + 1 })))

/** Folds rows as a node reads them: one commit for each read, one record for each SKU in it. */
function fold(rows: readonly FeedRow[], rowsPerRead: () => number): Holdings {
  const holdings = createHoldings(recordHashes)
  let position = 0
  while (position < rows.length) {
    const read = rows.slice(position, position + rowsPerRead())
    position += read.length
    const records = new Map<SkuKey, TotalsRecord>()
    let high = 0
    for (const row of read) {
      const change = localChange(row)
      if (change === null) continue
      high = change.seq
      const before = records.get(change.key) ?? totalsOf(holdings, rid, change.key)
      records.set(change.key, addChange(before, change))
    }
    const issued = [...records.values()].sort((a, b) => a.seq - b.seq)
    if (issued.length > 0) applyIssued(holdings, rid, issued, high)
  }
  return holdings
}

function content(holdings: Holdings): unknown {
  const all = readHoldings(holdings, () => false)(rid, 0, { records: 1_000, bytes: 1_000_000 })
  return { claim: claimOf(holdings, rid), records: all?.records }
}

describe('the fold', () => {
  it('gives the same records, claim and digest for any cut into reads', () => {
    check(
      fc.property(anyRows, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (rows, sizes) => {
        const cut = fold(rows, () => sizes.next().value ?? 1)
        expect(content(cut)).toEqual(content(fold(rows, () => 1)))
        expect(content(cut)).toEqual(content(fold(rows, () => 1_000)))
      }),
    )
  })

  it('adds up to the rows that count, and to nothing else', () => {
    check(
      fc.property(anyRows, (rows) => {
        const holdings = fold(rows, () => 3)
        for (const key of ['a', 'b', 'c'].map(keyOf)) {
          const counted = rows.filter(
            ({ kind, sku, unique, stock }) =>
              counting.includes(kind) && sku?.toLowerCase() === key && unique && stock !== null,
          )
          const record = totalsOf(holdings, rid, key)
          expect((record?.added ?? 0) - (record?.removed ?? 0)).toBe(counted.reduce((sum, { delta }) => sum + delta, 0))
          const moving = counted.filter(({ delta }) => delta !== 0)
          expect(record?.seq ?? null).toBe(moving.at(-1)?.id ?? null)
        }
        expect([...holdings.skus.keys()].every((key) => ['a', 'b', 'c'].includes(key))).toBe(true)
      }),
    )
  })
})

describe('a row', () => {
  it.each(counting)('of kind %s counts, under the key of its SKU', (kind) => {
    expect(localChange({ ...ordinary, kind })).toEqual({
      key: 'abc',
      seq: 7,
      at: 1_000,
      delta: -2,
      cause: kind,
      reference: '1001',
    })
  })

  it.each(silent)('of kind %s never counts', (kind) => {
    expect(localChange({ ...ordinary, kind })).toBeNull()
  })

  it.each<[string, Partial<FeedRow>]>([
    ['that moves nothing', { delta: 0 }],
    ['of untracked stock', { stock: null }],
    ['of a SKU that stands twice', { unique: false }],
    ['without a SKU', { sku: null }],
    ['with a blank SKU', { sku: ' ' }],
    ['with a SKU that is too long', { sku: 'a'.repeat(501) }],
    ['over the largest change', { delta: deltaUnitsMax + 1 }],
    ['under the largest change', { delta: -deltaUnitsMax - 1 }],
  ])('%s does not count', (_what, change) => {
    expect(localChange({ ...ordinary, ...change })).toBeNull()
  })

  it('at the largest change counts', () => {
    expect(localChange({ ...ordinary, delta: -deltaUnitsMax })?.delta).toBe(-deltaUnitsMax)
  })
})

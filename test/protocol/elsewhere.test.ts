/** A number that is waited for, and one that will never come. */
import { describe, expect, it } from 'vitest'
import { elsewhereOf } from '../../packages/protocol/src/elsewhere.ts'
import type { Rid } from '../../packages/protocol/src/ids.ts'
import { type Issued, noRecords, type SkuRecords } from '../../packages/protocol/src/level.ts'
import type { ListedRecord } from '../../packages/protocol/src/record.ts'
import { listed, ridAt, shopAt } from './arbitraries.ts'

const [self, member, gone] = [shopAt(1), shopAt(2), shopAt(3)]

function listing(rid: Rid, value: boolean): Issued<ListedRecord> {
  return { rid, record: listed(1, value, 1) }
}

function held(...records: readonly Issued<ListedRecord>[]): SkuRecords {
  return { ...noRecords, listed: records }
}

function asked(records: SkuRecords, inStep = true): string {
  return elsewhereOf(records, self, { members: () => [self, member], inStepWithAll: () => inStep })
}

describe('a SKU without a number here', () => {
  it('is known to nobody else where no other shop ever sold it', () => {
    expect(asked(held())).toBe('unknown')
    expect(asked(held(listing(ridAt(self), true)))).toBe('unknown')
    expect(asked(held(listing(ridAt(member), false)))).toBe('unknown')
  })

  it('waits for the number of a member that sells it', () => {
    expect(asked(held(listing(ridAt(member), true)))).toBe('known')
    expect(asked(held(listing(ridAt(gone), true), listing(ridAt(member), true)))).toBe('known')
  })

  it('waits no more where only a shop that is out sold it, and every member has said all that it holds', () => {
    expect(asked(held(listing(ridAt(gone), true)))).toBe('gone')
    expect(asked(held(listing(ridAt(gone), true), listing(ridAt(member), false)))).toBe('gone')
  })

  it('waits as long as a member may hold the number', () => {
    expect(asked(held(listing(ridAt(gone), true)), false)).toBe('known')
  })
})

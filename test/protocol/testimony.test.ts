/**
 * Testimonies: what several histories of a replica come to, shown as its shop signed each of them. Whoever changes,
 * leaves out or makes up a byte of it is found out, and the order in which they meet is nothing.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordHashes } from '../../packages/node/src/record-hashes.ts'
import {
  applyIssued,
  applyMerged,
  claimOf,
  createHoldings,
  type Holdings,
  isProof,
  mergeTestimonies,
  testimoniesOf,
} from '../../packages/protocol/src/holdings.ts'
import { chunkRecordsMax, mergedSeqBase } from '../../packages/protocol/src/limits.ts'
import type { StockRecord } from '../../packages/protocol/src/record.ts'
import { encodeRecord } from '../../packages/protocol/src/record.ts'
import {
  isFork,
  joinTestimonies,
  newestRecords,
  recordsIn,
  type Sheet,
  sheetsOf,
  takeTestimonies,
  type Testimony,
} from '../../packages/protocol/src/testimony.ts'
import { check, ridAt, shopAt, totals } from './arbitraries.ts'
import { isStandInSigned, standInSignature } from './stand-in-signature.ts'

const rid = ridAt(shopAt(1))

/** Holdings of one history: each change is of one SKU, and adds to it. */
function historyOf(changes: readonly (readonly [sku: string, units: number])[]): Holdings {
  const holdings = createHoldings(recordHashes)
  const added = new Map<string, number>()
  for (const [index, [sku, units]] of changes.entries()) {
    added.set(sku, (added.get(sku) ?? 0) + units)
    applyIssued(holdings, rid, [totals(index + 1, added.get(sku) ?? 0, 0, sku)], index + 1)
  }
  holdings.sign(rid, standInSignature(rid, claimOf(holdings, rid)))
  return holdings
}

const testimonyOf = (...changes: (readonly [string, number])[]): Testimony => {
  const [testimony] = testimoniesOf(historyOf(changes), rid)
  if (testimony === undefined) throw new Error('a history is signed')
  return testimony
}

const take = (sheets: readonly Sheet[]): ReturnType<typeof takeTestimonies> =>
  takeTestimonies(rid, sheets, recordHashes, isStandInSigned)

const contents = (testimonies: readonly Testimony[]): StockRecord[][] =>
  testimonies.map((one) => [...recordsIn(one)].map(({ record }) => record))

const anyChanges = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 5 })), {
  minLength: 1,
  maxLength: 8,
})
const anyTestimony = anyChanges.map((changes) => testimonyOf(...changes))

describe('taking testimonies', () => {
  it('gives back what was shown, of any number of pages', () => {
    const many = Array.from({ length: 2 * chunkRecordsMax + 1 }, (_, index) => [`sku-${index}`, 1] as const)
    const shown = [testimonyOf(...many), testimonyOf(['a', 1], ['b', 2])]
    const sheets = sheetsOf(shown)
    expect(sheets.map((sheet) => sheet.length)).toEqual([1, chunkRecordsMax, chunkRecordsMax, 1, 1, 2])
    expect(take(sheets)).toEqual({ ok: true, value: shown })
  })

  it('takes nothing that the shop did not sign', () => {
    const [head, page] = sheetsOf([testimonyOf(['a', 1], ['b', 2])]) as [Sheet, Sheet]
    const other = sheetsOf([testimonyOf(['a', 7])]) as [Sheet, Sheet]
    const more = encodeRecord(totals(2, 502, 0, 'b'))
    const first = page[0] ?? more
    const unsigned = (head[0] ?? more).slice()
    unsigned[unsigned.length - 2] = (unsigned[unsigned.length - 2] ?? 0) ^ 1
    const cases: Record<string, readonly Sheet[]> = {
      'a total changed': [head, [first, more]],
      'a record left out': [head, [first]],
      'a record twice': [head, [first, ...page]],
      'records out of order': [head, page.toReversed()],
      'the records of another history': [head, other[1]],
      'another signature': [[unsigned], page],
      'no page': [head],
      'no head': [page],
      nothing: [],
      'a page that is none': [head, [new Uint8Array([9])]],
    }
    const codes = Object.entries(cases).map(([name, sheets]) => {
      const taken = take(sheets)
      return [name, taken.ok ? 'taken' : taken.code]
    })
    expect(Object.fromEntries(codes)).toEqual({
      'a total changed': 'digest-mismatch',
      'a record left out': 'digest-mismatch',
      'a record twice': 'malformed',
      'records out of order': 'malformed',
      'the records of another history': 'digest-mismatch',
      'another signature': 'claim-forged',
      'no page': 'malformed',
      'no head': 'malformed',
      nothing: 'malformed',
      'a page that is none': 'malformed',
    })
  })

  it('takes no merged claim for a history, also where somebody signed it', () => {
    const holdings = createHoldings(recordHashes)
    applyIssued(holdings, rid, [totals(mergedSeqBase + 1, 9, 0, 'a')], mergedSeqBase + 1)
    holdings.sign(rid, standInSignature(rid, claimOf(holdings, rid)))
    const claim = { ...claimOf(holdings, rid), signature: standInSignature(rid, claimOf(holdings, rid)) }
    const [page] = sheetsOf([testimonyOf(['a', 1])]).slice(1) as [Sheet]
    const pages = [...page]
    expect(pages).toHaveLength(1)
    const sheets = sheetsOf([{ claim, pages: testimonyOf(['a', 9]).pages }])
    expect(take(sheets)).toMatchObject({ ok: false, code: 'malformed' })
  })
})

it('what came in parts is told once, as it is in the end', () => {
  const received = [totals(2, 1, 0, 'a'), totals(3, 4, 0, 'b'), totals(7, 9, 0, 'a'), totals(5, 1, 0, 'c')].map(
    (record) => {
      return { record, bytes: encodeRecord(record) }
    },
  )
  expect(newestRecords(received).map(({ record }) => `${record.seq} ${record.key}`)).toEqual(['3 b', '5 c', '7 a'])
})

describe('joining testimonies', () => {
  it('does not depend on the order in which they meet, nor on how often, and loses nothing', () => {
    const some = fc.array(anyTestimony, { maxLength: 3 })
    check(
      fc.property(some, some, anyTestimony, (a, b, c) => {
        const ab = joinTestimonies(a, b)
        expect(contents(joinTestimonies(b, a))).toEqual(contents(ab))
        expect(contents(joinTestimonies(ab, b))).toEqual(contents(ab))
        const all = mergeTestimonies(recordHashes, rid, [...a, ...b, c]).claim
        expect(mergeTestimonies(recordHashes, rid, joinTestimonies(ab, [c])).claim).toEqual(all)
        expect(mergeTestimonies(recordHashes, rid, joinTestimonies(a, joinTestimonies(b, [c]))).claim).toEqual(all)
        if (isFork(a)) expect(isFork(joinTestimonies(a, [...b, c]))).toBe(true)
      }),
    )
  })

  it('leaves out the beginning of another, but for the proof', () => {
    const early = testimonyOf(['a', 1])
    const late = testimonyOf(['a', 1], ['b', 2], ['a', 3])
    const apart = testimonyOf(['a', 1], ['c', 2])
    const names = (testimonies: readonly Testimony[]): number[] => testimonies.map(({ claim }) => claim.high)
    expect(names(joinTestimonies([early, apart], [late]))).toEqual([2, 3])
    // Both of the first two may be what the third grew out of, and yet neither of the other.
    const [one, two] = [testimonyOf(['a', 1]), testimonyOf(['b', 1], ['b', 1])]
    const both = testimonyOf(['x', 1], ['x', 1], ['a', 2], ['b', 3], ['x', 1])
    expect(isFork([one, two])).toBe(true)
    expect(names(joinTestimonies([one, two], [both]))).toEqual([1, 2, 5])
  })

  it('gives every node the same records, and never a smaller total', () => {
    check(
      fc.property(anyTestimony, anyTestimony, (a, b) => {
        const nodes = [
          [a, b],
          [b, a],
        ].map((testimonies) => {
          const holdings = createHoldings(recordHashes)
          applyMerged(holdings, rid, mergeTestimonies(recordHashes, rid, joinTestimonies([], testimonies)))
          return holdings
        }) as [Holdings, Holdings]
        expect(claimOf(nodes[0], rid)).toEqual(claimOf(nodes[1], rid))
        expect(testimoniesOf(nodes[0], rid)).toEqual(testimoniesOf(nodes[1], rid))
        for (const { record } of [...recordsIn(a), ...recordsIn(b)]) {
          const held = nodes[0].find(rid, record.kind, record.key)?.record
          expect(held?.kind === 'totals' && record.kind === 'totals' && held.added >= record.added).toBe(true)
        }
      }),
    )
  })
})

describe('a fork', () => {
  it('is two histories of which none grew out of another, and never one alone', () => {
    const base = [
      ['a', 1],
      ['b', 2],
    ] as const
    const [begun, on, other] = [testimonyOf(...base), testimonyOf(...base, ['a', 3]), testimonyOf(...base, ['c', 1])]
    expect([isFork([]), isFork([on]), isFork([begun, on]), isFork([on, on])]).toEqual([false, false, false, false])
    expect([isFork([on, other]), isFork([begun, on, other])]).toEqual([true, true])
    expect(
      isProof(recordHashes, { rid, claim: mergeTestimonies(recordHashes, rid, [on]).claim, testimonies: [on] }),
    ).toBe(false)
    const testimonies = [on, other]
    const claim = mergeTestimonies(recordHashes, rid, testimonies).claim
    expect(isProof(recordHashes, { rid, claim, testimonies })).toBe(true)
    expect(isProof(recordHashes, { rid, claim: { ...claim, high: claim.high + 1 }, testimonies })).toBe(false)
  })
})

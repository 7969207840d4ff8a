/**
 * The digest of records: LtHash16 over SHAKE-256, against published vectors of the hash and a slow sum that is written
 * another way.
 */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordHashes } from '../../packages/node/src/record-hashes.ts'
import { digestOf, emptySum, replaceInSum, sumOf } from '../../packages/protocol/src/digest.ts'
import { check } from './arbitraries.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const anyRecords = fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 12 })
const rows = (records: readonly Uint8Array[]): { readonly bytes: Uint8Array }[] => records.map((bytes) => ({ bytes }))

/** Number by number, as the definition says. */
function slowSum(records: readonly Uint8Array[]): Uint8Array {
  const terms = records.map((record) => createHash('shake256', { outputLength: 2_048 }).update(record).digest())
  const sum = Buffer.alloc(2_048)
  for (let at = 0; at < 2_048; at += 2) {
    sum.writeUInt16LE(
      terms.reduce((total, term) => (total + term.readUInt16LE(at)) % 65_536, 0),
      at,
    )
  }
  return new Uint8Array(sum)
}

describe('the digest of records', () => {
  it('expands by SHAKE-256 as FIPS 202 has it', () => {
    // NIST, SHA3 example values and CAVP: the first 64 bytes of the output for no input.
    expect(hex(recordHashes.expand(new Uint8Array()).subarray(0, 64))).toBe(
      '46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762fd75dc4ddd8c0f200cb05019d67b592f6fc821c49479ab48640292eacb3b7c4be',
    )
    expect(recordHashes.expand(new Uint8Array([1])).length).toBe(recordHashes.sumBytes)
  })

  it('is the sum that the definition says, hashed', () => {
    check(
      fc.property(anyRecords, (records) => {
        expect(hex(sumOf(recordHashes, rows(records)))).toBe(hex(slowSum(records)))
        expect(hex(digestOf(recordHashes, rows(records)))).toBe(
          createHash('sha256').update(slowSum(records)).digest('hex'),
        )
      }),
      20,
    )
  })

  it('does not depend on the order, and what goes out again leaves nothing', () => {
    check(
      fc.property(anyRecords, anyRecords, (stay, go) => {
        const sum = emptySum(recordHashes)
        for (const record of [...go, ...stay].reverse()) replaceInSum(recordHashes, sum, null, record)
        for (const record of go) replaceInSum(recordHashes, sum, record, null)
        expect(hex(sum)).toBe(hex(sumOf(recordHashes, rows(stay))))
      }),
      50,
    )
  })

  it('is the same wherever a sum lies in memory', () => {
    check(
      fc.property(anyRecords, anyRecords, (stay, go) => {
        // A platform looks at several numbers at a time only where they begin at a multiple of four.
        const apart = new Uint8Array(recordHashes.sumBytes + 1).subarray(1)
        for (const record of [...go, ...stay]) replaceInSum(recordHashes, apart, null, record)
        for (const record of go) replaceInSum(recordHashes, apart, record, null)
        expect(hex(apart)).toBe(hex(sumOf(recordHashes, rows(stay))))
      }),
      20,
    )
  })

  it('replaces one record by another in one step', () => {
    const [before, after, other] = [1, 2, 3].map((byte) => new Uint8Array([byte])) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ]
    const sum = sumOf(recordHashes, rows([before, other]))
    replaceInSum(recordHashes, sum, before, after)
    expect(hex(sum)).toBe(hex(sumOf(recordHashes, rows([other, after]))))
  })
})

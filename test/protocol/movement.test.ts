/** The bytes of movements, as rows of a history. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHistoryRow, encodeHistoryRow, type HistoryRow } from '../../packages/protocol/src/history.ts'
import { momentMsMax } from '../../packages/protocol/src/limits.ts'
import type { Movement } from '../../packages/protocol/src/movement.ts'
import { anyMovement, keyOf } from './arbitraries.ts'
import { checkAnyBytes, checkRoundTrip, hex } from './codec.ts'

const anyRow: fc.Arbitrary<HistoryRow> = fc.record({
  seq: fc.nat(Number.MAX_SAFE_INTEGER),
  key: fc.constantFrom(keyOf('a'), keyOf('æ')),
  net: fc.integer(),
  movement: anyMovement,
})
const codec = { any: anyRow, encode: encodeHistoryRow, decode: decodeHistoryRow }
const sale: Movement = {
  delta: -2,
  cause: 'sale',
  reference: '1001',
  at: 1_700_000_000_000,
  levelBefore: 40,
  levelAfter: 38,
}
const row = (movement: Partial<Movement>): HistoryRow => {
  return { seq: 7, key: keyOf('kop-2'), net: -2, movement: { ...sale, ...movement } }
}

describe('movements', () => {
  it('survive encoding and decoding, and fields of a newer release', () => checkRoundTrip(codec))
  it('any bytes give a movement or a failure', () => checkAnyBytes(codec))

  it('have their bytes', () => {
    expect(hex(encodeHistoryRow(row({})))).toMatchInlineSnapshot(`"07056b6f702d32424201043130303180d095ffbc31032826"`)
    expect(hex(encodeHistoryRow(row({ reference: null, levelBefore: null })))).toMatchInlineSnapshot(
      `"07056b6f702d324242010080d095ffbc310226"`,
    )
  })

  it('a cause that only a newer release knows is unknown, and the rest is kept', () => {
    const bytes = encodeHistoryRow(row({}))
    bytes[9] = 200
    expect(decodeHistoryRow(bytes)).toEqual({ ok: true, value: row({ cause: 'unknown' }) })
  })

  it('a reference that is too long, a time that no date can name, and levels that nobody knows, are malformed', () => {
    const long = encodeHistoryRow(row({ reference: 'x'.repeat(201) }))
    expect(decodeHistoryRow(long)).toMatchObject({ code: 'malformed' })
    expect(decodeHistoryRow(encodeHistoryRow(row({ at: momentMsMax + 1 })))).toMatchObject({ code: 'malformed' })
    const bytes = encodeHistoryRow(row({ levelBefore: null, levelAfter: null }))
    bytes[bytes.length - 1] = 4
    expect(decodeHistoryRow(bytes)).toMatchObject({ code: 'malformed' })
  })
})

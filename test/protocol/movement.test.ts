/** The bytes of movements. */
import { describe, expect, it } from 'vitest'
import { decodeMovement, encodeMovement, type Movement } from '../../packages/protocol/src/movement.ts'
import { anyMovement } from './arbitraries.ts'
import { checkAnyBytes, checkRoundTrip, hex } from './codec.ts'

const codec = { any: anyMovement, encode: encodeMovement, decode: decodeMovement }
const sale: Movement = {
  delta: -2,
  cause: 'sale',
  reference: '1001',
  at: 1_700_000_000_000,
  levelBefore: 40,
  levelAfter: 38,
}

describe('movements', () => {
  it('survive encoding and decoding, and fields of a newer release', () => checkRoundTrip(codec))
  it('any bytes give a movement or a failure', () => checkAnyBytes(codec))

  it('have their bytes', () => {
    expect(hex(encodeMovement(sale))).toMatchInlineSnapshot(`"4201043130303180d095ffbc31032826"`)
    expect(hex(encodeMovement({ ...sale, reference: null, levelBefore: null }))).toMatchInlineSnapshot(
      `"42010080d095ffbc310226"`,
    )
  })

  it('a cause that only a newer release knows is unknown, and the rest is kept', () => {
    const bytes = encodeMovement(sale)
    bytes[1] = 200
    expect(decodeMovement(bytes)).toEqual({ ok: true, value: { ...sale, cause: 'unknown' } })
  })

  it('a reference that is too long, and levels that nobody knows, are malformed', () => {
    expect(decodeMovement(encodeMovement({ ...sale, reference: 'x'.repeat(201) }))).toMatchObject({ code: 'malformed' })
    const bytes = encodeMovement({ ...sale, levelBefore: null, levelAfter: null })
    bytes[bytes.length - 1] = 4
    expect(decodeMovement(bytes)).toMatchObject({ code: 'malformed' })
  })
})

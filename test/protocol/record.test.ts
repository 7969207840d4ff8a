/** The bytes of records: the same for ever, since digests are made of them. */
import { describe, expect, it } from 'vitest'
import { decodeRecord, encodeRecord } from '../../packages/protocol/src/record.ts'
import { anyRecord, baseline, listed, ridAt, shopAt, totals } from './arbitraries.ts'
import { checkAnyBytes, checkRoundTrip, hex, varUint } from './codec.ts'

const codec = { any: anyRecord, encode: encodeRecord, decode: decodeRecord }

/** A totals record by hand: kind, seq, key `a`, added, removed. */
function totalsBytes(seq: bigint, added: bigint, removed: bigint): Uint8Array {
  return Uint8Array.from([1, ...varUint(seq), 1, 0x61, ...varUint(added), ...varUint(removed)])
}

describe('records', () => {
  it('survive encoding and decoding, and fields of a newer release', () => checkRoundTrip(codec))
  it('any bytes give a record or a failure', () => checkAnyBytes(codec))

  it('have their bytes', () => {
    const count = { kind: 'count', covers: [{ rid: ridAt(shopAt(1)), seq: 4, net: -3 }] } as const
    expect(hex(encodeRecord(totals(300, 7, 2)))).toMatchInlineSnapshot(`"01ac0201610702"`)
    expect(
      hex(encodeRecord({ ...baseline(1, -5, { stamp: 1_700_000_000_000 }), text: 'A', name: 'Æble' })),
    ).toMatchInlineSnapshot(`"02010161014105c386626c65014580d095ffbc3100"`)
    expect(hex(encodeRecord(baseline(2, 60, count)))).toMatchInlineSnapshot(
      `"02020161016100023ce807010101010101010101010101010101010100000000000000010443"`,
    )
    expect(hex(encodeRecord(listed(3, true, 9)))).toMatchInlineSnapshot(`"030301610161000109"`)
  })

  it.each([
    ['no seq', totalsBytes(0n, 1n, 1n)],
    ['a seq beyond what a number holds', totalsBytes(2n ** 53n, 1n, 1n)],
    ['totals from 2^52 on', totalsBytes(1n, 2n ** 52n, 0n)],
    ['removed from 2^52 on', totalsBytes(1n, 0n, 2n ** 52n)],
    ['an endless number', Uint8Array.from([1, ...Array<number>(400).fill(255)])],
    ['an unknown kind', Uint8Array.from([9, 1, 1, 0x61, 0, 0])],
    ['an empty key', Uint8Array.from([1, 1, 0, 0, 0])],
    ['a key that is not trimmed', Uint8Array.from([1, 1, 2, 0x20, 0x61, 0, 0])],
    ['a key that is no UTF-8', Uint8Array.from([1, 1, 2, 0xc3, 0x28, 0, 0])],
    ['half a character, spelled as UTF-8', Uint8Array.from([1, 1, 3, 0xed, 0xa0, 0xbd, 0, 0])],
    ['a baseline of no known kind', Uint8Array.from([2, 1, 1, 0x61, 0, 0, 3, 0, 0, 0])],
    ['nothing', new Uint8Array()],
  ])('%s is malformed', (_what, bytes) => {
    expect(decodeRecord(bytes)).toMatchObject({ ok: false, code: 'malformed' })
  })

  it('the largest totals that are taken are taken', () => {
    const decoded = decodeRecord(totalsBytes(BigInt(Number.MAX_SAFE_INTEGER), 2n ** 52n - 1n, 2n ** 52n - 1n))
    expect(decoded).toMatchObject({ ok: true, value: { seq: Number.MAX_SAFE_INTEGER, added: 2 ** 52 - 1 } })
  })
})

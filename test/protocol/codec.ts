/** What every codec of ours owes to any bytes at all, as one acceptance test that each codec runs. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Result } from '../../packages/protocol/src/result.ts'
import { check } from './arbitraries.ts'

export interface Codec<T> {
  readonly any: fc.Arbitrary<T>
  readonly encode: (value: T) => Uint8Array
  readonly decode: (bytes: Uint8Array) => Result<unknown>
}

/** What was encoded is decoded as it was, and again so when a newer release added fields at the end. */
export function checkRoundTrip<T>({ any, encode, decode }: Codec<T>): void {
  check(
    fc.property(any, fc.uint8Array({ maxLength: 20 }), (value, more) => {
      const bytes = encode(value)
      expect(decode(bytes)).toEqual({ ok: true, value })
      expect(decode(Uint8Array.from([...bytes, ...more]))).toEqual({ ok: true, value })
      // A view into a larger buffer is read within its bounds.
      const buffer = new Uint8Array(bytes.length + 20).fill(1)
      buffer.set(bytes, 10)
      expect(decode(buffer.subarray(10, 10 + bytes.length))).toEqual({ ok: true, value })
    }),
    300,
  )
}

/** Random bytes, cut frames and changed frames give a value or `malformed`, never a throw. */
export function checkAnyBytes<T>({ any, encode, decode }: Codec<T>): void {
  check(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => survives(decode, bytes)),
    2_000,
  )
  check(
    fc.property(any, fc.nat(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), (value, cut, changes) => {
      const bytes = encode(value)
      survives(decode, bytes.subarray(0, cut % (bytes.length + 1)))
      const changed = bytes.slice()
      for (const [place, byte] of changes) changed[place % Math.max(1, changed.length)] = byte
      survives(decode, changed)
      survives(decode, changed.subarray(0, cut % (bytes.length + 1)))
    }),
    2_000,
  )
}

function survives(decode: (bytes: Uint8Array) => Result<unknown>, bytes: Uint8Array): void {
  const decoded = decode(bytes)
  if (!decoded.ok) expect(decoded.code).toBe('malformed')
}

/** An unsigned number as it stands on the wire: seven bits a byte, the lowest first. */
export function varUint(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  return [...bytes, Number(rest)]
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

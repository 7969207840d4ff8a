/**
 * Binary keys: a table byte, then length-prefixed parts, numbers as u64 big-endian. A part can hold any byte, since
 * nothing in a key is found by a separator, and the keys of one prefix are one contiguous range.
 */
import { assert } from '@stockmesh/protocol'
import type { Range } from './storage.ts'

export type Part = string | number | Uint8Array

/** Text and bytes are prefixed with their length (u16), numbers are 8 bytes that sort by value. */
export function encodeKey(table: number, ...parts: readonly Part[]): Uint8Array {
  let bytesMax = 1
  for (const part of parts) bytesMax += partBytesMax(part)
  if (scratch.length < bytesMax) scratch = new Uint8Array(bytesMax)
  scratch[0] = table
  let length = 1
  for (const part of parts) length = typeof part === 'number' ? writeNumber(length, part) : writeBytes(length, part)
  return scratch.slice(0, length)
}

/** All keys that begin with these parts. */
export function prefixRange(table: number, ...parts: readonly Part[]): Range {
  const gte = encodeKey(table, ...parts)
  return { gte, lt: successor(gte) }
}

/** All keys: no table has the number 255. */
export const everything: Range = { gte: new Uint8Array([0]), lt: new Uint8Array([255]) }

/** The number at the end of a key. */
export function lastNumber(key: Uint8Array): number {
  return Number(new DataView(key.buffer, key.byteOffset + key.length - 8, 8).getBigUint64(0))
}

/** The first part of a key, as text. */
export function firstText(key: Uint8Array): string {
  return decoder.decode(partBytes(key, 1))
}

export function firstBytes(key: Uint8Array): Uint8Array {
  return partBytes(key, 1)
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
/** Where the next key is put together; it grows to the longest so far. */
let scratch = new Uint8Array(256)

function partBytes(key: Uint8Array, offset: number): Uint8Array {
  const length = ((key[offset] ?? 0) << 8) | (key[offset + 1] ?? 0)
  return key.subarray(offset + 2, offset + 2 + length)
}

function partBytesMax(part: Part): number {
  if (typeof part === 'number') return 8
  return 2 + (typeof part === 'string' ? 3 * part.length : part.length)
}

/** Writes from `offset` on, and answers where it ended. */
function writeNumber(offset: number, value: number): number {
  assert(Number.isSafeInteger(value) && value >= 0, 'a number in a key is a whole number from 0')
  let rest = value
  for (let byte = offset + 7; byte >= offset; byte -= 1) {
    scratch[byte] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return offset + 8
}

function writeBytes(offset: number, part: string | Uint8Array): number {
  let { length } = part
  if (typeof part === 'string') length = encoder.encodeInto(part, scratch.subarray(offset + 2)).written
  else scratch.set(part, offset + 2)
  assert(length < 65_536, 'a part of a key is shorter than 64 KiB')
  scratch[offset] = length >> 8
  scratch[offset + 1] = length & 0xff
  return offset + 2 + length
}

/** The smallest key greater than every key that begins with `prefix`. */
function successor(prefix: Uint8Array): Uint8Array {
  const next = prefix.slice()
  for (let index = next.length - 1; index >= 0; index -= 1) {
    const byte = next[index] ?? 0
    if (byte < 255) {
      next[index] = byte + 1
      return next.subarray(0, index + 1)
    }
  }
  throw new Error('a key prefix is never all 0xff')
}

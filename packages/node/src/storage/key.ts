/**
 * Binary keys: a table byte, then length-prefixed parts, numbers as u64 big-endian. A part can hold any byte, since
 * nothing in a key is found by a separator, and the keys of one prefix are one contiguous range.
 */
import { assert } from '@stockmesh/protocol'
import type { Range } from './storage.ts'

export type Part = string | number | Uint8Array

/** Text and bytes are prefixed with their length (u16), numbers are 8 bytes that sort by value. */
export function encodeKey(table: number, ...parts: readonly Part[]): Uint8Array {
  const chunks = parts.map(encodePart)
  const key = new Uint8Array(1 + chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  key[0] = table
  let offset = 1
  for (const chunk of chunks) {
    key.set(chunk, offset)
    offset += chunk.length
  }
  return key
}

/** All keys that begin with these parts. */
export function prefixRange(table: number, ...parts: readonly Part[]): Range {
  const gte = encodeKey(table, ...parts)
  return { gte, lt: successor(gte) }
}

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

function partBytes(key: Uint8Array, offset: number): Uint8Array {
  const length = ((key[offset] ?? 0) << 8) | (key[offset + 1] ?? 0)
  return key.subarray(offset + 2, offset + 2 + length)
}

function encodePart(part: Part): Uint8Array {
  if (typeof part === 'number') {
    assert(Number.isSafeInteger(part) && part >= 0, 'a number in a key is a whole number from 0')
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(part))
    return bytes
  }
  const bytes = typeof part === 'string' ? encoder.encode(part) : part
  assert(bytes.length < 65_536, 'a part of a key is shorter than 64 KiB')
  const prefixed = new Uint8Array(2 + bytes.length)
  prefixed[0] = bytes.length >> 8
  prefixed[1] = bytes.length & 0xff
  prefixed.set(bytes, 2)
  return prefixed
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

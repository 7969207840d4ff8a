/**
 * The digest of a claim: the sum, modulo 2^256, of the SHA-256 hashes of all records that a replica has. A record
 * that is replaced is subtracted. A plain sum guards against accidents, not against a forger; signed claims will
 * bring a collision-resistant multiset hash in its place.
 */
import { sha256 } from '@noble/hashes/sha2.js'

export type Digest = Uint8Array

export const digestBytes = 32

export const emptyDigest: Digest = new Uint8Array(digestBytes)

/** The digest without `replaced` and with `added`; null where there is none. Pure: the input is not changed. */
export function replaceInDigest(digest: Digest, replaced: Uint8Array | null, added: Uint8Array | null): Digest {
  const next = digest.slice()
  if (added !== null) addInto(next, sha256(added), 1)
  if (replaced !== null) addInto(next, sha256(replaced), -1)
  return next
}

/** The digest of so many records. */
export function digestOf(records: Iterable<{ readonly bytes: Uint8Array }>): Digest {
  let digest: Digest = emptyDigest
  for (const { bytes } of records) digest = replaceInDigest(digest, null, bytes)
  return digest
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false
  return true
}

function addInto(sum: Uint8Array, term: Uint8Array, sign: 1 | -1): void {
  let carry = 0
  for (let index = 0; index < digestBytes; index += 1) {
    const value = (sum[index] ?? 0) + sign * (term[index] ?? 0) + carry
    sum[index] = value & 0xff
    carry = value >> 8
  }
}

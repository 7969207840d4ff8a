/**
 * The digest of a claim: a collision-resistant hash over all records that a replica has, of which one can be taken out
 * again when it is replaced. It is LtHash16 (Bellare and Micciancio 1997; Lewi and others 2019, eprint 2019/227): a
 * record is expanded to 1,024 numbers of 16 bits, and those of all records are summed, each modulo 2^16. The sum stays
 * with the records; a claim carries its hash.
 *
 * A record that stands in a sum 65,536 times vanishes from it. No record does: each has a seq of its own.
 */

export type Digest = Uint8Array

/** The sum over records: numbers of 16 bits, the low byte first. */
export type RecordSum = Uint8Array

export const digestBytes = 32

/** What is claimed where nothing is held. */
export const emptyDigest: Digest = new Uint8Array(digestBytes)

/** The hash functions behind digests: a port, since those of the platform are several times faster than any here. */
export interface RecordHashes {
  /** Of a sum, and of what a record is expanded to: 2,048, an even number in any case. */
  readonly sumBytes: number
  /** A number of 32 bits that nobody outside knows, for tables in memory. */
  readonly seed: number
  /** SHAKE-256 of a record, as long as a sum; good until the next call. */
  expand(record: Uint8Array): Uint8Array
  /** SHA-256 of a sum. */
  condense(sum: RecordSum): Digest
}

export function emptySum({ sumBytes }: RecordHashes): RecordSum {
  return new Uint8Array(sumBytes)
}

/** Changes the sum in place: `replaced` goes out of it and `added` comes in; null where there is none. */
export function replaceInSum(
  hashes: RecordHashes,
  sum: RecordSum,
  replaced: Uint8Array | null,
  added: Uint8Array | null,
): void {
  if (added !== null) addInto(sum, hashes.expand(added), 1)
  if (replaced !== null) addInto(sum, hashes.expand(replaced), -1)
}

/** The sum of so many records. */
export function sumOf(hashes: RecordHashes, records: Iterable<{ readonly bytes: Uint8Array }>): RecordSum {
  const sum = emptySum(hashes)
  for (const { bytes } of records) replaceInSum(hashes, sum, null, bytes)
  return sum
}

/** The digest of so many records. */
export function digestOf(hashes: RecordHashes, records: Iterable<{ readonly bytes: Uint8Array }>): Digest {
  return hashes.condense(sumOf(hashes, records))
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false
  return true
}

/** What does not fit into 16 bits falls off. */
function addInto(sum: Uint8Array, term: Uint8Array, sign: 1 | -1): void {
  const [to, from] = [pairsOf(sum), pairsOf(term)]
  if (to === null || from === null) return addOneByOne(sum, term, sign)
  // The higher one is summed where it stands, so that nothing of the lower one comes into it.
  for (let index = 0; index < to.length; index += 1) {
    const a = to[index] ?? 0
    const b = from[index] ?? 0
    to[index] = ((a + sign * b) & 0xffff) | ((a & 0xffff0000) + sign * (b & 0xffff0000))
  }
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** Two numbers at a time; null where this machine cannot look at them so. */
function pairsOf({ buffer, byteOffset, byteLength }: Uint8Array): Uint32Array | null {
  const fits = isLittleEndian && byteOffset % 4 === 0 && byteLength % 4 === 0
  return fits ? new Uint32Array(buffer, byteOffset, byteLength / 4) : null
}

function addOneByOne(sum: Uint8Array, term: Uint8Array, sign: 1 | -1): void {
  const [to, from] = [viewOf(sum), viewOf(term)]
  for (let at = 0; at < sum.length; at += 2)
    to.setUint16(at, to.getUint16(at, true) + sign * from.getUint16(at, true), true)
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/**
 * Testimonies: what proves that a replica has several histories. Each is one claim of the replica with the signature of
 * its shop and every record under it, so that anybody can look whether they are what was signed; what they come to
 * together is computed by everybody alone (`merged-histories.ts`) and signed by nobody.
 *
 *   W1  Nothing of a replica counts that its shop has not signed, be it in one history or in several.
 *   W2  Joining is a join of sets: the order in which they meet is nothing. One that adds nothing is left out.
 *   W3  Among those that prove anything are two of which neither grew out of the other: of one history nobody can make two.
 *
 * They travel and lie on disk as sheets, each of a size that one frame carries: for each testimony a sheet with its head,
 * then its pages.
 */
import {
  createWriter,
  finish,
  Malformed,
  parseBytes,
  readBytes,
  readFixed,
  readList,
  readUint,
  writeBytes,
  writeFixed,
  writeList,
  writeUint,
} from './bytes.ts'
import type { Claim } from './claim.ts'
import { digestBytes, digestOf, equalBytes, type RecordHashes } from './digest.ts'
import type { Rid } from './ids.ts'
import { chunkBytesMax, chunkRecordsMax, frameBytesMax, mergedSeqBase, testimoniesMax } from './limits.ts'
import { holdsAsMuch } from './merged-histories.ts'
import { decodeRecord, placeOf, shrinks } from './record.ts'
import type { ReceivedRecord, RecordSource } from './replication-step.ts'
import { assert, failure, type Result, success } from './result.ts'
import { signatureBytes } from './wire.ts'

/** A claim as its shop signed it. */
export interface SignedClaim extends Claim {
  readonly signature: Uint8Array
}

export interface Testimony {
  readonly claim: SignedClaim
  /** Lists of records, as the origin wrote each, in seq order. */
  readonly pages: readonly Uint8Array[]
}

/** What one frame carries: a head alone, or the records of a page. */
export type Sheet = readonly Uint8Array[]

/** What is claimed by `claim`; null where nobody signed it. `records`: in seq order. */
export function testify(claim: Claim, records: Iterable<{ readonly bytes: Uint8Array }>): Testimony | null {
  const { signature } = claim
  if (signature === null) return null
  const pages: Uint8Array[] = []
  let page: Uint8Array[] = []
  let size = 0
  const turn = (): void => {
    if (page.length > 0) pages.push(encodePage(page))
    page = []
    size = 0
  }
  for (const { bytes } of records) {
    if (page.length === chunkRecordsMax || size + bytes.length > chunkBytesMax) turn()
    page.push(bytes)
    size += bytes.length
  }
  turn()
  return { claim: { ...claim, signature }, pages }
}

/** Of records that came one part after the other, and may have been replaced meanwhile: the newest of each, in seq order. */
export function newestRecords(records: readonly ReceivedRecord[]): readonly ReceivedRecord[] {
  const sorted = [...records].sort((one, other) => one.record.seq - other.record.seq)
  const newest = byPlace(sorted)
  return sorted.filter(({ record }) => newest.get(placeOf(record))?.record.seq === record.seq)
}

/** The records of a testimony that was taken, in seq order. */
export function* recordsIn({ pages }: Pick<Testimony, 'pages'>): Generator<ReceivedRecord> {
  for (const page of pages) {
    const records = decodePage(page)
    assert(records.ok, 'what was taken can be read')
    for (const bytes of records.value) {
      const record = decodeRecord(bytes)
      assert(record.ok, 'what was taken can be read')
      yield { record: record.value, bytes }
    }
  }
}

export function sheetCount(testimonies: readonly Testimony[]): number {
  return testimonies.reduce((count, { pages }) => count + 1 + pages.length, 0)
}

/** One of the sheets of these testimonies, in the order in which they travel. */
export function sheetAt(testimonies: readonly Testimony[], index: number): Sheet {
  let at = index
  for (const testimony of testimonies) {
    if (at === 0) return [encodeHead(testimony)]
    const page = testimony.pages[at - 1]
    if (page !== undefined) {
      const records = decodePage(page)
      assert(records.ok, 'what was taken can be read')
      return records.value
    }
    at -= 1 + testimony.pages.length
  }
  return []
}

export function sheetsOf(testimonies: readonly Testimony[]): readonly Sheet[] {
  return Array.from({ length: sheetCount(testimonies) }, (_, index) => sheetAt(testimonies, index))
}

/**
 * The testimonies in these sheets, if the shop of the replica signed each, and its records are those that it signed.
 * Failures: `malformed`, `claim-forged`, `digest-mismatch`.
 */
export function takeTestimonies(
  rid: Rid,
  sheets: readonly Sheet[],
  hashes: RecordHashes,
  isSigned: RecordSource['isSigned'],
): Result<readonly Testimony[]> {
  const taken: Testimony[] = []
  for (let at = 0; at < sheets.length; ) {
    const sheet = sheets[at]
    const head = sheet?.length === 1 && sheet[0] !== undefined ? decodeHead(sheet[0]) : null
    if (head === null || !head.ok || at + head.value.pages >= sheets.length) return malformed()
    const { claim, pages } = head.value
    const testimony = { claim, pages: sheets.slice(at + 1, at + 1 + pages).map(encodePage) }
    const checked = checkTestimony(rid, testimony, hashes, isSigned)
    if (!checked.ok) return checked
    taken.push(testimony)
    at += 1 + pages
  }
  return taken.length === 0 || taken.length > testimoniesMax ? malformed() : success(taken)
}

/** Whether a testimony is what its shop signed. Failures: as of `takeTestimonies`. */
export function checkTestimony(
  rid: Rid,
  { claim, pages }: Testimony,
  hashes: RecordHashes,
  isSigned: RecordSource['isSigned'],
): Result<null> {
  const records: ReceivedRecord[] = []
  const places = new Set<string>()
  let seq = 0
  for (const page of pages) {
    const list = decodePage(page)
    if (!list.ok) return list
    for (const bytes of list.value) {
      const record = decodeRecord(bytes)
      if (!record.ok || record.value.seq <= seq || places.has(placeOf(record.value))) return malformed()
      places.add(placeOf(record.value))
      seq = record.value.seq
      records.push({ record: record.value, bytes })
    }
  }
  if (seq > claim.high || claim.high >= mergedSeqBase) return malformed()
  if (!isSigned(rid, claim)) return failure('claim-forged', `A history of ${rid} is not signed by its shop.`)
  return equalBytes(digestOf(hashes, records), claim.digest)
    ? success(null)
    : failure('digest-mismatch', `The records of ${rid} up to ${claim.high} do not match their digest.`)
}

/** All of both, in an order that is the same for everybody, but for what another one grew out of and holds as well. */
export function joinTestimonies(held: readonly Testimony[], came: readonly Testimony[]): readonly Testimony[] {
  const all = [...new Map([...came, ...held].map((one) => [nameOf(one), one]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => toldBy(one))
  const own = all.filter((one) => !all.some((other) => other !== one && addsNothing(one, other)))
  // What goes on from two histories at once, by what is left of them, does not make them one.
  return (hasFork(own) ? own : all).map(({ testimony }) => testimony)
}

/** Whether there are two of which neither grew out of the other. */
export function isFork(testimonies: readonly Testimony[]): boolean {
  return hasFork(testimonies.map(toldBy))
}

function hasFork(told: readonly Told[]): boolean {
  return told.some((one, index) =>
    told.slice(0, index).some((other) => !isBeginning(one, other) && !isBeginning(other, one)),
  )
}

function addsNothing(one: Told, other: Told): boolean {
  return (
    isBeginning(one, other) &&
    [...one.records].every(([place, { record }]) => {
      const next = other.records.get(place)
      return next !== undefined && holdsAsMuch(next.record, record)
    })
  )
}

function toldBy(testimony: Testimony): Told & { readonly testimony: Testimony } {
  return { testimony, high: testimony.claim.high, records: byPlace(recordsIn(testimony)) }
}

/** What is told of a replica up to a seq, by what each record stands for. */
interface Told {
  readonly high: number
  readonly records: ReadonlyMap<string, ReceivedRecord>
}

export function byPlace(records: Iterable<ReceivedRecord>): Map<string, ReceivedRecord> {
  const places = new Map<string, ReceivedRecord>()
  for (const { record, bytes } of records) places.set(placeOf(record), { record, bytes })
  return places
}

/**
 * Whether the one may be what the other grew out of: an origin that writes one history never takes back a record that
 * its claim covered, and never adds one below it.
 */
export function isBeginning(one: Told, other: Told): boolean {
  if (one.high > other.high) return false
  for (const [place, { record, bytes }] of one.records) {
    const next = other.records.get(place)
    if (next === undefined || shrinks(record, next.record)) return false
    if (next.record.seq <= one.high && !equalBytes(next.bytes, bytes)) return false
  }
  return [...other.records].every(([place, { record }]) => record.seq > one.high || one.records.has(place))
}

export function encodeHead({ claim, pages }: Testimony): Uint8Array {
  const writer = createWriter()
  writeUint(writer, claim.high)
  writeFixed(writer, claim.digest)
  writeFixed(writer, claim.signature)
  writeUint(writer, pages.length)
  return finish(writer)
}

/** Failure: `malformed`. */
export function decodeHead(bytes: Uint8Array): Result<{ readonly claim: SignedClaim; readonly pages: number }> {
  return parseBytes(bytes, (reader) => {
    const [high, digest] = [readUint(reader), readFixed(reader, digestBytes)]
    return { claim: { high, digest, signature: readFixed(reader, signatureBytes) }, pages: readUint(reader) }
  })
}

function encodePage(records: Sheet): Uint8Array {
  const writer = createWriter()
  writeList(writer, records, writeBytes)
  return finish(writer)
}

function decodePage(page: Uint8Array): Result<Sheet> {
  return parseBytes(page, (reader) => {
    const records = readList(reader, chunkRecordsMax, (from) => readBytes(from, frameBytesMax))
    if (records.length === 0) throw new Malformed('A page is empty.')
    return records
  })
}

function nameOf({ claim }: Testimony): string {
  return `${String(claim.high).padStart(16, '0')} ${claim.digest.join(' ')}`
}

function malformed(): Result<never> {
  return failure('malformed', 'The sheets of the histories are none.')
}

/**
 * How testimonies lie on disk: of each its head, and its pages behind it. One of which a row is missing or damaged proves
 * nothing and is left out, and its replica is suspect: it is fetched again, like records that are damaged.
 */
import {
  decodeHead,
  decodeRid,
  digestBytes,
  encodeHead,
  encodeRid,
  equalBytes,
  type Holdings,
  highOf,
  isMerged,
  type Rid,
  ridBytes,
  type Testimony,
} from '@stockmesh/protocol'
import { encodeKey, firstBytes, lastNumber, prefixRange } from '../storage/key.ts'
import { del, type Entry, type Operation, put, type Snapshot } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { Suspect } from './load-records.ts'

export function testimonyRows(rid: Rid, testimony: Testimony): Operation[] {
  const { digest } = testimony.claim
  const head = put(testimonyKey(rid, digest, 0), encodeHead(testimony))
  return [head, ...testimony.pages.map((page, index) => put(testimonyKey(rid, digest, index + 1), page))]
}

export function testimonyDeletions(rid: Rid, { claim, pages }: Testimony): Operation[] {
  return Array.from({ length: pages.length + 1 }, (_, n) => del(testimonyKey(rid, claim.digest, n)))
}

/** Puts all whole testimonies beside the records, and adds to the suspects what is merged and cannot be shown. */
export async function loadTestimonies(
  storage: Pick<Snapshot, 'walk'>,
  holdings: Holdings,
  suspects: Map<Rid, Suspect>,
): Promise<void> {
  const bad = new Map<Rid, Uint8Array[]>()
  for (const { rid, testimony, keys } of await readTestimonies(storage, () => undefined)) {
    if (testimony === null) bad.set(rid, [...(bad.get(rid) ?? []), ...keys])
    else holdings.testimonies.set(rid, [...(holdings.testimonies.get(rid) ?? []), testimony])
  }
  for (const rid of holdings.replicas.keys()) {
    const rows = bad.get(rid) ?? []
    const high = highOf(holdings, rid)
    if (rows.length === 0 && (!isMerged(high) || holdings.testimonies.has(rid))) continue
    const known = suspects.get(rid)
    // Of the records themselves none is missing: the level is right.
    const keys = known === undefined ? new Set<never>() : known.keys
    suspects.set(rid, { keys, high, rows: [...(known?.rows ?? []), ...rows] })
  }
}

export interface ReadTestimony {
  readonly rid: Rid
  /** null where not all of it can be read. */
  readonly testimony: Testimony | null
  readonly keys: readonly Uint8Array[]
}

/** Every testimony on disk; `damaged` hears of rows whose checksum is wrong. */
export async function readTestimonies(
  storage: Pick<Snapshot, 'walk'>,
  damaged: (key: Uint8Array | null) => void,
): Promise<readonly ReadTestimony[]> {
  const found: { rid: Rid; digest: Uint8Array; entries: Entry[]; keys: Uint8Array[] }[] = []
  const note = (key: Uint8Array, value: Uint8Array | null): void => {
    const place = placeOfTestimony(key)
    if (place === null) return
    let last = found.at(-1)
    if (last?.rid !== place.rid || !equalBytes(last.digest, place.digest)) {
      last = { ...place, entries: [], keys: [] }
      found.push(last)
    }
    last.keys.push(key.slice())
    if (value !== null) last.entries.push([key.slice(), value.slice()])
  }
  await storage.walk(
    prefixRange(tables.testimony),
    ([key, value]) => note(key, value),
    (key) => {
      damaged(key)
      if (key !== null) note(key, null)
    },
  )
  return found.map(({ rid, digest, entries, keys }) => ({ rid, testimony: testimonyIn(digest, entries), keys }))
}

function testimonyIn(digest: Uint8Array, entries: readonly Entry[]): Testimony | null {
  const [first, ...rest] = entries
  const head = first !== undefined && lastNumber(first[0]) === 0 ? decodeHead(first[1]) : null
  if (head === null || !head.ok || !equalBytes(head.value.claim.digest, digest)) return null
  if (rest.length !== head.value.pages || rest.some(([key], index) => lastNumber(key) !== index + 1)) return null
  return { claim: head.value.claim, pages: rest.map(([, page]) => page) }
}

function testimonyKey(rid: Rid, digest: Uint8Array, n: number): Uint8Array {
  return encodeKey(tables.testimony, encodeRid(rid), digest, n)
}

function placeOfTestimony(key: Uint8Array): { readonly rid: Rid; readonly digest: Uint8Array } | null {
  const rid = firstBytes(key)
  const at = 1 + 2 + ridBytes + 2
  if (rid.length !== ridBytes || key.length !== at + digestBytes + 8) return null
  return { rid: decodeRid(rid), digest: key.slice(at, at + digestBytes) }
}

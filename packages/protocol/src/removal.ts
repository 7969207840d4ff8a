/**
 * Membership records that one shop shows another to be believed: by which somebody is a member or out, and everything they
 * came after. What else was signed later is not the other's business.
 */
import { type ShopId, shopIdOfKey } from './ids.ts'
import type { MembershipView } from './membership.ts'
import {
  decodeMembershipRecord,
  hashMembershipRecord,
  type MembershipRecord,
  type RecordHash,
} from './membership-record.ts'

interface ValidRecord {
  readonly bytes: Uint8Array
  readonly record: MembershipRecord
}

/** Whether somebody else removed the shop, or whoever had let it in before others had heard of it. */
export function wasEvicted(view: MembershipView, shop: ShopId): boolean {
  return view.pending.includes(shop) || view.evicted.includes(shop)
}

/** The records of `view` among `records` that prove the removal; empty if the shop was not removed. */
export function removalRecords(view: MembershipView, records: Iterable<Uint8Array>, removed: ShopId): Uint8Array[] {
  const isProof = ({ change }: MembershipRecord): boolean => change.kind === 'remove' && change.subject === removed
  return withTheirPast(view, validRecords(view, records), isProof)
}

/**
 * The records of `view` among `records` that decide whether the shop is a member, with their past: by which it was let in
 * or removed, by which those were who signed that, and so on. Two that show each other these end up with one opinion:
 * a removal of which only one of them knows may be void by another of which only the other one knows.
 */
export function standingRecords(view: MembershipView, records: Iterable<Uint8Array>, shop: ShopId): Uint8Array[] {
  const found = validRecords(view, records)
  const about = new Map<ShopId, MembershipRecord[]>()
  const left = new Map<ShopId, number>()
  for (const { record } of found.values()) {
    const subject = subjectOf(record)
    if (subject === null) continue
    about.set(subject, [...(about.get(subject) ?? []), record])
    if (record.change.kind === 'remove' && record.by === subject) left.set(subject, (left.get(subject) ?? 0) + 1)
  }
  const wanted = new Set<MembershipRecord>()
  const shops = new Set([shop])
  for (const each of shops) {
    for (const record of about.get(each) ?? []) {
      // Which of several leavings stands, cuts tell; else they decide nothing.
      if (record.change.kind === 'cut' && (left.get(each) ?? 0) < 2) continue
      wanted.add(record)
      // A set goes on with what is added on the way.
      shops.add(record.by)
    }
  }
  return withTheirPast(view, found, (record) => wanted.has(record))
}

/** Whom a record lets in, removes or cuts. */
function subjectOf({ change }: MembershipRecord): ShopId | null {
  if (change.kind === 'add') return shopIdOfKey(change.key)
  return change.kind === 'remove' || change.kind === 'cut' ? change.subject : null
}

function withTheirPast(
  view: MembershipView,
  found: ReadonlyMap<RecordHash, ValidRecord>,
  isWanted: (record: MembershipRecord) => boolean,
): Uint8Array[] {
  const wanted = new Set<RecordHash>()
  const open = [...found].flatMap(([hash, { record }]) => (isWanted(record) ? [hash] : []))
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    if (wanted.has(hash)) continue
    wanted.add(hash)
    open.push(...(found.get(hash)?.record.after ?? []))
  }
  return view.valid.flatMap((hash) => {
    const one = wanted.has(hash) ? found.get(hash) : undefined
    return one === undefined ? [] : [one.bytes]
  })
}

function validRecords(view: MembershipView, records: Iterable<Uint8Array>): Map<RecordHash, ValidRecord> {
  const valid = new Set(view.valid)
  const found = new Map<RecordHash, ValidRecord>()
  for (const bytes of records) {
    const hash = hashMembershipRecord(bytes)
    const decoded = decodeMembershipRecord(bytes)
    if (decoded.ok && valid.has(hash)) found.set(hash, { bytes, record: decoded.value })
  }
  return found
}

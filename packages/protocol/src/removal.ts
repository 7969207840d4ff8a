/**
 * Membership records that one shop shows another to be believed: by which it was let in, or by which somebody is out,
 * and everything they came after. Nothing later is the other's business.
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

/**
 * Whether somebody else removed the shop, or whoever had let it in before others had heard of it; leaving is its own word.
 */
export function wasEvicted(view: MembershipView, records: Iterable<Uint8Array>, shop: ShopId): boolean {
  if (view.pending.includes(shop)) return true
  if (!view.removed.includes(shop)) return false
  return [...validRecords(view, records).values()].some(
    ({ record: { change, by } }) => change.kind === 'remove' && change.subject === shop && by !== shop,
  )
}

/** The records of `view` among `records` that prove the removal; empty if the shop was not removed. */
export function removalRecords(view: MembershipView, records: Iterable<Uint8Array>, removed: ShopId): Uint8Array[] {
  return withTheirPast(view, records, ({ change }) => change.kind === 'remove' && change.subject === removed)
}

/** The records of `view` among `records` by which the shop was let in, with their past; empty if nobody let it in. */
export function admissionRecords(view: MembershipView, records: Iterable<Uint8Array>, admitted: ShopId): Uint8Array[] {
  return withTheirPast(view, records, ({ change }) => change.kind === 'add' && shopIdOfKey(change.key) === admitted)
}

/** What shows a shop that was let in why it is not a member: that who let it in, or itself, is out. */
export function refusalRecords(
  view: MembershipView,
  records: readonly Uint8Array[],
  admission: readonly Uint8Array[],
  shop: ShopId,
): Uint8Array[] {
  const signers = new Set([shop, ...[...validRecords(view, admission).values()].map(({ record }) => record.by)])
  const isProof = ({ change }: MembershipRecord): boolean => change.kind === 'remove' && signers.has(change.subject)
  return withTheirPast(view, records, isProof)
}

function withTheirPast(
  view: MembershipView,
  records: Iterable<Uint8Array>,
  isWanted: (record: MembershipRecord) => boolean,
): Uint8Array[] {
  const found = validRecords(view, records)
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

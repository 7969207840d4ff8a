/**
 * What a removed shop must be shown to see for itself that it is out: the records that remove it, and everything they
 * came after. Nothing later is its business.
 */
import type { ShopId } from './ids.ts'
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

/** Whether somebody else removed the shop; leaving is its own word. */
export function wasEvicted(view: MembershipView, records: Iterable<Uint8Array>, shop: ShopId): boolean {
  if (!view.removed.includes(shop)) return false
  return [...validRecords(view, records).values()].some(
    ({ record: { change, by } }) => change.kind === 'remove' && change.subject === shop && by !== shop,
  )
}

/** The records of `view` among `records` that prove the removal; empty if the shop was not removed. */
export function removalRecords(view: MembershipView, records: Iterable<Uint8Array>, removed: ShopId): Uint8Array[] {
  const found = validRecords(view, records)
  const wanted = new Set<RecordHash>()
  const open: RecordHash[] = []
  for (const [hash, { record }] of found) {
    if (record.change.kind === 'remove' && record.change.subject === removed) open.push(hash)
  }
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

/**
 * What a new membership record comes after: everything that is known, by its heads. A record can name only so many, and
 * one shop that signs side by side makes more. Then those go first without which members would miss what others signed:
 * an honest shop names its own record before, so the last of each shop stands for all of them.
 */
import { type ShopId, shopIdOfKey } from './ids.ts'
import { membershipHeadsMax } from './limits.ts'
import type { MembershipView } from './membership.ts'
import { decodeMembershipRecord, hashMembershipRecord, type RecordHash } from './membership-record.ts'

/** For a record of `signer`; `records` are those of the view. */
export function headsFor(view: MembershipView, records: Iterable<Uint8Array>, signer: ShopId): readonly RecordHash[] {
  if (view.heads.length <= membershipHeadsMax) return view.heads
  const { last, after } = readGraph(view, records)
  const shops = [signer, ...view.members.map(({ shopId }) => shopId), ...view.removed]
  const lasts = shops.flatMap((shop) => last.get(shop) ?? [])
  const chosen: RecordHash[] = []
  const known = new Set<RecordHash>()
  for (const hash of [...lasts, ...view.heads]) {
    if (known.has(hash)) continue
    chosen.push(hash)
    if (chosen.length === membershipHeadsMax) break
    const open = [hash]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (known.has(next)) continue
      known.add(next)
      open.push(...(after.get(next) ?? []))
    }
  }
  return chosen
}

interface Graph {
  /** The last record of each shop; of a member that has signed nothing, the one that let it in. */
  readonly last: ReadonlyMap<ShopId, RecordHash>
  readonly after: ReadonlyMap<RecordHash, readonly RecordHash[]>
}

function readGraph(view: MembershipView, records: Iterable<Uint8Array>): Graph {
  const byHash = new Map([...records].map((bytes) => [hashMembershipRecord(bytes), bytes]))
  const addedBy = new Map(view.members.map((member) => [member.shopId, member.addedBy]))
  const last = new Map<ShopId, RecordHash>()
  const letIn = new Map<ShopId, RecordHash>()
  const after = new Map<RecordHash, readonly RecordHash[]>()
  for (const hash of view.valid) {
    const bytes = byHash.get(hash)
    const record = bytes === undefined ? null : decodeMembershipRecord(bytes)
    if (record === null || !record.ok) continue
    const { by, change } = record.value
    after.set(hash, record.value.after)
    last.set(by, hash)
    if (change.kind !== 'add') continue
    const shop = shopIdOfKey(change.key)
    if (addedBy.get(shop) === by) letIn.set(shop, hash)
  }
  return { last: new Map([...letIn, ...last]), after }
}

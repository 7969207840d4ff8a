/**
 * How many membership records one shop may make. Valid records are kept for ever and judged again with each new one, so
 * whoever signs without end would fill the memory of all. What a shop signs beyond its share is let in only behind a
 * record of another shop that came after it: so honest shops, which sign little, never miss what the others build on.
 */
import type { ShopId } from './ids.ts'
import { membershipBytesMax, membershipRecordsAllMax, membershipRecordsOfShopMax } from './limits.ts'
import {
  decodeMembershipRecord,
  hashMembershipRecord,
  type MembershipRecord,
  type RecordHash,
} from './membership-record.ts'

export interface MembershipBudget {
  readonly ofShop: number
  readonly all: number
  readonly bytes: number
}

export interface WithinBudget {
  /** In the order in which they were given. */
  readonly taken: readonly Uint8Array[]
  /** Of what was left out, who signed it. */
  readonly over: readonly ShopId[]
}

const usual: MembershipBudget = {
  ofShop: membershipRecordsOfShopMax,
  all: membershipRecordsAllMax,
  bytes: membershipBytesMax,
}

interface Fresh {
  readonly bytes: Uint8Array
  readonly hash: RecordHash
  readonly record: MembershipRecord
}

/**
 * `fresh` are valid records that are not among `held`, each behind the ones it came after. Over every limit a removal of a
 * member by a member is let in, so that there is a way out: each of them leaves one member less.
 */
export function withinBudget(
  held: Iterable<Uint8Array>,
  fresh: readonly Uint8Array[],
  isMember: (shop: ShopId) => boolean,
  budget: MembershipBudget = usual,
): WithinBudget {
  const counts = new Map<ShopId, number>()
  let [all, bytes] = [0, 0]
  for (const each of held) {
    const record = decodeMembershipRecord(each)
    if (record.ok) counts.set(record.value.by, (counts.get(record.value.by) ?? 0) + 1)
    all += 1
    bytes += each.length
  }
  const given = fresh.flatMap((each): Fresh[] => {
    const record = decodeMembershipRecord(each)
    return record.ok ? [{ bytes: each, hash: hashMembershipRecord(each), record: record.value }] : []
  })
  const waysOut = removalsOf(given, isMember)
  const chosen = choose(given, counts, budget.ofShop, waysOut)
  const left = new Set<RecordHash>()
  const taken: Uint8Array[] = []
  const over = new Set<ShopId>()
  for (const { bytes: each, hash, record } of given) {
    const { by, after } = record
    const hasRoom = all < budget.all && bytes + each.length <= budget.bytes
    if (chosen.has(hash) && (hasRoom || waysOut.has(hash)) && !after.some((parent) => left.has(parent))) {
      taken.push(each)
      all += 1
      bytes += each.length
    } else {
      left.add(hash)
      over.add(by)
    }
  }
  return { taken, over: [...over] }
}

/** The first removal of each member; who is out himself could sign any number of them under an old past. */
function removalsOf(given: readonly Fresh[], isMember: (shop: ShopId) => boolean): Set<RecordHash> {
  const removals = new Map<ShopId, RecordHash>()
  for (const { hash, record } of given) {
    const { change, by } = record
    if (change.kind !== 'remove' || removals.has(change.subject)) continue
    if (isMember(by) && isMember(change.subject)) removals.set(change.subject, hash)
  }
  return new Set(removals.values())
}

/** Those within the share of their signer, removals of members, and those that another shop's chosen record came after. */
function choose(
  given: readonly Fresh[],
  held: ReadonlyMap<ShopId, number>,
  ofShop: number,
  waysOut: ReadonlySet<RecordHash>,
): Set<RecordHash> {
  const counts = new Map(held)
  const chosen = new Set(waysOut)
  for (const { hash, record } of given) {
    const count = counts.get(record.by) ?? 0
    counts.set(record.by, count + 1)
    if (count < ofShop) chosen.add(hash)
  }
  const byHash = new Map(given.map((each) => [each.hash, each]))
  const builtOn = new Set<RecordHash>()
  for (const { hash, record } of given.toReversed()) {
    if (!chosen.has(hash) && !builtOn.has(hash)) continue
    chosen.add(hash)
    for (const parent of record.after) {
      if (builtOn.has(hash) || byHash.get(parent)?.record.by !== record.by) builtOn.add(parent)
    }
  }
  return chosen
}

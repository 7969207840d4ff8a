/**
 * What membership records mean together. A record is valid if its signature is and its signer was a member in what it
 * came after: that depends on its past alone and never changes.
 *
 * Of all valid records (see `judge`): a removed key never returns; what a shop signed counts unless it was removed
 * by others who had not seen it, and of two shops that remove each other the senior stays. By leaving a shop takes back
 * nothing that it signed before, and vouches for nothing that others removed it without: it could leave under any old past
 * afterwards. What it signs beside its leaving counts for nothing, or its key could let in and remove for ever.
 */
import { type Cut, cutsOf } from './cuts.ts'
import type { NetworkId, ShopId } from './ids.ts'
import {
  decidesMembers,
  inOrder,
  judge,
  type Judgement,
  type Member,
  type Node,
  type Past,
  type Placed,
  shopOfKey,
} from './membership-judgement.ts'
import {
  decodeMembershipRecord,
  hashMembershipRecord,
  type MembershipRecord,
  type RecordHash,
  type Verify,
} from './membership-record.ts'

export type { Member } from './membership-judgement.ts'

export type RejectionCode =
  | 'malformed'
  | 'past-missing'
  | 'past-rejected'
  | 'other-network'
  | 'signer-not-a-member'
  | 'signature-invalid'
  | 'subject-unknown'

export interface MembershipView {
  readonly network: NetworkId
  /** The senior first. */
  readonly members: readonly Member[]
  /** Added only by shops that were removed meanwhile: a member once another member adds them too. */
  readonly pending: readonly ShopId[]
  readonly removed: readonly ShopId[]
  /** Of the removed ones, those that others removed: leaving is a shop's own word. */
  readonly evicted: readonly ShopId[]
  /** Of every shop that was ever added. */
  readonly keys: ReadonlyMap<ShopId, Uint8Array>
  /** By shop that is out, where those who took it for a member have begun to say how far they hold its replicas. */
  readonly cuts: ReadonlyMap<ShopId, Cut>
  /** What a new record comes after. */
  readonly heads: readonly RecordHash[]
  /** Hashes of the valid records, each behind the ones it came after; the founding one is the first. */
  readonly valid: readonly RecordHash[]
  readonly rejected: readonly { readonly hash: RecordHash; readonly code: RejectionCode }[]
}

const none: ReadonlySet<RecordHash> = new Set()

/**
 * Deterministic: the same set of records gives the same view, however often and in whatever order they came. `known`: those
 * that were valid in an earlier view of this network. Whether a record is valid depends on its past alone, so that they
 * are not judged again.
 */
export function evaluateMembership(
  network: NetworkId,
  records: Iterable<Uint8Array>,
  verify: Verify,
  known: ReadonlySet<RecordHash> = none,
): MembershipView {
  const rejected = new Map<RecordHash, RejectionCode>()
  const nodes = sortByPast(records, rejected)
  const placed = new Map<RecordHash, Placed>()
  /** By record: what one that comes right after it has for its past. */
  const pasts = new Map<RecordHash, Past>()
  const judgements = new Map<Past, Judgement>()
  for (const node of nodes) {
    const before = node.record.after.map((hash) => pasts.get(hash))
    if (before.includes(undefined)) {
      rejected.set(node.hash, 'past-rejected')
      continue
    }
    const past = union(before.filter((each) => each !== undefined))
    if (!known.has(node.hash)) {
      const judgement = judgements.get(past) ?? judge(inOrder(past))
      judgements.set(past, judgement)
      const code = rejectionOf(network, node, judgement, verify)
      if (code !== null) {
        rejected.set(node.hash, code)
        continue
      }
    }
    const valid: Placed = { ...node, past }
    placed.set(node.hash, valid)
    pasts.set(node.hash, decidesMembers(valid) ? new Set([...past, valid]) : past)
  }
  const valid = [...placed.values()]
  const named = new Set(valid.flatMap((node) => node.record.after))
  const judgement = judge(valid)
  const { members, pending, removed, evicted } = judgement
  return {
    network,
    members: [...members.values()],
    pending,
    removed,
    evicted,
    keys: keysOf(valid),
    cuts: cutsOf(cutsThatCount(placed, judgement), [...members.keys()]),
    heads: valid.map((node) => node.hash).filter((hash) => !named.has(hash)),
    valid: valid.map((node) => node.hash),
    rejected: [...rejected].map(([hash, code]) => ({ hash, code })).sort((a, b) => (a.hash < b.hash ? -1 : 1)),
  }
}

/**
 * What members said of shops that are out, and also what those said that are out by now, unless their departure came
 * without it. Of a shop that was pending for a time, what was said of it then ends with that.
 */
function cutsThatCount(
  placed: ReadonlyMap<RecordHash, Placed>,
  { admitted, departures, members }: Judgement,
): MembershipRecord[] {
  const heard = new Map<ShopId, ReadonlySet<RecordHash>>()
  return [...placed.values()].flatMap(({ hash, record, past }) => {
    const { change, by } = record
    if (change.kind !== 'cut' || !admitted.has(by) || members.has(change.subject)) return []
    if (departures.has(change.subject) && !isRemovedIn(past, change.subject)) return []
    const departure = departures.get(by)
    if (departure === undefined) return [record]
    const known = heard.get(by) ?? pastOf(departure, placed)
    heard.set(by, known)
    return known.has(hash) ? [record] : []
  })
}

function isRemovedIn(past: Past, shop: ShopId): boolean {
  return [...past].some(({ record: { change } }) => change.kind === 'remove' && change.subject === shop)
}

/** All that these came after, not only what decides who is a member. */
function pastOf(nodes: readonly Placed[], placed: ReadonlyMap<RecordHash, Placed>): Set<RecordHash> {
  const past = new Set<RecordHash>()
  const open = nodes.flatMap(({ record }) => record.after)
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    if (past.has(hash)) continue
    past.add(hash)
    open.push(...(placed.get(hash)?.record.after ?? []))
  }
  return past
}

const noPast: Past = new Set()

/** The very same past where one of them holds all the others, as it does nearly always. */
function union(pasts: readonly Past[]): Past {
  const [largest = noPast, ...others] = pasts.toSorted((a, b) => b.size - a.size)
  const missing = others.flatMap((past) => (past === largest ? [] : [...past].filter((node) => !largest.has(node))))
  return missing.length === 0 ? largest : new Set([...largest, ...missing])
}

function keysOf(records: readonly Placed[]): Map<ShopId, Uint8Array> {
  const keys = new Map<ShopId, Uint8Array>()
  for (const {
    record: { change },
  } of records) {
    if (change.kind === 'founded' || change.kind === 'add') keys.set(shopOfKey(change.key), change.key)
  }
  return keys
}

/** Whether the shop is a member and a valid record of the other one added it. */
export function wasLetInBy(view: MembershipView, records: Iterable<Uint8Array>, shop: ShopId, member: ShopId): boolean {
  return view.members.some(({ shopId }) => shopId === shop) && wasAddedBy(view, records, shop, member)
}

/** Whether one of the valid records is an `add` of `subject` signed by `signer`. */
export function wasAddedBy(
  view: MembershipView,
  records: Iterable<Uint8Array>,
  subject: ShopId,
  signer: ShopId,
): boolean {
  const valid = new Set(view.valid)
  for (const bytes of records) {
    const record = decodeMembershipRecord(bytes)
    if (!record.ok || record.value.by !== signer || record.value.change.kind !== 'add') continue
    if (shopOfKey(record.value.change.key) === subject && valid.has(hashMembershipRecord(bytes))) return true
  }
  return false
}

function rejectionOf(network: NetworkId, node: Node, past: Judgement, verify: Verify): RejectionCode | null {
  const { change, by, signed, signature } = node.record
  if (change.kind === 'founded' || node.record.after.length === 0) {
    if (change.kind !== 'founded' || node.hash !== (network as string)) return 'other-network'
    if (shopOfKey(change.key) !== by) return 'signer-not-a-member'
    return verify(change.key, signed, signature) ? null : 'signature-invalid'
  }
  const signer = past.members.get(by)
  if (signer === undefined) return 'signer-not-a-member'
  if (!verify(signer.key, signed, signature)) return 'signature-invalid'
  if (change.kind === 'remove' && !past.known.has(change.subject)) return 'subject-unknown'
  const isOut = (shop: ShopId): boolean => past.known.has(shop) && !past.members.has(shop)
  if (change.kind === 'cut' && !isOut(change.subject)) return 'subject-unknown'
  return null
}

/** Readable records whose whole past is here, by depth and hash. */
function sortByPast(records: Iterable<Uint8Array>, rejected: Map<RecordHash, RejectionCode>): Node[] {
  const found = new Map<RecordHash, MembershipRecord>()
  for (const bytes of records) {
    const hash = hashMembershipRecord(bytes)
    const record = decodeMembershipRecord(bytes)
    if (record.ok) found.set(hash, record.value)
    else rejected.set(hash, 'malformed')
  }
  const followers = new Map<RecordHash, RecordHash[]>()
  const missing = new Map<RecordHash, number>()
  for (const [hash, record] of found) {
    missing.set(hash, record.after.length)
    for (const parent of record.after) followers.set(parent, [...(followers.get(parent) ?? []), hash])
  }
  const depths = new Map<RecordHash, number>()
  let ready = [...found].filter(([, record]) => record.after.length === 0).map(([hash]) => hash)
  for (let depth = 0; ready.length > 0; depth += 1) {
    const next: RecordHash[] = []
    for (const hash of ready) {
      depths.set(hash, depth)
      for (const follower of followers.get(hash) ?? []) {
        const count = (missing.get(follower) ?? 0) - 1
        missing.set(follower, count)
        if (count === 0) next.push(follower)
      }
    }
    ready = next
  }
  const nodes: Node[] = []
  for (const [hash, record] of found) {
    const depth = depths.get(hash)
    if (depth === undefined) rejected.set(hash, 'past-missing')
    else nodes.push({ hash, record, depth })
  }
  return inOrder(nodes)
}

/**
 * What membership records mean together. A record is valid if its signature is and its signer was a member in what it
 * came after: that depends on its past alone and never changes.
 *
 * Of all valid records (see `judge`): a removed key never returns; what a shop signed counts unless it was removed
 * by others who had not seen it, and of two shops that remove each other the senior stays. By leaving a shop takes back
 * nothing that it signed, and vouches for nothing either: it could leave under any old past after others removed it.
 */
import { type Cut, cutsOf } from './cuts.ts'
import type { NetworkId, ShopId } from './ids.ts'
import { shopIdOfKey } from './ids.ts'
import {
  decodeMembershipRecord,
  hashMembershipRecord,
  type MembershipRecord,
  type RecordHash,
  type Verify,
} from './membership-record.ts'
import { remembered } from './remembered.ts'

/** A record is read once, so its keys are the same bytes in every judgement. */
const shopOfKey = remembered(shopIdOfKey)

export interface Member {
  readonly shopId: ShopId
  readonly key: Uint8Array
  readonly url: string
  readonly name: string
  /** null for the founder. */
  readonly addedBy: ShopId | null
  /** Milliseconds since 1970, by the clock of the shop that added it. */
  readonly since: number
}

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
  /** Of every shop that was ever added. */
  readonly keys: ReadonlyMap<ShopId, Uint8Array>
  /** By removed shop, where its former fellows have begun to say how far they hold its replicas. */
  readonly cuts: ReadonlyMap<ShopId, Cut>
  /** What a new record comes after. */
  readonly heads: readonly RecordHash[]
  /** Hashes of the valid records, each behind the ones it came after; the founding one is the first. */
  readonly valid: readonly RecordHash[]
  readonly rejected: readonly { readonly hash: RecordHash; readonly code: RejectionCode }[]
}

interface Node {
  readonly hash: RecordHash
  readonly record: MembershipRecord
  /** Longest way from the founding record; with the hash, an order in which the past comes first. */
  readonly depth: number
}

/**
 * A valid record with what it came after, of that which decides who is a member: foundings, additions and removals. Any
 * number of names, addresses and cuts in between share one past, and one judgement of it.
 */
interface Placed extends Node {
  readonly past: Past
}

type Past = ReadonlySet<Placed>

/** Deterministic: the same set of records gives the same view, however often and in whatever order they came. */
export function evaluateMembership(network: NetworkId, records: Iterable<Uint8Array>, verify: Verify): MembershipView {
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
    const judgement = judgements.get(past) ?? judge(inOrder(past))
    judgements.set(past, judgement)
    const code = rejectionOf(network, node, judgement, verify)
    if (code !== null) {
      rejected.set(node.hash, code)
      continue
    }
    const valid: Placed = { ...node, past }
    placed.set(node.hash, valid)
    pasts.set(node.hash, decidesMembers(node.record) ? new Set([...past, valid]) : past)
  }
  const valid = [...placed.values()]
  const named = new Set(valid.flatMap((node) => node.record.after))
  const { members, pending, removed } = judge(valid)
  return {
    network,
    members: [...members.values()],
    pending,
    removed,
    keys: keysOf(valid),
    cuts: cutsOf(
      valid.map(({ record }) => record),
      [...members.keys()],
    ),
    heads: valid.map((node) => node.hash).filter((hash) => !named.has(hash)),
    valid: valid.map((node) => node.hash),
    rejected: [...rejected].map(([hash, code]) => ({ hash, code })).sort((a, b) => (a.hash < b.hash ? -1 : 1)),
  }
}

/** Whether a record changes who is a member, or may be. */
function decidesMembers({ change }: MembershipRecord): boolean {
  return change.kind === 'founded' || change.kind === 'add' || change.kind === 'remove'
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
  if (change.kind === 'cut' && !past.removed.includes(change.subject)) return 'subject-unknown'
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

function inOrder<T extends Node>(nodes: Iterable<T>): T[] {
  return [...nodes].sort((a, b) => a.depth - b.depth || (a.hash < b.hash ? -1 : 1))
}

interface Judgement {
  readonly members: ReadonlyMap<ShopId, Member>
  /** Every shop that was ever added. */
  readonly known: ReadonlySet<ShopId>
  readonly pending: readonly ShopId[]
  readonly removed: readonly ShopId[]
}

/** Removals that count, by the shop they remove. */
type Removals = Map<ShopId, Placed[]>

/**
 * Who is a member after these valid records (with their past, in order). Removals are taken in the order of their
 * signers' seniority, so that a shop that was evicted cannot take others with it by signing under an old past.
 */
function judge(records: readonly Placed[]): Judgement {
  const seniority = new Map<ShopId, number>()
  const removes: { readonly node: Placed; readonly subject: ShopId }[] = []
  for (const node of records) {
    const { change } = node.record
    if (change.kind === 'founded' || change.kind === 'add') {
      const shop = shopOfKey(change.key)
      if (!seniority.has(shop)) seniority.set(shop, seniority.size)
    }
    if (change.kind === 'remove') removes.push({ node, subject: change.subject })
  }
  const rank = (shop: ShopId): number => seniority.get(shop) ?? Number.MAX_SAFE_INTEGER
  removes.sort((a, b) => rank(a.node.record.by) - rank(b.node.record.by))

  const removals: Removals = new Map()
  let admitted = admittedShops(records, removals)
  for (const { node, subject } of removes) {
    const leaving = node.record.by === subject
    if (!leaving && !(counts(node, removals) && admitted.has(node.record.by))) continue
    removals.set(subject, [...(removals.get(subject) ?? []), node])
    admitted = admittedShops(records, removals)
  }

  const members = new Map<ShopId, Member>()
  for (const shop of seniority.keys()) {
    const member = admitted.get(shop)
    if (member !== undefined && !removals.has(shop)) members.set(shop, member)
  }
  for (const { record } of records) {
    const member = members.get(record.by)
    if (member === undefined) continue
    if (record.change.kind === 'address') members.set(record.by, { ...member, url: record.change.url })
    if (record.change.kind === 'rename') members.set(record.by, { ...member, name: record.change.name })
  }
  return {
    members,
    known: new Set(seniority.keys()),
    pending: [...seniority.keys()].filter((shop) => !admitted.has(shop) && !removals.has(shop)).sort(),
    removed: [...removals.keys()].sort(),
  }
}

/** What a shop signed counts unless others removed it, none of whom had seen the record. */
function counts(node: Placed, removals: Removals): boolean {
  const { by } = node.record
  const against = removals.get(by)?.filter(({ record }) => record.by !== by) ?? []
  return against.length === 0 || against.some((removal) => removal.past.has(node))
}

/** Shops with an add that counts, by a signer that has one too; the founder needs none. */
function admittedShops(records: readonly Placed[], removals: Removals): Map<ShopId, Member> {
  const admitted = new Map<ShopId, Member>()
  // An add behind its signer's only later admission is found in the next round.
  for (let before = -1; before < admitted.size; ) {
    before = admitted.size
    for (const node of records) {
      const { change, by, at } = node.record
      if (change.kind !== 'founded' && change.kind !== 'add') continue
      const shopId = shopOfKey(change.key)
      if (admitted.has(shopId)) continue
      const founded = change.kind === 'founded'
      if (!founded && !(admitted.has(by) && counts(node, removals))) continue
      const { key, url, name } = change
      admitted.set(shopId, { shopId, key, url, name, addedBy: founded ? null : by, since: at })
    }
  }
  return admitted
}

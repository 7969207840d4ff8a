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
 * A valid record with what it came after, of that which decides who is a member (see `decidesMembers`). Any number of
 * names, addresses and most cuts in between share one past, and one judgement of it.
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
    pasts.set(node.hash, decidesMembers(valid) ? new Set([...past, valid]) : past)
  }
  const valid = [...placed.values()]
  const named = new Set(valid.flatMap((node) => node.record.after))
  const judgement = judge(valid)
  const { members, pending, removed } = judgement
  return {
    network,
    members: [...members.values()],
    pending,
    removed,
    keys: keysOf(valid),
    cuts: cutsOf(cutsThatCount(placed, judgement), [...members.keys()]),
    heads: valid.map((node) => node.hash).filter((hash) => !named.has(hash)),
    valid: valid.map((node) => node.hash),
    rejected: [...rejected].map(([hash, code]) => ({ hash, code })).sort((a, b) => (a.hash < b.hash ? -1 : 1)),
  }
}

/** What members said, and also shops that are out by now, unless their departure came without it. */
function cutsThatCount(
  placed: ReadonlyMap<RecordHash, Placed>,
  { admitted, departures }: Judgement,
): MembershipRecord[] {
  const heard = new Map<ShopId, ReadonlySet<RecordHash>>()
  return [...placed.values()].flatMap(({ hash, record }) => {
    const { change, by } = record
    if (change.kind !== 'cut' || !admitted.has(by)) return []
    const departure = departures.get(by)
    if (departure === undefined) return [record]
    const known = heard.get(by) ?? pastOf(departure, placed)
    heard.set(by, known)
    return known.has(hash) ? [record] : []
  })
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

/** Whether a record changes who is a member, or may be; a cut does, as a word on when its subject left. */
function decidesMembers(node: Placed): boolean {
  const { kind } = node.record.change
  return kind === 'founded' || kind === 'add' || kind === 'remove' || leavingsSeenBy(node).length > 0
}

function isLeaving({ by, change }: MembershipRecord): boolean {
  return change.kind === 'remove' && change.subject === by
}

/** Of a cut: what it says its subject left by. */
function leavingsSeenBy({ record: { change }, past }: Placed): readonly Placed[] {
  if (change.kind !== 'cut') return []
  return [...past].filter(({ record }) => record.by === change.subject && isLeaving(record))
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
  /** Every shop with an add that counts, also those that are out by now. */
  readonly admitted: ReadonlyMap<ShopId, Member>
  readonly pending: readonly ShopId[]
  readonly removed: readonly ShopId[]
  readonly departures: Departures
}

/** By shop that is out: the removals by others that count, or where there are none, its leaving. */
type Departures = ReadonlyMap<ShopId, readonly Placed[]>

interface Votes {
  readonly removals: readonly { readonly node: Placed; readonly subject: ShopId }[]
  readonly leavings: ReadonlyMap<ShopId, readonly Placed[]>
  /** By shop, the cuts that know of a leaving of it. */
  readonly cuts: ReadonlyMap<ShopId, readonly Placed[]>
}

/**
 * Who is a member after these valid records (with their past, in order). Removals are taken in the order of their
 * signers' seniority, so that a shop that was evicted cannot take others with it by signing under an old past.
 */
function judge(records: readonly Placed[]): Judgement {
  const known = new Set<ShopId>()
  for (const { record } of records) {
    const { change } = record
    if (change.kind === 'founded' || change.kind === 'add') known.add(shopOfKey(change.key))
  }
  const votes = votesOf(records)
  const removals = new Map<ShopId, readonly Placed[]>()
  const open = new Set(votes.removals)
  let departures: Departures = votes.leavings
  let admitted = admittedShops(records, departures)
  for (let isOpen = true; isOpen; ) {
    departures = new Map([...leavingsOf(votes, admitted, departures), ...removals])
    admitted = admittedShops(records, departures)
    const next = seniorOf(
      votes.removals.filter((each) => open.has(each) && counts(each.node, departures)),
      admitted,
    )
    isOpen = next !== null
    if (next === null) continue
    open.delete(next)
    removals.set(next.subject, [...(removals.get(next.subject) ?? []), next.node])
  }

  const members = new Map([...admitted].filter(([shop]) => !departures.has(shop)))
  for (const { record } of records) {
    const member = members.get(record.by)
    if (member === undefined) continue
    if (record.change.kind === 'address') members.set(record.by, { ...member, url: record.change.url })
    if (record.change.kind === 'rename') members.set(record.by, { ...member, name: record.change.name })
  }
  return {
    members,
    known,
    admitted,
    pending: [...known].filter((shop) => !admitted.has(shop) && !departures.has(shop)).sort(),
    removed: [...departures.keys()].sort(),
    departures,
  }
}

function votesOf(records: readonly Placed[]): Votes {
  const removals: { node: Placed; subject: ShopId }[] = []
  const leavings = new Map<ShopId, Placed[]>()
  const cuts = new Map<ShopId, Placed[]>()
  const put = (into: Map<ShopId, Placed[]>, shop: ShopId, node: Placed): unknown =>
    into.set(shop, [...(into.get(shop) ?? []), node])
  for (const node of records) {
    const { change } = node.record
    if (isLeaving(node.record)) put(leavings, node.record.by, node)
    else if (change.kind === 'remove') removals.push({ node, subject: change.subject })
    else if (change.kind === 'cut' && leavingsSeenBy(node).length > 0) put(cuts, change.subject, node)
  }
  return { removals, leavings, cuts }
}

/**
 * A shop leaves once, since afterwards it is no member. Of one that signs other leavings beside the first, for what it
 * did later, those stand that the senior of all others had heard of when it first spoke of them.
 */
function leavingsOf(votes: Votes, admitted: ReadonlyMap<ShopId, Member>, departures: Departures): Departures {
  const standing = new Map<ShopId, readonly Placed[]>()
  for (const [shop, all] of votes.leavings) {
    const cuts = all.length === 1 ? [] : (votes.cuts.get(shop) ?? []).filter((cut) => counts(cut, departures))
    const senior = seniorOf(
      cuts.map((node) => ({ node })),
      admitted,
    )
    standing.set(shop, senior === null ? all : leavingsSeenBy(senior.node))
  }
  return standing
}

/** The first of the senior signer's. */
function seniorOf<T extends { readonly node: Placed }>(
  given: readonly T[],
  admitted: ReadonlyMap<ShopId, Member>,
): T | null {
  const signers = new Set(given.map(({ node }) => node.record.by))
  const first = [...admitted.keys()].find((shop) => signers.has(shop))
  return given.find(({ node }) => node.record.by === first) ?? null
}

/** What a shop signed counts while it is in, and where one of those by which it is out had seen the record. */
function counts(node: Placed, departures: Departures): boolean {
  const departure = departures.get(node.record.by)
  return departure === undefined || departure.some((removal) => removal === node || removal.past.has(node))
}

/**
 * Shops with an add that counts, by a signer that has one too; the founder needs none. The senior first: by the first add
 * that counts, so that nobody can change the order by signing under an old past after it is out.
 */
function admittedShops(records: readonly Placed[], departures: Departures): Map<ShopId, Member> {
  const shops = new Set<ShopId>()
  const adds = records.flatMap((node) => {
    const { change } = node.record
    return change.kind === 'founded' || change.kind === 'add' ? [{ node, change, shopId: shopOfKey(change.key) }] : []
  })
  const letIn = ({ node, change }: (typeof adds)[number]): boolean =>
    change.kind === 'founded' || (shops.has(node.record.by) && counts(node, departures))
  // An add behind its signer's only later admission is found in the next round.
  for (let before = -1; before < shops.size; ) {
    before = shops.size
    for (const add of adds) if (!shops.has(add.shopId) && letIn(add)) shops.add(add.shopId)
  }
  const admitted = new Map<ShopId, Member>()
  for (const add of adds) {
    const { shopId, node, change } = add
    if (admitted.has(shopId) || !letIn(add)) continue
    const { key, url, name } = change
    const addedBy = change.kind === 'founded' ? null : node.record.by
    admitted.set(shopId, { shopId, key, url, name, addedBy, since: node.record.at })
  }
  return admitted
}

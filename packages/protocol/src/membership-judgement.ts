/**
 * Who is a member after a set of valid membership records, each with its past.
 *
 *   J1  Removals count in the order of their signers' seniority, so that a shop that was evicted cannot take others with it
 *       by signing under an old past.
 *   J2  What a shop signed counts while it is in. Afterwards that counts which one of those who removed it had seen, or, if
 *       nobody else did, its own leaving.
 *   J3  The senior is who was let in first, by an addition that counts.
 */
import type { ShopId } from './ids.ts'
import { shopIdOfKey } from './ids.ts'
import type { MembershipRecord, RecordHash } from './membership-record.ts'
import { remembered } from './remembered.ts'

/** A record is read once, so its keys are the same bytes in every judgement. */
export const shopOfKey: (key: Uint8Array) => ShopId = remembered(shopIdOfKey)

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

export interface Node {
  readonly hash: RecordHash
  readonly record: MembershipRecord
  /** Longest way from the founding record; with the hash, an order in which the past comes first. */
  readonly depth: number
}

/**
 * A valid record with what it came after, of that which decides who is a member (see `decidesMembers`). Any number of
 * names, addresses and most cuts in between share one past, and one judgement of it.
 */
export interface Placed extends Node {
  readonly past: Past
}

export type Past = ReadonlySet<Placed>

export interface Judgement {
  readonly members: ReadonlyMap<ShopId, Member>
  /** Every shop that was ever added. */
  readonly known: ReadonlySet<ShopId>
  /** Every shop with an add that counts, also those that are out by now. */
  readonly admitted: ReadonlyMap<ShopId, Member>
  readonly pending: readonly ShopId[]
  readonly removed: readonly ShopId[]
  /** Of the removed ones, those that others removed. */
  readonly evicted: readonly ShopId[]
  readonly departures: Departures
}

/** By shop that is out: the removals by others that count, or where there are none, its leaving. */
type Departures = ReadonlyMap<ShopId, readonly Placed[]>

interface Votes {
  /** Removals by others, with whom they remove. */
  readonly removals: ReadonlyMap<Placed, ShopId>
  readonly leavings: ReadonlyMap<ShopId, readonly Placed[]>
  /** By shop, the cuts that know of a leaving of it. */
  readonly cuts: ReadonlyMap<ShopId, readonly Placed[]>
  /** By shop, what it signed on which it may depend who else is a member. */
  readonly signed: ReadonlyMap<ShopId, readonly Placed[]>
}

/**
 * Who is a member after these valid records (with their past, in order). Removals are taken in the order of their
 * signers' seniority, so that a shop that was evicted cannot take others with it by signing under an old past.
 */
export function judge(records: readonly Placed[]): Judgement {
  const known = new Set<ShopId>()
  for (const { record } of records) {
    const { change } = record
    if (change.kind === 'founded' || change.kind === 'add') known.add(shopOfKey(change.key))
  }
  const votes = votesOf(records)
  const open = new Map(votes.removals)
  const removals = new Map<ShopId, readonly Placed[]>()
  let departures = new Map(votes.leavings)
  let admitted = admittedShops(records, departures)
  for (let isSettled = false; !isSettled; ) {
    departures = new Map([...leavingsOf(votes, admitted, departures), ...removals])
    admitted = admittedShops(records, departures)
    const counting = [...open].filter(([node]) => counts(node, departures))
    isSettled = true
    for (const [node, subject] of bySeniority(counting, admitted)) {
      open.delete(node)
      const signed = votes.signed.get(subject) ?? []
      // Else what its subject signed may count no more, or again, and all is looked at once more.
      isSettled = signed.length === 0 || (!departures.has(subject) && signed.every((each) => node.past.has(each)))
      const against = [...(removals.get(subject) ?? []), node]
      removals.set(subject, against)
      departures.set(subject, against)
      if (!isSettled) break
    }
  }

  // Who was never in cannot leave: all would have to say anew how far they hold what it did.
  const departed = new Map([...departures].filter(([shop]) => admitted.has(shop) || removals.has(shop)))
  const members = new Map([...admitted].filter(([shop]) => !departed.has(shop)))
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
    pending: [...known].filter((shop) => !admitted.has(shop) && !departed.has(shop)).sort(),
    removed: [...departed.keys()].sort(),
    evicted: [...removals.keys()].sort(),
    departures: departed,
  }
}

function votesOf(records: readonly Placed[]): Votes {
  const removals = new Map<Placed, ShopId>()
  const leavings = new Map<ShopId, Placed[]>()
  const cuts = new Map<ShopId, Placed[]>()
  const signed = new Map<ShopId, Placed[]>()
  const put = (into: Map<ShopId, Placed[]>, shop: ShopId, node: Placed): void => {
    const list = into.get(shop)
    if (list === undefined) into.set(shop, [node])
    else list.push(node)
  }
  for (const node of records) {
    const { by, change } = node.record
    if (change.kind !== 'founded' && decidesMembers(node)) put(signed, by, node)
    if (isLeaving(node.record)) put(leavings, by, node)
    else if (change.kind === 'remove') removals.set(node, change.subject)
    else if (change.kind === 'cut' && leavingsSeenBy(node).length > 0) put(cuts, change.subject, node)
  }
  return { removals, leavings, cuts, signed }
}

/**
 * A shop leaves once, since afterwards it is no member. Of one that signs other leavings beside the first, for what it
 * did later, those stand that the senior of all others had heard of when it first spoke of them.
 */
function leavingsOf(votes: Votes, admitted: ReadonlyMap<ShopId, Member>, departures: Departures): Departures {
  const standing = new Map<ShopId, readonly Placed[]>()
  for (const [shop, all] of votes.leavings) {
    const cuts = all.length === 1 ? [] : (votes.cuts.get(shop) ?? [])
    const counting = cuts.filter((cut) => counts(cut, departures)).map((cut) => [cut] as const)
    const [first] = bySeniority(counting, admitted)
    standing.set(shop, first === undefined ? all : leavingsSeenBy(first[0]))
  }
  return standing
}

/** Those whose signers were let in, the senior's first. */
function bySeniority<T extends readonly [Placed, ...unknown[]]>(
  given: readonly T[],
  admitted: ReadonlyMap<ShopId, Member>,
): T[] {
  const ranks = new Map([...admitted.keys()].map((shop, rank) => [shop, rank]))
  const rank = ([node]: T): number => ranks.get(node.record.by) ?? Number.POSITIVE_INFINITY
  return given.filter((each) => ranks.has(each[0].record.by)).sort((a, b) => rank(a) - rank(b))
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

/** Whether a record changes who is a member, or may be; a cut does, as a word on when its subject left. */
export function decidesMembers(node: Placed): boolean {
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

export function inOrder<T extends Node>(nodes: Iterable<T>): T[] {
  return [...nodes].sort((a, b) => a.depth - b.depth || (a.hash < b.hash ? -1 : 1))
}

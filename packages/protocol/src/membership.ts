/**
 * Signed membership records and what they mean together. A record names the records it came after, so the records
 * form a graph that begins at the founding record, whose hash is the network id. A record is valid if its signature
 * is and its signer was a member in what it came after: that depends on its past alone and never changes.
 *
 * Of all valid records (see `judge`): a removed key never returns; what a shop signed counts unless it was removed
 * by somebody who had not seen it, and of two shops that remove each other the senior stays.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import {
  createWriter,
  finish,
  left,
  Malformed,
  parseBytes,
  type Reader,
  readByte,
  readBytes,
  readFixed,
  readList,
  readText,
  readUint,
  writeByte,
  writeBytes,
  writeFixed,
  writeList,
  writeText,
  writeUint,
} from './bytes.ts'
import { decodeShopId, encodeShopId, type NetworkId, type ShopId, shopIdBytes, shopIdOfKey } from './ids.ts'
import { addressCharactersMax, membershipHeadsMax, membershipRecordBytesMax, shopNameCharactersMax } from './limits.ts'
import { assert, type Result, unreachable } from './result.ts'

/** Checks an Ed25519 signature (64 bytes) by a public key (32 raw bytes). */
export type Verify = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean
export type Sign = (bytes: Uint8Array) => Uint8Array

/** SHA-256 of a record's bytes, in hex. */
export type RecordHash = string

export type MembershipChange =
  | { readonly kind: 'founded' | 'add'; readonly key: Uint8Array; readonly url: string; readonly name: string }
  | { readonly kind: 'remove'; readonly subject: ShopId }
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'rename'; readonly name: string }

/** Who signs, when (milliseconds since 1970, for display), and which records were known. */
export interface MembershipHeader {
  readonly by: ShopId
  readonly at: number
  readonly after: readonly RecordHash[]
}

export interface MembershipRecord extends MembershipHeader {
  /** `unknown` is a kind of a newer release: it holds its place in the graph and changes nothing here. */
  readonly change: MembershipChange | { readonly kind: 'unknown' }
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

const kindBytes = { founded: 1, add: 2, remove: 3, address: 4, rename: 5 } as const
const hashBytes = 32
const context = 'stockmesh membership 1'

export function hashMembershipRecord(bytes: Uint8Array): RecordHash {
  return bytesToHex(sha256(bytes))
}

/** Bytes of a record: its body with a length, then the signature over context and body. */
export function encodeMembershipRecord(change: MembershipChange, header: MembershipHeader, sign: Sign): Uint8Array {
  const after = [...new Set(header.after)].sort().slice(0, membershipHeadsMax)
  assert((change.kind === 'founded') === (after.length === 0), 'only a founding record comes after nothing')
  const body = createWriter()
  writeByte(body, kindBytes[change.kind])
  writeFixed(body, encodeShopId(header.by))
  writeUint(body, header.at)
  writeList(body, after, (to, hash) => writeFixed(to, hexToBytes(hash)))
  switch (change.kind) {
    case 'founded':
    case 'add':
      writeFixed(body, change.key)
      writeText(body, change.url)
      writeText(body, change.name)
      break
    case 'remove':
      writeFixed(body, encodeShopId(change.subject))
      break
    case 'address':
      writeText(body, change.url)
      break
    case 'rename':
      writeText(body, change.name)
      break
    default:
      unreachable(change)
  }
  const record = createWriter()
  writeBytes(record, finish(body))
  writeFixed(record, sign(signedBytes(finish(body))))
  const bytes = finish(record)
  assert(decodeMembershipRecord(bytes).ok, 'a membership record of ours can be read')
  return bytes
}

/** Any bytes give a record or the failure `malformed`. */
export function decodeMembershipRecord(bytes: Uint8Array): Result<MembershipRecord> {
  return parseBytes(bytes, (reader) => {
    if (bytes.length > membershipRecordBytesMax) throw new Malformed('A membership record is over its limit.')
    const body = readBytes(reader, membershipRecordBytesMax)
    const signature = readFixed(reader, 64)
    // Bytes behind the signature would give one record many hashes.
    if (left(reader) > 0) throw new Malformed('A membership record goes on behind its signature.')
    const parsed = parseBytes(body, readBody)
    if (!parsed.ok) throw new Malformed(parsed.message)
    return { ...parsed.value, signed: signedBytes(body), signature }
  })
}

function readBody(reader: Reader): MembershipHeader & Pick<MembershipRecord, 'change'> {
  const kind = readByte(reader)
  const by = decodeShopId(readFixed(reader, shopIdBytes))
  const at = readUint(reader)
  const after = readList(reader, membershipHeadsMax, (from) => bytesToHex(readFixed(from, hashBytes)))
  if (after.some((hash, index) => index > 0 && hash <= (after[index - 1] ?? ''))) {
    throw new Malformed('A membership record names its past out of order.')
  }
  return { by, at, after, change: readChange(kind, reader) }
}

function readChange(kind: number, reader: Reader): MembershipRecord['change'] {
  switch (kind) {
    case kindBytes.founded:
    case kindBytes.add:
      return {
        kind: kind === kindBytes.founded ? 'founded' : 'add',
        key: readFixed(reader, 32),
        url: readText(reader, addressCharactersMax),
        name: readText(reader, shopNameCharactersMax),
      }
    case kindBytes.remove:
      return { kind: 'remove', subject: decodeShopId(readFixed(reader, shopIdBytes)) }
    case kindBytes.address:
      return { kind: 'address', url: readText(reader, addressCharactersMax) }
    case kindBytes.rename:
      return { kind: 'rename', name: readText(reader, shopNameCharactersMax) }
    default:
      return { kind: 'unknown' }
  }
}

function signedBytes(body: Uint8Array): Uint8Array {
  const writer = createWriter()
  writeText(writer, context)
  writeBytes(writer, body)
  return finish(writer)
}

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

/** A valid record with everything it came after. */
interface Placed extends Node {
  readonly past: ReadonlySet<Placed>
}

/** Deterministic: the same set of records gives the same view, however often and in whatever order they came. */
export function evaluateMembership(network: NetworkId, records: Iterable<Uint8Array>, verify: Verify): MembershipView {
  const rejected = new Map<RecordHash, RejectionCode>()
  const nodes = sortByPast(records, rejected)
  const placed = new Map<RecordHash, Placed>()
  const judgements = new Map<string, Judgement>()
  for (const node of nodes) {
    const parents = node.record.after.map((hash) => placed.get(hash))
    if (parents.some((parent) => parent === undefined)) {
      rejected.set(node.hash, 'past-rejected')
      continue
    }
    const past = new Set<Placed>()
    for (const parent of parents) {
      if (parent === undefined) continue
      past.add(parent)
      for (const ancestor of parent.past) past.add(ancestor)
    }
    const pastKey = node.record.after.join()
    const judgement = judgements.get(pastKey) ?? judge(inOrder(past))
    judgements.set(pastKey, judgement)
    const code = rejectionOf(network, node, judgement, verify)
    if (code === null) placed.set(node.hash, { ...node, past })
    else rejected.set(node.hash, code)
  }
  const valid = [...placed.values()]
  const named = new Set(valid.flatMap((node) => node.record.after))
  const { members, pending, removed } = judge(valid)
  return {
    network,
    members: [...members.values()],
    pending,
    removed,
    heads: valid.map((node) => node.hash).filter((hash) => !named.has(hash)),
    valid: valid.map((node) => node.hash),
    rejected: [...rejected].map(([hash, code]) => ({ hash, code })).sort((a, b) => (a.hash < b.hash ? -1 : 1)),
  }
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
    if (shopIdOfKey(record.value.change.key) === subject && valid.has(hashMembershipRecord(bytes))) return true
  }
  return false
}

function rejectionOf(network: NetworkId, node: Node, past: Judgement, verify: Verify): RejectionCode | null {
  const { change, by, signed, signature } = node.record
  if (change.kind === 'founded' || node.record.after.length === 0) {
    if (change.kind !== 'founded' || node.hash !== (network as string)) return 'other-network'
    if (shopIdOfKey(change.key) !== by) return 'signer-not-a-member'
    return verify(change.key, signed, signature) ? null : 'signature-invalid'
  }
  const signer = past.members.get(by)
  if (signer === undefined) return 'signer-not-a-member'
  if (!verify(signer.key, signed, signature)) return 'signature-invalid'
  if (change.kind === 'remove' && !past.known.has(change.subject)) return 'subject-unknown'
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
      const shop = shopIdOfKey(change.key)
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

/** What a shop signed counts unless it was removed, and by nobody who had seen the record. */
function counts(node: Placed, removals: Removals): boolean {
  const against = removals.get(node.record.by)
  return against === undefined || against.some((removal) => removal.past.has(node))
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
      const shopId = shopIdOfKey(change.key)
      if (admitted.has(shopId)) continue
      const founded = change.kind === 'founded'
      if (!founded && !(admitted.has(by) && counts(node, removals))) continue
      const { key, url, name } = change
      admitted.set(shopId, { shopId, key, url, name, addedBy: founded ? null : by, since: at })
    }
  }
  return admitted
}

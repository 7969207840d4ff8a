/**
 * The members of this node's network: signed records in the database, and what they mean together. A valid record is
 * kept for ever; the network document only carries it, and gets it back if it vanishes there.
 *
 * Records are written one after the other, so that each of ours names all that came before it.
 */
import { createHash } from 'node:crypto'
import {
  type CutChange,
  encodeMembershipRecord,
  evaluateMembership,
  failure,
  hashMembershipRecord,
  headsFor,
  isNetworkId,
  limits,
  type Member,
  type MembershipChange,
  type MembershipView,
  type NetworkId,
  type RecordHash,
  removalRecords,
  type Result,
  type ShopId,
  shopIdOfKey,
  standingRecords,
  success,
  wasAddedBy,
  wasEvicted,
  wasLetInBy,
  withinBudget,
} from '@stockmesh/protocol'
import { Lane } from '../lane.ts'
import type { Identity } from '../identity.ts'
import type { Clock } from '../ports.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, type Operation, put, type Storage } from '../storage/storage.ts'
import type { NetworkDocument } from './network-document.ts'
import { RecordSieve } from './record-sieve.ts'

export interface NewMember {
  readonly key: Uint8Array
  readonly url: string
  readonly name: string
}

/** What a shop is told that says it was let in; `records` show it why not. */
export type Introduced = { readonly isMember: true } | { readonly isMember: false; readonly records: Uint8Array[] }

/** Signatures that were checked before are not checked again. */
const verifiedMax = 10_000

const notMyself = failure('not-a-member', 'This shop is not a member of the network any more.')

const tooMany = failure(
  'membership-full',
  'Too many changes of members, names and addresses have been signed in this network. Remove the shop that made them, or found a new network.',
)

export async function openMembership(
  storage: Storage,
  table: number,
  identity: Identity,
  clock: Clock,
): Promise<Membership> {
  const stored = await storage.get(encodeKey(table, 'network'))
  const text = stored === undefined ? null : new TextDecoder().decode(stored)
  const network = text !== null && isNetworkId(text) ? text : null
  const records: Uint8Array[] = []
  if (network !== null) {
    for await (const [, bytes] of storage.scan(prefixRange(table, 'record'))) records.push(bytes)
  }
  return new Membership(storage, table, identity, clock, network, records)
}

export class Membership {
  readonly #storage: Storage
  readonly #table: number
  readonly #identity: Identity
  readonly #clock: Clock
  readonly #listeners = new Set<() => void>()
  readonly #verified = new Set<string>()
  readonly #sieve = new RecordSieve()
  #records = new Map<RecordHash, Uint8Array>()
  #view: MembershipView | null = null
  #isEvicted = false
  readonly #turns = new Lane()

  constructor(
    storage: Storage,
    table: number,
    identity: Identity,
    clock: Clock,
    network: NetworkId | null,
    records: readonly Uint8Array[],
  ) {
    this.#storage = storage
    this.#table = table
    this.#identity = identity
    this.#clock = clock
    for (const bytes of records) this.#records.set(hashMembershipRecord(bytes), bytes)
    if (network !== null) this.#setView(this.#evaluate(network, records))
  }

  /** null while this shop is alone. */
  get network(): NetworkId | null {
    return this.#view?.network ?? null
  }

  /** What the records say; null while this shop is alone. */
  get view(): MembershipView | null {
    return this.#view
  }

  /** The senior first; empty while this shop is alone. */
  get members(): readonly Member[] {
    return this.#view?.members ?? []
  }

  member(shop: ShopId): Member | null {
    return this.members.find((member) => member.shopId === shop) ?? null
  }

  /** The key of a shop that is a member or was one. */
  keyOf(shop: ShopId): Uint8Array | null {
    return this.#view?.keys.get(shop) ?? null
  }

  isMember(key: Uint8Array): boolean {
    return this.member(shopIdOfKey(key)) !== null
  }

  /** Whether another member removed this shop: it is in the network's past, and its key never returns. */
  get isEvicted(): boolean {
    return this.#isEvicted
  }

  /** What a member that does not know a shop needs to see that it was let in. */
  admissionOf(shop: ShopId): Uint8Array[] {
    return this.#view === null ? [] : standingRecords(this.#view, this.#records.values(), shop)
  }

  /** What a removed shop needs to see for itself that it is out. */
  removalOf(shop: ShopId): Uint8Array[] {
    return this.#view === null ? [] : removalRecords(this.#view, this.#records.values(), shop)
  }

  /** What all that is known here stands behind, as a record of this shop would name it. */
  heads(): readonly RecordHash[] {
    return this.#view === null ? [] : headsFor(this.#view, this.#records.values(), this.#identity.shopId)
  }

  /** Whether the hash of one of the valid records begins so. */
  knows(start: string): boolean {
    return this.#view?.valid.some((hash) => hash.startsWith(start)) === true
  }

  /** Valid records, each behind the ones it came after. */
  records(): Uint8Array[] {
    return (this.#view?.valid ?? []).map((hash) => this.#records.get(hash)).filter((bytes) => bytes !== undefined)
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Makes a network of this shop alone. Code: `already-in-a-network`. */
  found(about: { readonly url: string; readonly name: string }): Promise<Result<NetworkId>> {
    return this.#turns.run(async () => {
      if (this.#view !== null) return failure('already-in-a-network', 'This shop is in a network already.')
      const change = { kind: 'founded', key: this.#identity.publicKey, ...about } as const
      const record = encodeMembershipRecord(change, this.#header([]), this.#identity.sign)
      const network = hashMembershipRecord(record) as NetworkId
      await this.#replace(network, [record])
      return success(network)
    })
  }

  /** Adds a shop, or confirms one that another member added. Codes: `no-network`, `not-a-member`, `key-removed`. */
  add(member: NewMember): Promise<Result<void>> {
    return this.#turns.run(async () => {
      const shop = shopIdOfKey(member.key)
      if (this.#view?.removed.includes(shop) === true) {
        return failure('key-removed', 'This shop was removed from the network. It must join with a new identity.')
      }
      if (this.addedByMe(shop) && this.member(shop) !== null) return success(undefined)
      return await this.#sign({ kind: 'add', ...member })
    })
  }

  /** Removes a shop for ever; of this shop itself, it is leaving. */
  remove(subject: ShopId): Promise<Result<void>> {
    return this.#turns.run(async () => {
      if (this.member(subject) === null) return failure('not-a-member', 'This shop is not a member of the network.')
      return await this.#sign({ kind: 'remove', subject })
    })
  }

  /** Says how far the replicas of a shop that is out are held here; one record after the other. */
  cut(parts: readonly CutChange[]): Promise<void> {
    return this.#turns.run(async () => {
      for (const part of parts) await this.#sign(part)
    })
  }

  rename(name: string): Promise<Result<void>> {
    return this.#turns.run(() => this.#sign({ kind: 'rename', name }))
  }

  move(url: string): Promise<Result<void>> {
    return this.#turns.run(() => this.#sign({ kind: 'address', url }))
  }

  /** Whether a valid record of this shop added the other one. */
  addedByMe(shop: ShopId): boolean {
    const view = this.#view
    return view !== null && wasAddedBy(view, this.records(), shop, this.#identity.shopId)
  }

  /** Whether this shop is a member and a valid record of the other one added it. */
  wasLetInBy(member: ShopId): boolean {
    const view = this.#view
    return view !== null && wasLetInBy(view, this.records(), this.#identity.shopId, member)
  }

  /**
   * Enters the network that accepted this shop; a network of this shop alone is dissolved by it. The same network
   * again only adds records. Codes: `leave-first`, `not-a-member`.
   */
  adopt(network: NetworkId, records: readonly Uint8Array[]): Promise<Result<void>> {
    return this.#turns.run(async () => {
      if (this.network === network) {
        await this.#admit(records)
        return success(undefined)
      }
      if (this.members.length > 1) return failure('leave-first', 'This shop is in a network. Leave it first.')
      const view = this.#evaluate(network, records)
      if (!view.members.some((member) => member.shopId === this.#identity.shopId)) {
        return failure('not-a-member', 'The records of the network do not name this shop as a member.')
      }
      const valid = new Set(view.valid)
      await this.#replace(
        network,
        records.filter((bytes) => valid.has(hashMembershipRecord(bytes))),
      )
      return success(undefined)
    })
  }

  /**
   * A shop shows how it was let in. Its records are kept only where they make it a member: a shop that is out could sign
   * any number of others in, under a past in which it was not. In no network, or another one, nothing is known of it.
   */
  introduce(network: NetworkId, shop: ShopId, records: readonly Uint8Array[]): Promise<Introduced> {
    return this.#turns.run(async () => {
      if (this.#view === null || this.#view.network !== network) return { isMember: false, records: [] }
      const fresh = records.filter((bytes) => !this.#records.has(hashMembershipRecord(bytes)))
      // What is so much more is heard from the other members first.
      if (fresh.length > limits.introducedRecordsMax) return { isMember: false, records: [] }
      const all = [...this.#records.values(), ...fresh]
      const view = this.#evaluate(network, all)
      const standing = standingRecords(view, all, shop)
      if (view.members.some(({ shopId }) => shopId === shop)) {
        await this.#admit(standing)
        if (this.member(shop) !== null) return { isMember: true }
      }
      return { isMember: false, records: standing.filter((bytes) => this.#records.has(hashMembershipRecord(bytes))) }
    })
  }

  /** Takes records from wherever they come. What cannot be used now may be given again later. */
  receive(records: readonly Uint8Array[]): Promise<void> {
    return this.#turns.run(() => this.#admit(records))
  }

  /** Keeps the network document and the stored records in step, both ways. Answers what undoes it. */
  carryIn(document: NetworkDocument, onFailure: (error: unknown) => void): () => void {
    const compare = (): void => {
      const chosen = this.#sieve.choose(document.records(), (hash) => this.#records.has(hash))
      if (chosen.length > 0) this.receive(chosen).catch(onFailure)
      document.putRecords(this.records())
    }
    const undo = [document.onChange(compare), this.onChange(compare)]
    compare()
    return () => undo.forEach((each) => each())
  }

  /** Forgets the network. Its records are gone with the answer: leaving is signed and told before. */
  forget(): Promise<void> {
    return this.#turns.run(async () => {
      await this.#storage.write([...this.#deletions(), del(encodeKey(this.#table, 'network'))])
      this.#records = new Map()
      this.#setView(null)
      this.#changed()
    })
  }

  async #sign(change: MembershipChange): Promise<Result<void>> {
    const view = this.#view
    if (view === null) return failure('no-network', 'This shop is in no network.')
    if (this.member(this.#identity.shopId) === null) return notMyself
    const record = encodeMembershipRecord(change, this.#header(this.heads()), this.#identity.sign)
    await this.#admit([record])
    return this.#records.has(hashMembershipRecord(record)) ? success(undefined) : tooMany
  }

  async #admit(records: readonly Uint8Array[]): Promise<void> {
    const view = this.#view
    if (view === null) return
    const fresh = records.filter((bytes) => !this.#records.has(hashMembershipRecord(bytes)))
    if (fresh.length === 0) return
    const held = [...this.#records.values()]
    const next = this.#evaluate(view.network, [...held, ...fresh])
    const byHash = new Map(fresh.map((bytes) => [hashMembershipRecord(bytes), bytes]))
    const valid = next.valid.map((hash) => byHash.get(hash)).filter((bytes) => bytes !== undefined)
    const { taken: admitted } = withinBudget(held, valid, (shop) => this.member(shop) !== null)
    const taken = new Set(admitted)
    this.#sieve.settle(
      next.rejected.filter(({ code }) => code !== 'past-missing').map(({ hash }) => hash),
      valid.filter((bytes) => !taken.has(bytes)),
    )
    if (admitted.length === 0) return
    await this.#storage.write(admitted.map((bytes) => put(this.#key(hashMembershipRecord(bytes)), bytes)))
    for (const bytes of admitted) this.#records.set(hashMembershipRecord(bytes), bytes)
    this.#setView(admitted.length === valid.length ? next : this.#evaluate(view.network, this.#records.values()))
    this.#changed()
  }

  async #replace(network: NetworkId, records: readonly Uint8Array[]): Promise<void> {
    const hashes = new Map(records.map((bytes) => [hashMembershipRecord(bytes), bytes]))
    await this.#storage.write([
      ...this.#deletions(),
      put(encodeKey(this.#table, 'network'), new TextEncoder().encode(network)),
      ...[...hashes].map(([hash, bytes]) => put(this.#key(hash), bytes)),
    ])
    this.#records = hashes
    this.#setView(this.#evaluate(network, records))
    this.#changed()
  }

  #deletions(): Operation[] {
    return [...this.#records.keys()].map((hash) => del(this.#key(hash)))
  }

  #key(hash: RecordHash): Uint8Array {
    return encodeKey(this.#table, 'record', hash)
  }

  #header(after: readonly RecordHash[]): { by: ShopId; at: number; after: readonly RecordHash[] } {
    return { by: this.#identity.shopId, at: Math.max(0, Math.trunc(this.#clock.now())), after }
  }

  /** What is held was judged when it came, or when it was loaded, and may be as much as a member made of it. */
  #evaluate(network: NetworkId, records: Iterable<Uint8Array>): MembershipView {
    return evaluateMembership(
      network,
      records,
      (key, bytes, signature) => {
        const id = createHash('sha256').update(key).update(signature).update(bytes).digest('base64')
        if (this.#verified.has(id)) return true
        const valid = this.#identity.verify(key, bytes, signature)
        if (valid && this.#verified.size < verifiedMax) this.#verified.add(id)
        return valid
      },
      new Set(network === this.network ? this.#view?.valid : []),
    )
  }

  #setView(view: MembershipView | null): void {
    this.#view = view
    this.#isEvicted = view !== null && wasEvicted(view, this.#identity.shopId)
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

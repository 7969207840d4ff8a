/**
 * Join requests of other shops, held by this member until its owner answers. Each step is durable before the joiner
 * hears of it, and every step may be repeated: a joiner that comes back is told where its request stands.
 */
import {
  acceptJoinRequest,
  type Admission,
  expireJoinRequest,
  failure,
  type HeldJoinRequest,
  isDecided,
  type JoinRequest,
  type JoinReveal,
  limits,
  type ProvenPeer,
  receiveJoinRequest,
  receiveJoinReveal,
  refuseJoinRequest,
  type Result,
  shopIdOfKey,
} from '@stockmesh/protocol'
import { Buffer } from 'node:buffer'
import { Lane } from '../lane.ts'
import type { Identity } from '../identity.ts'
import type { Clock, Random } from '../ports.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { decodeHeldRow, encodeJoinRow } from './join-row.ts'
import { partsOf } from './introducer.ts'
import type { Membership } from './membership.ts'
import type { Session, SessionEvents, SessionMessage } from './session.ts'

/** What this shop says of itself and its import. */
export interface OwnShop {
  name(): string
  importDone(): boolean
}

/** Answered requests that are kept for the list, the latest ones. */
const decidedMax = 100
/** Sockets of joining shops at one time; more than there can be open requests. */
const joinSessionsMax = 32

export async function openIncomingJoins(
  storage: Storage,
  table: number,
  identity: Identity,
  ports: { readonly clock: Clock; readonly random: Random },
  membership: Membership,
  shop: OwnShop,
): Promise<IncomingJoins> {
  const rows: HeldJoinRequest[] = []
  for await (const [, bytes] of storage.scan(prefixRange(table, 'in'))) {
    const row = decodeHeldRow(bytes)
    // The add record is durable before the request says so: a stop in between is finished here.
    const added = row.state === 'seen' && membership.addedByMe(shopIdOfKey(row.joinerKey))
    rows.push(added ? { ...row, state: 'accepted' } : row)
  }
  return new IncomingJoins(storage, table, identity, ports, membership, shop, rows)
}

export class IncomingJoins implements SessionEvents {
  readonly #storage: Storage
  readonly #table: number
  readonly #identity: Identity
  readonly #clock: Clock
  readonly #random: Random
  readonly #membership: Membership
  readonly #shop: OwnShop
  readonly #requests = new Map<string, HeldJoinRequest>()
  readonly #sessions = new Set<Session>()
  /** The request that a socket is about, once it has sent one; what it said last is heard even after its end. */
  readonly #about = new WeakMap<Session, string>()
  /** Parts of what a socket shows of how its shop was let in. */
  readonly #shown = new WeakMap<Session, readonly Uint8Array[]>()
  readonly #listeners = new Set<() => void>()
  readonly #turns = new Lane()

  constructor(
    storage: Storage,
    table: number,
    identity: Identity,
    ports: { readonly clock: Clock; readonly random: Random },
    membership: Membership,
    shop: OwnShop,
    rows: readonly HeldJoinRequest[],
  ) {
    this.#storage = storage
    this.#table = table
    this.#identity = identity
    this.#clock = ports.clock
    this.#random = ports.random
    this.#membership = membership
    this.#shop = shop
    for (const row of rows) this.#requests.set(row.id, row)
  }

  /** Requests that both sides know, the oldest first. Without their reveal they are nobody's business. */
  list(): HeldJoinRequest[] {
    return this.#current()
      .filter((request) => request.state !== 'held')
      .sort((a, b) => a.at - b.at)
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Codes: `request-unknown, request-closed, code-mismatch, import-first, key-removed, no-network`. */
  accept(id: string, code: string): Promise<Result<HeldJoinRequest>> {
    return this.#decide(id, async (request) => {
      const accepted = acceptJoinRequest(request, code, this.#hasNumbersFor(request))
      if (!accepted.ok || request.state === 'accepted') return accepted
      const { joinerKey: key, url, name } = request
      const added = await this.#membership.add({ key, url, name })
      return added.ok ? accepted : added
    })
  }

  /** One that is a member already and only does not know it may be what this shop waits for itself. */
  #hasNumbersFor({ joinerKey }: HeldJoinRequest): boolean {
    return this.#membership.network !== null && (this.#shop.importDone() || this.#membership.isMember(joinerKey))
  }

  /** Codes: `request-unknown, request-closed`. */
  refuse(id: string): Promise<Result<HeldJoinRequest>> {
    return this.#decide(id, (request) => Promise.resolve(refuseJoinRequest(request)))
  }

  onOpen(session: Session): void {
    if (this.#sessions.size >= joinSessionsMax) {
      return session.close('too-many-requests', 'Too many shops are asking to join. Try again later.')
    }
    this.#sessions.add(session)
  }

  onMessage(session: Session, message: SessionMessage): void {
    const { peer } = session
    if (peer === null || !this.#sessions.has(session)) return
    const work = this.#turns.run(async () => {
      if (message.type === 'join-request') await this.#receiveRequest(session, peer, message)
      else if (message.type === 'join-reveal') await this.#receiveReveal(session, message)
      else if (message.type === 'join-cancel') await this.#cancel(session)
      else if (message.type === 'admission') await this.#receiveAdmission(session, peer, message)
      else session.close('unexpected-message', 'Only a join request is expected here.')
    })
    // The database reports its failure to its owner; the joiner asks again later.
    work.catch(() => session.close('try-again', 'The other shop cannot keep the request now. It is sent again.'))
  }

  onClose(session: Session): void {
    this.#sessions.delete(session)
  }

  async #receiveRequest(session: Session, peer: ProvenPeer, message: JoinRequest): Promise<void> {
    if (this.#membership.view?.removed.includes(peer.shopId) === true) {
      return this.#tell(
        session,
        'refused',
        'This shop was removed from the network. Leave with --force for a new identity, then ask again.',
      )
    }
    const keys = { joiner: peer.key, member: this.#identity.publicKey }
    const nonce = this.#random.bytes(32)
    const { verify } = this.#identity
    const received = receiveJoinRequest(this.#current(), message, keys, nonce, this.#clock.now(), verify)
    if (!received.ok) return session.close(received.code, received.message)
    const { request, changed } = received.value
    await this.#save(changed)
    this.#about.set(session, request.id)
    session.send({
      type: 'join-seen',
      id: new Uint8Array(Buffer.from(request.id, 'hex')),
      nonce: request.nonce,
      name: this.#shop.name().slice(0, limits.shopNameCharactersMax),
    })
  }

  async #receiveReveal(session: Session, message: JoinReveal): Promise<void> {
    const request = this.#requests.get(this.#about.get(session) ?? '')
    if (request === undefined) return session.close('join-order', 'A join request comes before its reveal.')
    const revealed = receiveJoinReveal(this.#expire(request), this.#identity.publicKey, message.nonce)
    if (!revealed.ok) return session.close(revealed.code, revealed.message)
    if (revealed.value !== request) await this.#save([revealed.value])
    this.#answer(session, revealed.value)
  }

  /** A shop that this member does not know says that another one let it in. */
  async #receiveAdmission(session: Session, peer: ProvenPeer, { network, records, more }: Admission): Promise<void> {
    const shown = [...(this.#shown.get(session) ?? []), ...records]
    if (shown.length > limits.membershipRecordsMax) {
      return session.close('admission-too-large', 'The shop shows more records than a network may have.')
    }
    this.#shown.set(session, shown)
    if (more) return
    this.#shown.delete(session)
    const introduced = await this.#membership.introduce(network, peer.shopId, shown)
    const answer = introduced.isMember
      ? ({ state: 'accepted', text: '', records: [] } as const)
      : ({ state: 'refused', text: 'The shop is not a member of this network.', records: introduced.records } as const)
    session.send({ type: 'join-state', code: '', network: introduced.isMember ? network : null, ...answer })
  }

  async #cancel(session: Session): Promise<void> {
    const request = this.#requests.get(this.#about.get(session) ?? '')
    if (request === undefined || isDecided(request.state)) return
    await this.#storage.write([del(this.#key(request.id))])
    this.#requests.delete(request.id)
    this.#changed()
  }

  #decide(
    id: string,
    decide: (request: HeldJoinRequest) => Promise<Result<HeldJoinRequest>>,
  ): Promise<Result<HeldJoinRequest>> {
    return this.#turns.run(async () => {
      const stored = this.#requests.get(id)
      if (stored === undefined) return failure('request-unknown', 'There is no such join request.')
      const request = this.#expire(stored)
      const decided = await decide(request)
      if (decided.ok) await this.#conclude(decided.value)
      // The joiner would wait on for an answer that cannot come any more.
      else if (request !== stored) await this.#conclude(request)
      return decided
    })
  }

  async #conclude(request: HeldJoinRequest): Promise<void> {
    await this.#save([request])
    for (const session of this.#sessions) {
      if (this.#about.get(session) === request.id) this.#answer(session, request)
    }
  }

  #answer(session: Session, request: HeldJoinRequest): void {
    switch (request.state) {
      case 'held':
        return
      case 'refused':
        return this.#tell(session, 'refused', 'The other shop refused the request.')
      case 'expired':
        return this.#tell(session, 'expired', 'The request was not answered in time, or replaced by a later one.')
      case 'seen':
        return this.#tell(session, 'seen', '')
      case 'accepted': {
        const { network } = this.#membership
        const parts = partsOf(this.#membership.records())
        // What does not fit into the answer comes before it.
        for (const part of parts.slice(0, -1)) {
          if (network !== null) session.send({ type: 'admission', network, records: part, more: true })
        }
        session.send({
          type: 'join-state',
          state: 'accepted',
          code: '',
          text: '',
          network,
          records: parts.at(-1) ?? [],
        })
      }
    }
  }

  #tell(session: Session, state: 'seen' | 'refused' | 'expired', text: string): void {
    session.send({ type: 'join-state', state, code: '', text, network: null, records: [] })
  }

  #current(): HeldJoinRequest[] {
    return [...this.#requests.values()].map((request) => this.#expire(request))
  }

  #expire(request: HeldJoinRequest): HeldJoinRequest {
    return expireJoinRequest(request, this.#clock.now())
  }

  async #save(changed: readonly HeldJoinRequest[]): Promise<void> {
    if (changed.length === 0) return
    const next = new Map(this.#requests)
    for (const request of changed) next.set(request.id, request)
    const old = [...next.values()]
      .filter((request) => isDecided(this.#expire(request).state))
      .sort((a, b) => b.at - a.at)
      .slice(decidedMax)
    await this.#storage.write([
      ...changed.map((request) => put(this.#key(request.id), encodeJoinRow(request))),
      ...old.map((request) => del(this.#key(request.id))),
    ])
    for (const request of changed) this.#requests.set(request.id, request)
    for (const request of old) this.#requests.delete(request.id)
    this.#changed()
  }

  #key(id: string): Uint8Array {
    return encodeKey(this.#table, 'in', id)
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

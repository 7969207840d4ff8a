/**
 * This shop's own request to become a member. It survives restarts on both sides: while it is open, the member is
 * dialed again and again, and each time the same request is sent and its standing is heard anew.
 */
import {
  type Admission,
  createJoinRequest,
  evaluateMembership,
  expireJoinRequest,
  failure,
  type Failure,
  isDecided,
  joinRequestMessage,
  type JoinStateMessage,
  limits,
  type NetworkId,
  type OwnJoinRequest,
  type Party,
  parseAddress,
  receiveJoinSeen,
  receiveJoinState,
  type Result,
  type ShopId,
  shopIdOfKey,
  success,
  wasLetInBy,
} from '@stockmesh/protocol'
import { Lane } from '../lane.ts'
import type { Identity } from '../identity.ts'
import type { Cancel, Clock, Random, Timers } from '../ports.ts'
import { encodeKey } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { type DialLimiter, placeOf } from './address-guard.ts'
import type { OpenChannel } from './channel.ts'
import { discover } from './discovery.ts'
import { decodeOutgoingRow, encodeJoinRow, type OutgoingRow } from './join-row.ts'
import { callShop, type Contact, type JoinCallParts } from './join-call.ts'
import { redialPause } from './redial.ts'
import type { Session, SessionMessage } from './session.ts'
import type { Dial, ReadPage } from './socket.ts'

/** What the request says of this shop, and what becomes of its answer. */
export interface JoiningShop {
  name(): string
  /** Where other shops reach this one. */
  url(): string
  /** A failure (`leave-first`, ...) if this shop may not ask now. */
  mayJoin(): Failure | null
  /** Enters the network, durably; it may be called again with the same network. `member` is the accepting shop's key. */
  onAccepted(network: NetworkId, records: readonly Uint8Array[], member: Uint8Array): Promise<Result<void>>
  /** Whether this shop is a member of a network by the hand of `member`. */
  wasLetInBy(member: ShopId): boolean
}

/** How often a member is asked about a request that has expired by this shop's own clock, in milliseconds. */
const expiredRedialMs = 60_000

interface OutgoingPorts {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly dial: Dial
  readonly readPage: ReadPage
  readonly openChannel: OpenChannel
}

export async function openOutgoingJoin(
  storage: Storage,
  table: number,
  identity: Identity,
  party: Party,
  ports: OutgoingPorts,
  limiter: DialLimiter,
  shop: JoiningShop,
): Promise<OutgoingJoin> {
  const key = encodeKey(table, 'out')
  const stored = await storage.get(key)
  let row = stored === undefined ? null : decodeOutgoingRow(stored)
  if (row !== null && !isDecided(row.request.state) && shop.wasLetInBy(shopIdOfKey(row.request.memberKey))) {
    // This shop ended between entering the network and keeping the answer, and who gave it may be gone by now.
    row = { ...row, request: { ...row.request, state: 'accepted', error: null, errorCode: null } }
    await storage.write([put(key, encodeJoinRow(row))])
  }
  return new OutgoingJoin(storage, table, identity, party, ports, limiter, shop, row)
}

export class OutgoingJoin implements AsyncDisposable {
  readonly #storage: Storage
  readonly #table: number
  readonly #identity: Identity
  readonly #party: Party
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #random: Random
  readonly #call: JoinCallParts
  readonly #readPage: ReadPage
  readonly #limiter: DialLimiter
  readonly #shop: JoiningShop
  readonly #listeners = new Set<() => void>()
  #row: OutgoingRow | null
  #session: Session | null = null
  /** What the session showed of the network so far. */
  #shown: Uint8Array[] = []
  #cancelRedial: Cancel | null = null
  #dialing: AbortController = new AbortController()
  #asking: AbortController | null = null
  #failures = 0
  #stopped = false
  readonly #turns = new Lane()

  constructor(
    storage: Storage,
    table: number,
    identity: Identity,
    party: Party,
    ports: OutgoingPorts,
    limiter: DialLimiter,
    shop: JoiningShop,
    row: OutgoingRow | null,
  ) {
    this.#storage = storage
    this.#table = table
    this.#identity = identity
    this.#party = party
    this.#clock = ports.clock
    this.#timers = ports.timers
    this.#random = ports.random
    this.#call = { party, limiter, ...ports }
    this.#readPage = ports.readPage
    this.#limiter = limiter
    this.#shop = shop
    this.#row = row
    if (row === null) return
    // The key at this address was proved before the restart.
    limiter.trust(placeOf(new URL(row.url)))
    this.#redial()
  }

  /** The request as it stands, also after it was answered; its code is for showing once it is seen. */
  get current(): OutgoingRow | null {
    const row = this.#row
    if (row === null) return null
    const request = expireJoinRequest(row.request, this.#clock.now())
    return { ...row, request: request.state === 'sent' ? { ...request, code: null } : request }
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Finds the node behind what was typed and asks it. The same address again is the same request while it is open;
   * another one takes its place. Codes: those of `parseAddress`, `discover` and `mayJoin`, and `join-pending`.
   */
  async request(address: string, importWhenAccepted: boolean): Promise<Result<OutgoingRow>> {
    const parsed = parseAddress(address)
    if (!parsed.ok) return parsed
    const refused = this.#shop.mayJoin()
    if (refused !== null) return refused
    if (this.#asking !== null) return failure('join-pending', 'The other shop is being called. Wait for the answer.')
    const open = this.current
    if (open !== null && !isDecided(open.request.state) && open.address === address) return success(open)
    const asking = new AbortController()
    this.#asking = asking
    try {
      const attempt = (url: string): Promise<Result<Contact>> => this.#contact(url, null, asking.signal)
      const found = await discover(parsed.value, this.#limiter, this.#readPage, attempt)
      if (!found.ok) return found
      if (asking.signal.aborted) return failure('join-closed', 'The request was withdrawn.')
      this.#withdraw('The request was replaced by another one.')
      return await this.#ask(found.value, address, importWhenAccepted)
    } finally {
      this.#asking = null
    }
  }

  /** Withdraws an open request, or forgets one that was refused or expired. One that was accepted stays. */
  async cancel(): Promise<void> {
    this.#asking?.abort()
    if (this.#row === null || this.#row.request.state === 'accepted') return
    this.#withdraw('The request was withdrawn.')
    await this.#turns.run(async () => {
      if (this.#row?.request.state === 'accepted') return
      await this.#storage.write([del(this.#key())])
      this.#row = null
      this.#changed()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#asking?.abort()
    this.#giveUp('The other node is stopping.')
    await this.#turns.idle()
  }

  /** A member that cannot be told keeps the request until it expires. */
  #withdraw(text: string): void {
    this.#session?.send({ type: 'join-cancel' })
    this.#giveUp(text)
  }

  #giveUp(text: string): void {
    this.#cancelRedial?.()
    this.#cancelRedial = null
    this.#dialing.abort()
    this.#dialing = new AbortController()
    const session = this.#session
    this.#session = null
    session?.close('join-closed', text)
  }

  async #ask(contact: Contact, address: string, importWhenAccepted: boolean): Promise<Result<OutgoingRow>> {
    const about = {
      ownUrl: this.#shop.url().slice(0, limits.addressCharactersMax),
      ownName: this.#shop.name().slice(0, limits.shopNameCharactersMax),
    }
    const { proven, session, url } = contact
    const nonce = this.#random.bytes(32)
    const request = createJoinRequest(this.#identity.publicKey, proven.key, about, nonce, this.#clock.now())
    const row: OutgoingRow = { request, address, url, importWhenAccepted }
    await this.#turns.run(() => this.#save(row))
    this.#talk(session)
    return success(this.current ?? row)
  }

  async #contact(url: string, expected: Uint8Array | null, signal: AbortSignal): Promise<Result<Contact>> {
    const events = {
      onMessage: (from: Session, message: SessionMessage) => this.#receive(from, message),
      onClose: (closed: Session, code: string, text: string) => this.#lose(closed, code, text),
    }
    return await callShop(this.#call, { url, expected }, events, signal)
  }

  /**
   * Asked until the member has answered for good: one that accepted in time may not have been heard, and a clock that
   * was years ahead for a moment has decided nothing.
   */
  #redial(): void {
    const row = this.#row
    if (row === null || this.#stopped || isDecided(row.request.state)) return
    const { signal } = this.#dialing
    void this.#contact(row.url, row.request.memberKey, signal).then((contact) => {
      if (signal.aborted) return
      if (contact.ok) this.#talk(contact.value.session)
      else this.#retry(contact.code, contact.message)
    })
  }

  #retry(code: string, text: string): void {
    this.#failures += 1
    const current = this.current
    if (this.#stopped || current === null) return
    const pause = isDecided(current.request.state) ? expiredRedialMs : redialPause(this.#failures, true, this.#random)
    this.#cancelRedial = this.#timers.after(pause, () => this.#redial())
    // A node that is away for a while is no error: the request waits.
    const known = code === 'unreachable' || code === 'connection-lost' || code === 'shutting-down'
    this.#note(known ? null : { code, text })
  }

  /** The session is the request's from now on. */
  #talk(session: Session): void {
    if (this.#row === null || session.closed || this.#stopped) return this.#retry('connection-lost', '')
    this.#session = session
    this.#shown = []
    this.#failures = 0
    session.send(joinRequestMessage(this.#row.request, this.#identity.publicKey, this.#identity.sign))
  }

  #lose(session: Session, code: string, text: string): void {
    if (session !== this.#session) return
    this.#session = null
    this.#retry(code, text)
  }

  #receive(session: Session, message: SessionMessage): void {
    const work = this.#turns.run(async () => {
      const row = this.current
      if (session !== this.#session || row === null || this.#row === null) return
      const { request } = this.#row
      if (message.type === 'join-seen') {
        const seen = receiveJoinSeen(request, this.#identity.publicKey, message)
        if (!seen.ok) return session.close(seen.code, seen.message)
        // The reveal goes out only after the member's nonce is durable here: it cannot be another one later.
        await this.#save({ ...this.#row, request: seen.value })
        session.send({ type: 'join-reveal', nonce: request.nonce })
      } else if (message.type === 'admission') this.#show(session, message)
      else if (message.type === 'join-state') await this.#receiveState(session, this.#row, message)
      else session.close('unexpected-message', 'Only the answer to a join request is expected here.')
    })
    work.catch(() => session.close('try-again', 'The answer cannot be kept now. It is asked for again.'))
  }

  async #receiveState(session: Session, row: OutgoingRow, message: JoinStateMessage): Promise<void> {
    const next = receiveJoinState(row.request, message)
    if (!next.ok) return session.close(next.code, next.message)
    if (next.value.state === 'accepted' && row.request.state !== 'accepted') {
      const entered = await this.#enter(row.request, message)
      if (!entered.ok) return session.close(entered.code, entered.message)
    }
    await this.#save({ ...row, request: next.value })
    if (isDecided(next.value.state)) this.#giveUp('The request is answered.')
  }

  /** Records of the network that do not fit into the answer. */
  #show(session: Session, { records }: Admission): void {
    for (const bytes of records) this.#shown.push(bytes)
    if (this.#shown.length <= limits.membershipRecordsAllMax) return
    session.close('admission-too-large', 'The other shop shows more records than a network may have.')
  }

  /** The answer is believed only if its records make this shop a member by the hand of the one that was asked. */
  async #enter(request: OwnJoinRequest, message: JoinStateMessage): Promise<Result<void>> {
    const { network } = message
    if (network === null) return invalidAnswer
    const records = [...this.#shown, ...message.records]
    const view = evaluateMembership(network, records, this.#party.verify)
    const self = this.#identity.shopId
    const member = shopIdOfKey(request.memberKey)
    if (!wasLetInBy(view, records, self, member)) return invalidAnswer
    return await this.#shop.onAccepted(network, records, request.memberKey)
  }

  #note(met: { readonly code: string; readonly text: string } | null): void {
    const row = this.#row
    if (row === null || isDecided(row.request.state) || row.request.error === (met?.text ?? null)) return
    this.#row = { ...row, request: { ...row.request, error: met?.text ?? null, errorCode: met?.code ?? null } }
    this.#changed()
  }

  async #save(row: OutgoingRow): Promise<void> {
    await this.#storage.write([put(this.#key(), encodeJoinRow(row))])
    this.#row = row
    this.#changed()
  }

  #key(): Uint8Array {
    return encodeKey(this.#table, 'out')
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

const invalidAnswer = failure('join-invalid', 'The answer of the other shop does not make this shop a member.')

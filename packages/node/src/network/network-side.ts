/**
 * This node's side towards the other shops, put together: who is a member, the document they share, the sessions with
 * them, and the replication of records over those sessions. It owns all of these and closes them.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  type Ask,
  type Failure,
  failure,
  formerShops,
  type Hello,
  isDecided,
  limits,
  type Member,
  type NetworkId,
  parseAddress,
  type Question,
  type Result,
  type ShopId,
} from '@stockmesh/protocol'
import type { Identity } from '../identity.ts'
import type { Clock, Random, Timers } from '../ports.ts'
import type { Replicator } from '../replication/replicator.ts'
import { encodeKey, firstText, prefixRange } from '../storage/key.ts'
import { put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { CutKeeper } from './cut-keeper.ts'
import { DialLimiter } from './address-guard.ts'
import type { OpenChannel } from './channel.ts'
import { GuardTermsBook } from './guard-terms-book.ts'
import { type IncomingJoins, openIncomingJoins } from './incoming-joins.ts'
import { Introducer } from './introducer.ts'
import { Link, type LinkMember, type MemberMessage, type Peer, supersededCode } from './link.ts'
import { type Membership, openMembership } from './membership.ts'
import { type DocumentPeer, type NetworkDocument, openNetworkDocument, recordsMessage } from './network-document.ts'
import { openOutgoingJoin, type OutgoingJoin } from './outgoing-join.ts'
import { LiveQuestions } from './live-questions.ts'
import { type OwnPresence, PresenceExchange } from './presence.ts'
import type { Dial, ReadPage } from './socket.ts'
import { Standing } from './standing.ts'
import { StopAll } from './stop-all.ts'

export interface NetworkSideParts {
  readonly storage: Storage
  readonly identity: Identity
  readonly replicator: Replicator
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly dial: Dial
  readonly readPage: ReadPage
  readonly openChannel: OpenChannel
  readonly name: () => string
  /** Where other shops reach this node. */
  readonly url: () => string
  readonly importDone: () => boolean
  /** This shop entered a network by being accepted; durable already. */
  readonly onEntered: () => void
  /** Members, sessions, requests or the document changed. */
  readonly onChange: () => void
  readonly onFailure: (error: unknown) => void
  /** The answer to a member's question, as JSON. */
  readonly answer: (asker: ShopId, about: Question, key: string) => Promise<string>
  /** When this process started, in milliseconds since 1970. */
  readonly startedAt: number
  /** Two processes of a shop are alive, as `by` says; `earlier`: when the one started that stands aside. */
  readonly onTwoProcesses: (shop: ShopId, by: ShopId, earlier: number) => void
  /** This process became its shop's node, or stands aside. */
  readonly onStanding: () => void
  /** Writing to the shops was stopped everywhere, or may go on. */
  readonly onStopAll: () => void
  /** The terms of the partition guard are others. */
  readonly onGuardTerms: () => void
  /** What this shop tells the members of itself. */
  readonly presence: () => OwnPresence
}

interface OpenPeer {
  readonly peer: Peer
  readonly documentPeer: DocumentPeer
  /** Its questions that are being answered. */
  questions: number
}

export class NetworkSide implements AsyncDisposable {
  readonly membership: Membership
  readonly link: Link
  readonly incoming: IncomingJoins
  readonly outgoing: OutgoingJoin
  readonly introducer: Introducer
  readonly questions: LiveQuestions
  readonly presence: PresenceExchange
  readonly standing: Standing
  readonly stopAll: StopAll
  readonly guardTerms: GuardTermsBook
  readonly cuts: CutKeeper
  readonly #parts: NetworkSideParts
  readonly #open = new Map<ShopId, OpenPeer>()
  #document: NetworkDocument | null = null
  #requestsVersion = 0
  #undoCarry: () => void = () => undefined

  static async open(parts: NetworkSideParts): Promise<NetworkSide> {
    const { storage, identity, clock, timers, random, dial, readPage, openChannel, startedAt } = parts
    const ports = { clock, timers, random, dial, readPage, openChannel, startedAt }
    const membership = await openMembership(storage, tables.membership, identity, clock)
    const own = { name: parts.name, importDone: parts.importDone }
    const incoming = await openIncomingJoins(storage, tables.joining, identity, ports, membership, own)
    const trusted: string[] = []
    for await (const [key] of storage.scan(prefixRange(tables.place))) trusted.push(firstText(key))
    const limiter = new DialLimiter(clock, trusted, (place) => {
      // A place that is not remembered is only dialed less often after the next start.
      storage.write([put(encodeKey(tables.place, place), new Uint8Array())]).catch(() => undefined)
    })
    const side: { current: NetworkSide | null } = { current: null }
    const events = {
      onOpen: (peer: Peer) => side.current?.peerOpened(peer),
      onMessage: (peer: Peer, message: MemberMessage) => side.current?.peerSent(peer, message),
      onClose: (peer: Peer, code: string) => side.current?.peerClosed(peer, code),
      onUnknown: (member: LinkMember, url: string) => side.current?.introducer.introduce(member, url),
      onTwoProcesses: (shop: ShopId, earlier: number) => parts.onTwoProcesses(shop, identity.shopId, earlier),
      farewell: (shop: ShopId) => [{ type: 'document', bytes: recordsMessage(membership.removalOf(shop)) } as const],
    }
    const link = new Link(identity, ports, limiter, events, incoming)
    const joiningShop = {
      name: parts.name,
      url: parts.url,
      mayJoin: () => mayJoin(membership),
      onAccepted: (network: NetworkId, records: readonly Uint8Array[]) => enter(parts, membership, network, records),
      wasLetInBy: (member: ShopId) => membership.wasLetInBy(member),
    }
    const outgoing = await openOutgoingJoin(storage, tables.joining, identity, link.party, ports, limiter, joiningShop)
    const introducer = new Introducer({
      ...ports,
      party: link.party,
      limiter,
      self: identity.shopId,
      membership,
      onKnown: () => link.wake(),
      onFailure: parts.onFailure,
    })
    side.current = new NetworkSide(parts, membership, link, incoming, outgoing, introducer)
    await side.current.#openDocument()
    side.current.#setMembers()
    return side.current
  }

  private constructor(
    parts: NetworkSideParts,
    membership: Membership,
    link: Link,
    incoming: IncomingJoins,
    outgoing: OutgoingJoin,
    introducer: Introducer,
  ) {
    this.#parts = parts
    this.membership = membership
    this.link = link
    this.incoming = incoming
    this.outgoing = outgoing
    this.introducer = introducer
    this.questions = new LiveQuestions(parts.timers)
    this.presence = new PresenceExchange({
      clock: parts.clock,
      timers: parts.timers,
      peers: () => link.peers(),
      own: parts.presence,
      onChange: parts.onChange,
    })
    const { clock, identity } = parts
    this.stopAll = new StopAll({ self: identity.shopId, clock, onChange: parts.onStopAll })
    this.guardTerms = new GuardTermsBook({
      self: identity.shopId,
      storage: parts.storage,
      members: () => this.members.map(({ shopId }) => shopId),
      isNewcomer: () => this.members.length > 1 && !parts.importDone(),
      onChange: parts.onGuardTerms,
      onFailure: parts.onFailure,
    })
    this.standing = new Standing(
      clock,
      (shop) => membership.member(shop) !== null,
      (by) => parts.onTwoProcesses(identity.shopId, by, parts.startedAt),
    )
    const { replicator, onFailure } = parts
    this.cuts = new CutKeeper({ self: identity.shopId, membership, replicator, onFailure })
    membership.onChange(() => this.#setMembers())
    const requestsChanged = (): void => {
      this.#requestsVersion += 1
      parts.onChange()
    }
    incoming.onChange(requestsChanged)
    outgoing.onChange(requestsChanged)
  }

  get network(): NetworkId | null {
    return this.membership.network
  }

  get members(): readonly Member[] {
    return this.membership.members
  }

  /** Grows with every change of a join request, sent or received. */
  get requestsVersion(): number {
    return this.#requestsVersion
  }

  get document(): NetworkDocument | null {
    return this.#document
  }

  /** Makes a network of this shop alone. */
  async found(): Promise<Result<NetworkId>> {
    const founded = await this.membership.found({ url: this.#parts.url(), name: this.#parts.name() })
    if (founded.ok) await this.#openDocument()
    return founded
  }

  /** Another member removed this shop: it can only leave, and then join anew. */
  get isEvicted(): boolean {
    return this.membership.isEvicted
  }

  /** Removes another shop for ever. Codes: `no-network`, `use-leave`, `member-unknown`, `not-a-member`. */
  async evict(shop: string): Promise<Result<void>> {
    const { membership, members } = this
    if (this.network === null) return failure('no-network', 'This shop is in no network.')
    if (shop === this.#parts.identity.shopId) {
      return failure('use-leave', 'This is the shop itself. Leave the network instead.')
    }
    const member = members.find(({ shopId }) => shopId === shop)
    if (member === undefined) {
      return failure('member-unknown', 'No member of the network has this id. Read /members for the ids.')
    }
    const removed = await membership.remove(member.shopId)
    if (!removed.ok) return removed
    this.#document?.append({ at: this.#parts.clock.now(), kind: 'removed', shop: member.name })
    await this.#document?.flush()
    return removed
  }

  /** The own request while it waits for its answer. */
  get isJoining(): boolean {
    const state = this.outgoing.current?.request.state
    return state !== undefined && !isDecided(state)
  }

  /** Tells the connected members how this shop is reached and called by now, if the records say otherwise. */
  async introduce(self: ShopId): Promise<void> {
    const member = this.membership.member(self)
    if (member === null) return
    if (member.url !== this.#parts.url()) await this.membership.move(this.#parts.url())
    if (member.name !== this.#parts.name()) await this.membership.rename(this.#parts.name())
  }

  /** For the HTTP server, on `/sync/v1`. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void {
    this.link.handleUpgrade(request, socket, head, address)
  }

  peerOpened(peer: Peer): void {
    const documentPeer = { sendDocument: (bytes: Uint8Array) => peer.send({ type: 'document', bytes }) }
    this.#open.set(peer.shopId, { peer, documentPeer, questions: 0 })
    this.#parts.replicator.open(peer)
    this.#document?.attach(documentPeer)
    this.presence.tell(peer)
    this.#parts.onChange()
  }

  peerSent(peer: Peer, message: MemberMessage): void {
    switch (message.type) {
      case 'document':
        this.#receiveDocument(peer, message.bytes)
        break
      case 'ask':
        this.#answer(peer, message)
        break
      case 'answer':
        this.questions.receive(peer.shopId, message)
        break
      case 'presence':
        this.presence.receive(peer.shopId, message)
        break
      default:
        if (message.type === 'hello') this.#accepted(peer, message)
        this.#parts.replicator.receive(peer.shopId, message)
        this.#parts.onChange()
    }
  }

  peerClosed(peer: Peer, code: string): void {
    if (code === supersededCode) this.#sentAway(peer)
    const open = this.#open.get(peer.shopId)
    if (open?.peer !== peer) return
    this.#open.delete(peer.shopId)
    this.#document?.detach(open.documentPeer)
    this.#parts.replicator.close(peer.shopId)
    this.#parts.onChange()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#undoCarry()
    this.presence.stop()
    this.introducer.stop()
    await this.outgoing[Symbol.asyncDispose]()
    await this.link[Symbol.asyncDispose]()
    await this.#document?.[Symbol.asyncDispose]()
  }

  #accepted({ shopId }: Peer, { release }: Hello): void {
    this.presence.receiveRelease(shopId, release)
    this.standing.accept(shopId)
    this.#parts.onStanding()
  }

  #sentAway({ shopId }: Peer): void {
    this.standing.refuse(shopId)
    this.#parts.onStanding()
  }

  /** Whoever asked takes silence for no answer. */
  #answer(peer: Peer, { id, about, key }: Ask): void {
    const open = this.#open.get(peer.shopId)
    if (open?.peer !== peer || open.questions >= limits.questionsOfPeerMax) return
    open.questions += 1
    void this.#parts
      .answer(peer.shopId, about, key)
      .then(
        (body) => peer.send({ type: 'answer', id, body }),
        () => undefined,
      )
      .finally(() => {
        open.questions -= 1
      })
  }

  #receiveDocument(peer: Peer, bytes: Uint8Array): void {
    const open = this.#open.get(peer.shopId)
    if (open === undefined || this.#document === null) return
    const received = this.#document.receive(open.documentPeer, bytes)
    if (!received.ok) peer.close(received.code, received.message)
  }

  async #openDocument(): Promise<void> {
    const { network } = this
    if (network === null || this.#document !== null) return
    const { storage, identity, onChange, onFailure } = this.#parts
    this.#document = await openNetworkDocument(storage, tables.document, network, identity.shopId)
    this.#document.onChange(onChange)
    this.stopAll.follow(this.#document)
    await this.guardTerms.follow(this.#document)
    this.#undoCarry = this.membership.carryIn(this.#document, onFailure)
    for (const { documentPeer } of this.#open.values()) this.#document.attach(documentPeer)
    onChange()
  }

  #setMembers(): void {
    const { view } = this.membership
    const { replicator, identity, onChange } = this.#parts
    const former = view === null ? [] : formerShops(view)
    const shops = new Set([identity.shopId, ...this.members.map((member) => member.shopId), ...former])
    replicator.setShops(shops, view?.cuts ?? new Map())
    // A shop that is out has nobody to speak to: nobody takes or tells it anything.
    const dialed = this.isEvicted ? [] : this.members
    this.link.setMembers(
      this.network,
      dialed.map(({ shopId, key, url }) => ({ shopId, key, urls: dialUrls(url) })),
      view?.removed,
    )
    this.cuts.notice()
    // Whoever sent this process aside may be out.
    this.#parts.onStanding()
    this.guardTerms.hear()
    onChange()
  }
}

function dialUrls(url: string): readonly string[] {
  const parsed = parseAddress(url)
  return parsed.ok ? parsed.value.dial : []
}

function mayJoin(membership: Membership): Failure | null {
  if (membership.isEvicted) {
    return failure('leave-first', 'This shop was removed from its network. Leave it, then ask to join.')
  }
  if (membership.members.length <= 1) return null
  return failure('leave-first', 'This shop is in a network with others. Leave it first, then ask to join another.')
}

async function enter(
  parts: NetworkSideParts,
  membership: Membership,
  network: NetworkId,
  records: readonly Uint8Array[],
): Promise<Result<void>> {
  const before = membership.network
  const adopted = await membership.adopt(network, records)
  if (adopted.ok && before !== network) parts.onEntered()
  return adopted
}

/**
 * The link to the other members: one session for each, dialed and accepted. Every member whose address is known is
 * dialed again and again until a session stands, whoever began it.
 *
 * When there are two sessions with one shop, both ends decide alike which one stays (see `replaces`), so that two
 * dials at the same time end in one session, and a dead socket never keeps a living one out.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  type Answer,
  type Ask,
  type Chunk,
  comparedStart,
  type Ack,
  type Digests,
  type DocumentMessage,
  equalBytes,
  hasPassed,
  type Have,
  type Hello,
  type NetworkId,
  type Party,
  type Presence,
  processIdOf,
  type ProvenPeer,
  type ShopId,
  shopIdOfKey,
  startOf,
  type Want,
} from '@stockmesh/protocol'
import type { Identity } from '../identity.ts'
import type { Cancel, Clock, Random, Timers } from '../ports.ts'
import { type DialLimiter, placeOf } from './address-guard.ts'
import type { OpenChannel } from './channel.ts'
import { Doorway } from './doorway.ts'
import { redialPause } from './redial.ts'
import { Session, type SessionEvents, type SessionMessage } from './session.ts'
import type { Dial, Socket } from './socket.ts'

export type MemberMessage = Hello | Digests | Have | Want | Chunk | Ack | DocumentMessage | Presence | Ask | Answer

/** An open session with a member. */
export interface Peer {
  readonly shopId: ShopId
  /** Random at each start of the peer's process. */
  readonly processId: Uint8Array
  send(message: MemberMessage): void
  /** Bytes that were sent here and not yet taken by the network. */
  bufferedBytes(): number
  close(code: string, text: string): void
}

export interface LinkEvents {
  onOpen(peer: Peer): void
  onMessage(peer: Peer, message: MemberMessage): void
  /** Called once for each `onOpen`; nothing comes from this peer object afterwards. */
  onClose(peer: Peer, code: string): void
  /** A member that was dialed there does not know this shop. */
  onUnknown(member: LinkMember, url: string): void
  /** Two processes of a shop are alive; the one that started at `earlier` (milliseconds since 1970) is sent away. */
  onTwoProcesses(shop: ShopId, earlier: number): void
  /** What a removed shop is told, once it has proved to be that shop, before its session ends. */
  farewell(shop: ShopId): readonly MemberMessage[]
}

/** A member as the link needs it. Several addresses are tried in turn. */
export interface LinkMember {
  readonly shopId: ShopId
  readonly key: Uint8Array
  readonly urls: readonly string[]
}

/** What takes the sockets of shops that ask to join. */
export type JoinSessionEvents = SessionEvents

interface Connection {
  readonly session: Session
  readonly proven: ProvenPeer
  readonly peer: Peer
  /** A process of the same shop that started earlier and came since. */
  earlier: { readonly startedAt: number; readonly at: number } | null
}

/** A member that is dialed: waiting for the next try, or under way. */
interface Route {
  member: LinkMember
  failures: number
  nextUrl: number
  cancel: Cancel | null
  dialing: AbortController | null
  /** A dialed session that has not proved itself yet. */
  opening: Session | null
}

export class Link implements AsyncDisposable {
  readonly #identity: Identity
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #random: Random
  readonly #dialOut: Dial
  readonly #openChannel: OpenChannel
  readonly #limiter: DialLimiter
  readonly #events: LinkEvents
  readonly #joins: JoinSessionEvents
  readonly #doorway = new Doorway()
  readonly #party: Party
  readonly #routes = new Map<ShopId, Route>()
  readonly #connections = new Map<ShopId, Connection>()
  readonly #sessions = new Set<Session>()
  readonly #lastContact = new Map<ShopId, number>()
  readonly #losses = new Map<ShopId, number>()
  #removed: ReadonlySet<ShopId> = new Set()
  #network: NetworkId | null = null
  #stopped = false

  constructor(
    identity: Identity,
    ports: {
      readonly clock: Clock
      readonly timers: Timers
      readonly random: Random
      readonly dial: Dial
      readonly openChannel: OpenChannel
      /** When this process started, in milliseconds since 1970. */
      readonly startedAt: number
    },
    limiter: DialLimiter,
    events: LinkEvents,
    joins: JoinSessionEvents,
  ) {
    this.#identity = identity
    this.#clock = ports.clock
    this.#timers = ports.timers
    this.#random = ports.random
    this.#dialOut = ports.dial
    this.#openChannel = ports.openChannel
    this.#limiter = limiter
    this.#events = events
    this.#joins = joins
    this.#party = this.#createParty(processIdOf(ports.startedAt, ports.random.bytes(16)))
  }

  /** How this node presents itself in a handshake, also when it asks to join. */
  get party(): Party {
    return this.#party
  }

  /**
   * Whom to dial and let in from now on; sessions of others end. This shop itself may be among them. A removed shop
   * that comes is told why, and sent away.
   */
  setMembers(network: NetworkId | null, members: readonly LinkMember[], removed: Iterable<ShopId> = []): void {
    const left = this.#network !== network
    this.#network = network
    this.#removed = new Set(removed)
    const others = new Map(members.filter((each) => each.shopId !== this.#identity.shopId).map((m) => [m.shopId, m]))
    for (const [shop, route] of this.#routes) {
      if (left || !others.has(shop)) this.#removeRoute(shop, route)
    }
    for (const member of others.values()) {
      const route = this.#routes.get(member.shopId)
      if (route === undefined) {
        const fresh = { member, failures: 0, nextUrl: 0, cancel: null, dialing: null, opening: null }
        this.#routes.set(member.shopId, fresh)
        this.#dial(fresh)
      } else if (route.member.urls.join() !== member.urls.join()) {
        route.member = member
        route.nextUrl = 0
        route.failures = 0
        this.#schedule(route)
      }
    }
  }

  connected(): ReadonlySet<ShopId> {
    return new Set(this.#connections.keys())
  }

  peers(): Peer[] {
    return [...this.#connections.values()].map((connection) => connection.peer)
  }

  /** Milliseconds since 1970, null if nothing was heard of the shop since the start. */
  lastContact(shop: ShopId): number | null {
    return this.#connections.has(shop) ? this.#clock.now() : (this.#lastContact.get(shop) ?? null)
  }

  /** Dials everybody who is missing at once, as after a laptop was opened. */
  wake(): void {
    for (const route of this.#routes.values()) {
      route.failures = 0
      this.#dial(route)
    }
  }

  /** For the HTTP server, on `/sync/v1`; `address` is that of whoever asks. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void {
    if (this.#stopped) return void socket.destroy()
    this.#doorway.handleUpgrade(request, socket, head, address, (opened, release) => this.accept(opened, release))
  }

  /** An open socket that somebody dialed; `onProven` is called once it is known who. */
  accept(opened: Socket, onProven: () => void): void {
    if (this.#stopped) return opened.terminate()
    const events: SessionEvents = {
      onOpen: (session, proven) => {
        onProven()
        if (proven.purpose === 'join') return this.#joins.onOpen(session, proven)
        this.#admit(session, proven)
      },
      onMessage: (session, message) => {
        if (session.peer?.purpose === 'join') this.#joins.onMessage(session, message)
        else this.#receive(session, message)
      },
      onClose: (session, code, text) => {
        this.#sessions.delete(session)
        if (session.peer?.purpose === 'join') this.#joins.onClose(session, code, text)
        else this.#lose(session, code)
      },
    }
    this.#sessions.add(new Session(opened, { role: 'acceptor' }, this.#party, this.#ports(), events))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    for (const route of this.#routes.values()) stopRoute(route)
    for (const session of this.#sessions) session.close('shutting-down', 'The other node is stopping.')
    this.#routes.clear()
    await Promise.resolve()
  }

  #createParty(processId: Uint8Array): Party {
    const currentNetwork = (): NetworkId | null => this.#network
    return {
      key: this.#identity.publicKey,
      get network(): NetworkId | null {
        return currentNetwork()
      },
      processId,
      sign: this.#identity.sign,
      verify: this.#identity.verify,
      isMember: (key) => this.#routes.has(shopIdOfKey(key)) || this.#removed.has(shopIdOfKey(key)),
      losses: (key) => this.#losses.get(shopIdOfKey(key)) ?? 0,
    }
  }

  #ports(): { readonly timers: Timers; readonly random: Random; readonly openChannel: OpenChannel } {
    return { timers: this.#timers, random: this.#random, openChannel: this.#openChannel }
  }

  #removeRoute(shop: ShopId, route: Route): void {
    stopRoute(route)
    this.#routes.delete(shop)
    const session = this.#connections.get(shop)?.session
    if (session !== undefined) this.#sendAway(session, shop)
  }

  #sendAway(session: Session, shop: ShopId): void {
    if (!this.#removed.has(shop)) return session.close('not-a-member', 'The shop is not a member of this network.')
    for (const message of this.#events.farewell(shop)) session.send(message)
    session.close('removed', 'The shop was removed from this network.')
  }

  #schedule(route: Route): void {
    route.cancel?.()
    const trusted = route.member.urls.some((url) => URL.canParse(url) && this.#limiter.trusts(placeOf(new URL(url))))
    const pause = redialPause(route.failures, trusted, this.#random)
    route.cancel = this.#timers.after(pause, () => this.#dial(route))
  }

  #dial(route: Route): void {
    const { member } = route
    route.cancel?.()
    route.cancel = null
    const busy = route.dialing !== null || route.opening !== null || this.#connections.has(member.shopId)
    if (this.#stopped || busy || this.#routes.get(member.shopId) !== route) return
    const url = member.urls[route.nextUrl % Math.max(1, member.urls.length)]
    if (url === undefined) return
    route.nextUrl += 1
    const abort = new AbortController()
    route.dialing = abort
    void this.#dialOut(url, this.#limiter, abort.signal).then((result) => {
      route.dialing = null
      if (abort.signal.aborted) {
        if (result.ok) result.value.terminate()
        return
      }
      if (!result.ok) return this.#retry(route)
      const opening = { role: 'dialer', purpose: 'member', expected: member.key } as const
      const session = new Session(result.value, opening, this.#party, this.#ports(), {
        onOpen: (opened, proven) => {
          route.opening = null
          this.#limiter.trust(placeOf(new URL(url)))
          this.#admit(opened, proven)
        },
        onMessage: (opened, message) => this.#receive(opened, message),
        onClose: (closed, code) => {
          this.#sessions.delete(closed)
          const opened = route.opening !== closed
          if (!opened) route.opening = null
          const isUnknown = !opened && code === 'not-a-member'
          if (isUnknown || code === 'removed') this.#events.onUnknown(member, url)
          this.#lose(closed, code)
          if (!opened) this.#retry(route)
        },
      })
      route.opening = session
      this.#sessions.add(session)
    })
  }

  #retry(route: Route): void {
    route.failures += 1
    if (!this.#stopped && this.#routes.get(route.member.shopId) === route) this.#schedule(route)
  }

  /** A session has proved to be a member's: it becomes the session with that shop, or gives way to the other one. */
  #admit(session: Session, proven: ProvenPeer): void {
    const route = this.#routes.get(proven.shopId)
    if (route === undefined) return this.#sendAway(session, proven.shopId)
    route.failures = 0
    const held = this.#connections.get(proven.shopId)
    const start = held === undefined ? 'same' : comparedStart(proven.processId, held.proven.processId)
    if (held !== undefined && start === 'earlier') {
      held.earlier ??= { startedAt: startOf(proven.processId), at: this.#clock.now() }
      return session.close(supersededCode, supersededText)
    }
    if (held !== undefined && start === 'same' && !this.#replaces({ session, proven }, held)) {
      return session.close(duplicateCode, 'There is another session between the two shops.')
    }
    const peer: Peer = {
      shopId: proven.shopId,
      processId: proven.processId,
      send: (message) => session.send(message),
      bufferedBytes: () => session.bufferedBytes(),
      close: (code, text) => session.close(code, text),
    }
    if (held !== undefined) {
      this.#connections.delete(proven.shopId)
      const [code, text] =
        start === 'later'
          ? [supersededCode, supersededText]
          : [duplicateCode, 'A later session between the two shops takes its place.']
      held.session.close(code, text)
      this.#events.onClose(held.peer, duplicateCode)
    }
    this.#connections.set(proven.shopId, { session, proven, peer, earlier: null })
    this.#lastContact.set(proven.shopId, this.#clock.now())
    route.cancel?.()
    route.cancel = null
    this.#events.onOpen(peer)
  }

  /**
   * Another life of the process has lost what it knew of the one before. Between the same lives, the later session is
   * the one that began after more losses; without a loss in between both were dialed at once, and the lower shop id's
   * dial stays.
   */
  #replaces(fresh: Pick<Connection, 'session' | 'proven'>, held: Pick<Connection, 'session' | 'proven'>): boolean {
    if (!equalBytes(fresh.proven.processId, held.proven.processId)) return true
    if (fresh.proven.losses !== held.proven.losses) return fresh.proven.losses > held.proven.losses
    if (fresh.session.dialed === held.session.dialed) return true
    const lower = this.#identity.shopId < fresh.proven.shopId
    return fresh.session.dialed === lower
  }

  #receive(session: Session, message: SessionMessage): void {
    const connection = this.#connectionOf(session)
    if (connection === null) return
    this.#noticeTwo(connection)
    if (isMemberMessage(message)) this.#events.onMessage(connection.peer, message)
    else session.close('unexpected-message', 'A member sent a message that only a joining shop sends.')
  }

  /** A session may be dead when an earlier process comes; once its peer speaks again both are known to be alive. */
  #noticeTwo(connection: Connection): void {
    const { earlier, peer } = connection
    if (earlier === null || !hasPassed(aliveMs, earlier.at, this.#clock.now())) return
    connection.earlier = null
    this.#events.onTwoProcesses(peer.shopId, earlier.startedAt)
  }

  #lose(session: Session, code: string): void {
    const connection = this.#connectionOf(session)
    if (connection === null) return
    const { shopId } = connection.peer
    this.#connections.delete(shopId)
    this.#lastContact.set(shopId, this.#clock.now())
    if (code !== duplicateCode) this.#losses.set(shopId, (this.#losses.get(shopId) ?? 0) + 1)
    this.#events.onClose(connection.peer, code)
    const route = this.#routes.get(shopId)
    if (route !== undefined && !this.#stopped) this.#schedule(route)
  }

  #connectionOf(session: Session): Connection | null {
    const shop = session.peer?.shopId
    const connection = shop === undefined ? undefined : this.#connections.get(shop)
    return connection?.session === session ? connection : null
  }
}

const duplicateCode = 'duplicate-session'
/** This process is not its shop's node: the code of the BYE to one that started earlier than another that is alive. */
export const supersededCode = 'superseded'
const supersededText = 'Another node of this shop, which started later, is connected. Run one of the two.'
/** What was under way when an earlier process came has arrived by then, in milliseconds. */
const aliveMs = 2_000

function stopRoute(route: Route): void {
  route.cancel?.()
  route.cancel = null
  route.dialing?.abort()
  route.opening?.close('shutting-down', 'The other node is stopping.')
}

function isMemberMessage(message: SessionMessage): message is MemberMessage {
  return !message.type.startsWith('join-') && message.type !== 'challenge' && message.type !== 'proof'
}

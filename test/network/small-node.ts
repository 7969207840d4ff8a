/**
 * A node of nothing but identity, membership, network document, link and join requests, over real sockets on
 * loopback and a real database. It can be stopped and started again on the same folder and port.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ShopId } from '@stockmesh/protocol'
import { type Identity, openIdentity } from '../../packages/node/src/identity.ts'
import { DialLimiter } from '../../packages/node/src/network/address-guard.ts'
import { openNoiseChannel } from '../../packages/node/src/network/channel.ts'
import { createDial } from '../../packages/node/src/network/dialer.ts'
import { createReadPage } from '../../packages/node/src/network/discovery.ts'
import { type IncomingJoins, openIncomingJoins } from '../../packages/node/src/network/incoming-joins.ts'
import { Introducer } from '../../packages/node/src/network/introducer.ts'
import { Link, type MemberMessage, type Peer } from '../../packages/node/src/network/link.ts'
import { type Membership, openMembership } from '../../packages/node/src/network/membership.ts'
import {
  type NetworkDocument,
  openNetworkDocument,
  recordsMessage,
} from '../../packages/node/src/network/network-document.ts'
import { openOutgoingJoin, type OutgoingJoin } from '../../packages/node/src/network/outgoing-join.ts'
import { type Clock, systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { type Database, openDatabase } from '../../packages/node/src/storage/database.ts'

export async function eventually(condition: () => boolean, what: string, msMax = 15_000): Promise<void> {
  const deadline = Date.now() + msMax
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never came true: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export class SmallNode {
  readonly name: string
  readonly directory: string
  readonly clock: Clock
  port = 0
  importDone = true
  identity!: Identity
  membership!: Membership
  document: NetworkDocument | null = null
  incoming!: IncomingJoins
  outgoing!: OutgoingJoin
  link!: Link
  introducer!: Introducer
  peers = new Map<ShopId, Peer>()
  opened: ShopId[] = []
  closed: string[] = []
  twice: { readonly shop: ShopId; readonly earlier: number }[] = []
  received: { readonly from: ShopId; readonly message: MemberMessage }[] = []
  #database!: Database
  #server: Server | null = null
  #documentPeers = new Map<Peer, { sendDocument(bytes: Uint8Array): void }>()
  #undo: (() => void)[] = []

  private constructor(name: string, directory: string, clock: Clock) {
    this.name = name
    this.directory = directory
    this.clock = clock
  }

  static async start(name: string, clock: Clock = systemClock): Promise<SmallNode> {
    const node = new SmallNode(name, await mkdtemp(join(tmpdir(), 'stockmesh-network-')), clock)
    await node.start()
    return node
  }

  get id(): ShopId {
    return this.identity.shopId
  }

  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  get url(): string {
    return `http://${this.address}`
  }

  get memberNames(): string[] {
    return this.membership.members.map((member) => member.name)
  }

  async start(): Promise<void> {
    const ports = {
      clock: this.clock,
      timers: systemTimers,
      random: systemRandom,
      dial: createDial(() => true),
      readPage: createReadPage(() => true),
      openChannel: openNoiseChannel,
      startedAt: this.clock.now(),
    }
    this.identity = await openIdentity(this.directory, systemRandom)
    this.#database = await openDatabase(join(this.directory, 'db'))
    this.membership = await openMembership(this.#database, 1, this.identity, this.clock)
    this.incoming = await openIncomingJoins(this.#database, 2, this.identity, ports, this.membership, {
      name: () => this.name,
      importDone: () => this.importDone,
    })
    const limiter = new DialLimiter(this.clock)
    this.link = new Link(
      this.identity,
      ports,
      limiter,
      {
        onOpen: (peer) => this.#open(peer),
        onMessage: (peer, message) => this.#receive(peer, message),
        onClose: (peer, code) => this.#close(peer, code),
        onUnknown: (member, url) => this.introducer.introduce(member, url),
        onTwoProcesses: (shop, earlier) => this.twice.push({ shop, earlier }),
        farewell: (shop) => [{ type: 'document', bytes: recordsMessage(this.membership.removalOf(shop)) }],
      },
      this.incoming,
    )
    this.introducer = new Introducer({
      ...ports,
      party: this.link.party,
      limiter,
      self: this.id,
      membership: this.membership,
      onKnown: () => this.link.wake(),
      onFailure: (error) => {
        throw error
      },
    })
    this.#server = createServer((_, response) => response.writeHead(404).end())
    this.#server.on('upgrade', (request, socket, head) =>
      this.link.handleUpgrade(request, socket, head, request.socket.remoteAddress ?? ''),
    )
    await new Promise<void>((resolve) => this.#server?.listen(this.port, '127.0.0.1', resolve))
    this.port = (this.#server.address() as AddressInfo).port
    this.outgoing = await openOutgoingJoin(this.#database, 2, this.identity, this.link.party, ports, limiter, {
      name: () => this.name,
      url: () => this.url,
      mayJoin: () =>
        this.membership.members.length > 1 ? { ok: false, code: 'leave-first', message: 'Leave first.' } : null,
      onAccepted: (network, records) => this.membership.adopt(network, records),
      wasLetInBy: (member) => this.membership.wasLetInBy(member),
    })
    this.#undo.push(this.membership.onChange(() => void this.#enter()))
    await this.#enter()
  }

  async stop(): Promise<void> {
    for (const undo of this.#undo.splice(0)) undo()
    await this.outgoing[Symbol.asyncDispose]()
    this.introducer.stop()
    await this.link[Symbol.asyncDispose]()
    this.#server?.closeAllConnections()
    await new Promise((resolve) => this.#server?.close(resolve))
    await this.document?.[Symbol.asyncDispose]()
    this.document = null
    await this.#database[Symbol.asyncDispose]()
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  async remove(): Promise<void> {
    await this.stop()
    await rm(this.directory, { recursive: true, force: true })
  }

  async found(): Promise<void> {
    await this.membership.found({ url: this.url, name: this.name })
  }

  events(): string[] {
    return (this.document?.list() ?? []).map((event) => event.kind)
  }

  async #enter(): Promise<void> {
    const { network } = this.membership
    this.link.setMembers(
      network,
      this.membership.members.map(({ shopId, key, url }) => ({
        shopId,
        key,
        urls: [`${url.replace(/^http/, 'ws')}/sync/v1`],
      })),
      this.membership.view?.removed,
    )
    if (network === null || this.document !== null) return
    const document = await openNetworkDocument(this.#database, 3, network, this.id)
    if (this.document !== null) return
    this.document = document
    this.#undo.push(
      this.membership.carryIn(document, (error) => {
        throw error
      }),
    )
    for (const peer of this.peers.values()) this.#attach(peer)
  }

  #open(peer: Peer): void {
    this.opened.push(peer.shopId)
    this.peers.set(peer.shopId, peer)
    this.#attach(peer)
  }

  #attach(peer: Peer): void {
    const documentPeer = { sendDocument: (bytes: Uint8Array) => peer.send({ type: 'document', bytes }) }
    this.#documentPeers.set(peer, documentPeer)
    this.document?.attach(documentPeer)
  }

  #receive(peer: Peer, message: MemberMessage): void {
    this.received.push({ from: peer.shopId, message })
    const documentPeer = this.#documentPeers.get(peer)
    if (message.type !== 'document' || documentPeer === undefined) return
    const taken = this.document?.receive(documentPeer, message.bytes)
    if (taken?.ok === false) peer.close(taken.code, taken.message)
  }

  #close(peer: Peer, code: string): void {
    this.closed.push(code)
    if (this.peers.get(peer.shopId) === peer) this.peers.delete(peer.shopId)
    const documentPeer = this.#documentPeers.get(peer)
    if (documentPeer !== undefined) this.document?.detach(documentPeer)
  }
}

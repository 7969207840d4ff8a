/**
 * A deterministic network of test nodes. Each link keeps its messages in order; sessions open and close at each side
 * at times of their own, and what was under way at a cut is lost. The network also keeps what every origin ever
 * issued, and checks each batch that becomes durable against it:
 *
 *   safety    what a node holds of a replica at claim H is exactly the newest its origin issued with seq <= H
 *   liveness  once healed, all claims, digests and levels become equal within a bounded time
 */
import { equalsPeer } from '../../packages/protocol/src/agreement.ts'
import type { LocalChange } from '../../packages/protocol/src/fold.ts'
import { levelIn } from '../../packages/protocol/src/holdings.ts'
import { type Rid, type ShopId, shopOfRid } from '../../packages/protocol/src/ids.ts'
import { type Issued, levelOf, noRecords } from '../../packages/protocol/src/level.ts'
import { encodeRecord, type StockRecord } from '../../packages/protocol/src/record.ts'
import type { ReplicationOutput } from '../../packages/protocol/src/replication-step.ts'
import type { SkuKey } from '../../packages/protocol/src/sku.ts'
import { decodeMessage, encodeMessage, type Message } from '../../packages/protocol/src/wire.ts'
import { ridAt } from './arbitraries.ts'
import { feedEpoch, TestNode } from './replication-node.ts'
import { mergeRecord } from './record-model.ts'

const hello = { release: '0', unicode: '0', processId: new Uint8Array(16), startedAt: 0 }

type Side = 'closed' | 'opening' | 'open'

/** One session between two nodes; `queues[0]` holds what the first sent. */
interface Link {
  readonly ends: readonly [TestNode, TestNode]
  readonly sides: [Side, Side]
  readonly queues: [Message[], Message[]]
}

export class TestNetwork {
  now = 1_000
  readonly nodes: readonly TestNode[]
  readonly links: readonly Link[]
  /** What the machines told their shells besides messages. */
  readonly told: { readonly by: ShopId; readonly output: Extract<ReplicationOutput, { type: 'close' | 'alarm' }> }[] =
    []
  /** Messages delivered so far, by type. */
  readonly delivered = new Map<string, number>()
  /** Changes a message on its way, for stories about faulty peers; null loses it. */
  tamper: (from: ShopId, to: ShopId, message: Message) => Message | null = (_from, _to, message) => message
  readonly #issued = new Map<Rid, StockRecord[]>()
  readonly #rows = new Map<ShopId, LocalChange[]>()
  readonly #digests = new Map<string, string>()
  readonly #overWire: boolean
  #epochs = 0

  constructor(
    shops: readonly ShopId[],
    edges: readonly (readonly [number, number])[],
    options: {
      readonly chunkRecords?: number
      readonly overWire?: boolean
    } = {},
  ) {
    this.#overWire = options.overWire ?? false
    const members = new Set(shops)
    const around = {
      now: () => this.now,
      send: (from: ShopId, { peer, message }: Extract<ReplicationOutput, { type: 'send' }>) => {
        this.#send(from, peer, message)
      },
      told: (by: ShopId, output: Extract<ReplicationOutput, { type: 'close' | 'alarm' }>) => {
        this.told.push({ by, output })
        if (output.type === 'close') this.cut(this.linkOf(by, output.peer))
      },
      durable: (node: TestNode, rids: ReadonlySet<Rid>) => {
        for (const rid of rids) this.#checkSafety(node, rid)
      },
    }
    const chunkRecords = options.chunkRecords ?? 500
    this.nodes = shops.map((shop) => new TestNode(shop, ridAt(shop, feedEpoch), members, around, chunkRecords))
    this.links = edges.map(([a, b]) => ({
      ends: [this.at(a), this.at(b)],
      sides: ['closed', 'closed'],
      queues: [[], []],
    }))
    for (const node of this.nodes) node.start()
  }

  at(index: number): TestNode {
    const node = this.nodes[index]
    if (node === undefined) throw new Error(`there is no node ${index}`)
    return node
  }

  linkOf(a: ShopId, b: ShopId): Link {
    const link = this.links.find(({ ends }) => ends.every(({ shop }) => shop === a || shop === b))
    if (link === undefined) throw new Error('these nodes have no link')
    return link
  }

  /** Issues records under the node's own replica: `make` gets seqs and answers whole records. */
  issue(node: TestNode, make: (seq: number) => readonly StockRecord[]): void {
    this.#epochs += 1
    const fresh = ridAt(node.shop, this.#epochs)
    node.issue(fresh, (seq) => {
      const records = make(seq)
      const rid = node.ownRid ?? fresh
      const history = this.#issued.get(rid) ?? []
      this.#issued.set(rid, history)
      history.push(...records)
      return records
    })
  }

  /** Sells or takes in units at the shop itself; the node reads of it when it comes to it. */
  move(node: TestNode, key: SkuKey, delta: number): void {
    const rows = this.rowsOf(node)
    rows.push({ key, seq: rows.length + 1, at: this.now, delta, cause: 'sale', reference: null })
  }

  rowsOf(node: TestNode): LocalChange[] {
    const rows = this.#rows.get(node.shop) ?? []
    this.#rows.set(node.shop, rows)
    return rows
  }

  readFeed(node: TestNode, rowsMax: number): void {
    const rows = this.rowsOf(node).slice(node.feed, node.feed + rowsMax)
    const last = rows.at(-1)
    if (last !== undefined) node.readFeed(rows, last.seq)
  }

  canOpen(link: Link): boolean {
    return link.sides.every((side) => side === 'closed') && link.ends.every(({ up }) => up)
  }

  open(link: Link): void {
    link.sides.fill('opening')
    link.queues[0] = []
    link.queues[1] = []
  }

  /** One end takes the session as open; what the other sent already comes after. */
  openSide(link: Link, side: 0 | 1): void {
    if (link.sides[side] !== 'opening') return
    link.sides[side] = 'open'
    link.ends[side].step({ type: 'opened', peer: link.ends[(1 - side) as 0 | 1].shop, hello })
  }

  /** One end learns that the session is over; the other may not know yet. */
  closeSide(link: Link, side: 0 | 1): void {
    const was = link.sides[side]
    link.sides[side] = 'closed'
    link.queues[side] = []
    link.queues[(1 - side) as 0 | 1] = []
    const node = link.ends[side]
    if (was === 'open' && node.up) {
      node.step({ type: 'closed', peer: link.ends[(1 - side) as 0 | 1].shop, now: this.now })
    }
  }

  cut(link: Link): void {
    this.closeSide(link, 0)
    this.closeSide(link, 1)
  }

  /** Delivers the next message of one direction; answers whether there was one that could be. */
  deliver(link: Link, from: 0 | 1): boolean {
    const to = (1 - from) as 0 | 1
    if (link.sides[to] !== 'open') return false
    const message = link.queues[from].shift()
    const receiver = link.ends[to]
    if (message === undefined || !receiver.up) return false
    this.delivered.set(message.type, (this.delivered.get(message.type) ?? 0) + 1)
    receiver.step({ type: 'received', peer: link.ends[from].shop, message, now: this.now })
    return true
  }

  crash(node: TestNode, lucky: boolean): void {
    node.crash(lucky)
    for (const link of this.links) {
      const side = link.ends.indexOf(node)
      if (side === 0 || side === 1) this.closeSide(link, side)
    }
  }

  /** Everything that can happen without time passing, in order, until nothing is left. */
  settle(): void {
    for (let round = 0; round < 10_000; round += 1) {
      let quiet = true
      for (const link of this.links) {
        for (const side of [0, 1] as const) {
          // A session that the other end has left is over here too.
          if (link.sides[side] !== 'closed' && link.sides[(1 - side) as 0 | 1] === 'closed') this.closeSide(link, side)
          if (link.sides[side] === 'opening') quiet = false
          this.openSide(link, side)
          while (this.deliver(link, side)) quiet = false
        }
      }
      for (const node of this.nodes) {
        if (!node.up) continue
        for (const rid of node.workable) {
          quiet = false
          node.work(rid)
        }
        if (node.isWriting) {
          quiet = false
          node.flush()
        }
      }
      if (quiet) return
    }
    throw new Error('the network does not come to rest')
  }

  tick(ms: number): void {
    this.now += ms
    for (const node of this.nodes) if (node.up) node.tick()
  }

  /** Opens every link, starts every node, reads every feed; answers the time until all are equal, or throws. */
  heal(msMax: number): number {
    for (const node of this.nodes) if (!node.up) node.start()
    const began = this.now
    while (this.now - began <= msMax) {
      for (const node of this.nodes) this.readFeed(node, 1_000)
      this.settle()
      for (const link of this.links) if (this.canOpen(link)) this.open(link)
      this.settle()
      if (this.nodes.every((node) => this.rowsOf(node).length === node.feed) && this.#inStep()) {
        return this.now - began
      }
      this.tick(250)
    }
    throw new Error(`not in step after ${msMax} ms: ${this.#describe()}`)
  }

  /** The level that all durable records of all origins make. */
  modelLevel(key: SkuKey): number | null {
    const issued: Issued<StockRecord>[] = []
    for (const rid of this.#rids()) {
      const high = this.nodes.find(({ shop }) => shop === shopOfRid(rid))?.disk.claims.get(rid)?.high ?? 0
      for (const record of this.#expected(rid, high).values()) if (record.key === key) issued.push({ rid, record })
    }
    return levelOf(issued.reduce(mergeRecord, noRecords))
  }

  levels(key: SkuKey): (number | null)[] {
    return this.nodes.map(({ holdings }) => levelIn(holdings, key))
  }

  #rids(): Set<Rid> {
    return new Set(this.nodes.flatMap(({ disk }) => [...disk.claims.keys()]))
  }

  #send(from: ShopId, to: ShopId, message: Message): void {
    const link = this.linkOf(from, to)
    const side = link.ends[0].shop === from ? 0 : 1
    const sent = this.tamper(from, to, message)
    // What is sent into a session that the other end has left is lost.
    if (sent === null || link.sides[side] !== 'open' || link.sides[(1 - side) as 0 | 1] === 'closed') return
    link.queues[side].push(this.#overWire ? overWire(sent) : sent)
  }

  #expected(rid: Rid, high: number): Map<string, StockRecord> {
    const newest = new Map<string, StockRecord>()
    const owner = this.nodes.find((node) => node.feedRid === rid)
    if (owner === undefined) {
      for (const record of this.#issued.get(rid) ?? []) {
        if (record.seq <= high) newest.set(`${record.kind} ${record.key}`, record)
      }
      return newest
    }
    for (const { key, seq, delta } of this.rowsOf(owner)) {
      if (seq > high) break
      const place = `totals ${key}`
      const before = newest.get(place)
      const [added, removed] = before?.kind === 'totals' ? [before.added, before.removed] : [0, 0]
      newest.set(place, {
        kind: 'totals',
        seq,
        key,
        added: added + Math.max(0, delta),
        removed: removed + Math.max(0, -delta),
      })
    }
    return newest
  }

  #checkSafety(node: TestNode, rid: Rid): void {
    const claim = node.disk.claims.get(rid)
    if (claim === undefined) throw new Error('a durable batch left no claim')
    const expected = this.#expected(rid, claim.high)
    const disk = node.disk.records.get(rid) ?? new Map<string, Uint8Array>()
    const inMemory = [...node.holdings.above(rid, 0)]
    if (disk.size !== expected.size || inMemory.length !== expected.size) {
      throw new Error(`${rid} at ${claim.high}: ${disk.size} and ${inMemory.length} for ${expected.size} records`)
    }
    for (const held of inMemory) {
      const place = `${held.record.kind} ${held.record.key}`
      const should = expected.get(place)
      const kept = disk.get(place)
      const wanted = should === undefined ? '' : hex(encodeRecord(should))
      if (hex(held.bytes) !== wanted || kept === undefined || hex(kept) !== wanted) {
        throw new Error(`${rid} at ${claim.high}: ${place} is not what the origin issued`)
      }
    }
    const at = `${rid} ${claim.high}`
    const digest = hex(claim.digest)
    if ((this.#digests.get(at) ?? digest) !== digest) throw new Error(`two digests at ${at}`)
    this.#digests.set(at, digest)
  }

  /** Both ends of every link know that the other holds what they hold: else nobody could be told that all is in step. */
  #isKnown(): boolean {
    return this.links.every(({ ends: [a, b] }) => equalsPeer(a.machine, b.shop) && equalsPeer(b.machine, a.shop))
  }

  #inStep(): boolean {
    const rids = this.#rids()
    if (!this.#isKnown()) return false
    return this.nodes.every(({ disk }) =>
      [...rids].every((rid) => {
        const own = disk.claims.get(rid)
        const first = this.at(0).disk.claims.get(rid)
        return (
          own !== undefined && first !== undefined && own.high === first.high && hex(own.digest) === hex(first.digest)
        )
      }),
    )
  }

  #describe(): string {
    const lines = [...this.#rids()].map((rid) => {
      const highs = this.nodes.map(({ disk }) => disk.claims.get(rid)?.high ?? 0)
      return new Set(highs).size === 1 ? '' : `${rid}: ${highs.join(' ')}`
    })
    if (!this.#isKnown()) lines.push('an end of a link does not know what the other holds')
    return lines.filter((line) => line !== '').join(', ')
  }
}

function overWire(message: Message): Message {
  const decoded = decodeMessage(encodeMessage(message))
  if (!decoded.ok || decoded.value.type === 'unknown') throw new Error(`${message.type} does not survive the wire`)
  return decoded.value
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

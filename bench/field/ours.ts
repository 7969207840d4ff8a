/**
 * Two nodes without their shops: the real ledger, database, counters, digests, history and replicator, each change
 * durable at the one node before it is sent and durable at the other before it counts there. Frames are encoded and
 * decoded as on a socket; that they cross it takes a turn of the event loop.
 */
import { join } from 'node:path'
import {
  decodeMessage,
  decodeNetworkId,
  encodeMessage,
  type Message,
  noHistory,
  type RecordSource,
  type Rid,
  ridOf,
  type ShopId,
  type SkuKey,
  totalsOf,
} from '@stockmesh/protocol'
import { generateIdentity } from '../../packages/node/src/identity.ts'
import { type ClaimSeal, Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { recordHashes } from '../../packages/node/src/record-hashes.ts'
import { ClaimSignatures } from '../../packages/node/src/replication/claim-signatures.ts'
import { Replicator } from '../../packages/node/src/replication/replicator.ts'
import { type Database, openDatabase } from '../../packages/node/src/storage/database.ts'
import type { Change, Contender, Pair, Side } from './pair.ts'

const identities = [generateIdentity(), generateIdentity()] as const
const network = decodeNetworkId(new Uint8Array(32).fill(1))
const hello = { release: 'bench', unicode: '', processId: new Uint8Array(16), startedAt: 0 }

class Node {
  readonly shop: ShopId
  readonly feed: Rid
  readonly ledger: Ledger
  readonly replicator: Replicator
  readonly #database: Database
  #seq: number

  private constructor(shop: ShopId, feed: Rid, database: Database, ledger: Ledger, replicator: Replicator) {
    this.shop = shop
    this.feed = feed
    this.ledger = ledger
    this.replicator = replicator
    this.#database = database
    this.#seq = ledger.claims().get(feed)?.high ?? 0
  }

  static async open(folder: string, side: Side): Promise<Node> {
    const shop = shopOf(side)
    const seal = sealOf(side)
    const feed = ridOf(shop, new Uint8Array(8).fill(1))
    const database = await openDatabase(join(folder, `ours-${side}`))
    const ledger = await Ledger.open(database, systemClock, systemRandom, shop, seal)
    const replicator = await Replicator.open({
      ledger,
      storage: database,
      clock: systemClock,
      timers: systemTimers,
      self: shop,
      hello,
      signatures: seal,
      onAlarm: ({ code }) => {
        throw new Error(code)
      },
    })
    replicator.setShops(new Set([shopOf(0), shopOf(1)]), new Map())
    replicator.setWritten(feed)
    return new Node(shop, feed, database, ledger, replicator)
  }

  async change(changes: readonly Change[]): Promise<void> {
    const at = systemClock.now()
    const rows = changes.map(({ sku, delta }) => {
      this.#seq += 1
      return { key: sku as SkuKey, seq: this.#seq, at, delta, cause: 'sale', reference: String(this.#seq) } as const
    })
    await this.ledger.commit((draft) => draft.fold(this.feed, rows))
  }

  /** Whether all that this node issued is durable at the other, movements too. */
  isHeldBy({ ledger }: Node): boolean {
    const held = ledger.claims().get(this.feed)?.high ?? 0
    return held === this.#seq && (ledger.histories.get(this.feed) ?? noHistory).complete === this.#seq
  }

  async close(): Promise<void> {
    await this.replicator[Symbol.asyncDispose]()
    await this.ledger.settle()
    await this.#database[Symbol.asyncDispose]()
  }
}

class NodePair implements Pair {
  readonly #nodes: readonly Node[]
  #line = 0
  #bytes = 0
  /** null while nobody asks: each chunk is encoded once more for it. */
  #pushed: number | null = null

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes
    if (nodes.length === 2) this.meet()
  }

  get bytes(): number {
    return this.#bytes
  }

  change(side: Side, changes: readonly Change[]): Promise<void> {
    return this.#node(side).change(changes)
  }

  async pushedBy(side: Side, changes: readonly Change[]): Promise<number> {
    this.#pushed = 0
    await this.change(side, changes)
    await this.settle()
    const pushed = this.#pushed
    this.#pushed = null
    return pushed
  }

  async settle(): Promise<void> {
    for (const node of this.#nodes) await node.ledger.settle()
    const [one, other] = this.#nodes
    if (one === undefined || other === undefined) return
    while (!one.isHeldBy(other) || !other.isHeldBy(one)) await new Promise((resolve) => setImmediate(resolve))
  }

  part(): void {
    this.#line += 1
    this.#node(0).replicator.close(this.#node(1).shop)
    this.#node(1).replicator.close(this.#node(0).shop)
  }

  meet(): void {
    this.#line += 1
    this.#connect(this.#node(0), this.#node(1))
    this.#connect(this.#node(1), this.#node(0))
  }

  read(side: Side, sku: string): number {
    const { holdings } = this.#node(side).ledger
    let sum = 0
    for (const { feed } of this.#nodes) {
      const totals = totalsOf(holdings, feed, sku as SkuKey)
      if (totals !== null) sum += totals.added - totals.removed
    }
    return sum
  }

  async close(): Promise<void> {
    for (const node of this.#nodes) await node.close()
  }

  #connect(here: Node, there: Node): void {
    const line = this.#line
    const carry = (message: Message): void => {
      const bytes = encodeMessage(message)
      this.#bytes += bytes.length
      if (this.#pushed !== null && message.type === 'chunk') {
        this.#pushed += encodeMessage({ ...message, history: null }).length
      }
      setImmediate(() => {
        const decoded = decodeMessage(bytes)
        if (!decoded.ok) throw new Error(decoded.message)
        if (line === this.#line && decoded.value.type !== 'unknown') there.replicator.receive(here.shop, decoded.value)
      })
    }
    const close = (code: string): void => {
      throw new Error(code)
    }
    here.replicator.open({ shopId: there.shop, send: carry, close })
  }

  #node(side: Side): Node {
    const node = this.#nodes[side]
    if (node === undefined) throw new Error('There is one node only.')
    return node
  }
}

function shopOf(side: Side): ShopId {
  return identities[side].shopId
}

/** Claims hashed and signed as in a network. */
function sealOf(side: Side): ClaimSeal & { readonly isSigned: RecordSource['isSigned'] } {
  const keyOf = (shop: ShopId): Uint8Array | null => {
    return identities.find(({ shopId }) => shopId === shop)?.publicKey ?? null
  }
  const signatures = new ClaimSignatures(identities[side], () => ({ id: network, keyOf }))
  return {
    hashes: recordHashes,
    sign: (rid, claim) => signatures.sign(rid, claim),
    isSigned: (rid, claim) => signatures.isSigned(rid, claim),
  }
}

export const ours: Contender = {
  name: 'ours',
  about: 'two nodes without shops, all durable at both ends, with digests and the history of every change',
  async open(folder, copies) {
    const sides: readonly Side[] = copies === 1 ? [0] : [0, 1]
    return new NodePair(await Promise.all(sides.map((side) => Node.open(folder, side))))
  },
}

/** One ledger in a folder, with nothing around it. */
export async function openLedger(
  folder: string,
): Promise<{ readonly ledger: Ledger; readonly close: () => Promise<void> }> {
  const database = await openDatabase(folder)
  const ledger = await Ledger.open(database, systemClock, systemRandom, shopOf(0), sealOf(0))
  const close = async (): Promise<void> => {
    await ledger.settle()
    await database[Symbol.asyncDispose]()
  }
  return { ledger, close }
}

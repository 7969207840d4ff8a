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

interface NodeParts {
  readonly folder: string
  readonly side: Side
  /** Counters alone: no movements, and claims without a digest or a signature that means anything. */
  readonly isBare: boolean
}

class Node {
  readonly shop: ShopId
  readonly feed: Rid
  readonly ledger: Ledger
  readonly replicator: Replicator
  readonly #database: Database
  readonly #isBare: boolean
  #seq: number

  private constructor(
    parts: Pick<Node, 'shop' | 'feed' | 'ledger' | 'replicator'>,
    database: Database,
    isBare: boolean,
  ) {
    this.shop = parts.shop
    this.feed = parts.feed
    this.ledger = parts.ledger
    this.replicator = parts.replicator
    this.#database = database
    this.#isBare = isBare
    this.#seq = parts.ledger.claims().get(parts.feed)?.high ?? 0
  }

  static async open({ folder, side, isBare }: NodeParts): Promise<Node> {
    const shop = shopOf(side)
    const seal = isBare ? bareSeal : sealOf(side)
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
    const feed = isBare ? ledger.ownRid() : ridOf(shop, new Uint8Array(8).fill(1))
    replicator.setShops(new Set([shopOf(0), shopOf(1)]), new Map())
    replicator.setWritten(feed)
    return new Node({ shop, feed, ledger, replicator }, database, isBare)
  }

  async change(changes: readonly Change[]): Promise<void> {
    if (this.#isBare) return await this.#count(changes)
    const at = systemClock.now()
    const rows = changes.map(({ sku, delta }) => {
      this.#seq += 1
      return { key: sku as SkuKey, seq: this.#seq, at, delta, cause: 'sale', reference: String(this.#seq) } as const
    })
    await this.ledger.commit((draft) => draft.fold(this.feed, rows))
  }

  async #count(changes: readonly Change[]): Promise<void> {
    this.#seq += changes.length
    await this.ledger.commit((draft) => {
      for (const { sku, delta } of changes) {
        const key = sku as SkuKey
        const { added, removed } = totalsOf(draft.holdings, this.feed, key) ?? { added: 0, removed: 0 }
        const totals = { added: added + Math.max(0, delta), removed: removed + Math.max(0, -delta) }
        draft.issue({ kind: 'totals', key, ...totals })
      }
    })
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

const nothing = new Uint8Array(32)

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

/** Of claims that are hashed and signed by nobody: what is left is what the counters themselves cost. */
const bareSeal: ClaimSeal & { readonly isSigned: RecordSource['isSigned'] } = {
  hashes: { sumBytes: 32, seed: 1, expand: () => nothing, condense: () => nothing },
  sign: () => new Uint8Array(64),
  isSigned: () => true,
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
  open: (folder, copies) => openNodes(folder, copies, false),
}

export const counters: Contender = {
  name: 'counters',
  about: 'the same two nodes with their counters alone, durable at both ends, without digests, signatures and history',
  open: (folder, copies) => openNodes(folder, copies, true),
}

async function openNodes(folder: string, copies: 1 | 2, isBare: boolean): Promise<Pair> {
  const sides: readonly Side[] = copies === 1 ? [0] : [0, 1]
  return new NodePair(await Promise.all(sides.map((side) => Node.open({ folder, side, isBare }))))
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

/**
 * A world of shops and nodes under one seed. Every choice in it comes from the seed.
 */
import type { Baseline, SkuKey } from '@stockmesh/protocol'
import type { Committed } from '../../packages/node/src/ledger/ledger.ts'
import { seedCrypto } from './seeded-crypto.ts'
import { SeededRandom } from '../protocol/random.ts'
import { SimNetwork } from './sim-network.ts'
import { epochMs, SimNode } from './sim-node.ts'
import { SimShop } from './sim-shop.ts'
import { VirtualTime } from './virtual-time.ts'

export class World {
  readonly seed: number
  readonly random: SeededRandom
  /**
   * Most worlds are small: the network is founded in peace and the faults do not last long. In the others the shops
   * join amid faults, and all of it takes its time.
   */
  readonly isSmall: boolean
  readonly time = new VirtualTime()
  readonly network: SimNetwork
  readonly nodes: readonly SimNode[]
  /** What happened, for the trace of a failing run: `about` is a SKU, or null for what concerns all. */
  readonly notes: { readonly at: number; readonly about: string | null; readonly text: string }[] = []

  /** Stock counts that were tried: by whom, how many, and how far its own shop's feed had come when it began. */
  readonly counts: {
    readonly by: string
    readonly sku: string
    readonly quantity: number
    readonly covered: number
  }[] = []
  /** Goods that came in; one that was never answered may have been taken or not. */
  readonly deliveries: {
    readonly by: string
    readonly key: string
    readonly quantity: number
    /** When it was answered, by the world's time; null if that is as good as never. */
    answeredAt: number | null
  }[] = []

  /** Whether one of the members changes what it relays. */
  hasLiar = false
  /** What members did and somebody undid, since when by the shops' clocks; one that was never answered may have been done. */
  readonly undos: { readonly by: string; readonly member: string; readonly since: number }[] = []
  /** Numbers of before an import that somebody made the network's: with what had moved by then. */
  readonly ownNumbers: {
    readonly by: string
    readonly key: SkuKey
    readonly before: number
    readonly net: number
  }[] = []
  /** Every baseline that any node issued, as it was when it became durable. */
  readonly baselines = new Map<SkuKey, Baseline[]>()
  /** What was seen to be wrong while the world ran. */
  readonly faults: string[] = []

  /** Shops that were let in, by whom, and the SKUs for which that member had a number then. */
  readonly acceptances: { readonly joiner: string; readonly by: string; readonly numbered: ReadonlySet<SkuKey> }[] = []

  /** Whether shops go, or run twice, in this world. */
  mayDepart = false

  /** How often a shop was let in, or nearly so. */
  admissions = 0

  /** Shops that went, or may have, before all that they did was heard of. */
  readonly unheard = new Set<string>()

  constructor(seed: number) {
    seedCrypto(seed)
    this.seed = seed
    this.random = new SeededRandom(seed)
    this.isSmall = this.random.chance(0.7)
    this.network = new SimNetwork(this.time, this.random)
    const count = this.random.pick(this.isSmall ? [2, 2, 3, 3, 3] : [2, 3, 3, 3, 4])
    this.nodes = ['M', 'E', 'T', 'S'].slice(0, count).map((name, index) => {
      const { time, random, network } = this
      const shop = new SimShop({ name, time, random, now: () => epochMs + Math.floor(this.time.now) })
      return new SimNode({
        name,
        index,
        time,
        random,
        network,
        shop,
        note: (text) => this.note(null, text),
        onCommitted: (committed) => this.hear(committed),
      })
    })
  }

  /** A disk was put back: of what was answered after the backup only that is sure to stand which another node heard. */
  forgetSince({ id }: SimNode, at: number): void {
    for (const delivery of this.deliveries) {
      if (delivery.by === id && (delivery.answeredAt ?? 0) > at) delivery.answeredAt = null
    }
  }

  hear({ applied }: Committed): void {
    for (const { held } of applied) {
      const { record } = held
      if (record.kind !== 'baseline') continue
      const known = this.baselines.get(record.key) ?? []
      this.baselines.set(record.key, known)
      if (!known.some((one) => JSON.stringify(one) === JSON.stringify(record.baseline))) known.push(record.baseline)
    }
  }

  /** It may be out before others have heard of all that it did, and of what shops did that told it alone and went. */
  departed(node: SimNode): void {
    this.unheard.add(node.id)
    const present = new Set<string>(this.nodes.flatMap(({ id }) => (id === node.id ? [] : [id])))
    for (const delivery of this.deliveries) if (!present.has(delivery.by)) delivery.answeredAt = null
  }

  /**
   * Members that do not know it though it counts itself among them: who let it in was gone before anybody else had heard.
   * Its owner hears of it from theirs.
   */
  strangersTo({ id, node }: SimNode): readonly SimNode[] {
    const listed = new Set<string>(node?.network.members.map(({ shopId }) => shopId))
    return this.nodes.filter((each) => {
      return (
        each.id !== id && listed.has(each.id) && each.node !== null && each.node.network.membership.member(id) === null
      )
    })
  }

  note(about: string | null, text: string): void {
    this.notes.push({ at: this.time.now, about, text })
  }
}

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
    /** Whether its shop went, or was to go, before it was answered. */
    mayBeLost: boolean
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

  /** SKUs that are changed by spreadsheets, in worlds in which owners use them; empty in all others. */
  readonly listed: readonly string[]
  /** Differences that an owner decided against; one that was never answered, or moved on meanwhile, may stand. */
  readonly rejected: { readonly key: SkuKey; readonly units: number; isSure: boolean }[] = []
  /** Changes of other shops that an owner took back, each with who did; as above. */
  readonly takenBack: {
    readonly by: string
    readonly key: SkuKey
    /** Its replica and seq. */
    readonly change: string
    readonly delta: number
    isSure: boolean
  }[] = []
  /** A disk was put back in this world: what its node held is compared then, not known. */
  wasPutBack = false

  /** How often a shop was let in, or nearly so. */
  admissions = 0

  /** Shops that went, or may have, before all that they did was heard of. */
  readonly unheard = new Set<string>()

  constructor(seed: number, { hasSpreadsheets = seed % 10 === 6 }: { readonly hasSpreadsheets?: boolean } = {}) {
    seedCrypto(seed)
    this.seed = seed
    this.random = new SeededRandom(seed)
    this.isSmall = this.random.chance(0.7)
    this.listed = hasSpreadsheets ? Array.from({ length: 12 }, (_, index) => `LIST-${index}`) : []
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
        holdsNothing: hasSpreadsheets && seed % 20 === 16 && index === 1,
        note: (text) => this.note(null, text),
        onCommitted: (committed) => this.hear(committed),
      })
    })
  }

  /** A disk was put back: of what was answered after the backup only that is sure to stand which another node heard. */
  forgetSince({ id }: SimNode, at: number): void {
    this.wasPutBack = true
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
  departed(node: Pick<SimNode, 'id'>): void {
    this.unheard.add(node.id)
    const present = new Set<string>(this.nodes.flatMap(({ id }) => (id === node.id ? [] : [id])))
    for (const { by } of this.acceptances) if (!present.has(by)) this.unheard.add(by)
    for (const delivery of this.deliveries) {
      if (present.has(delivery.by)) continue
      delivery.answeredAt = null
      delivery.mayBeLost = true
    }
  }

  /**
   * Whether it is in another network than most, as its own page says. The owners agree on the network in which most shops
   * count each other in, and among equals on the first shop's. One that only it takes for a member is not apart: the
   * others must hear of it, or it must hear that it is out. Of two that removed each other the senior stays, but nobody
   * listens to who is out, so its own removal of the other may never be heard: that one hears of it from the others.
   */
  isApart(node: SimNode): boolean {
    if (node.node?.network.network == null) return false
    const networks = this.nodes.map((each) => this.#fellowsOf(each))
    const [first] = networks.reduce((largest, next) => (next.length > largest.length ? next : largest))
    if (first?.node == null) return false
    const { membership } = node.node.network
    const isOutThere = first.node.network.membership.view?.removed.includes(node.id) === true
    return membership.member(first.id) === null || (isOutThere && membership.member(node.id) !== null)
  }

  /** Shops that take each other for members, itself among them; none while it is in no network. */
  #fellowsOf(node: SimNode): readonly SimNode[] {
    const lists = (one: SimNode, other: SimNode): boolean => one.node?.network.membership.member(other.id) != null
    return this.nodes.filter((each) => lists(node, each) && lists(each, node))
  }

  note(about: string | null, text: string): void {
    this.notes.push({ at: this.time.now, about, text })
  }
}

/**
 * What goes wrong in a world, by name. Each seed has a temper of its own: some lines flap, some disks fill, some nodes
 * die all the time. `end` mends everything.
 *
 * What no world does, since the node does not handle it or could not show it:
 * - a backup from before the last shop joined: a node that let somebody in and forgot it knows that shop no more, and
 *   nobody may be left who can tell it;
 * - a bit that flips elsewhere than in a record of another shop: what only this node has may be lost with it;
 * - frames lost, doubled or out of order within a connection: TCP sends them again, and everything behind them waits;
 * - a power cut that takes unsynced batches: the node writes none.
 */
import { SeededRandom } from '../protocol/random.ts'
import { Liar } from './liar.ts'
import type { SimNode } from './sim-node.ts'
import type { World } from './world.ts'

/** The mean time between two faults of a kind is drawn between these, in milliseconds. */
const seldomMs = 60_000
const oftenMs = 3_000
/** Where the time of faults is short they come as many times faster. */
const hurry = 4
/** How often a flapping line changes, in milliseconds. */
const flapMs = 200

/** Worlds in which a member lies, of all, and what their chance begins from. */
const liarsShare = 0.25
const liarSeed = 1_000_003

type FaultName =
  | 'kill-node'
  | 'kill-shop'
  | 'pause-node'
  | 'cut-one'
  | 'cut-node'
  | 'cut-halves'
  | 'cut-ring'
  | 'flap'
  | 'lossy'
  | 'restore'
  | 'bit-flip'
  | 'other-release'
  | 'mend'
  | 'reset'
  | 'disk-full'
  | 'slow-disk'
  | 'clock-jump'
  | 'bad-line'

const names: readonly FaultName[] = [
  'kill-node',
  'kill-shop',
  'pause-node',
  'cut-one',
  'cut-node',
  'cut-halves',
  'cut-ring',
  'flap',
  'lossy',
  'restore',
  'bit-flip',
  'other-release',
  'mend',
  'reset',
  'disk-full',
  'slow-disk',
  'clock-jump',
  'bad-line',
]

export class Faults {
  /** How long the time of faults lasts, in milliseconds. */
  readonly lastsMs: number
  readonly #world: World
  #active = true

  constructor(world: World) {
    this.#world = world
    this.lastsMs = world.isSmall ? 3_000 + 12_000 * world.random.next() : 20_000 + 60_000 * world.random.next()
  }

  /**
   * `mayDepart`: shops go, or run twice, as well. `areHonest`: no member lies about what it holds, and no disk is put
   * back.
   */
  begin({ mayDepart, areHonest = false }: { readonly mayDepart: boolean; readonly areHonest?: boolean }): void {
    const { random } = this.#world
    // Half of the kinds do not occur in a run at all, so that each is met alone as well.
    const kinds = new Set(names.filter((name) => random.chance(0.5) || name === 'mend'))
    // What its issuer lost with a backup, or took along, may be in one other place only, and that is where the bit turns.
    if (kinds.has('restore') || mayDepart) kinds.delete('bit-flip')
    if (areHonest) kinds.delete('restore')
    for (const name of kinds) {
      const meanMs = oftenMs + (seldomMs - oftenMs) * random.next() ** 2
      this.#schedule(name, this.#world.isSmall ? meanMs / hurry : meanMs)
    }
    this.#world.network.delayMsMax = random.pick([2, 30, 30, 400])
    if (!areHonest) this.#lie()
  }

  /** In some worlds one member lies all the time; what else happens in them is as it was without. */
  #lie(): void {
    const { seed, nodes, network } = this.#world
    const random = new SeededRandom(seed + liarSeed)
    if (!random.chance(liarsShare)) return
    const node = random.pick(nodes)
    this.#world.note(null, `${node.name} lies`)
    this.#world.hasLiar = true
    network.liars.set(node.place, new Liar(node.id, () => node.node?.ledger ?? null, random))
  }

  end(): void {
    const { nodes, network } = this.#world
    this.#active = false
    network.mendAll()
    network.delayMsMax = 30
    network.lost = 0
    for (const place of network.liars.keys()) network.reset(place)
    network.liars.clear()
    for (const node of nodes) {
      node.disk.full = false
      node.disk.flushMsMax = 6
      node.clockAheadMs = 0
      node.shop.disk.full = false
      Object.assign(node.shop.faults, { lost: 0, unanswered: 0, doubled: 0, delayMsMax: 10 })
      node.life.resume()
      if (node.shop.shop === null) void this.#startShop(node)
      // Whoever runs an older release is brought up to date.
      if (network.older.delete(node.place)) node.kill()
      if (!node.isUp) node.start()
    }
  }

  #schedule(name: FaultName, meanMs: number): void {
    this.#world.time.after(2 * meanMs * this.#world.random.next(), () => {
      if (!this.#active) return
      this.#schedule(name, meanMs)
      this.#strike(name)
    })
  }

  #strike(name: FaultName): void {
    const { random, network, nodes, time } = this.#world
    const node = random.pick(nodes)
    const other = random.pick(nodes)
    this.#world.note(null, `fault ${name} (${node.name}, ${other.name})`)
    switch (name) {
      case 'kill-node':
        if (!node.isUp) return node.start()
        node.kill()
        return this.#later(5_000, () => {
          if (!node.isUp) node.start()
        })
      case 'kill-shop':
        node.shop.kill()
        return this.#later(5_000, () => {
          if (node.shop.shop === null) void this.#startShop(node)
        })
      case 'pause-node':
        node.life.pause()
        return this.#later(20_000, () => node.life.resume())
      case 'cut-one':
        if (other !== node) network.cut(node.place, other.place)
        return
      case 'cut-node':
        for (const each of nodes) if (each !== node) network.cut(node.place, each.place)
        return
      case 'cut-halves': {
        const half = nodes.filter(() => random.chance(0.5))
        for (const one of half) for (const each of nodes) if (!half.includes(each)) network.cut(one.place, each.place)
        return
      }
      case 'cut-ring':
        return this.#cutRing()
      case 'flap':
        return this.#flap(node, other, random.below(40))
      case 'lossy':
        network.lost = random.pick([0, 0.1, 0.3])
        return
      case 'restore':
        return this.#restore(node)
      case 'bit-flip': {
        const where = node.damage()
        if (where !== null) this.#world.note(null, `a bit turned at ${node.name} in${where}`)
        return this.#later(3_000, () => {
          if (!node.isUp) node.start()
        })
      }
      case 'other-release':
        if (!network.older.delete(node.place)) network.older.add(node.place)
        node.kill()
        return this.#later(1_000, () => {
          if (!node.isUp) node.start()
        })
      case 'mend':
        return network.mendAll()
      case 'reset':
        return network.reset(node.place)
      case 'disk-full': {
        const disk = random.chance(0.7) ? node.disk : node.shop.disk
        disk.full = true
        return void time.after(8_000 * random.next(), () => {
          disk.full = false
        })
      }
      case 'slow-disk': {
        const disk = random.chance(0.7) ? node.disk : node.shop.disk
        disk.flushMsMax = random.pick([6, 100, 2_000])
        return
      }
      case 'clock-jump':
        node.clockAheadMs = random.pick([0, 1, -1]) * random.pick([1_000, 3_600_000, 86_400_000, 315_360_000_000])
        return
      case 'bad-line':
        Object.assign(node.shop.faults, {
          lost: random.pick([0, 0.1, 0.5]),
          unanswered: random.pick([0, 0.1, 0.5]),
          doubled: random.pick([0, 0.1, 0.5]),
          delayMsMax: random.pick([1, 10, 500]),
        })
        return
    }
  }

  /** Each reaches only the two beside it. */
  #cutRing(): void {
    const { random, network, nodes } = this.#world
    const first = random.below(nodes.length)
    const ring = [...nodes.slice(first), ...nodes.slice(0, first)]
    for (const [place, one] of ring.entries()) {
      for (const each of ring.slice(place + 2)) {
        if (place > 0 || each !== ring.at(-1) || ring.length < 4) network.cut(one.place, each.place)
      }
    }
  }

  /** A line that breaks and comes back every 200 ms, so many times. */
  #flap(one: SimNode, other: SimNode, times: number): void {
    const { network, time } = this.#world
    if (times === 0 || !this.#active) return
    network.reset(one.place)
    if (times % 2 === 1) network.mend(one.place, other.place)
    else network.cut(one.place, other.place)
    time.after(flapMs, () => this.#flap(one, other, times - 1))
  }

  /** The disk of a node is copied while it runs; some time later the copy takes the place of what is there then. */
  #restore(node: SimNode): void {
    const { random, time, nodes } = this.#world
    // A node that was put back to before it let somebody in would know that shop no more, and nobody else might yet.
    const backup = node.backUp(nodes.length)
    const { admissions } = this.#world
    if (backup === null) return
    time.after(10_000 * random.next(), () => {
      if (!this.#active || this.#world.admissions > admissions) return
      this.#world.note(null, `${node.name} is put back`)
      node.restore(backup, random.chance(0.5))
      this.#world.forgetSince(node, backup.at)
      this.#later(3_000, () => {
        if (!node.isUp) node.start()
      })
    })
  }

  #later(msMax: number, run: () => void): void {
    this.#world.time.after(msMax * this.#world.random.next(), run)
  }

  async #startShop(node: SimNode): Promise<void> {
    await node.shop.start().catch(() => {
      this.#world.time.after(1_000, () => void this.#startShop(node))
    })
  }
}

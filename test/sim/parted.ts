/**
 * Worlds in which the partition guard is on: shops part and meet, nodes die, and buyers buy no more than is shown. No
 * SKU may be oversold by more than what was sold before its seller knew that it was parted, whatever happens.
 */
import './seeded-crypto.ts'
import { type ShopId, levelOf, recordsOf, type SkuKey, skuKey } from '@stockmesh/protocol'
import { check, SimFailure } from './check.ts'
import { People } from './people.ts'
import { restlessness } from './rest.ts'
import type { SimNode } from './sim-node.ts'
import type { VirtualTime } from './virtual-time.ts'
import { World } from './world.ts'

const outOfReachMs = 10_000
const restMsMax = 300_000
const lookMs = 500
/** How long shops part and meet, in milliseconds. */
const lastsMsMin = 40_000
const lastsMsMax = 160_000
/** Between two things that happen, in milliseconds, on the average. */
const pauseMs = 900

/** Throws `SimFailure` where something that must hold does not. */
export async function runParted(seed: number): Promise<World> {
  // Nobody here decides on what is held of a spreadsheet.
  const world = new World(seed, { hasSpreadsheets: false })
  const { time, random } = world
  const people = new People(world)
  await people.fill()
  for (const node of world.nodes) node.start()
  people.begin()
  await time.run(restMsMax, () => world.nodes.every((each) => each.node?.shop.importer.record.state === 'done'))
  people.end()
  await rest(world, () => restlessness(world))
  const parted = new Parted(world)
  await parted.fill()
  await rest(world, () => restlessness(world))
  await parted.turnOn()
  // A part of the worlds begins while not all have heard the terms.
  if (random.chance(0.8)) await rest(world, () => parted.unheard())
  parted.begin()
  await time.run(lastsMsMin + (lastsMsMax - lastsMsMin) * random.next())
  parted.end()
  const rested = await rest(world, () => restlessness(world) ?? parted.restraint())
  if (!rested) throw new SimFailure(world, null, `not together again: ${parted.restraint() ?? 'not at rest'}`)
  await check(world, rested)
  parted.check()
  return world
}

async function rest({ time }: World, why: () => string | null): Promise<boolean> {
  let lookedAt = time.now
  return await time.run(restMsMax, () => {
    if (time.now - lookedAt < lookMs) return false
    lookedAt = time.now
    return why() === null
  })
}

class Parted {
  readonly #world: World
  /** Units by SKU that were sold before their seller knew of a parting, since all shops were last together. */
  readonly #early = new Map<SkuKey, number>()
  /** Whether buyers wait until every side has noticed. */
  readonly #isPatient: boolean
  #isBusy = true

  constructor(world: World) {
    this.#world = world
    this.#isPatient = world.random.chance(0.5)
  }

  /** Something to share. */
  async fill(): Promise<void> {
    const { nodes, random, time } = this.#world
    for (const node of nodes) {
      const { shop } = node.shop
      if (shop === null) continue
      const { items } = await soon(
        time,
        shop.products({ after: null, limit: 10, q: null, sku: null, duplicates: false }),
      )
      for (const { id, sku, stock } of items) {
        if (stock === null || !random.chance(0.7)) continue
        await soon(time, shop.changeProduct(id, { stockChange: 1 + random.below(25) })).catch(() => undefined)
        this.#world.note(sku, `${node.name} gets more`)
      }
    }
  }

  async turnOn(): Promise<void> {
    const { nodes, random, time } = this.#world
    const teller = random.pick(nodes)
    const isEven = random.chance(0.5)
    const weights = new Map<ShopId, number>(nodes.map(({ id }) => [id, isEven ? 1 : random.below(4)]))
    const terms = { isOn: true, outOfReachMs, shares: 'set' as const, weights, closed: new Set<ShopId>() }
    this.#world.note(null, `${teller.name} turns the guard on: ${nodes.map(({ id }) => weights.get(id)).join(' ')}`)
    await soon(time, teller.node?.network.guardTerms.say(terms) ?? Promise.resolve())
  }

  unheard(): string | null {
    const { nodes } = this.#world
    const isHeard = nodes.every(({ node }) => node?.network.guardTerms.inForce?.length === 1)
    return isHeard ? null : 'not all have heard the terms'
  }

  /** Why a shop does not show everything; null if all do. */
  restraint(): string | null {
    const node = this.#world.nodes.find((each) => each.node?.guard.side !== null)
    return node === undefined
      ? null
      : `${node.name} shows its share still, without ${[...(node.node?.guard.out ?? [])].join()}`
  }

  begin(): void {
    const { time, random } = this.#world
    time.after(2 * pauseMs * random.next(), () => {
      if (!this.#isBusy) return
      this.begin()
      this.#act().catch(() => undefined)
    })
  }

  end(): void {
    const { network, nodes } = this.#world
    this.#isBusy = false
    network.mendAll()
    for (const node of nodes) if (!node.isUp) node.start()
  }

  check(): void {
    const { node } = this.#world.nodes[0] as SimNode
    if (node === null) return
    for (const key of node.ledger.holdings.skus.keys()) {
      const level = levelOf(recordsOf(node.ledger.holdings, key)) ?? 0
      const early = this.#early.get(key) ?? 0
      if (-level > early) {
        throw new SimFailure(
          this.#world,
          key,
          `${key} is oversold by ${-level}, and ${early} were sold before a parting was known`,
        )
      }
    }
  }

  async #act(): Promise<void> {
    const { random, nodes, network, time } = this.#world
    const dice = random.below(100)
    if (dice < 5) return this.#part()
    if (dice < 8) {
      this.#world.note(null, 'all lines are mended')
      return network.mendAll()
    }
    const node = random.pick(nodes)
    if (dice < 10) {
      if (!node.isUp) return
      this.#world.note(null, `${node.name} is killed`)
      node.kill()
      time.after(15_000 * random.next(), () => {
        if (!node.isUp) node.start()
      })
      return
    }
    await this.#sell(node)
  }

  /** The shops fall into two groups or more, and no line leads from one to another. */
  #part(): void {
    const { random, nodes, network } = this.#world
    const groups = nodes.map(() => random.below(random.pick([2, 2, nodes.length])))
    network.mendAll()
    for (const [index, { place }] of nodes.entries()) {
      for (const [other, { place: there }] of nodes.entries()) {
        if (other > index && groups[index] !== groups[other]) network.cut(place, there)
      }
    }
    this.#world.note(null, `groups: ${nodes.map(({ name }, index) => `${name}${groups[index]}`).join(' ')}`)
  }

  async #sell(node: SimNode): Promise<void> {
    const { random } = this.#world
    const { shop } = node.shop
    if (shop === null) return
    const { items } = await shop.products({ after: null, limit: 10, q: null, sku: null, duplicates: false })
    const inStock = items.filter(({ stock }) => stock !== null && stock > 0)
    if (inStock.length === 0) return
    const { sku, stock } = random.pick(inStock)
    const key = skuKey(sku ?? '')
    if (key === null || stock === null) return
    const quantity = Math.min(stock, 1 + random.below(4))
    const isKnown = this.#knowsItsReach(node, key, stock)
    if (this.#isPatient && !isKnown) return
    if (this.#areTogether()) this.#beginAnew(node)
    if (!isKnown) this.#early.set(key, (this.#early.get(key) ?? 0) + quantity)
    await shop.placeOrder({ lines: [{ sku: sku ?? '', quantity }], allowBackorder: false })
    this.#world.note(sku, `${node.name} sells ${quantity} of ${stock}${isKnown ? '' : ' early'}`)
  }

  /** What is oversold by now stays so, whatever is sold from now on. */
  #beginAnew({ node }: SimNode): void {
    this.#early.clear()
    if (node === null) return
    for (const key of node.ledger.holdings.skus.keys()) {
      this.#early.set(key, Math.max(0, -(levelOf(recordsOf(node.ledger.holdings, key)) ?? 0)))
    }
  }

  /**
   * Whether what the shop shows is what it may sell: of each other shop it holds all, and is heard of to the last unit,
   * or it knows that the other is out of reach.
   */
  #knowsItsReach(seller: SimNode, key: SkuKey, stock: number): boolean {
    const { node } = seller
    if (node === null || !this.#isStill(seller)) return false
    const ceiling = node.guard.ceilingOf(key)
    if (ceiling !== null && stock > ceiling) return false
    return this.#world.nodes.every((other) => {
      return other === seller || node.guard.out.has(other.id) || this.#areInStep(seller, other)
    })
  }

  #areInStep(seller: SimNode, other: SimNode): boolean {
    const { node } = seller
    if (node === null || other.node === null || this.#world.network.isCut(seller.place, other.place)) return false
    if (!node.network.link.connected().has(other.id) || !this.#isStill(other)) return false
    return node.replicator.equals(other.id) && other.node.replicator.equals(seller.id)
  }

  /** Whether a node has read all that its shop did, and the shop has all that its node asks of it. */
  #isStill({ node, shop }: SimNode): boolean {
    if (node === null) return false
    const { feed, intents } = node.shop.book
    return (feed?.position ?? 0) >= shop.feedEnd && shop.flushedEnd >= shop.feedEnd && intents.size === 0
  }

  #areTogether(): boolean {
    const { nodes } = this.#world
    const isInStep = nodes.every((each) => nodes.every((other) => each === other || this.#areInStep(each, other)))
    return isInStep && this.restraint() === null
  }
}

/** Time passes meanwhile. */
async function soon<T>(time: VirtualTime, work: Promise<T>): Promise<T> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  done.catch(() => undefined)
  await time.run(restMsMax, () => isDone)
  return await done
}

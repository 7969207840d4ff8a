/**
 * Shops that leave, that are removed by another one, and that run twice because their folder was copied, amid whatever
 * else goes on in the world. In a quarter of the worlds some of it occurs. Chance has a source of its own here, so that
 * the other worlds are what they would be without it. In worlds of goodbyes all that is asked of a shop is to leave, and
 * often several at once; there nothing may be lost that one of them knew.
 *
 * A shop that is out is looked after by its owner: it leaves what it was removed from and asks to join anew. So does one
 * that is in another network than the rest in the end. A shop that does not exist any more is removed by whoever still
 * lists it.
 */
import { type NetworkId, type Rid, type ShopId, shopOfRid } from '@stockmesh/protocol'
import type { StockNode } from '../../packages/node/src/node/stock-node.ts'
import { SeededRandom } from '../protocol/random.ts'
import type { People } from './people.ts'
import type { SimNode } from './sim-node.ts'
import type { World } from './world.ts'

type Kind = 'leave' | 'evict' | 'clone' | 'goodbyes'

const kinds: readonly Kind[] = ['leave', 'evict', 'clone']
/** How long after the first the last of those leaves that go together, in milliseconds. */
const togetherMsMax = 1_000
/** The mean time between two of a kind, in milliseconds; they come as many times faster where the faults are short. */
const meanMs = 20_000
const hurry = 4
/** How long a copied folder runs beside the one that it was copied from, in milliseconds. */
const twinMsMax = 12_000
/** How often an owner looks whether the shop is out, in milliseconds. */
const lookMs = 2_000

/** What a shop knew when it set out to leave a network without force. */
interface Bequest {
  readonly name: string
  readonly shop: ShopId
  readonly network: NetworkId
  readonly stock: StockNode
  readonly highs: ReadonlyMap<Rid, number>
  /** The last of its membership records. */
  readonly heads: readonly string[]
}

export class Departures {
  readonly #world: World
  readonly #people: People
  readonly #random: SeededRandom
  readonly #kinds: ReadonlySet<Kind>
  /** Identities that their owners left with, or tried to. */
  readonly #left = new Set<string>()
  /** In worlds of goodbyes alone. */
  #bequests: readonly Bequest[] = []
  #active = true

  constructor(world: World, people: People, { saysGoodbye = false }: { readonly saysGoodbye?: boolean } = {}) {
    this.#world = world
    this.#people = people
    this.#random = new SeededRandom((world.seed ^ 0x5a17_0000) >>> 0)
    if (saysGoodbye) {
      this.#kinds = new Set(['goodbyes'])
      return
    }
    const occurs = this.#random.chance(0.25)
    const chosen = kinds.filter(() => this.#random.chance(0.6))
    this.#kinds = new Set(occurs ? chosen : [])
  }

  /** Whether any occur in this world. */
  get occur(): boolean {
    return this.#kinds.size > 0
  }

  begin(): void {
    if (!this.occur) return
    this.#world.mayDepart = true
    for (const kind of this.#kinds) this.#schedule(kind)
    for (const node of this.#world.nodes) this.#lookAfter(node)
  }

  /** Of a shop that runs twice one process is stopped for good. */
  end(): void {
    this.#active = false
    for (const node of this.#world.nodes) this.#endTwin(node)
  }

  #schedule(kind: Kind): void {
    const mean = this.#world.isSmall ? meanMs / hurry : meanMs
    this.#world.time.after(2 * mean * this.#random.next(), () => {
      if (!this.#active) return
      this.#schedule(kind)
      this.#strike(kind)
    })
  }

  #strike(kind: Kind): void {
    const { nodes } = this.#world
    const node = this.#random.pick(nodes)
    const other = this.#random.pick(nodes)
    switch (kind) {
      case 'leave':
        if (node.isTwice || !isAtHome(node)) return
        return void this.#leave(node, this.#random.chance(0.4))
      case 'goodbyes':
        for (const one of this.#someOf(nodes.filter((each) => !each.isTwice && isAtHome(each)))) {
          const wait = this.#random.chance(0.3) ? 0 : togetherMsMax * this.#random.next()
          this.#world.time.after(wait, () => {
            if (isAtHome(one)) void this.#leave(one, false)
          })
        }
        return
      case 'evict':
        if (node === other || !isAtHome(node)) return
        this.#world.note(null, `${node.name} removes ${other.name}`)
        this.#world.departed(other)
        // Who is about to leave, and removes the one that would hear of it, goes alone.
        if (this.#left.has(node.id)) this.#world.departed(node)
        return void node.node?.network.evict(other.id).catch(() => undefined)
      case 'clone':
        if (node.isTwice || !isAtHome(node)) return
        this.#world.note(null, `the folder of ${node.name} is copied, and runs twice`)
        node.runTwice()
        return void this.#world.time.after(twinMsMax * this.#random.next(), () => this.#endTwin(node))
    }
  }

  /** One of them at least, and sometimes all. */
  #someOf(nodes: readonly SimNode[]): readonly SimNode[] {
    const sure = this.#random.below(Math.max(1, nodes.length))
    return nodes.filter((_, place) => place === sure || this.#random.chance(0.5))
  }

  /** What became of what those knew who said goodbye: whoever stayed must hold it. */
  checkBequests(): void {
    const { nodes, faults } = this.#world
    const isGone = ({ shop }: Bequest): boolean => nodes.every(({ id }) => id !== shop)
    for (const bequest of this.#bequests.filter((one) => isGone(one) && isLast(one.stock))) this.#endNetwork(bequest)
    for (const { name, network, highs } of this.#bequests.filter(isGone)) {
      const heirs = nodes.filter(({ node }) => node?.network.network === network)
      if (heirs.length === 0) faults.push(`${name} left, and nobody stayed in its network`)
      for (const heir of heirs) {
        const claims = heir.node?.ledger.claims()
        const lost = [...highs].filter(([rid, high]) => (claims?.get(rid)?.high ?? 0) < high)
        for (const [rid, high] of lost) {
          const held = claims?.get(rid)?.high ?? 0
          faults.push(`${name} left and knew ${rid} up to ${high}; ${heir.name}, who stayed, has ${held}`)
        }
      }
    }
  }

  /** Whom it let in one of those knows who stay; where one is down, it may be that one. */
  #checkKnown({ name, network, heads }: Bequest): void {
    const { nodes, faults } = this.#world
    if (nodes.some(({ node }) => node === null)) return
    const heirs = nodes.flatMap(({ node }) => (node?.network.network === network ? [node.network.membership] : []))
    if (heirs.length === 0 || heirs.some((heir) => heads.every((hash) => heir.knows(hash)))) return
    faults.push(`${name} left, and nobody who stayed knows whom it let in`)
  }

  #endTwin(node: SimNode): void {
    if (!node.isTwice) return
    const keepsTwin = this.#random.chance(0.5)
    this.#world.note(null, `${keepsTwin ? 'the first' : 'the second'} process of ${node.name} is stopped for good`)
    const copiedAt = node.endTwin(keepsTwin)
    if (keepsTwin) this.#world.forgetSince(node, copiedAt)
  }

  /** Without force its owner waits until another shop has heard of everything, if there is one in its network. */
  async #leave(node: SimNode, force: boolean): Promise<void> {
    const { host, life, id } = node
    if (host === null) return
    this.#world.note(null, `${node.name} leaves${force ? ' with force' : ''}`)
    const claims = [...(host.isOpen ? host.node.ledger.claims() : [])].filter(([rid]) => shopOfRid(rid) === id)
    this.#left.add(id)
    const before = this.#othersOf(node)
    const members = (host.isOpen ? host.node.network.members : []).filter(({ shopId }) => shopId !== id)
    if (force || members.length === 0) this.#world.departed(node)
    const bequest = this.#bequestOf(node, force)
    try {
      await host.leave(force)
    } catch (error) {
      this.#world.note(null, `${node.name}: ${error instanceof Error ? error.message : String(error)}`)
      return
    }
    if (this.#kinds.has('goodbyes')) {
      if (bequest === null) return
      if (isLast(bequest.stock)) this.#endNetwork(bequest)
      else this.#checkKnown(bequest)
      return
    }
    const others = this.#othersOf(node)
    const isThere = (shop: string): boolean => others.some((other) => other.id === shop)
    // Where another one is down, or went itself, it may have been the one that heard; and who is alone in the end goes.
    if (members.some(({ shopId }) => !isThere(shopId))) this.#world.departed({ id })
    const isSure = others.every((other) => other.node !== null && before.some(({ id: was }) => was === other.id))
    // It may have been removed meanwhile, or somebody forced the departure that was under way.
    if (!life.alive || this.#world.unheard.has(id) || !isSure) return
    // Or the one that had heard is put back, or was the other one of two.
    if (this.#world.nodes.some(({ putBack, isTwice }) => putBack || isTwice)) return
    const heard = others.some(({ node: other }) =>
      claims.every(([rid, { high }]) => (other?.ledger.claims().get(rid)?.high ?? 0) >= high),
    )
    if (!heard) this.#world.faults.push(`${node.name} left, and no other shop had heard of all that it did`)
  }

  /** What must not be lost with a shop that leaves; null where that is not asked. Force takes along what only it knew. */
  #bequestOf(node: SimNode, force: boolean): Bequest | null {
    const stock = node.node
    const network = stock?.network.network ?? null
    if (stock === null || network === null || !this.#kinds.has('goodbyes')) return null
    const isMember = stock.network.membership.member(node.id) !== null
    if (force && (isMember || isLast(stock))) this.#endNetwork({ shop: node.id, network })
    // What happens in a shop that is out already is its own.
    if (force || !isMember) return null
    const highs = new Map([...stock.ledger.claims()].map(([rid, { high }]) => [rid, high]))
    const heads = stock.network.membership.view?.heads ?? []
    const bequest = { name: node.name, shop: node.id, network, stock, highs, heads }
    this.#bequests = [...this.#bequests, bequest]
    return bequest
  }

  /** Whether all that are in the same network know the same of its members. */
  #isOfOneMind({ network: { network, membership } }: StockNode): boolean {
    const heads = membership.view?.heads.join()
    return this.#world.nodes.every(({ node: other }) => {
      if (other === null) return false
      const { network: one, membership: theirs } = other.network
      return one !== network || theirs.view?.heads.join() === heads
    })
  }

  /** Whoever was the last in a network takes along what all the others left. */
  #endNetwork({ shop, network }: Pick<Bequest, 'shop' | 'network'>): void {
    const gone = this.#bequests.filter((one) => one.network === network)
    for (const id of [shop, ...gone.map((one) => one.shop)]) this.#world.departed({ id })
    this.#bequests = this.#bequests.filter((one) => one.network !== network)
  }

  #othersOf(node: SimNode): readonly { readonly id: string; readonly node: StockNode | null }[] {
    const others = this.#world.nodes.filter((each) => each !== node)
    return others.map(({ id, node: stock }) => ({ id, node: stock }))
  }

  #lookAfter(node: SimNode): void {
    this.#world.time.after(lookMs * (0.5 + this.#random.next()), () => {
      this.#lookAfter(node)
      void this.#tend(node).catch((error: unknown) => {
        this.#world.note(null, `${node.name}: ${error instanceof Error ? error.message : String(error)}`)
      })
    })
  }

  async #tend(node: SimNode): Promise<void> {
    const stock = node.node
    if (stock === null || node.isTwice) return
    const { network } = stock
    const hasLeft = network.network !== null && network.membership.member(node.id) === null && this.#left.has(node.id)
    if (network.isEvicted || hasLeft) {
      return await this.#leave(node, true)
    }
    const isAlone = network.members.length <= 1
    // It was removed, or let in and removed again before it heard of either; with this key it never gets in.
    if (isAlone && node.facade.joinState().state === 'refused') return await this.#leave(node, true)
    if (network.network === null) return await this.#people.enter(node)
    // In the time of faults the others may just not have heard yet.
    if (!this.#active && this.#world.isApart(node)) {
      if (!this.#random.chance(0.1) || this.#world.nodes.some((each) => each.node === null)) return
      return await (isAlone ? this.#people.enter(node) : this.#leave(node, true))
    }
    await this.#people.joinOn(node)
    // Who removes a shop that went, and has not heard of all that it did and whom it let in, parts from them.
    if (this.#kinds.has('goodbyes') && !this.#isOfOneMind(stock)) return
    const ids = new Set(this.#world.nodes.map(({ id }) => id))
    for (const { shopId } of network.members) if (!ids.has(shopId)) await network.evict(shopId)
  }
}

/** In the network, and with its import behind it. */
function isAtHome({ node }: SimNode): boolean {
  return node !== null && !node.network.isEvicted && node.shop.importer.record.state === 'done'
}

/** Whether nobody else is in its network, as far as it knows. */
function isLast({ network, self }: StockNode): boolean {
  return network.members.every(({ shopId }) => shopId === self)
}

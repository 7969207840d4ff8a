/**
 * The people of a world: merchants who found a network, ask to join and accept, and who type numbers; buyers who buy,
 * cancel and return. They do not care whether a node is up; a shop that is down turns them away.
 */
import { skuKey } from '@stockmesh/protocol'
import type { Shop } from '../../packages/node/src/shop/shop.ts'
import type { SimNode } from './sim-node.ts'
import { settled } from './virtual-time.ts'
import type { World } from './world.ts'

/** Time between two things that people do, in milliseconds, on the average. */
const pauseMs = 700
/** How long a person waits for an answer before trying again, in milliseconds. */
const patienceMs = 30_000

export class People {
  readonly #world: World
  readonly #skus: string[]
  readonly #orders = new Map<SimNode, string[]>()
  #busy = true
  #made = 0

  constructor(world: World) {
    this.#world = world
    this.#skus = ['ALFA', 'Beta', 'Æ-3', 'd/4', '__proto__'].slice(0, 1 + world.random.below(5))
  }

  /** Every shop has a catalogue of its own before any node looks at it. */
  async fill(): Promise<void> {
    const { nodes, random } = this.#world
    for (const node of nodes) {
      await this.#wait(node.shop.start())
      for (const sku of this.#skus) if (random.chance(0.8)) await this.#wait(this.#create(node, sku))
    }
  }

  begin(): void {
    const [first, ...others] = this.#world.nodes
    if (first === undefined) return
    this.#persist(first, () => this.#found(first))
    for (const other of others) this.#persist(other, () => this.#join(other))
    this.#next()
  }

  /** Nobody buys any more; who has not joined yet still does. */
  end(): void {
    this.#busy = false
  }

  /** Tries again and again, as a person does, until it is done. */
  #persist(node: SimNode, step: () => Promise<boolean>): void {
    const again = (): void => {
      // A node that dies in the middle of a call never answers.
      const patience = new Promise<boolean>((resolve) => this.#world.time.after(patienceMs, () => resolve(false)))
      const tried = step().catch((error: unknown) => {
        this.#world.note(null, `${node.name}: ${error instanceof Error ? error.message : String(error)}`)
        return false
      })
      void Promise.race([tried, patience]).then((done) => {
        if (!done) this.#world.time.after(500 + 2_000 * this.#world.random.next(), again)
      })
    }
    this.#world.time.after(3_000 * this.#world.random.next(), again)
  }

  async #found(first: SimNode): Promise<boolean> {
    if (first.node === null) return false
    if (first.facade.importState().state === 'idle') await first.facade.startImport()
    return first.node?.network.network != null
  }

  async #join(node: SimNode): Promise<boolean> {
    const { facade } = node
    if (node.node === null) return false
    if (node.node.network.members.length > 1) {
      if (facade.importState().state === 'ready') await facade.startImport()
      return facade.importState().state === 'done'
    }
    const join = facade.joinState()
    const hosts = this.#world.nodes.filter((other) => other !== node)
    if (join.state === 'none' || join.state === 'expired' || join.state === 'refused') {
      const members = hosts.filter((other) => (other.node?.network.network ?? null) !== null)
      if (members.length === 0) return false
      await facade.join({
        address: this.#world.random.pick(members).place,
        importWhenAccepted: this.#world.random.chance(0.5),
      })
      return false
    }
    if (join.state === 'seen') {
      const host = hosts.find((other) => other.node?.network.incoming.list().some(({ id }) => id === join.id) === true)
      if (host !== undefined) await host.facade.acceptJoinRequest(join.id, join.code ?? '')
    }
    return false
  }

  #next(): void {
    const { time, random } = this.#world
    time.after(2 * pauseMs * random.next(), () => {
      if (!this.#busy) return
      this.#next()
      const node = random.pick(this.#world.nodes)
      const { shop } = node.shop
      if (shop === null) return
      this.#act(node, shop).catch(() => undefined)
    })
  }

  async #act(node: SimNode, shop: Shop): Promise<void> {
    const { random } = this.#world
    const dice = random.below(100)
    if (dice < 3) return this.#createMore(node)
    const sku = random.pick(this.#skus)
    if (dice < 60) return this.#buy(node, shop, sku, 1 + random.below(3))
    if (dice < 68) return this.#cancel(node, shop)
    if (dice < 73) return this.#buy(node, shop, sku, -1)
    const { items } = await shop.products({ after: null, limit: 10, q: null, sku, duplicates: false })
    const [product] = items
    if (product === undefined) return
    const typed = dice < 86
    const units = random.below(12)
    this.#world.note(sku, `${node.name} ${typed ? `types ${units}` : `adds ${units}`}`)
    await shop.changeProduct(product.id, typed ? { stock: units } : { stockChange: units })
  }

  async #buy(node: SimNode, shop: Shop, sku: string, quantity: number): Promise<void> {
    const allowBackorder = this.#world.random.chance(0.3)
    const { body } = await shop.placeOrder({ lines: [{ sku, quantity }], allowBackorder })
    this.#world.note(sku, `${node.name} sells ${quantity} (${body.id})`)
    this.#ordersOf(node).push(body.id)
  }

  async #cancel(node: SimNode, shop: Shop): Promise<void> {
    const order = this.#ordersOf(node).pop()
    if (order === undefined) return
    this.#world.note(null, `${node.name} cancels ${order}`)
    await shop.cancelOrder(order)
  }

  async #createMore(node: SimNode): Promise<void> {
    const { random } = this.#world
    this.#made += 1
    const sku = `NY-${this.#made}`
    this.#skus.push(sku)
    for (const each of this.#world.nodes) if (each === node || random.chance(0.5)) await this.#create(each, sku)
  }

  async #create(node: SimNode, sku: string): Promise<void> {
    const { random } = this.#world
    const stock = random.below(20)
    const text = random.chance(0.2) ? ` ${sku.toLowerCase()} ` : sku
    this.#world.note(skuKey(sku), `${node.name} creates it with ${stock}`)
    await node.shop.shop?.createProduct({ sku: text, name: `Vare ${sku}`, stock })
  }

  #ordersOf(node: SimNode): string[] {
    const orders = this.#orders.get(node) ?? []
    this.#orders.set(node, orders)
    return orders
  }

  /** Before the world runs, time must be moved by hand. */
  async #wait(work: Promise<unknown>): Promise<void> {
    let done = false
    const end = (): void => {
      done = true
    }
    work.then(end, end)
    await settled()
    await this.#world.time.run(10_000, () => done)
  }
}

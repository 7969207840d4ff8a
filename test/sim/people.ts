/**
 * The people of a world: merchants who found a network, ask to join and accept, and who type numbers; buyers who buy,
 * cancel and return. They do not care whether a node is up; a shop that is down turns them away.
 */
import { recordsOf, skuKey, winningBaseline } from '@stockmesh/protocol'
import type { ChangeProductBody } from '../../packages/node/src/shop/shop-body.ts'
import type { StockNode } from '../../packages/node/src/node/stock-node.ts'
import type { Shop } from '../../packages/node/src/shop/shop.ts'
import type { Life } from './life.ts'
import type { SimNode } from './sim-node.ts'
import { settled } from './virtual-time.ts'
import type { World } from './world.ts'

/** Time between two things that people do, in milliseconds, on the average. */
const pauseMs = 700
/** How long a person waits for an answer before trying again, in milliseconds. */
const patienceMs = 30_000
/** How long after the others a shop may begin to join, in milliseconds. */
const lateMsMax = 20_000

export class People {
  readonly #world: World
  readonly #skus: string[]
  readonly #orders = new Map<SimNode, string[]>()
  /** Lives of nodes in which a pause or its end is under way. */
  readonly #pausing = new Set<Life>()
  #busy = true
  #made = 0
  /** Shops that ask to join when the others have been at work for some time. */
  readonly #late = new Set<SimNode>()

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
      for (const sku of this.#world.listed) await this.#wait(this.#create(node, sku))
    }
  }

  begin(): void {
    const { random, time } = this.#world
    const [first, ...others] = this.#world.nodes
    if (first === undefined) return
    this.#persist(first, () => this.#found(first))
    for (const other of others) {
      const isLate = random.chance(0.2)
      if (isLate) this.#late.add(other)
      time.after(isLate ? lateMsMax * random.next() : 0, () => this.#persist(other, () => this.#join(other)))
    }
    this.#next()
  }

  /** Whether all shops share one stock that do not join later, amid what goes on then. */
  get haveJoined(): boolean {
    return this.#world.nodes.every((each) => {
      if (each.node === null) return false
      return this.#late.has(each) || each.node.shop.importer.record.state === 'done'
    })
  }

  /** Nobody buys any more; who has not joined yet still does. */
  end(): void {
    this.#busy = false
    for (const node of this.#world.nodes) this.#persist(node, () => this.#goOn(node))
  }

  /** A shop in no network asks to join one; where there is none any more, the first shop founds it. */
  async enter(node: SimNode): Promise<void> {
    const { nodes } = this.#world
    const isFirst = node === nodes[0] && nodes.every((each) => each.node !== null && each.node.network.network === null)
    if (isFirst && !node.node?.network.isJoining) await this.#found(node)
    else await this.#join(node)
  }

  /** A shop that was let in goes on with its import. */
  async joinOn({ facade }: SimNode): Promise<void> {
    if (facade.importState().state === 'ready') await facade.startImport()
  }

  async #goOn(node: SimNode): Promise<boolean> {
    const desk = node.pauses
    if (desk === null) return false
    if (this.#pausing.has(node.life)) return false
    if (desk.pauseState().paused) await desk.resume()
    return true
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
      if (facade.importState().state === 'ready') await this.#startImport(node)
      return facade.importState().state === 'done'
    }
    const join = facade.joinState()
    const hosts = this.#world.nodes.filter((other) => other !== node)
    const isIdle = join.state === 'accepted' && node.node.network.network !== null
    if (isIdle || join.state === 'none' || join.state === 'expired' || join.state === 'refused') {
      const members = hosts.filter((other) => {
        if (other.node === null || other.node.network.network === null || !isIn(other.node)) return false
        return !this.#world.mayDepart || !this.#world.isApart(other)
      })
      if (members.length === 0) return false
      await facade.join({
        address: this.#world.random.pick(members).place,
        importWhenAccepted: this.#world.random.chance(0.5),
      })
      return false
    }
    // The shop that was asked is gone, or was put back to before it was asked: the page says what to do.
    if (join.state === 'sent' && join.error?.includes('Cancel the request') === true) await facade.cancelJoin()
    if (join.state === 'seen') {
      const host = hosts.find((other) => other.node?.network.incoming.list().some(({ id }) => id === join.id) === true)
      // Whoever has it is down, or is no member any more.
      if (host === undefined && hosts.every((other) => other.node !== null)) await facade.cancelJoin()
      if (host?.node == null) return false
      if (!isIn(host.node)) {
        await facade.cancelJoin()
        return false
      }
      const { holdings } = host.node.ledger
      const known = [...holdings.skus.keys()]
      const numbered = known.filter((key) => winningBaseline(recordsOf(holdings, key).baselines) !== null)
      // It may be done though nobody hears the answer.
      this.#world.admissions += 1
      const acceptance = { joiner: node.id, by: host.id, numbered: new Set(numbered) }
      await host.facade.acceptJoinRequest(join.id, join.code ?? '')
      this.#world.acceptances.push(acceptance)
    }
    return false
  }

  /** A person looks at what will happen, takes some time over it, and starts what was seen, or whatever it is by then. */
  async #startImport({ facade, imports }: SimNode): Promise<void> {
    if (imports === null || this.#world.random.chance(0.3)) return void (await facade.startImport())
    const { id } = imports.importPreview()
    await new Promise<void>((resolve) => this.#world.time.after(2_000 * this.#world.random.next(), resolve))
    await facade.startImport(id)
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
    if (dice < 50) return this.#buy(node, shop, sku, 1 + random.below(3))
    if (dice < 57) return this.#cancel(node, shop)
    if (dice < 61) return this.#buy(node, shop, sku, -1)
    if (dice < 66) return this.#count(node, sku)
    if (dice < 70) return this.#receive(node, sku)
    if (dice < 73) return this.#pause(node)
    // Where owners use spreadsheets nobody types beside them: what of a number is held is known of those alone.
    if (this.#world.listed.length > 0) return this.#buy(node, shop, sku, 1)
    const { items } = await shop.products({ after: null, limit: 10, q: null, sku, duplicates: false })
    const [product] = items
    if (product === undefined) return random.chance(0.3) ? this.#create(node, sku) : undefined
    const units = random.below(12)
    if (dice < 82) return this.#change(node, shop, sku, product.id, { stock: units })
    if (dice < 92) return this.#change(node, shop, sku, product.id, { stockChange: units })
    if (dice < 94) return this.#change(node, shop, sku, product.id, { stock: product.stock === null ? units : null })
    if (dice < 96) return this.#create(node, sku)
    // One of two that carry the same SKU goes sooner than the only one.
    if (items.length === 1 && random.chance(0.5)) return
    this.#world.note(sku, `${node.name} deletes ${product.id}`)
    await shop.deleteProduct(product.id)
  }

  async #change(node: SimNode, shop: Shop, sku: string, id: string, change: ChangeProductBody): Promise<void> {
    this.#world.note(sku, `${node.name} changes ${id}: ${JSON.stringify(change)}`)
    await shop.changeProduct(id, change)
  }

  /** Somebody counted the shelf. The number is as good as any: what is checked is what becomes of it. */
  async #count(node: SimNode, sku: string): Promise<void> {
    const quantity = this.#world.random.below(30)
    const covered = node.shop.flushedEnd
    const line = { ok: true, value: { quantity, unsent: 0, asOf: null } } as const
    // One that is never answered may have been taken.
    this.#world.counts.push({ by: node.id, sku, quantity, covered })
    const { counted } = await node.stockChanges.count({ key: null, dryRun: false, lines: [{ sku, line }] })
    if (counted > 0) this.#world.note(sku, `${node.name} counted ${quantity}, with all of its shop up to ${covered}`)
  }

  async #receive(node: SimNode, sku: string): Promise<void> {
    const quantity = 1 + this.#world.random.below(10)
    const line = { ok: true, value: { quantity } } as const
    const delivery = { key: null, dryRun: false, note: 'a delivery', lines: [{ sku, line }] }
    const delivered = {
      by: node.id,
      key: skuKey(sku) ?? '',
      quantity,
      answeredAt: null as number | null,
      mayBeLost: false,
    }
    this.#world.deliveries.push(delivered)
    const answer = await node.stockChanges.receive(delivery)
    // One that was refused has surely not been taken; one that was never answered may have been.
    if (answer.counted === 0) this.#world.deliveries.splice(this.#world.deliveries.indexOf(delivered), 1)
    else if (!delivered.mayBeLost) delivered.answeredAt = this.#world.time.now
    this.#world.note(sku, `${node.name} received ${quantity}`)
  }

  async #pause(node: SimNode): Promise<void> {
    const desk = node.pauses
    if (desk === null) return
    const { paused } = desk.pauseState()
    this.#world.note(null, `${node.name} ${paused ? 'resumes' : 'pauses'}`)
    const { life } = node
    this.#pausing.add(life)
    await (paused ? desk.resume() : desk.pause()).finally(() => this.#pausing.delete(life))
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

/** Whether it is a member, as far as it knows. */
function isIn({ network, self }: StockNode): boolean {
  return network.membership.member(self) !== null && !network.isEvicted
}

/**
 * Owners who upload spreadsheets, right and wrong ones, and who decide on what is held of them. They live in some worlds
 * only, and choose by dice of their own, so that all others go on as ever.
 */
import { skuKey } from '@stockmesh/protocol'
import type { Shop } from '../../packages/node/src/shop/shop.ts'
import type { StockNode } from '../../packages/node/src/node/stock-node.ts'
import type { Problem } from '../../packages/node/src/views/problem.ts'
import { SeededRandom } from '../protocol/random.ts'
import type { SimNode } from './sim-node.ts'
import type { World } from './world.ts'

type Withholding = Pick<Problem, 'item'> & { readonly withheld: NonNullable<Problem['withheld']> }

/** Time between two things that owners and buyers do, in milliseconds, on the average. */
const pauseMs = 1_500
/** How often an owner looks at what is held once nobody uploads any more, in milliseconds. */
const lookMs = 2_000

export class Spreadsheets {
  readonly #world: World
  readonly #random: SeededRandom
  readonly #uploading = new Set<SimNode>()
  /** What owners decide just now, and what on: who clicks again meanwhile decides the same, and nothing else. */
  readonly #deciding = new Map<string, string>()
  #busy = true

  constructor(world: World) {
    this.#world = world
    this.#random = new SeededRandom(104_729 * world.seed + 1)
  }

  /** Whether anybody uploads in this world. */
  get occur(): boolean {
    return this.#world.listed.length > 0
  }

  begin(): void {
    if (this.occur) this.#next()
  }

  /** Nobody uploads any more; what is held is decided on. */
  end(): void {
    this.#busy = false
    if (this.occur) this.#look()
  }

  #next(): void {
    this.#world.time.after(2 * pauseMs * this.#random.next(), () => {
      if (!this.#busy) return
      this.#next()
      this.#act(this.#random.pick(this.#world.nodes)).catch(() => undefined)
    })
  }

  #look(): void {
    this.#world.time.after(lookMs, () => {
      this.#look()
      for (const node of this.#world.nodes) void this.#decide(node).catch(() => undefined)
    })
  }

  async #act(node: SimNode): Promise<void> {
    const dice = this.#random.below(10)
    const { shop } = node.shop
    if (dice < 2) return this.#decide(node)
    if (shop === null) return
    if (dice < 5) return this.#upload(node, shop)
    const sku = this.#random.pick(this.#world.listed)
    if (dice < 6) return this.#change(node, shop, sku, this.#random.below(12))
    const quantity = 1 + this.#random.below(3)
    await shop.placeOrder({ lines: [{ sku, quantity }], allowBackorder: this.#random.chance(0.5) })
    this.#world.note(sku, `${node.name} sells ${quantity}`)
  }

  /** Most rows of it, one after the other; a shop that goes down in the middle has half of it. */
  async #upload(node: SimNode, shop: Shop): Promise<void> {
    if (this.#uploading.has(node)) return
    const toZero = this.#random.chance(0.5)
    const skus = this.#world.listed.filter(() => this.#random.chance(0.9))
    this.#world.note(null, `${node.name} uploads ${skus.length} numbers`)
    this.#uploading.add(node)
    try {
      for (const sku of skus) await this.#change(node, shop, sku, toZero ? 0 : this.#random.below(12))
    } finally {
      this.#uploading.delete(node)
    }
  }

  async #change(node: SimNode, shop: Shop, sku: string, stock: number): Promise<void> {
    const { items } = await shop.products({ after: null, limit: 1, q: null, sku, duplicates: false })
    const [product] = items
    if (product === undefined) return
    this.#world.note(sku, `${node.name} changes ${product.id} to ${stock}`)
    await shop.changeProduct(product.id, { stock })
  }

  async #decide(node: SimNode): Promise<void> {
    const stock = node.node
    if (stock === null) return
    for (const { item, offsets, withheld } of await stock.problems.all()) {
      if (withheld !== undefined) await this.#decideOnOther(node, stock, { item, withheld })
      if (offsets === undefined) continue
      const [reject, count] = item.kind === 'held' ? ['use-network', 'approve'] : ['use-network', 'count-in']
      const action = this.#random.chance(0.5) ? reject : count
      const decision = `${node.name} ${item.id} ${item.version}`
      if (!this.#mayDecide(decision, action ?? '')) continue
      this.#world.note(null, `${node.name} decides on ${item.count} SKUs: ${action}`)
      const rejected = [...offsets].map(([key, { units }]) => ({ key, units, isSure: false }))
      if (action === reject && !this.#deciding.has(decision)) this.#world.rejected.push(...rejected)
      // Whatever goes wrong: some or all of it may have been done, or none.
      await this.#during(decision, action ?? '', () => node.facade.actOnProblem(item.id, action ?? '', item.version))
      const { book } = stock.shop
      const isQuiet = stock === node.node && !this.#uploading.has(node)
      for (const one of rejected) one.isSure = isQuiet && !book.offsets.has(one.key) && skuKey(one.key) !== null
    }
  }

  /** Of a mass change of another shop: it is taken back for all, or this shop goes by it. */
  async #decideOnOther(node: SimNode, stock: StockNode, { item, withheld: { seen } }: Withholding): Promise<void> {
    const { book } = stock.shop
    const action = this.#random.chance(0.5) ? 'undo' : 'approve'
    const decision = `${node.name} ${item.id}`
    if (!this.#mayDecide(decision, action)) return
    this.#world.note(null, `${node.name} decides on ${item.count} SKUs of another shop: ${action}`)
    const changes = [...seen].flatMap(([key, sku]) => sku.changes.map((change) => ({ key, ...change })))
    for (const { key, rid, seq } of changes) {
      const rows = this.#world.nodes.flatMap(({ shop }) =>
        shop.attached.some((feed) => feed.rid === rid) ? shop.truth().rows : [],
      )
      if (rows.some(({ id, kind }) => id === seq && kind !== 'manual'))
        this.#world.faults.push(`${node.name} withholds what was no change by hand of ${key}`)
    }
    const takenBack = changes.map(({ key, rid, seq, delta }) => {
      return { by: node.id, key, change: `${rid} ${seq}`, delta, isSure: false }
    })
    if (action === 'undo') this.#world.takenBack.push(...takenBack)
    // What is still to be told of a SKU is waited for; the others are done.
    await this.#during(decision, action, () => node.facade.actOnProblem(item.id, action, item.version)).catch(
      (error: unknown) => {
        if ((error as { readonly code?: string }).code !== 'movements-unknown') throw error
      },
    )
    const isQuiet = stock === node.node
    for (const one of takenBack) one.isSure = isQuiet && !book.withheld.has(one.key)
  }

  #mayDecide(decision: string, action: string): boolean {
    return (this.#deciding.get(decision) ?? action) === action
  }

  /** Whoever is the first at it ends it. */
  async #during(decision: string, action: string, act: () => Promise<unknown>): Promise<void> {
    const isFirst = !this.#deciding.has(decision)
    this.#deciding.set(decision, action)
    try {
      await act()
    } finally {
      if (isFirst) this.#deciding.delete(decision)
    }
  }
}

/**
 * People who take things back: an import of their own shop, or what another shop did. They live in some worlds only,
 * and choose by dice of their own, so that all others go on as ever. What an undo did to a shop is looked at when it is
 * done, before the shop takes part again.
 */
import { isOfShop, recordsOf, type SkuKey, skuKey, winningBaseline } from '@stockmesh/protocol'
import type { StockNode } from '../../packages/node/src/node/stock-node.ts'
import { SeededRandom } from '../protocol/random.ts'
import { epochMs, type SimNode } from './sim-node.ts'
import type { World } from './world.ts'

/** Share of the worlds in which somebody takes something back. */
const share = 0.3
/** Time between two such things, in milliseconds, on the average. */
const pauseMs = 4_000
const lookMs = 100
/** How long ago what is undone may have begun, in milliseconds. */
const agoMsMax = 20_000

/** What the shop must have been adjusted by once an undo is done, by stock row. */
interface Watched {
  /** The shop's feed when it began. */
  readonly feedEnd: number
  readonly rows: readonly {
    readonly stockId: string
    readonly delta: number
    /** An adjustment of before that may still come. */
    readonly open: number | null
  }[]
}

interface FirstUndo {
  readonly since: number
  readonly refusedSkus: ReadonlySet<string>
  /** What was known when it was asked for. */
  readonly before: ReadonlyMap<SkuKey, string>
}

export class Undoers {
  readonly #world: World
  readonly #random: SeededRandom
  readonly #watched = new Map<SimNode, Watched>()
  #busy = true

  constructor(world: World) {
    this.#world = world
    this.#random = new SeededRandom(7_919 * world.seed + 1)
  }

  begin(): void {
    if (!this.#random.chance(share)) return
    this.#next()
    this.#look()
  }

  end(): void {
    this.#busy = false
  }

  #next(): void {
    this.#world.time.after(2 * pauseMs * this.#random.next(), () => {
      if (!this.#busy) return
      this.#next()
      const node = this.#random.pick(this.#world.nodes)
      this.#act(node).catch(() => undefined)
    })
  }

  async #act(node: SimNode): Promise<void> {
    const dice = this.#random.below(10)
    if (dice < 4) return this.#undoImport(node)
    if (dice < 6) return this.#useThisShop(node)
    return this.#undoMember(node)
  }

  async #undoImport(node: SimNode): Promise<void> {
    const { imports } = node
    if (imports === null || node.facade.importState().undo?.state !== 'available') return
    this.#world.note(null, `${node.name} takes its import back`)
    const { undo } = await imports.undoImport()
    const stock = node.node
    if (undo?.state !== 'running' || stock === null || node.putBack) return
    const { shop } = stock
    const undoing = new Set(shop.notes.open().map(({ opId }) => opId))
    const rows: Watched['rows'][number][] = []
    const feedEnd = node.shop.feedEnd
    for await (const { stockId, delta, state } of shop.notes.all()) {
      if (state !== 'kept' && state !== 'undoing') continue
      const intent = shop.book.intents.get(stockId)
      rows.push({ stockId, delta, open: intent === undefined || undoing.has(intent.opId) ? null : intent.delta })
    }
    this.#watched.set(node, { feedEnd, rows })
  }

  async #useThisShop(node: SimNode): Promise<void> {
    const { imports } = node
    if (imports === null || node.node === null) return
    for await (const { key, before, net } of node.node.shop.notes.all()) {
      this.#world.ownNumbers.push({ by: node.id, key, before, net })
    }
    const { counted } = await imports.useThisShop({ skus: null, dryRun: false })
    if (counted > 0) this.#world.note(null, `${node.name} makes its ${counted} numbers the network's`)
  }

  async #undoMember(node: SimNode): Promise<void> {
    const member = this.#random.pick(this.#world.nodes)
    const desk = node.memberUndo
    if (desk === null) return
    const since = epochMs + Math.floor(this.#world.time.now - agoMsMax * this.#random.next())
    const before = knownOf(node, member)
    // One that is never answered may have been done.
    this.#world.undos.push({ by: node.id, member: member.id, since })
    const { counted, refused, items } = await desk.undoMember(member.id, { since, dryRun: false })
    this.#world.note(null, `${node.name} undoes ${counted} SKUs of ${member.name}, and ${refused} not`)
    const refusedSkus = new Set(items.flatMap(({ sku, error }) => (error === null ? [] : [sku])))
    await this.#repeat(node, member, { since, refusedSkus, before })
  }

  /**
   * Whoever is not sure presses twice: where nothing new was heard of a SKU, it is as it was. What was heard between the
   * first undo and its answer is new to the second one, unless the count that the first one made covers it.
   */
  async #repeat(node: SimNode, member: SimNode, { since, refusedSkus, before }: FirstUndo): Promise<void> {
    const between = knownOf(node, member)
    const covered = coveredOf(node, member)
    const again = await node.memberUndo?.undoMember(member.id, { since, dryRun: false })
    const after = knownOf(node, member)
    for (const { sku, from, to, error } of again?.items ?? []) {
      const key = skuKey(sku)
      // One that was not clear may have become so.
      if (key === null || error !== null || refusedSkus.has(sku) || between.get(key) !== after.get(key)) continue
      if (before.get(key) !== after.get(key) && !covered.has(key)) continue
      this.#world.faults.push(`${node.name} undid ${key} twice: ${from} became ${to}`)
    }
  }

  /** Looks at what was taken back as soon as it is, and lets the shop take part again. */
  #look(): void {
    this.#world.time.after(lookMs, () => {
      this.#look()
      for (const node of this.#world.nodes) {
        if (node.node === null || node.facade.importState().undo?.state !== 'done') continue
        const watched = this.#watched.get(node)
        this.#watched.delete(node)
        if (watched !== undefined && !node.putBack) this.#check(node, watched)
        if (this.#random.chance(0.1)) void node.pauses?.resume().catch(() => undefined)
      }
    })
  }

  #check(node: SimNode, { feedEnd, rows }: Watched): void {
    const { rows: feed } = node.shop.truth()
    for (const { stockId, delta, open } of rows) {
      const later = feed.filter((row) => row.stockId === stockId && row.id > feedEnd)
      // One that went was not put back.
      if (later.some(({ kind, sku }) => kind === 'deleted' || (kind === 'row' && sku !== null && skuKey(sku) === null)))
        continue
      const adjusted = later.reduce((sum, row) => sum + (row.kind === 'adjust' ? row.delta : 0), 0)
      const right = open === null ? [-delta] : [-delta, open - delta]
      const isRefused = adjusted === 0 || adjusted === open
      if (right.includes(adjusted) || isRefused) continue
      this.#world.faults.push(`${node.name} took back ${adjusted} of row ${stockId}, and the import adjusted ${delta}`)
    }
  }
}

/** What a node has heard of each SKU from others: all that could make undoing it again right. */
function knownOf({ node, id }: SimNode, member: SimNode): ReadonlyMap<SkuKey, string> {
  const known = new Map<SkuKey, string>()
  for (const key of node?.ledger.holdings.skus.keys() ?? []) {
    const { totals, baselines } = recordsOf((node as StockNode).ledger.holdings, key)
    const moved = totals.filter(({ rid }) => isOfShop(rid, member.id)).map(({ rid, record }) => [rid, record.seq])
    const counted = baselines.filter(({ rid }) => !isOfShop(rid, id)).map(({ rid, record }) => [rid, record.seq])
    known.set(key, JSON.stringify([moved, counted]))
  }
  return known
}

/** SKUs that stand on a count of the node itself which covers all that the member is known to have moved. */
function coveredOf({ node, id }: SimNode, member: SimNode): ReadonlySet<SkuKey> {
  const covered = new Set<SkuKey>()
  for (const key of node?.ledger.holdings.skus.keys() ?? []) {
    const { totals, baselines } = recordsOf((node as StockNode).ledger.holdings, key)
    const winner = winningBaseline(baselines)
    if (winner === null || !isOfShop(winner.rid, id)) continue
    const { covers } = winner.record.baseline
    const moved = totals.filter(({ rid }) => isOfShop(rid, member.id))
    if (moved.every(({ rid, record }) => covers.some((cover) => cover.rid === rid && cover.seq >= record.seq)))
      covered.add(key)
  }
  return covered
}

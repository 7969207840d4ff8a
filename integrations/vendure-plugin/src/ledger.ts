/**
 * What the node asks of the shop: a feed, a listing and adjustments. One call at a time works on the feed, here by a
 * queue and between processes by the lock on the state's row.
 */
import { createHash, randomBytes } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import {
  EventBus,
  type ID,
  ProductVariant,
  type RequestContext,
  StockAdjustment,
  StockLevel,
  StockMovementEvent,
  TransactionalConnection,
} from '@vendure/core'
import { In, MoreThan } from 'typeorm'
import { StockmeshFeedRow, StockmeshPending, StockmeshRow, StockmeshState } from './entities'
import { FeedWriter, hashOf, isInRange, type PublicRow, publicRow } from './feed-writer'
import { MovementRecorder } from './movement-recorder'
import {
  adjustmentsPerTransactionMax,
  comparedVariantsMax,
  feedLookMs,
  feedPruneMs,
  pendingRowsMax,
  pluginOptions,
  type StockmeshPluginOptions,
} from './options'
import { pruneFeed } from './pruning'
import { Quiet } from './quiet'
import { ScopeReader } from './scope-reader'
import { LedgerRefusal } from './refusal'
import { lockLevels, type Scope } from './variant-facts'
import { Wakeup } from './wakeup'

export interface Operation {
  readonly opId: string
  readonly stockId: string
  readonly key: string
  readonly delta: number
}

export type OperationResult =
  | { readonly opId: string; readonly status: 'applied' | 'repeated'; readonly stock: number; readonly feedId: number }
  | { readonly opId: string; readonly status: 'refused'; readonly code: string }

export interface FeedQuery {
  readonly epoch: string
  readonly after: number
  readonly tag: string | null
  readonly limit: number
  readonly waitMs: number
}

interface Turn {
  readonly ctx: RequestContext
  readonly scope: Scope
  readonly state: StockmeshState
  readonly writer: FeedWriter
}

@Injectable()
export class Ledger {
  private queue: Promise<unknown> = Promise.resolve()
  private compared = false
  private prunedAt = 0

  constructor(
    @Inject(pluginOptions) private readonly options: StockmeshPluginOptions,
    @Inject(TransactionalConnection) private readonly connection: TransactionalConnection,
    @Inject(ScopeReader) private readonly scopes: ScopeReader,
    @Inject(MovementRecorder) private readonly recorder: MovementRecorder,
    @Inject(EventBus) private readonly eventBus: EventBus,
    @Inject(Wakeup) private readonly wakeup: Wakeup,
    @Inject(Quiet) private readonly quiet: Quiet,
  ) {}

  /** Begins an epoch for this node, or answers the one that is there. Error: `shop-copied`. */
  async attach(network: string, node: string, fresh: boolean): Promise<{ epoch: string; start: number }> {
    await this.untilCompared()
    return this.turn(({ state, writer }) => {
      this.assertOriginal(state)
      const isSame = state.epoch !== null && state.network === network && state.node === node && !fresh
      if (!isSame) this.begin(state, writer, network, node)
      return Promise.resolve({ epoch: state.epoch ?? '', start: state.start })
    })
  }

  /** An administrator says that this copy is a shop of its own: it forgets whose feed it was. */
  async claim(): Promise<void> {
    await this.turn(({ state }) => {
      state.identity = this.identity()
      state.epoch = null
      state.network = ''
      state.node = ''
      return Promise.resolve()
    })
  }

  async list(
    after: string | null,
    limit: number,
  ): Promise<{ epoch: string; items: PublicRow[]; next: string | null; total: number }> {
    await this.untilCompared()
    return this.turn(async ({ ctx, state, writer }) => {
      this.assertOriginal(state)
      await writer.save()
      const repository = this.connection.getRepository(ctx, StockmeshRow)
      const rows = await repository.find({
        where: after === null ? {} : { stockId: MoreThan(after) },
        order: { stockId: 'ASC' },
        take: limit + 1,
      })
      const items = rows.slice(0, limit).map(publicRow)
      const next = rows.length > limit ? (items.at(-1)?.stockId ?? null) : null
      return { epoch: state.epoch ?? '', items, next, total: await repository.count() }
    }, true)
  }

  /** Errors: `feed-epoch-changed`, `feed-rolled-back`, `shop-copied`. */
  async feed(query: FeedQuery, isGone: () => boolean): Promise<{ rows: object[]; end: number }> {
    await this.untilCompared()
    const deadline = Date.now() + query.waitMs
    for (;;) {
      const heard = this.wakeup.count
      const page = await this.readFeed(query)
      const left = deadline - Date.now()
      if (page.rows.length > 0 || left <= 0 || isGone()) return page
      await this.wakeup.wait(heard, Math.min(left, feedLookMs))
    }
  }

  async adjust(operations: readonly Operation[]): Promise<OperationResult[]> {
    await this.untilCompared()
    const results: OperationResult[] = []
    for (let start = 0; start < operations.length; start += adjustmentsPerTransactionMax) {
      const part = operations.slice(start, start + adjustmentsPerTransactionMax)
      results.push(...(await this.adjustPart(part)))
    }
    this.wakeup.wake()
    return results
  }

  /** What a merchant is shown before anything is connected. */
  async about(): Promise<{ scope: Scope; isCopy: boolean; total: number; sample: PublicRow | null }> {
    const { items, total, isCopy } = await this.peek()
    return { scope: await this.scopes.read(), isCopy, total, sample: items[0] ?? null }
  }

  private async peek(): Promise<{ items: PublicRow[]; total: number; isCopy: boolean }> {
    await this.untilCompared()
    return this.turn(async ({ ctx, state, writer }) => {
      await writer.save()
      const repository = this.connection.getRepository(ctx, StockmeshRow)
      const rows = await repository.find({ order: { stockId: 'ASC' }, take: 20 })
      const first = rows.find(({ keyHash, stock }) => keyHash !== null && stock !== null) ?? rows[0]
      return {
        items: first === undefined ? [] : [publicRow(first)],
        total: await repository.count(),
        isCopy: this.isCopy(state),
      }
    }, true)
  }

  private async readFeed({ epoch, after, tag, limit }: FeedQuery): Promise<{ rows: object[]; end: number }> {
    return this.turn(async ({ ctx, state, writer }) => {
      this.assertOriginal(state)
      await writer.save()
      if (state.epoch === null || state.epoch !== epoch) {
        throw new LedgerRefusal('feed-epoch-changed', 'Another node was attached to this shop. Attach again.')
      }
      const repository = this.connection.getRepository(ctx, StockmeshFeedRow)
      const isBehind = after > state.feedEnd
      const known = isBehind || after === 0 || tag === null ? null : await repository.findOne({ where: { id: after } })
      if (isBehind || (after > 0 && tag !== null && known?.tag !== tag)) {
        throw new LedgerRefusal('feed-rolled-back', 'The feed is not the one that was read before.')
      }
      const rows = await repository.find({ where: { id: MoreThan(after) }, order: { id: 'ASC' }, take: limit })
      // Rows that are kept no longer are as little to be had as rows that never were.
      if (after < state.feedEnd && rows[0]?.id !== after + 1) {
        throw new LedgerRefusal('feed-rolled-back', 'The feed does not reach back to the row that was read before.')
      }
      const now = Date.now()
      if (now - this.prunedAt >= feedPruneMs && !(await pruneFeed(this.connection, ctx, after))) this.prunedAt = now
      const told = rows.map((row) => ({ ...row, row: row.row === null ? null : (JSON.parse(row.row) as object) }))
      return { rows: told, end: state.feedEnd }
    }, true)
  }

  private async adjustPart(operations: readonly Operation[]): Promise<OperationResult[]> {
    const scope = await this.scopes.read()
    return this.turn(async (turn) => {
      const { ctx, state, writer } = turn
      this.assertOriginal(state)
      const stockRows = await this.connection
        .getRepository(ctx, StockmeshRow)
        .find({ where: { stockId: In([...new Set(operations.map(({ stockId }) => stockId))]) } })
      const variantIds = stockRows.map(({ variantId }) => variantId)
      const levels = await lockLevels(this.connection, ctx, scope, variantIds)
      await writer.number(variantIds)
      await writer.load(variantIds)
      const before = await this.connection
        .getRepository(ctx, StockmeshFeedRow)
        .find({ where: { opId: In(operations.map(({ opId }) => opId)) } })
      const made = new Map(before.map(({ opId, id, stock }) => [opId, { feedId: id, stock: stock ?? 0 }]))
      const results: OperationResult[] = []
      for (const operation of operations) {
        const { opId } = operation
        const known = made.get(opId)
        if (known !== undefined) {
          results.push({ opId, status: 'repeated', ...known })
          continue
        }
        const applied = await this.apply(turn, operation, levels)
        if (typeof applied === 'string') results.push({ opId, status: 'refused', code: applied })
        else {
          made.set(opId, applied)
          results.push({ opId, status: 'applied', ...applied })
        }
      }
      return results
    })
  }

  /** The code of a refusal is a value: one that is refused does not hold up the others. */
  private async apply(
    { ctx, scope, writer }: Turn,
    { opId, stockId, key, delta }: Operation,
    levels: Map<string, StockLevel>,
  ): Promise<{ stock: number; feedId: number } | string> {
    const row = writer.row(stockId)
    if (row === undefined) return 'row-gone'
    if (row.keyHash === null || row.keyHash !== hashOf(key)) return 'sku-changed'
    if (!writer.isUnique(row)) return 'ambiguous'
    if (row.stock === null) return 'untracked'
    const stock = row.stock + delta
    if (!isInRange(stock)) return 'out-of-range'
    const { variantId } = row
    const level = levels.get(String(variantId)) ?? (await this.makeLevel(ctx, scope, variantId))
    levels.set(String(variantId), level)
    await this.connection.getRepository(ctx, StockLevel).increment({ id: level.id }, 'stockOnHand', delta)
    const adjustment = await this.connection.getRepository(ctx, StockAdjustment).save(
      new StockAdjustment({
        quantity: delta,
        stockLocation: { id: scope.locationId },
        productVariant: { id: variantId } as ProductVariant,
      }),
    )
    const feedId = writer.adjusted(row, opId, delta, stock)
    // The shop's other plugins, its search among them, hear of it as of any other movement.
    this.recorder.own.add(adjustment)
    await this.eventBus.publish(new StockMovementEvent(ctx, [adjustment]))
    return { stock, feedId }
  }

  private makeLevel(ctx: RequestContext, { locationId }: Scope, productVariantId: ID): Promise<StockLevel> {
    const level = { productVariantId, stockLocationId: locationId, stockOnHand: 0, stockAllocated: 0 }
    return this.connection.getRepository(ctx, StockLevel).save(new StockLevel(level))
  }

  private begin(state: StockmeshState, writer: FeedWriter, network: string, node: string): void {
    state.network = network
    state.node = node
    state.identity = this.identity()
    state.epoch = randomBytes(8).toString('hex')
    state.start = writer.attach()
  }

  /** After a start: what happened while the companion was not there, or was never there, is told before anything else. */
  private async untilCompared(): Promise<void> {
    if (this.compared) return
    await this.compareAll()
    this.compared = true
  }

  private async compareAll(): Promise<void> {
    let after: ID | null = null
    do {
      after = await this.turn(async ({ ctx, writer }) => {
        const query = this.connection
          .getRepository(ctx, ProductVariant)
          .createQueryBuilder('variant')
          .select('variant.id', 'id')
          .orderBy('variant.id', 'ASC')
          .limit(comparedVariantsMax)
        if (after !== null) query.where('variant.id > :after', { after })
        const ids = (await query.getRawMany<{ id: ID }>()).map(({ id }) => id)
        if (ids.length > 0) await writer.number(ids)
        return ids.length < comparedVariantsMax ? null : (ids.at(-1) ?? null)
      })
    } while (after !== null)
  }

  /** Numbers what waits first; `saved` where the work saves by itself. */
  private async turn<T>(work: (turn: Turn) => Promise<T>, saved = false): Promise<T> {
    const scope = await this.scopes.read()
    const mine = this.queue.then(async () => {
      // A node that was away for days finds much: each part is kept, also where the call ends before the last one.
      const part = (): ReturnType<typeof this.work<undefined>> =>
        this.quiet.transaction((ctx) => this.work(ctx, scope, () => Promise.resolve(undefined), false))
      let compareAll = false
      for (let waiting = await this.waiting(); waiting > pendingRowsMax; waiting = await this.waiting()) {
        compareAll = (await part()).compareAll || compareAll
      }
      const done = await this.quiet.transaction((ctx) => this.work(ctx, scope, work, saved))
      return { result: done.result, compareAll: compareAll || done.compareAll }
    })
    this.queue = mine.catch(() => undefined)
    const { result, compareAll } = await mine
    if (compareAll) await this.compareAll()
    return result
  }

  private waiting(): Promise<number> {
    return this.connection.getRepository(StockmeshPending).count()
  }

  private async work<T>(
    ctx: RequestContext,
    scope: Scope,
    work: (turn: Turn) => Promise<T>,
    saved: boolean,
  ): Promise<{ result: T; compareAll: boolean; proof: { id: number; tag: string } | null }> {
    const state = await this.lockState(ctx, scope)
    const before = state.feedEnd
    const facts = JSON.stringify(state)
    const writer = new FeedWriter(this.connection, ctx, scope, state, Date.now())
    const { compareAll } = await writer.number()
    const result = await work({ ctx, scope, state, writer })
    if (!saved) await writer.save()
    if (JSON.stringify(state) !== facts)
      await this.connection.getRepository(ctx, StockmeshState).save(state, { reload: false })
    const proof = state.feedEnd === before ? null : writer.last()
    return { result, compareAll, proof }
  }

  private async lockState(ctx: RequestContext, scope: Scope): Promise<StockmeshState> {
    const repository = this.connection.getRepository(ctx, StockmeshState)
    // A change that changes nothing takes the lock in every database.
    await repository.increment({ id: 1 }, 'feedEnd', 0)
    const state = await repository.findOne({ where: { id: 1 } })
    const name = `${scope.channelId}/${scope.locationId}`
    if (state === null) {
      const fresh = {
        id: 1,
        feedEnd: 0,
        epoch: null,
        start: 0,
        network: '',
        node: '',
        identity: this.identity(),
        scope: name,
      }
      await repository.insert(fresh)
      return fresh
    }
    // Another channel or location: the numbers are told anew and the epoch ends, since nothing of the difference was sold.
    if (state.scope !== name) {
      await this.connection
        .getRepository(ctx, StockmeshRow)
        .createQueryBuilder()
        .update()
        .set({ stock: null })
        .execute()
      state.scope = name
      state.epoch = null
    }
    return state
  }

  private assertOriginal(state: StockmeshState): void {
    if (!this.isCopy(state)) return
    throw new LedgerRefusal('shop-copied', 'This shop is a copy of another one. An administrator must claim it first.')
  }

  private isCopy({ epoch, identity }: StockmeshState): boolean {
    return epoch !== null && identity !== this.identity()
  }

  /** The shop's address and where its database is: a copy differs in one of them, or is the same shop. */
  private identity(): string {
    const { type, database, host, port } = this.connection.rawConnection.options as unknown as Record<string, unknown>
    const place = [this.options.shopUrl.replace(/\/+$/, ''), type, database, host, port].map((part) =>
      String(part ?? ''),
    )
    return createHash('sha256').update(JSON.stringify(place)).digest('hex')
  }
}

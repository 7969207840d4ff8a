/**
 * What the node asks of the shop: a feed, a listing and adjustments. One call at a time works on the feed, here by a
 * queue and between processes by the lock on the state's row.
 */
import { randomBytes } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import { type ID, ProductVariant, type RequestContext, TransactionalConnection } from '@vendure/core'
import { In, MoreThan } from 'typeorm'
import { Adjustments, type Operation, type Turn } from './adjustments'
import { StockmeshFeedRow, StockmeshPending, StockmeshRow, StockmeshState } from './entities'
import { FeedWriter, type PublicRow, publicRow } from './feed-writer'
import { formerIdentityOf, identityOf } from './identity'
import { isAt, nameOf, rowsElsewhere, type Location } from './location'
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

export type OperationResult =
  | { readonly opId: string; readonly status: 'applied' | 'repeated'; readonly stock: number; readonly feedId: number }
  | { readonly opId: string; readonly status: 'refused'; readonly code: string }

export interface FeedQuery {
  readonly epoch: string
  readonly after: number
  readonly tag: string | null
  readonly limit: number
  readonly waitMs: number
  readonly location: Location
}

@Injectable()
export class Ledger {
  private queue: Promise<unknown> = Promise.resolve()
  /** The scope whose numbers this process has compared. */
  private compared: string | null = null
  private prunedAt = 0

  constructor(
    @Inject(pluginOptions) private readonly options: StockmeshPluginOptions,
    @Inject(TransactionalConnection) private readonly connection: TransactionalConnection,
    @Inject(ScopeReader) private readonly scopes: ScopeReader,
    @Inject(Adjustments) private readonly adjustments: Adjustments,
    @Inject(Wakeup) private readonly wakeup: Wakeup,
    @Inject(Quiet) private readonly quiet: Quiet,
  ) {}

  /**
   * Begins an epoch for this node, or answers the one that is there. Another location than before is another stock, and so
   * another epoch. Errors: `shop-copied`, `location-unknown`, `location-fixed`.
   */
  async attach(
    request: { network: string; node: string; fresh: boolean },
    location: Location,
  ): Promise<{ epoch: string; start: number }> {
    const { network, node, fresh } = request
    if (location !== null) await this.choose(location)
    await this.untilCompared()
    return this.turn(({ state, scope, writer }) => {
      this.assertOriginal(state)
      assertLocation(scope, location)
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

  /** At another location than the feed's it is a look at the shop, with which nothing begins. Error: `location-unknown`. */
  async list(
    after: string | null,
    limit: number,
    location: Location,
  ): Promise<{ epoch: string; items: PublicRow[]; next: string | null; total: number }> {
    await this.untilCompared()
    return this.turn(async ({ ctx, scope, state, writer }) => {
      this.assertOriginal(state)
      await writer.save()
      const repository = this.connection.getRepository(ctx, StockmeshRow)
      const rows = await repository.find({
        where: after === null ? {} : { stockId: MoreThan(after) },
        order: { stockId: 'ASC' },
        take: limit + 1,
      })
      const items = (await this.rowsAt(ctx, scope, location, rows.slice(0, limit))).map(publicRow)
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

  /** Errors: `feed-epoch-changed`, `shop-copied`. */
  async adjust(operations: readonly Operation[], location: Location): Promise<OperationResult[]> {
    await this.untilCompared()
    const results: OperationResult[] = []
    for (let start = 0; start < operations.length; start += adjustmentsPerTransactionMax) {
      const part = operations.slice(start, start + adjustmentsPerTransactionMax)
      results.push(...(await this.adjustPart(part, location)))
    }
    this.wakeup.wake()
    return results
  }

  /** What a merchant is shown before anything is connected; where that is no location to pick, of the feed's. */
  async about(
    location: Location,
  ): Promise<{ location: string; isCopy: boolean; total: number; sample: PublicRow | null }> {
    const { isLocationFixed } = await this.scopes.read()
    const isChoice = location !== null && !isLocationFixed && (await this.scopes.locationOf(location)) !== null
    await this.untilCompared()
    return this.turn(async ({ ctx, scope, state, writer }) => {
      await writer.save()
      const repository = this.connection.getRepository(ctx, StockmeshRow)
      const rows = await repository.find({ order: { stockId: 'ASC' }, take: 20 })
      const first = rows.find(({ keyHash, stock }) => keyHash !== null && stock !== null) ?? rows[0]
      const asked = isChoice ? location : String(scope.locationId)
      const [shown] = await this.rowsAt(ctx, scope, asked, first === undefined ? [] : [first])
      const sample = shown === undefined ? null : publicRow(shown)
      return { location: asked, total: await repository.count(), isCopy: this.isCopy(state), sample }
    }, true)
  }

  /** The rows with their numbers at that location. Error: `location-unknown`. */
  private async rowsAt(
    ctx: RequestContext,
    scope: Scope,
    location: Location,
    rows: readonly StockmeshRow[],
  ): Promise<readonly StockmeshRow[]> {
    if (isAt(scope, location)) return rows
    return rowsElsewhere(this.connection, ctx, await this.locationOf(location ?? ''), rows)
  }

  private async locationOf(location: string): Promise<ID> {
    const id = await this.scopes.locationOf(location)
    if (id === null) throw new LedgerRefusal('location-unknown', `There is no stock location with the id ${location}.`)
    return id
  }

  /** From now on the feed is that of this location: what it told of another one says nothing here. */
  private async choose(location: string): Promise<void> {
    const shop = await this.scopes.read()
    const locationId = await this.locationOf(location)
    if (shop.isLocationFixed && !isAt(shop, location)) {
      throw new LedgerRefusal('location-fixed', "Another stock location is fixed by the shop's configuration.")
    }
    await this.turn(async ({ ctx, state, scope, writer }) => {
      this.assertOriginal(state)
      await writer.save()
      if (!isAt(scope, location)) await this.move(ctx, state, { ...shop, locationId })
    }, true)
  }

  /** The numbers are told anew and the epoch ends, since nothing of the difference was sold. */
  private async move(ctx: RequestContext, state: StockmeshState, to: Scope): Promise<void> {
    await this.connection.getRepository(ctx, StockmeshRow).createQueryBuilder().update().set({ stock: null }).execute()
    state.scope = nameOf(to)
    state.epoch = null
  }

  private async readFeed({ epoch, after, tag, limit, location }: FeedQuery): Promise<{ rows: object[]; end: number }> {
    return this.turn(async ({ ctx, scope, state, writer }) => {
      this.assertOriginal(state)
      assertLocation(scope, location)
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

  private async adjustPart(operations: readonly Operation[], location: Location): Promise<OperationResult[]> {
    return this.turn(async (turn) => {
      const { ctx, scope, state, writer } = turn
      this.assertOriginal(state)
      assertLocation(scope, location)
      const stockIds = [...new Set(operations.map(({ stockId }) => stockId))]
      const stockRows = await this.connection
        .getRepository(ctx, StockmeshRow)
        .find({ where: { stockId: In(stockIds) } })
      // A row that came in this very transaction is not in the table yet.
      const known = new Map(stockRows.map((row) => [row.stockId, row.variantId]))
      const variantIds = stockIds.flatMap((stockId) => known.get(stockId) ?? writer.row(stockId)?.variantId ?? [])
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
        const applied = await this.adjustments.make(turn, operation, levels)
        if (typeof applied === 'string') results.push({ opId, status: 'refused', code: applied })
        else {
          made.set(opId, applied)
          results.push({ opId, status: 'applied', ...applied })
        }
      }
      return results
    })
  }

  private begin(state: StockmeshState, writer: FeedWriter, network: string, node: string): void {
    state.network = network
    state.node = node
    state.identity = this.identity()
    state.epoch = randomBytes(8).toString('hex')
    state.start = writer.attach()
  }

  /**
   * After a start, and at another location: what happened while the companion was not there, or was never there, is told
   * before anything else.
   */
  private async untilCompared(): Promise<void> {
    const state = await this.connection.getRepository(StockmeshState).findOne({ where: { id: 1 } })
    const name = nameOf(await this.scopes.of(state))
    if (this.compared === name) return
    await this.compareAll()
    this.compared = name
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
    const mine = this.queue.then(async () => {
      // A node that was away for days finds much: each part is kept, also where the call ends before the last one.
      const part = (): ReturnType<typeof this.work<undefined>> =>
        this.quiet.transaction((ctx) => this.work(ctx, () => Promise.resolve(undefined), false))
      let compareAll = false
      for (let waiting = await this.waiting(); waiting > pendingRowsMax; waiting = await this.waiting()) {
        compareAll = (await part()).compareAll || compareAll
      }
      const done = await this.quiet.transaction((ctx) => this.work(ctx, work, saved))
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
    work: (turn: Turn) => Promise<T>,
    saved: boolean,
  ): Promise<{ result: T; compareAll: boolean; proof: { id: number; tag: string } | null }> {
    const { state, scope } = await this.lockState(ctx)
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

  private async lockState(ctx: RequestContext): Promise<{ state: StockmeshState; scope: Scope }> {
    const repository = this.connection.getRepository(ctx, StockmeshState)
    // A change that changes nothing takes the lock in every database.
    await repository.increment({ id: 1 }, 'feedEnd', 0)
    const state = await repository.findOne({ where: { id: 1 } })
    const scope = await this.scopes.of(state)
    if (state === null) {
      const fresh = {
        id: 1,
        feedEnd: 0,
        epoch: null,
        start: 0,
        network: '',
        node: '',
        identity: this.identity(),
        scope: nameOf(scope),
      }
      await repository.insert(fresh)
      return { state: fresh, scope }
    }
    if (state.identity === formerIdentityOf(this.options.shopUrl, this.connection.rawConnection.options)) {
      state.identity = this.identity()
    }
    if (state.scope !== nameOf(scope)) {
      await this.move(ctx, state, scope)
      await repository.save(state, { reload: false })
    }
    return { state, scope }
  }

  private assertOriginal(state: StockmeshState): void {
    if (!this.isCopy(state)) return
    throw new LedgerRefusal('shop-copied', 'This shop is a copy of another one. An administrator must claim it first.')
  }

  private isCopy({ epoch, identity }: StockmeshState): boolean {
    return epoch !== null && identity !== this.identity()
  }

  private identity(): string {
    return identityOf(this.options.shopUrl, this.connection.rawConnection.options)
  }
}

function assertLocation(scope: Scope, location: Location): void {
  if (isAt(scope, location)) return
  throw new LedgerRefusal('feed-epoch-changed', 'The feed is that of another stock location. Attach again.')
}

/** One adjustment that the node asks for, within a transaction of the ledger: the level, Vendure's own movement, the feed. */
import { Inject, Injectable } from '@nestjs/common'
import {
  EventBus,
  type ID,
  type ProductVariant,
  type RequestContext,
  StockAdjustment,
  StockLevel,
  StockMovementEvent,
  TransactionalConnection,
} from '@vendure/core'
import type { StockmeshState } from './entities'
import { type FeedWriter, hashOf, isInRange } from './feed-writer'
import { MovementRecorder } from './movement-recorder'
import type { Scope } from './variant-facts'

export interface Operation {
  readonly opId: string
  readonly stockId: string
  readonly key: string
  readonly delta: number
}

/** Who holds the state's row. */
export interface Turn {
  readonly ctx: RequestContext
  readonly scope: Scope
  readonly state: StockmeshState
  readonly writer: FeedWriter
}

@Injectable()
export class Adjustments {
  constructor(
    @Inject(TransactionalConnection) private readonly connection: TransactionalConnection,
    @Inject(MovementRecorder) private readonly recorder: MovementRecorder,
    @Inject(EventBus) private readonly eventBus: EventBus,
  ) {}

  /** The code of a refusal is a value: one that is refused does not hold up the others. */
  async make(
    { ctx, scope, writer }: Pick<Turn, 'ctx' | 'scope' | 'writer'>,
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
}

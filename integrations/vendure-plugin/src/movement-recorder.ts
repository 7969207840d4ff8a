/**
 * Writes down what happens to the stock, in the very transaction in which it happens: where that is rolled back, so is
 * this. A row gets its number in the feed later, so that no customer waits for another one's order.
 */
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common'
import { StockMovementType } from '@vendure/common/lib/generated-types'
import {
  EventBus,
  GlobalSettingsEvent,
  type ID,
  OrderLine,
  ProductEvent,
  ProductVariant,
  ProductVariantChannelEvent,
  ProductVariantEvent,
  type RequestContext,
  StockLevel,
  type StockMovement,
  StockMovementEvent,
  TransactionalConnection,
} from '@vendure/core'
import { In } from 'typeorm'
import { StockmeshPending } from './entities'

/** Units that can be sold are those on hand less the allocated ones, so that a fulfilment moves nothing. */
const movements: Partial<Record<string, { readonly sign: 1 | -1; readonly cause: StockmeshPending['cause'] }>> = {
  [StockMovementType.ADJUSTMENT]: { sign: 1, cause: 'manual' },
  [StockMovementType.ALLOCATION]: { sign: -1, cause: 'sale' },
  [StockMovementType.RELEASE]: { sign: 1, cause: 'cancel' },
  [StockMovementType.CANCELLATION]: { sign: 1, cause: 'cancel' },
  [StockMovementType.RETURN]: { sign: 1, cause: 'return' },
}

@Injectable()
export class MovementRecorder implements OnModuleInit {
  /** Movements that the node asked for; their feed rows are written with them. */
  readonly own = new WeakSet<StockMovement>()

  constructor(
    @Inject(EventBus) private readonly eventBus: EventBus,
    @Inject(TransactionalConnection) private readonly connection: TransactionalConnection,
  ) {}

  onModuleInit(): void {
    this.eventBus.registerBlockingEventHandler({
      id: 'stockmesh-moved',
      event: StockMovementEvent,
      handler: (event) => this.moved(event.ctx, event.stockMovements),
    })
    this.eventBus.registerBlockingEventHandler({
      id: 'stockmesh-variants',
      event: ProductVariantEvent,
      handler: (event) =>
        this.changed(
          event.ctx,
          event.entity.map(({ id }) => id),
        ),
    })
    this.eventBus.registerBlockingEventHandler({
      id: 'stockmesh-channels',
      event: ProductVariantChannelEvent,
      handler: (event) => this.changed(event.ctx, [event.productVariant.id]),
    })
    this.eventBus.registerBlockingEventHandler({
      id: 'stockmesh-products',
      event: ProductEvent,
      handler: async (event) => this.changed(event.ctx, await this.variantsOf(event.ctx, event.entity.id)),
    })
    this.eventBus.registerBlockingEventHandler({
      id: 'stockmesh-settings',
      event: GlobalSettingsEvent,
      handler: (event) => this.changed(event.ctx, [null]),
    })
  }

  /** At every stock location: which one the feed tells of may be another by the time that they get their numbers. */
  private async moved(ctx: RequestContext, stockMovements: readonly StockMovement[]): Promise<void> {
    const told = stockMovements.flatMap((movement) => {
      if (this.own.has(movement)) return []
      const { sign, cause } = movements[movement.type] ?? { sign: 1, cause: null }
      const variantId = variantOf(movement)
      const locationId = locationOf(movement)
      return cause === null || variantId === undefined || locationId === undefined
        ? []
        : [{ variantId, locationId, delta: sign * movement.quantity, cause, lineId: lineOf(movement) }]
    })
    if (told.length === 0) return
    const levels = await this.connection.getRepository(ctx, StockLevel).find({
      where: {
        stockLocationId: In(told.map(({ locationId }) => locationId)),
        productVariantId: In(told.map(({ variantId }) => variantId)),
      },
    })
    const stocks = new Map(
      levels.map(({ stockLocationId, productVariantId, stockOnHand, stockAllocated }) => [
        placeOf(stockLocationId, productVariantId),
        stockOnHand - stockAllocated,
      ]),
    )
    // Each of several movements of one number tells the stock after itself; the database has the one after the last.
    for (const { locationId, variantId, delta } of told) {
      const place = placeOf(locationId, variantId)
      stocks.set(place, (stocks.get(place) ?? 0) - delta)
    }
    const codes = await this.orderCodes(
      ctx,
      told.flatMap(({ lineId }) => (lineId === undefined ? [] : [lineId])),
    )
    const at = Date.now()
    const rows = told.map(({ variantId, locationId, delta, cause, lineId }) => {
      const place = placeOf(locationId, variantId)
      const stock = (stocks.get(place) ?? 0) + delta
      stocks.set(place, stock)
      const order = lineId === undefined ? null : (codes.get(String(lineId)) ?? null)
      const reference = cause === 'manual' ? `=${stock}` : order
      return { at, kind: 'moved' as const, variantId, locationId, cause, delta, stock, reference }
    })
    await this.connection.getRepository(ctx, StockmeshPending).insert(rows)
  }

  private async changed(ctx: RequestContext, variantIds: readonly (ID | null)[]): Promise<void> {
    if (variantIds.length === 0) return
    const nothing = { kind: 'changed' as const, locationId: null, cause: null, delta: 0, stock: 0, reference: null }
    const at = Date.now()
    await this.connection
      .getRepository(ctx, StockmeshPending)
      .insert(variantIds.map((variantId) => ({ ...nothing, at, variantId })))
  }

  private async variantsOf(ctx: RequestContext, productId: ID): Promise<readonly ID[]> {
    const variants = await this.connection
      .getRepository(ctx, ProductVariant)
      .find({ where: { productId }, select: { id: true }, loadEagerRelations: false })
    return variants.map(({ id }) => id)
  }

  private async orderCodes(ctx: RequestContext, lineIds: readonly ID[]): Promise<Map<string, string>> {
    if (lineIds.length === 0) return new Map()
    const lines = await this.connection
      .getRepository(ctx, OrderLine)
      .find({ where: { id: In([...lineIds]) }, relations: { order: true }, loadEagerRelations: false })
    return new Map(lines.map((line) => [String(line.id), line.order.code]))
  }
}

/** Movements are given with or without their ids beside the entities, as the service that made them happened to. */
type Loose = StockMovement & { stockLocationId?: ID; productVariantId?: ID; orderLine?: { id: ID } }

function placeOf(locationId: ID, variantId: ID): string {
  return `${locationId}/${variantId}`
}

function locationOf({ stockLocation, stockLocationId }: Loose): ID | undefined {
  return stockLocation?.id ?? stockLocationId
}

function variantOf({ productVariant, productVariantId }: Loose): ID | undefined {
  return productVariant?.id ?? productVariantId
}

function lineOf({ orderLine }: Loose): ID | undefined {
  return orderLine?.id
}

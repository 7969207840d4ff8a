/**
 * Vendure 3.7.3 reads a level, works out the next number and writes that back, without a lock: of orders that are paid in the
 * same moment all but a few are then missing in the level, on a database with more than one connection. Here the database
 * itself adds, so that all are in it. Levels of one order are locked in the order of their ids, as the node's are, so that
 * of two orders with the same goods neither waits for the other.
 */
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common'
import {
  type ID,
  OrderLine,
  type RequestContext,
  StockLevel,
  StockLevelService,
  StockMovementService,
  TransactionalConnection,
} from '@vendure/core'
import { In } from 'typeorm'
import { locked } from './variant-facts'

type Change = StockLevelService['updateStockOnHandForLocation']
type Lines = readonly { readonly orderLineId: ID }[]

@Injectable()
export class LevelSums implements OnModuleInit {
  constructor(
    @Inject(StockLevelService) private readonly levels: StockLevelService,
    @Inject(StockMovementService) private readonly movements: StockMovementService,
    @Inject(TransactionalConnection) private readonly connection: TransactionalConnection,
  ) {}

  /** Each service is one for the whole process, and every change of a level goes through these methods. */
  onModuleInit(): void {
    const { levels, movements } = this
    levels.updateStockOnHandForLocation = this.adding('stockOnHand', levels.updateStockOnHandForLocation.bind(levels))
    levels.updateStockAllocatedForLocation = this.adding(
      'stockAllocated',
      levels.updateStockAllocatedForLocation.bind(levels),
    )
    const { createAllocationsForOrderLines, createSalesForOrder } = movements
    const { createCancellationsForOrderLines, createReleasesForOrderLines } = movements
    movements.createAllocationsForOrderLines = this.inOrder(createAllocationsForOrderLines.bind(movements))
    movements.createSalesForOrder = this.inOrder(createSalesForOrder.bind(movements))
    movements.createCancellationsForOrderLines = this.inOrder(createCancellationsForOrderLines.bind(movements))
    movements.createReleasesForOrderLines = this.inOrder(createReleasesForOrderLines.bind(movements))
  }

  private adding(column: 'stockOnHand' | 'stockAllocated', withoutLevel: Change): Change {
    return async (ctx, productVariantId, stockLocationId, change) => {
      const repository = this.connection.getRepository(ctx, StockLevel)
      const level = await repository.findOne({ where: { productVariantId, stockLocationId }, select: { id: true } })
      if (level === null) await withoutLevel(ctx, productVariantId, stockLocationId, change)
      else await repository.increment({ id: level.id }, column, change)
    }
  }

  private inOrder<L extends Lines, R>(
    move: (ctx: RequestContext, lines: L) => Promise<R>,
  ): (ctx: RequestContext, lines: L) => Promise<R> {
    return async (ctx, lines) => {
      await this.lock(ctx, lines)
      return move(ctx, lines)
    }
  }

  /** One level alone is locked by the change itself. Outside a transaction nothing can be locked, and nothing is. */
  private async lock(ctx: RequestContext, lines: Lines): Promise<void> {
    const { manager } = this.connection.getRepository(ctx, StockLevel)
    if (lines.length < 2 || manager.queryRunner?.isTransactionActive !== true) return
    const ids = lines.map(({ orderLineId }) => orderLineId)
    const goods = await manager.find(OrderLine, {
      where: { id: In(ids) },
      select: { id: true, productVariantId: true },
      loadEagerRelations: false,
    })
    const variantIds = [...new Set(goods.map(({ productVariantId }) => productVariantId))]
    if (variantIds.length < 2) return
    const query = manager
      .createQueryBuilder(StockLevel, 'level')
      .select('level.id')
      .where('level.productVariantId IN (:...variantIds)', { variantIds })
      .orderBy('level.id', 'ASC')
    await locked(this.connection, query).getMany()
  }
}

/** The stock location that a call means, which need not be the one whose numbers the feed tells. */
import { type ID, type RequestContext, StockLevel, type TransactionalConnection } from '@vendure/core'
import { In } from 'typeorm'
import type { StockmeshRow } from './entities'
import { partsOf } from './feed-writer'
import type { Scope } from './variant-facts'

/** Its id, as the node knows it; null: whichever the feed tells of. */
export type Location = string | null

/** As a state's row keeps it. */
export function nameOf({ channelId, locationId }: Scope): string {
  return `${channelId}/${locationId}`
}

export function isAt({ locationId }: Scope, location: Location): boolean {
  return location === null || String(locationId) === location
}

/** The rows with the numbers that the shop has at another location. */
export async function rowsElsewhere(
  connection: TransactionalConnection,
  ctx: RequestContext,
  stockLocationId: ID,
  rows: readonly StockmeshRow[],
): Promise<readonly StockmeshRow[]> {
  const stocks = new Map<string, number>()
  for (const part of partsOf(rows.map(({ variantId }) => variantId))) {
    const where = { stockLocationId, productVariantId: In(part) }
    for (const level of await connection.getRepository(ctx, StockLevel).find({ where })) {
      stocks.set(String(level.productVariantId), level.stockOnHand - level.stockAllocated)
    }
  }
  return rows.map((row) => ({ ...row, stock: row.stock === null ? null : (stocks.get(String(row.variantId)) ?? 0) }))
}

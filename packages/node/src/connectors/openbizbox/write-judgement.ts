/**
 * What a relative write to the variants of one product did, told by the product as it was read before and after. Two
 * things may be wrong with this platform: a variant that is sent with its id may be added as a new one, and the diff
 * may reach another variant of the product. In both cases nothing more may be written.
 */
import type { StockWrite, StockWriteResult } from '../observed/observed-shop.ts'
import type { Product } from './answers.ts'
import { stockIn } from './product-rows.ts'
import { partsOfStockId } from './stock-id.ts'

export interface WriteJudgement {
  readonly results: readonly StockWriteResult[]
  /** Why nothing more may be written, in one sentence; null: all is well. */
  readonly stop: string | null
}

/** `writes` are for different variants of this product. */
export function judgeWrites(before: Product, after: Product, writes: readonly StockWrite[]): WriteJudgement {
  const moved = (variantId: number): number | null => {
    const from = stockIn(before, variantId)
    const to = stockIn(after, variantId)
    return from === null || to === null ? null : to - from
  }
  const written = writes.map((write) => ({ write, variantId: partsOfStockId(write.stockId)?.variantId ?? 0 }))
  const astray = written.filter(({ write, variantId }) => moved(variantId) !== write.delta)
  const stop = astray.length === 0 ? null : stopOf(before, after, written, moved)
  const results = written.map(({ write, variantId }): StockWriteResult => {
    const { opId } = write
    const change = moved(variantId)
    if (stop !== null) {
      return change === 0 ? { opId, status: 'refused', code: 'not-writable' } : { opId, status: 'unknown' }
    }
    // The shop said yes; what else moved meanwhile, or whether its yes was true, is for whoever knows the orders.
    return { opId, status: 'applied', stock: change === write.delta ? stockIn(after, variantId) : null }
  })
  return { results, stop }
}

function stopOf(
  before: Product,
  after: Product,
  written: readonly { readonly write: StockWrite; readonly variantId: number }[],
  moved: (variantId: number) => number | null,
): string | null {
  const known = new Set(before.variants?.map(({ id }) => id))
  const added = after.variants?.find(({ id }) => !known.has(id))
  if (added !== undefined) {
    return `A change of stock made the new variant ${added.id} of product ${after.id} instead, so nothing more is written to the shop: delete that variant and try the connection again.`
  }
  const targets = new Set(written.map(({ variantId }) => variantId))
  const deltas = written.filter(({ variantId }) => moved(variantId) === 0).map(({ write }) => write.delta)
  const hit = before.variants?.find(({ id }) => !targets.has(id) && deltas.includes(moved(id) ?? 0))
  if (hit === undefined) return null
  return `A change of stock reached variant ${hit.id} of product ${after.id} instead of the one that was meant, so nothing more is written to the shop: count that product and try the connection again.`
}

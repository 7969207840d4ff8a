/**
 * Adjustments that the node makes: relative, never clipped, and each operation id at most once. The stock row, the
 * operation and the feed row are one batch, so a crash leaves all of them or none.
 */
import { limits } from '@stockmesh/protocol'
import type { Adjustment, AdjustmentResult } from '../connectors/connector.ts'
import { put } from '../storage/storage.ts'
import { encodeJson } from '../storage/json.ts'
import { keys, type OperationRecord } from './shop-table.ts'
import { keyOf } from './stock-identity.ts'
import type { Transaction } from './transaction.ts'

/** `known` holds those of the operations that were applied before; what is applied here is added to it. */
export function applyAdjustments(
  transaction: Transaction,
  adjustments: readonly Adjustment[],
  known: Map<string, OperationRecord>,
): readonly AdjustmentResult[] {
  return adjustments.map((adjustment) => {
    const { opId } = adjustment
    const before = known.get(opId)
    if (before !== undefined) return { opId, status: 'repeated', ...before }
    const operation = applyAdjustment(transaction, adjustment)
    if (typeof operation === 'string') return { opId, status: 'refused', code: operation }
    known.set(opId, operation)
    transaction.write(put(keys.operation(opId), encodeJson(operation)))
    return { opId, status: 'applied', ...operation }
  })
}

/** The code of a refusal is a value: one that is refused does not hold up the others. */
function applyAdjustment(
  transaction: Transaction,
  { opId, stockId, key, delta }: Adjustment,
): OperationRecord | string {
  const { catalogue } = transaction
  const row = catalogue.row(stockId)
  if (row === null) return 'row-gone'
  const rowKey = keyOf(row.sku)
  if (rowKey === null || rowKey !== key) return 'sku-changed'
  if (catalogue.rowsUnder(rowKey).length > 1) return 'ambiguous'
  if (row.stock === null) return 'untracked'
  const stock = row.stock + delta
  if (Math.abs(stock) > limits.stockUnitsMax) return 'out-of-range'
  const { feedId } = transaction.moveStock(row, { kind: 'adjust', delta, opId })
  return { stock, feedId }
}

/**
 * History from records: the movements that a record brings, and one catch-up line for what they do not explain, so
 * that the movements of a SKU always add up to its totals.
 */
import type { Applied } from './holdings.ts'
import { type Rid, type ShopId, shopOfRid } from './ids.ts'
import { decodeMovement, type Movement } from './movement.ts'
import type { SkuKey } from './sku.ts'

export interface HistoryLine {
  readonly shop: ShopId
  readonly rid: Rid
  readonly key: SkuKey
  readonly movement: Movement
}

/**
 * What a received record tells: its own movements, and before them what was skipped on the way. That happened no later
 * than the first of them, and takes its time; `now` dates it where there is none.
 */
export function historyOf(applied: Applied, now: number): HistoryLine[] {
  const { rid, record, movements } = applied.held
  if (record.kind !== 'totals') return []
  const before = applied.before?.kind === 'totals' ? applied.before.added - applied.before.removed : 0
  let unexplained = record.added - record.removed - before
  const lines: HistoryLine[] = []
  for (const encoded of movements) {
    const decoded = decodeMovement(encoded)
    if (!decoded.ok) continue
    unexplained -= decoded.value.delta
    lines.push({ shop: shopOfRid(rid), rid, key: record.key, movement: decoded.value })
  }
  if (unexplained !== 0) {
    const movement = {
      delta: unexplained,
      cause: 'catch-up',
      reference: null,
      at: lines[0]?.movement.at ?? now,
      levelBefore: null,
      levelAfter: null,
    } as const
    lines.unshift({ shop: shopOfRid(rid), rid, key: record.key, movement })
  }
  return lines
}

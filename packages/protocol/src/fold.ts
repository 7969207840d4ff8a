/**
 * The pure fold of a ledger shop's feed: which rows count as the shop's own changes, and the totals that they make.
 * Whoever folds the same rows gets the same records, however the rows were cut into reads.
 */
import type { Cause } from './api.ts'
import type { FeedRow } from './feed.ts'
import { deltaUnitsMax } from './limits.ts'
import type { TotalsRecord } from './record.ts'
import { type SkuKey, skuKey } from './sku.ts'

/** One counted change of the shop. */
export interface LocalChange {
  readonly key: SkuKey
  readonly seq: number
  readonly at: number
  readonly delta: number
  readonly cause: Cause
  readonly reference: string | null
}

/**
 * What a row means for the network, or null: our own adjustments, untracked stock, SKUs that stand on several stock
 * rows (what is sold of them is listed, not counted) and rows that move nothing.
 */
export function localChange(row: FeedRow): LocalChange | null {
  const cause = causeOf(row)
  if (cause === null || row.delta === 0 || row.stock === null || !row.unique) return null
  if (Math.abs(row.delta) > deltaUnitsMax) return null
  const key = row.sku === null ? null : skuKey(row.sku)
  if (key === null) return null
  return { key, seq: row.id, at: row.at, delta: row.delta, cause, reference: row.reference }
}

function causeOf(row: FeedRow): Cause | null {
  switch (row.kind) {
    case 'sale':
    case 'cancel':
    case 'return':
    case 'manual':
      return row.kind
    case 'adjust':
    case 'attached':
    case 'row':
    case 'deleted':
      return null
  }
}

/** The record that follows `before` (null: none yet) by one change. */
export function addChange(before: TotalsRecord | null, change: LocalChange): TotalsRecord {
  return {
    kind: 'totals',
    seq: change.seq,
    key: change.key,
    added: (before?.added ?? 0) + Math.max(0, change.delta),
    removed: (before?.removed ?? 0) + Math.max(0, -change.delta),
  }
}

/**
 * A SKU gets another number as a stock count: a baseline of this node's, and its line in the log.
 */
import {
  type Baseline,
  countBaseline,
  type CountItem,
  coverAll,
  levelOf,
  recordsOf,
  type SkuKey,
} from '@stockmesh/protocol'
import type { Draft } from '../ledger/ledger.ts'
import { countLine } from '../ledger/received-lines.ts'

/** A SKU as it is spelled, and the name of what is sold under it; the name is empty where there is none. */
interface NamedSku {
  readonly key: SkuKey
  readonly text: string
  readonly name: string
}

export function issueCount(draft: Draft, sku: NamedSku, baseline: Baseline): void {
  draft.log(countLine(draft.holdings, draft.issue({ ...sku, kind: 'baseline', baseline })))
}

/** What is known now becomes `to` units. Nothing is issued where it is that already, where it cannot be said (null), or when dry. */
export function recount(
  draft: Draft,
  sku: NamedSku,
  { to, dryRun, now }: { readonly to: number | null; readonly dryRun: boolean; readonly now: number },
): CountItem {
  const { key, text, name } = sku
  const records = recordsOf(draft.holdings, key)
  const from = levelOf(records)
  if (!dryRun && to !== null && from !== to) {
    issueCount(draft, sku, countBaseline(records, { quantity: to, covers: coverAll(records), now }))
  }
  return { sku: text, name: name === '' ? null : name, from, to, error: null }
}

/** What an answer tells of: a number that becomes another one, or why it cannot. */
export function isTold({ from, to, error }: CountItem): boolean {
  return from !== to || error !== null
}

/**
 * A replica that has several histories (its disk went back to an old copy, or was copied) is merged by whoever holds
 * them: of each SKU and kind the largest content counts. What comes out is numbered anew, above everything that was ever
 * issued. Contents alone decide the numbers: two nodes that merged the same hold the same bytes, and merging again
 * changes nothing. Nobody signs it; what was merged is shown instead, as the shop signed it (`testimony.ts`).
 *
 *   J1  Merging is a join: the order in which histories meet does not matter.
 *   J2  A merged total is never smaller than one of those it came from.
 */
import type { Rid } from './ids.ts'
import { mergedSeqBase } from './limits.ts'
import { type BaselineRecord, encodeRecord, type ListedRecord, placeOf, type StockRecord } from './record.ts'
import type { HeldRecord } from './record-store.ts'
import { assert } from './result.ts'
import type { SkuKey } from './sku.ts'

/** Whether a claim is of a merged history: its origin writes nothing under the replica any more. */
export function isMerged(high: number): boolean {
  return high > mergedSeqBase
}

export interface MergedHistories {
  readonly records: readonly HeldRecord[]
  readonly high: number
  /** SKUs of which histories have totals that are not the same: something of one of them may be lost. */
  readonly doubtful: readonly SkuKey[]
}

export function mergeHistories(rid: Rid, histories: Iterable<Iterable<StockRecord>>): MergedHistories {
  const places = new Map<string, StockRecord>()
  const doubtful = new Set<SkuKey>()
  for (const history of histories) {
    for (const record of history) {
      const before = places.get(placeOf(record))
      if (before !== undefined && before.kind === 'totals' && !sameContent(before, record)) doubtful.add(record.key)
      places.set(placeOf(record), before === undefined ? record : larger(before, record))
    }
  }
  const ordered = [...places].sort(([a], [b]) => (a < b ? -1 : 1))
  const records = ordered.map(([, content], index) => {
    const record = { ...content, seq: mergedSeqBase + 1 + index }
    return { rid, record, bytes: encodeRecord(record) }
  })
  return { records, high: mergedSeqBase + records.length, doubtful: [...doubtful] }
}

/** Whether merging the other record of the same place into this one changes nothing. */
export function holdsAsMuch(record: StockRecord, other: StockRecord): boolean {
  return sameContent(larger(record, other), record)
}

function larger(a: StockRecord, b: StockRecord): StockRecord {
  if (a.kind === 'totals' && b.kind === 'totals') {
    return { ...a, added: Math.max(a.added, b.added), removed: Math.max(a.removed, b.removed) }
  }
  if (a.kind === 'baseline' && b.kind === 'baseline') return compareBaselines(a, b) < 0 ? b : a
  assert(a.kind === 'listed' && b.kind === 'listed', 'records of one place are of one kind')
  return compareListed(a, b) < 0 ? b : a
}

/** As of two baselines of different replicas: any count beats any first, the earlier first and the later count win. */
function compareBaselines(a: BaselineRecord, b: BaselineRecord): number {
  if (a.baseline.kind !== b.baseline.kind) return a.baseline.kind === 'count' ? 1 : -1
  const later = a.baseline.stamp - b.baseline.stamp
  if (later !== 0) return a.baseline.kind === 'count' ? later : -later
  return compareContents(a, b)
}

function compareListed(a: ListedRecord, b: ListedRecord): number {
  return a.stamp === b.stamp ? compareContents(a, b) : a.stamp - b.stamp
}

function sameContent(a: StockRecord, b: StockRecord): boolean {
  return compareContents(a, b) === 0
}

/** Some order, the same at every node. */
function compareContents(a: StockRecord, b: StockRecord): number {
  const [one, other] = [encodeRecord({ ...a, seq: 1 }), encodeRecord({ ...b, seq: 1 })]
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const apart = (one[index] ?? -1) - (other[index] ?? -1)
    if (apart !== 0) return apart
  }
  return 0
}

/**
 * What is held for a SKU as a plain value, and merging as the algorithm says it: the model that the record store is
 * compared with.
 */
import type { Rid } from '../../packages/protocol/src/ids.ts'
import type { Issued, SkuRecords } from '../../packages/protocol/src/level.ts'
import type {
  BaselineRecord,
  Kind,
  ListedRecord,
  StockRecord,
  TotalsRecord,
} from '../../packages/protocol/src/record.ts'

/** Merges one record: the larger seq of a replica and kind stays. Commutative, associative, idempotent. */
export function mergeRecord(held: SkuRecords, issued: Issued<StockRecord>): SkuRecords {
  switch (issued.record.kind) {
    case 'totals':
      return { ...held, totals: newest(held.totals, issued as Issued<TotalsRecord>) }
    case 'baseline':
      return { ...held, baselines: newest(held.baselines, issued as Issued<BaselineRecord>) }
    case 'listed':
      return { ...held, listed: newest(held.listed, issued as Issued<ListedRecord>) }
  }
}

/** The record of one replica and kind, or undefined. */
export function findRecord(held: SkuRecords, rid: Rid, kind: Kind): Issued<StockRecord> | undefined {
  return recordsOfKind(held, kind).find((one) => one.rid === rid)
}

/** The records without those of one replica. */
export function dropReplica(held: SkuRecords, rid: Rid): SkuRecords {
  return {
    totals: held.totals.filter((one) => one.rid !== rid),
    baselines: held.baselines.filter((one) => one.rid !== rid),
    listed: held.listed.filter((one) => one.rid !== rid),
  }
}

function recordsOfKind(held: SkuRecords, kind: Kind): readonly Issued<StockRecord>[] {
  switch (kind) {
    case 'totals':
      return held.totals
    case 'baseline':
      return held.baselines
    case 'listed':
      return held.listed
  }
}

function newest<R extends StockRecord>(issued: readonly Issued<R>[], candidate: Issued<R>): readonly Issued<R>[] {
  const index = issued.findIndex((one) => one.rid === candidate.rid)
  const current = issued[index]
  if (current === undefined) return issued.concat(candidate)
  return current.record.seq >= candidate.record.seq ? issued : issued.with(index, candidate)
}

/**
 * The audit of everything that a node knows of its movements: for each replica and SKU, what was carried and the
 * movements must add up to the totals.
 */
import {
  auditRow,
  type Carried,
  endAudit,
  encodeRid,
  type History,
  type HistoryFault,
  type Holdings,
  type Rid,
  type SkuKey,
  startAudit,
  type TotalsRecord,
} from '@stockmesh/protocol'
import { prefixRange } from '../storage/key.ts'
import type { Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { movementRange, parseCarriedRow, parseMovementRow } from './history-rows.ts'

export interface ReplicaFault extends HistoryFault {
  readonly rid: Rid
}

/** `histories` and `holdings` as they are on the disk of `storage`. Error: `database-damaged`. */
export async function* checkHistories(
  storage: Pick<Storage, 'scan'>,
  holdings: Holdings,
  histories: ReadonlyMap<Rid, History>,
): AsyncGenerator<ReplicaFault> {
  for (const rid of holdings.replicas.keys()) {
    const history = histories.get(rid)
    if (history === undefined) {
      yield { rid, key: null, message: 'Nothing says how much of its history is held.' }
      continue
    }
    const audit = startAudit(history)
    for await (const entry of storage.scan(movementRange(rid, history.first, history.through))) {
      const { n, row } = parseMovementRow(entry)
      auditRow(audit, n, row)
    }
    const carried = new Map<SkuKey, Carried>()
    for await (const entry of storage.scan(prefixRange(tables.carried, encodeRid(rid)))) {
      const one = parseCarriedRow(entry)
      carried.set(one.key, one.carried)
    }
    for (const fault of endAudit(audit, totalsIn(holdings, rid), carried)) yield { rid, ...fault }
  }
}

function* totalsIn(holdings: Holdings, rid: Rid): Generator<TotalsRecord> {
  for (const { record } of holdings.above(rid, 0)) if (record.kind === 'totals') yield record
}

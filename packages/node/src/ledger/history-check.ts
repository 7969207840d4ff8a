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
import type { Snapshot } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { movementRange, parseCarriedRow, parseMovementRow } from './history-rows.ts'

export interface ReplicaFault extends HistoryFault {
  readonly rid: Rid
}

/** `histories` and `holdings` as they are on the disk of `storage`. Error: `database-damaged`. */
export async function* checkHistories(
  storage: Pick<Snapshot, 'walk'>,
  holdings: Holdings,
  histories: ReadonlyMap<Rid, History>,
): AsyncGenerator<ReplicaFault> {
  for (const rid of holdings.replicas.keys()) {
    const history = histories.get(rid)
    if (history === undefined) yield { rid, key: null, message: 'Nothing says how much of its history is held.' }
    else for (const fault of await checkHistory(storage, rid, history, totalsIn(holdings, rid))) yield { rid, ...fault }
  }
}

/** The same of one replica; `totals`: all that are held of it. A row that is damaged is missing. */
export async function checkHistory(
  storage: Pick<Snapshot, 'walk'>,
  rid: Rid,
  history: History,
  totals: Iterable<TotalsRecord>,
): Promise<readonly HistoryFault[]> {
  const audit = startAudit(history)
  const missing = (): void => undefined
  await storage.walk(
    movementRange(rid, history.first, history.through),
    (entry) => {
      const { n, row } = parseMovementRow(entry)
      auditRow(audit, n, row)
    },
    missing,
  )
  const carried = new Map<SkuKey, Carried>()
  await storage.walk(
    prefixRange(tables.carried, encodeRid(rid)),
    (entry) => {
      const one = parseCarriedRow(entry)
      carried.set(one.key, one.carried)
    },
    missing,
  )
  return endAudit(audit, totals, carried)
}

function* totalsIn(holdings: Holdings, rid: Rid): Generator<TotalsRecord> {
  for (const { record } of holdings.above(rid, 0)) if (record.kind === 'totals') yield record
}

/**
 * The audit of a replica's history: of each SKU, what was carried and the movements must add up to the total that is
 * held. Rows are given one by one, in order, so that a history of any length is checked in the room of its SKUs.
 */
import type { History, HistoryRow } from './history.ts'
import type { TotalsRecord } from './record.ts'
import type { SkuKey } from './sku.ts'

/** The total of a SKU after the newest of its movements that are not held any more. */
export interface Carried {
  readonly n: number
  readonly net: number
}

export interface HistoryFault {
  /** null where it is about no single SKU. */
  readonly key: SkuKey | null
  readonly message: string
}

interface Line {
  readonly before: number
  sum: number
  net: number
}

export interface HistoryAudit {
  readonly history: History
  readonly lines: Map<SkuKey, Line>
  readonly faults: HistoryFault[]
  through: number
  seq: number
}

export function startAudit(history: History): HistoryAudit {
  return { history, lines: new Map(), faults: [], through: history.first - 1, seq: 0 }
}

/** `row`: null where its bytes are none. */
export function auditRow(audit: HistoryAudit, n: number, row: HistoryRow | null): void {
  if (n < audit.history.first) return
  if (n !== audit.through + 1) {
    audit.faults.push({ key: row?.key ?? null, message: `After movement ${audit.through} comes ${n}.` })
  }
  audit.through = n
  if (row === null) {
    audit.faults.push({ key: null, message: `Movement ${n} cannot be read.` })
    return
  }
  const { key, net, movement, seq } = row
  if (seq <= audit.seq) audit.faults.push({ key, message: `Movement ${n} is older than the one before it.` })
  audit.seq = seq
  const line = audit.lines.get(key)
  if (line === undefined) {
    audit.lines.set(key, { before: net - movement.delta, sum: movement.delta, net })
    return
  }
  line.sum += movement.delta
  line.net = net
}

/** All that is wrong, when every row was given. `totals`: all records of totals of the replica. */
export function endAudit(
  audit: HistoryAudit,
  totals: Iterable<TotalsRecord>,
  carried: ReadonlyMap<SkuKey, Carried>,
): readonly HistoryFault[] {
  const { history, lines, faults, through } = audit
  if (through !== history.through) {
    faults.push({ key: null, message: `Movements end at ${through} and should end at ${history.through}.` })
  }
  for (const { key, seq, added, removed } of totals) {
    const line = lines.get(key)
    lines.delete(key)
    // What is not complete yet is still on its way.
    if (seq > history.complete) continue
    const net = added - removed
    const from = carriedOf(history, carried.get(key), line?.before ?? net)
    const sum = line?.sum ?? 0
    if (from + sum !== net) {
      faults.push({ key, message: `Carried ${from} and moved ${sum}, which is not the total ${net}.` })
    }
  }
  for (const key of lines.keys()) faults.push({ key, message: 'There are movements of a SKU that has no total.' })
  return faults
}

/** `told`: the total before the oldest movement by what is held of it, for what was carried before this node knew. */
export function carriedOf(history: History, carried: Carried | undefined, told: number): number {
  if (carried !== undefined && carried.n >= history.adopted) return carried.net
  return history.adopted > 1 ? told : 0
}

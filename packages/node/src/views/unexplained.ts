/**
 * What the movements that are held of a SKU do not tell: units that moved before the oldest of them, and units whose
 * movements are still on their way. With these the lines of a SKU always add up to its totals.
 */
import {
  type Carried,
  carriedOf,
  encodeRid,
  type History,
  noHistory,
  recordsOf,
  type Rid,
  shopOfRid,
  type SkuKey,
  spelling,
  type TotalsRecord,
} from '@stockmesh/protocol'
import { parseCarriedRow } from '../ledger/history-rows.ts'
import { type LogLine, movementLine } from '../ledger/log-line.ts'
import { encodeKey } from '../storage/key.ts'
import { tables } from '../storage/tables.ts'
import { type FoundLine, foundLines, type LineSource, readRow } from './log-lines.ts'

/** Lines to stand before all others, and after them, newest first. */
export interface Unexplained {
  readonly coming: readonly FoundLine[]
  readonly carried: readonly FoundLine[]
}

/** Of one replica: the numbers of its oldest and newest movement of the SKU that are held. */
interface Ends {
  oldest: number
  newest: number
}

export async function unexplained(source: LineSource, key: SkuKey): Promise<Unexplained> {
  const { holdings, histories } = source.ledger
  const partly = recordsOf(holdings, key).totals.filter(({ rid, record }) => {
    const { complete, first } = histories.get(rid) ?? noHistory
    return complete < record.seq || first > 1
  })
  const coming: FoundLine[] = []
  const carried: FoundLine[] = []
  if (partly.length === 0) return { coming, carried }
  const { ends, oldestAt, newestAt } = await endsOf(source, key)
  for (const { rid, record } of partly) {
    const history = histories.get(rid) ?? noHistory
    const { before, after } = await totalsAround(source, rid, record, history, ends.get(rid))
    const missing = record.added - record.removed - after
    if (missing !== 0) coming.push(lineOf(source, rid, key, missing, { at: Number.MAX_SAFE_INTEGER, shown: newestAt }))
    if (before !== 0) carried.push(lineOf(source, rid, key, before, { at: 0, shown: oldestAt }))
  }
  return { coming, carried }
}

/** The replica's total of the SKU before the oldest and after the newest of its movements that are held. */
async function totalsAround(
  { storage }: LineSource,
  rid: Rid,
  { key, seq, added, removed }: TotalsRecord,
  history: History,
  ends: Ends | undefined,
): Promise<{ readonly before: number; readonly after: number }> {
  const row = await storage.get(encodeKey(tables.carried, encodeRid(rid), key))
  const kept: Carried | undefined = row === undefined ? undefined : parseCarriedRow([new Uint8Array(), row]).carried
  const oldest = ends === undefined ? null : await readRow(storage, rid, ends.oldest)
  const newest = ends === undefined ? null : await readRow(storage, rid, ends.newest)
  if (oldest === null || newest === null) {
    const told = history.complete < seq ? 0 : added - removed
    const before = carriedOf(history, kept, told)
    return { before, after: before }
  }
  return { before: carriedOf(history, kept, oldest.net - oldest.movement.delta), after: newest.net }
}

async function endsOf(
  source: LineSource,
  key: SkuKey,
): Promise<{ readonly ends: ReadonlyMap<Rid, Ends>; readonly oldestAt: number; readonly newestAt: number }> {
  const ends = new Map<Rid, Ends>()
  const { baselines } = recordsOf(source.ledger.holdings, key)
  const stamp = baselines[0]?.record.baseline.stamp ?? 0
  let [oldestAt, newestAt] = [stamp, stamp]
  let isFirst = true
  for await (const { place } of foundLines(source, key, null)) {
    const { at, rid, n } = place
    if (isFirst) newestAt = at
    isFirst = false
    oldestAt = at
    if (rid === null || n < (source.ledger.histories.get(rid) ?? noHistory).first) continue
    const known = ends.get(rid)
    if (known === undefined) ends.set(rid, { oldest: n, newest: n })
    else Object.assign(known, { oldest: Math.min(known.oldest, n), newest: Math.max(known.newest, n) })
  }
  return { ends, oldestAt, newestAt }
}

function lineOf(
  { ledger }: LineSource,
  rid: Rid,
  key: SkuKey,
  delta: number,
  when: { readonly at: number; readonly shown: number },
): FoundLine {
  const spelled = spelling(recordsOf(ledger.holdings, key))
  const cause = 'catch-up'
  const movement = { delta, cause, reference: null, at: when.shown, levelBefore: null, levelAfter: null } as const
  const line: LogLine = movementLine(shopOfRid(rid), key, spelled, movement, false)
  return { place: { at: when.at, rid, n: 0, cause }, read: () => Promise.resolve(line) }
}

/**
 * What one shop moved since a time, SKU by SKU, from the movements that are held. Where some are still on their way it
 * is not known which: those SKUs are named.
 */
import {
  isOfShop,
  type MadeMovement,
  noHistory,
  recordsOf,
  type ShopId,
  shopOfRid,
  type SkuKey,
} from '@stockmesh/protocol'
import { parsePlace, placeKey } from '../ledger/history-rows.ts'
import { prefixRange } from '../storage/key.ts'
import { tables } from '../storage/tables.ts'
import { type LineSource, readRow } from './log-lines.ts'

export interface MovementsSince {
  readonly made: ReadonlyMap<SkuKey, readonly MadeMovement[]>
  /** SKUs of which the shop moved something that nobody has told the time of yet. */
  readonly unclear: ReadonlySet<SkuKey>
}

/** `since`: in milliseconds since 1970, by the clock of the shop. */
export async function movementsSince(
  { storage, ledger }: LineSource,
  shop: ShopId,
  since: number,
): Promise<MovementsSince> {
  const made = new Map<SkuKey, MadeMovement[]>()
  const range = { ...prefixRange(tables.timeline), gte: placeKey(null, { at: Math.max(0, since), rid: null, n: 0 }) }
  for await (const entry of storage.scan(range)) {
    const { rid, n } = parsePlace(entry)
    const row = rid === null || shopOfRid(rid) !== shop ? null : await readRow(storage, rid, n)
    if (rid === null || row === null) continue
    const { key, seq, movement } = row
    const movements = made.get(key) ?? []
    made.set(key, movements)
    movements.push({ rid, seq, delta: movement.delta })
  }
  return { made, unclear: untold(ledger, shop) }
}

function untold({ holdings, histories }: LineSource['ledger'], shop: ShopId): ReadonlySet<SkuKey> {
  const unclear = new Set<SkuKey>()
  const behind = new Map(
    [...holdings.replicas.values()]
      .filter(({ rid }) => isOfShop(rid, shop))
      .map(({ rid, high }) => [rid, { high, complete: (histories.get(rid) ?? noHistory).complete }] as const)
      .filter(([, { high, complete }]) => complete < high),
  )
  if (behind.size === 0) return unclear
  for (const key of holdings.skus.keys()) {
    const isUntold = recordsOf(holdings, key).totals.some(
      ({ rid, record }) => record.seq > (behind.get(rid)?.complete ?? Number.POSITIVE_INFINITY),
    )
    if (isUntold) unclear.add(key)
  }
  return unclear
}

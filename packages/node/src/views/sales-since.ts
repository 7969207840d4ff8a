/** Units that each shop sold since a time, less what was cancelled and returned, from the movements that are held. */
import { type ShopId, shopOfRid } from '@stockmesh/protocol'
import { parsePlace, placeKey } from '../ledger/history-rows.ts'
import { prefixRange } from '../storage/key.ts'
import { tables } from '../storage/tables.ts'
import { type LineSource, readRow } from './log-lines.ts'

const causes: ReadonlySet<string> = new Set(['sale', 'cancel', 'return'])

/** `since`: in milliseconds since 1970, by the clock of each shop. */
export async function salesSince({ storage }: LineSource, since: number): Promise<ReadonlyMap<ShopId, number>> {
  const sold = new Map<ShopId, number>()
  const range = { ...prefixRange(tables.timeline), gte: placeKey(null, { at: Math.max(0, since), rid: null, n: 0 }) }
  for await (const entry of storage.scan(range)) {
    const { rid, n, cause } = parsePlace(entry)
    if (rid === null || !causes.has(cause)) continue
    const row = await readRow(storage, rid, n)
    if (row === null) continue
    const shop = shopOfRid(rid)
    sold.set(shop, (sold.get(shop) ?? 0) - row.movement.delta)
  }
  return sold
}

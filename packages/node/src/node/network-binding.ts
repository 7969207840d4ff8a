/**
 * Ties a node's stock to one network. When the shop is in another network than the one its stock belongs to (it was a
 * network of its own and was accepted by another), that stock is dropped, never merged. The mark is written last, so
 * a stop in between is made good at the next start.
 */
import { deleteRange } from '../storage/deletion.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

const boundKey = encodeKey(tables.meta, 'bound-network')
const networkKey = encodeKey(tables.membership, 'network')

/** What belongs to one network and to no other. */
const stockTables = [
  tables.record,
  tables.claim,
  tables.staged,
  tables.stage,
  tables.log,
  tables.oldLogOfSku,
  tables.stockRow,
  tables.intent,
  tables.offset,
  tables.imported,
  tables.memberClaim,
  tables.problem,
  tables.event,
  tables.movement,
  tables.carried,
  tables.history,
  tables.timeline,
  tables.timelineOfSku,
]

/** Answers whether the shop is in a network. */
export async function bindToNetwork(storage: Storage): Promise<boolean> {
  const network = await storage.get(networkKey)
  const bound = await storage.get(boundKey)
  if (network === undefined) return false
  if (bound !== undefined && Buffer.compare(network, bound) === 0) return true
  for (const table of stockTables) await deleteRange(storage, prefixRange(table))
  const states = ['feed', 'import'].map((name) => del(encodeKey(tables.meta, name)))
  await storage.write([...states, put(boundKey, network)])
  return true
}

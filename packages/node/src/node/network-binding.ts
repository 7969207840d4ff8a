/**
 * Ties a node's stock to one network. When the shop is in another network than the one its stock belongs to (it was a
 * network of its own and was accepted by another), that stock is dropped, never merged. The mark is written last, so
 * a stop in between is made good at the next start.
 */
import { isNetworkId, type NetworkId } from '@stockmesh/protocol'
import { deleteRange } from '../storage/deletion.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, put, type Storage, StorageError } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

const boundKey = encodeKey(tables.meta, 'bound-network')
const networkKey = encodeKey(tables.membership, 'network')

/** What belongs to one network and to no other. */
const stockTables = [
  tables.record,
  tables.claim,
  tables.sum,
  tables.replacedRecord,
  tables.testimony,
  tables.staged,
  tables.stage,
  tables.log,
  tables.oldLogOfSku,
  tables.stockRow,
  tables.intent,
  tables.offset,
  tables.imported,
  tables.memberClaim,
  tables.guardRight,
  tables.problem,
  tables.event,
  tables.movement,
  tables.carried,
  tables.history,
  tables.timeline,
  tables.timelineOfSku,
]

/** Answers the network that the shop is in; null while it is alone. */
export async function bindToNetwork(storage: Storage): Promise<NetworkId | null> {
  const network = await storage.get(networkKey)
  const bound = await storage.get(boundKey)
  if (network === undefined) return null
  const id = new TextDecoder().decode(network)
  if (!isNetworkId(id))
    throw new StorageError('database-damaged', 'The network in the database is none. Restore it from a backup.')
  if (bound !== undefined && Buffer.compare(network, bound) === 0) return id
  for (const table of stockTables) await deleteRange(storage, prefixRange(table))
  const states = ['feed', 'import', 'guard-terms', 'reach'].map((name) => del(encodeKey(tables.meta, name)))
  await storage.write([...states, put(boundKey, network)])
  return id
}

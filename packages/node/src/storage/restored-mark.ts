/**
 * The mark of a database that came out of a backup: what others know of this node may be newer than what it knows of
 * itself. It is in the database before a node can open it, and goes with the commit that makes it true no more.
 */
import { decodeJson, encodeJson } from './json.ts'
import { encodeKey } from './key.ts'
import { del, type Operation, put, type Storage } from './storage.ts'
import { tables } from './tables.ts'

export interface RestoredMark {
  /** When the backup was made, in milliseconds since 1970. */
  readonly backupAt: number
  readonly restoredAt: number
  /** The shop came out of the same backup, so that its feed is not the one that others know. */
  readonly shop: boolean
}

const key = encodeKey(tables.meta, 'restored')

export function markRestored(mark: RestoredMark): Operation {
  return put(key, encodeJson(mark))
}

export function clearRestored(): Operation {
  return del(key)
}

/** null: the memory of this node is its own. */
export async function readRestoredMark(storage: Pick<Storage, 'get'>): Promise<RestoredMark | null> {
  const row = await storage.get(key)
  return row === undefined ? null : decodeJson<RestoredMark>(row)
}

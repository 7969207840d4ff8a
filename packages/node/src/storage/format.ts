/**
 * The format of the node's database. What another release wrote in another format is not guessed at.
 *
 *   1  digests were plain sums, and no claim was signed; such a database has no row that says so
 *   2  the sum behind each digest, and the signature of each claim
 */
import { decodeJson, encodeJson } from './json.ts'
import { encodeKey } from './key.ts'
import { type Operation, put, type Storage, StorageError } from './storage.ts'
import { tables } from './tables.ts'

const format = 2
const key = encodeKey(tables.meta, 'format')

/** Goes with the first rows of a new database. */
export function formatRow(): Operation {
  return put(key, encodeJson(format))
}

/** Error: `database-format`. */
export async function assertFormat(storage: Pick<Storage, 'get'>, directory: string): Promise<void> {
  const stored = await storage.get(key)
  const found = stored === undefined ? 1 : decodeJson<number>(stored)
  if (found === format) return
  throw new StorageError(
    'database-format',
    `The database in ${directory} has format ${found}, and this release reads format ${format}. Start the release that wrote it, or start with an empty folder (--data) and join the network as a new shop.`,
  )
}

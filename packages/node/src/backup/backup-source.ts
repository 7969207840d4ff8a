/**
 * Makes a backup of a node that runs. Each database is read as it stood when its turn came: the node's own first and the
 * shop's last, so that no copy of a node has read more of its shop's feed than the shop beside it has written.
 */
import { everything } from '../storage/key.ts'
import type { Entry, Storage } from '../storage/storage.ts'
import { type BackupFileName, type BackupHead, BackupWriter, type DatabaseName } from './backup-format.ts'
import { blockBytesMin } from './limits.ts'

export interface BackupSource {
  readonly head: BackupHead
  /** The identity first. */
  readonly files: readonly SourceFile[]
  /** In the order in which they are read. */
  readonly databases: readonly SourceDatabase[]
}

export interface SourceFile {
  readonly name: BackupFileName
  readonly bytes: Uint8Array
}

export interface SourceDatabase {
  readonly name: DatabaseName
  readonly storage: Pick<Storage, 'scan'>
  /** Rows that a restored node is better without. */
  readonly isLeftOut: (key: Uint8Array) => boolean
}

/** A failure on the way is told in the backup's last block, with its own code: what came before it is no backup. */
export async function* createBackup({ head, files, databases }: BackupSource): AsyncGenerator<Uint8Array> {
  const writer = new BackupWriter()
  yield writer.begin(head)
  for (const { name, bytes } of files) yield writer.add({ type: 'file', name, bytes })
  try {
    for (const database of databases) yield* blocksOf(writer, database)
  } catch (error) {
    yield writer.add({ type: 'failure', ...failureOf(error) })
    return
  }
  yield writer.end()
}

async function* blocksOf(
  writer: BackupWriter,
  { name, storage, isLeftOut }: SourceDatabase,
): AsyncGenerator<Uint8Array> {
  let rows: Entry[] = []
  let bytes = 0
  for await (const row of storage.scan(everything)) {
    if (isLeftOut(row[0])) continue
    rows.push(row)
    bytes += row[0].length + row[1].length
    if (bytes < blockBytesMin) continue
    yield writer.add({ type: 'rows', database: name, rows })
    rows = []
    bytes = 0
  }
  if (rows.length > 0) yield writer.add({ type: 'rows', database: name, rows })
}

function failureOf(error: unknown): { readonly code: string; readonly message: string } {
  const code = (error as { code?: unknown } | null)?.code
  if (code === 'database-damaged' && error instanceof Error) return { code, message: error.message }
  return { code: 'backup-failed', message: 'The node could not read its database to the end. Take the backup again.' }
}

/**
 * Where a node's identity and database lie. A life that ends by leaving is put aside whole: its key never comes back.
 */
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type Identity, openIdentity } from '../identity.ts'
import type { Random } from '../ports.ts'
import { openDatabase } from '../storage/database.ts'
import type { SnapshotStorage, StorageError } from '../storage/storage.ts'

export interface NodeFolder {
  /** For messages. */
  readonly path: string
  /** Made if there is none. Error: `identity-damaged`. */
  openIdentity(): Promise<Identity>
  /** `onFailed` hears of the write that closes it for good. Errors: `database-locked`, `database-damaged`. */
  openStorage(onFailed: (error: StorageError) => void): Promise<SnapshotStorage>
  /** Puts identity and database aside under this time; both are closed. */
  archive(at: number): Promise<void>
}

/** The folder on disk that `--data` names. */
export function dataFolder(path: string, random: Random): NodeFolder {
  return {
    path,
    openIdentity: () => openIdentity(path, random),
    openStorage: (onFailed) => openDatabase(join(path, 'node'), onFailed),
    async archive(at) {
      const archive = join(path, 'left', new Date(at).toISOString().replaceAll(':', '-'))
      await mkdir(archive, { recursive: true, mode: 0o700 })
      await rename(join(path, 'node'), join(archive, 'node'))
      await rename(join(path, 'identity.json'), join(archive, 'identity.json'))
    },
  }
}

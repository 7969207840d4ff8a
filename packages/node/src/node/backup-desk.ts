/**
 * The backup of this node: its identity, its database, its settings and its password, how its shop is reached, and the
 * shop itself where it runs inside. Sessions and tokens are left out, so that a copy lets nobody in, and so are alerts that were
 * waiting to be sent, and the journal of an observed shop, which would be older than the shop.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { backupFormat, isBackupFileName } from '../backup/backup-format.ts'
import { createBackup, type SourceDatabase, type SourceFile } from '../backup/backup-source.ts'
import type { Clock } from '../ports.ts'
import type { Shop } from '../shop/shop.ts'
import { prefixRange } from '../storage/key.ts'
import type { Storage } from '../storage/storage.ts'
import type { NodeHost } from './node-host.ts'
import { release } from './release.ts'

export interface BackupDeskParts {
  readonly directory: string
  readonly clock: Clock
  readonly name: () => string
  /** Error: 503 `node-restarting`. */
  readonly host: () => NodeHost
  readonly admin: { readonly storage: Storage; readonly table: number }
  /** null where the shop runs by itself. */
  readonly shop: () => Shop | null
}

export class BackupDesk {
  readonly #parts: BackupDeskParts

  constructor(parts: BackupDeskParts) {
    this.#parts = parts
  }

  /** The bytes of a backup, made as they are taken. Error: 503 `node-restarting`. */
  async open(): Promise<AsyncGenerator<Uint8Array>> {
    const { directory, clock, name, admin, shop } = this.#parts
    const host = this.#parts.host()
    const files = await readFiles(directory)
    const leftOut = ['session', 'token', 'alert'].map((prefix) => prefixRange(admin.table, prefix))
    const isSession = (key: Uint8Array): boolean => leftOut.some(({ gte, lt }) => isBetween(gte, key, lt))
    const databases: SourceDatabase[] = [
      { name: 'node', storage: host.storage, isLeftOut: () => false },
      { name: 'admin', storage: admin.storage, isLeftOut: isSession },
    ]
    const own = shop()
    if (own !== null) databases.push({ name: 'shop', storage: own.storage, isLeftOut: () => false })
    const head = { format: backupFormat, release, shopId: host.shopId, name: name(), at: clock.now() }
    return createBackup({ head, files, databases })
  }
}

async function readFiles(directory: string): Promise<readonly SourceFile[]> {
  const notes = await readdir(join(directory, 'connector'), { recursive: true }).catch(noneWhereAbsent)
  const names = ['connector.json', ...(notes ?? []).map((name) => `connector/${name}`)]
  const files: SourceFile[] = [{ name: 'identity.json', bytes: await readFile(join(directory, 'identity.json')) }]
  for (const name of names.filter(isBackupFileName)) {
    const bytes = await readFile(join(directory, name)).catch(noneWhereAbsent)
    if (bytes !== null) files.push({ name, bytes })
  }
  return files
}

/** Nothing was chosen or noted, or it has just gone. */
function noneWhereAbsent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
  throw error
}

function isBetween(from: Uint8Array, key: Uint8Array, below: Uint8Array): boolean {
  return Buffer.compare(from, key) <= 0 && Buffer.compare(key, below) < 0
}

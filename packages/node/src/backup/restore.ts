/**
 * Restores a node from a backup. The file is read twice: once to see that it is whole, and once to write what is in it,
 * so that nothing is written of a file that is not. A node that is restored is marked as such before it can be opened.
 */
import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { syncDirectory, writeDurably } from '../durable-file.ts'
import type { Clock } from '../ports.ts'
import { openDatabase } from '../storage/database.ts'
import { markRestored } from '../storage/restored-mark.ts'
import { put, type Storage } from '../storage/storage.ts'
import { BackupError, type BackupProgress, type BackupSize, readBackup } from './backup-file.ts'
import { type BackupFileName, type Block, type DatabaseName, databaseNames } from './backup-format.ts'
import { partOf, RestoreFolder } from './restore-folder.ts'

export interface RestoreParts {
  readonly file: string
  readonly directory: string
  readonly clock: Clock
  readonly onProgress: (
    progress: BackupProgress & { readonly step: 'checking' | 'writing'; readonly total: number },
  ) => void
}

export interface Restored extends BackupSize {
  readonly directory: string
  /** What was in the folder and stayed. */
  readonly kept: readonly string[]
  /** The shop inside the node came out of the backup too. */
  readonly shop: boolean
}

/** Errors: `BackupError`. After one the folder is as it was. */
export async function restoreBackup({ file, directory, clock, onProgress }: RestoreParts): Promise<Restored> {
  const target = resolve(directory)
  const seen = new Set<DatabaseName>()
  let hasIdentity = false
  const size = await readBackup(
    file,
    async (block) => {
      if (block.type === 'rows') seen.add(block.database)
      if (block.type === 'file' && block.name === 'identity.json') hasIdentity = true
    },
    (progress) => onProgress({ step: 'checking', total: 0, ...progress }),
  )
  if (!hasIdentity || !seen.has('node')) {
    throw new BackupError('backup-damaged', 'The backup is damaged: it holds no node. Use another copy of it.')
  }
  const folder = await RestoreFolder.open(target, size.head.shopId)
  try {
    const shop = seen.has('shop') && !folder.kept.has('shop')
    await using parts = new Parts(folder)
    await readBackup(
      file,
      (block) => parts.take(block),
      (progress) => onProgress({ step: 'writing', total: size.bytes, ...progress }),
    )
    const mark = { backupAt: size.head.at, restoredAt: clock.now(), shop }
    await (await parts.open('node')).write([markRestored(mark)])
    await parts[Symbol.asyncDispose]()
    await syncDirectory(folder.draft)
    await folder.finish()
    return { ...size, directory: target, kept: [...folder.kept], shop }
  } catch (error) {
    await folder.giveUp()
    throw error
  }
}

/** The databases of a folder that is being restored, each open from its first row on. */
class Parts implements AsyncDisposable {
  readonly #folder: RestoreFolder
  readonly #open = new Map<DatabaseName, Storage>()

  constructor(folder: RestoreFolder) {
    this.#folder = folder
  }

  async open(name: DatabaseName): Promise<Storage> {
    const storage = this.#open.get(name) ?? (await openDatabase(join(this.#folder.draft, name)))
    this.#open.set(name, storage)
    return storage
  }

  async take(block: Block): Promise<void> {
    if (block.type === 'file') {
      if (!this.#folder.kept.has(partOf(block.name))) await this.#writeFile(block.name, block.bytes)
    } else if (block.type === 'rows' && !this.#folder.kept.has(block.database)) {
      const storage = await this.open(block.database)
      await storage.write(block.rows.map(([key, value]) => put(key, value)))
    }
  }

  async #writeFile(name: BackupFileName, bytes: Uint8Array): Promise<void> {
    const { draft } = this.#folder
    const file = join(draft, name)
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeDurably(file, bytes)
    for (let folder = dirname(file); folder !== draft; folder = dirname(folder)) await syncDirectory(folder)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of databaseNames) {
      await this.#open.get(name)?.[Symbol.asyncDispose]()
      this.#open.delete(name)
    }
  }
}

/**
 * The audit of a stopped node. Opening a database writes to it, so what is opened is a second one made of the same files:
 * those that never change under a second name, the others copied, while nobody else can open the first.
 */
import { access, copyFile, link, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { AuditAnswer } from '@stockmesh/protocol'
import { databaseNames } from '../backup/backup-format.ts'
import { recordHashes } from '../record-hashes.ts'
import { openDatabase } from '../storage/database.ts'
import { holdDatabase } from '../storage/database-lock.ts'
import { auditNode, auditRows, type Audited } from './audit-node.ts'
import { Faults } from './faults.ts'

/** null: no node is there. Error: `database-locked` where one runs in the folder. */
export async function auditFolder(directory: string): Promise<AuditAnswer | null> {
  const faults = new Faults()
  let audited: Audited | null = null
  let rows = 0
  for (const name of databaseNames) {
    const database = join(directory, name)
    const isThere = await access(join(database, 'CURRENT')).then(
      () => true,
      () => false,
    )
    if (!isThere && name === 'node') return null
    if (!isThere) continue
    await using frozen = await freeze(database)
    await using storage = await openDatabase(frozen.directory).catch(() => null)
    await using snapshot = storage === null ? null : await storage.snapshot()
    if (snapshot === null) faults.add('database-unreadable', `The database "${name}" cannot be opened.`, {})
    else if (name === 'node') audited = await auditNode(snapshot, recordHashes, faults)
    else rows += await auditRows(snapshot, name, faults)
  }
  const { count, kept } = faults
  const { replicas, records, movements } = audited ?? { replicas: 0, records: 0, movements: 0 }
  const checked = { rows: rows + (audited?.rows ?? 0), replicas, records, movements, shopRows: 0 }
  return { ok: count === 0, running: false, checked, faultCount: count, faults: kept }
}

interface Frozen extends AsyncDisposable {
  readonly directory: string
}

/** Error: `database-locked`. */
async function freeze(database: string): Promise<Frozen> {
  const copy = await mkdtemp(join(dirname(database), 'verify-')).catch(() => null)
  const directory = copy ?? (await mkdtemp(join(tmpdir(), 'stockmesh-verify-')))
  const frozen = { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) }
  try {
    // In a folder that cannot be written to nobody opens the database meanwhile.
    if (copy === null) await copyFiles(database, directory)
    else await holdDatabase(database, () => copyFiles(database, directory))
    return frozen
  } catch (error) {
    await frozen[Symbol.asyncDispose]()
    throw error
  }
}

async function copyFiles(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) {
    if (name === 'LOCK') continue
    const [source, target] = [join(from, name), join(to, name)]
    const isLinked =
      /\.(ldb|sst)$/.test(name) &&
      (await link(source, target).then(
        () => true,
        () => false,
      ))
    if (!isLinked) await copyFile(source, target)
  }
}

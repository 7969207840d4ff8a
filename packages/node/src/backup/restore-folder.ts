/**
 * The folder that a backup is restored into. Everything is made in `DIR/restoring`, and while that is there no node
 * opens the folder; its going is what makes the folder a node's, so that one that was interrupted is begun anew.
 *
 *   empty -> restoring: made beside -> restoring: moved in, name by name -> a node's folder
 */
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory, writeDurably } from '../durable-file.ts'
import { holdDatabase } from '../storage/database-lock.ts'
import { BackupError } from './backup-file.ts'
import { type BackupFileName, type DatabaseName, databaseNames } from './backup-format.ts'

const identityName = 'identity.json'
/** What a restored node is made of: names in its folder. `connector` is what a connector keeps of its shop. */
type PartName = DatabaseName | 'identity.json' | 'connector.json' | 'connector'
const partNames: readonly PartName[] = [...databaseNames, identityName, 'connector.json', 'connector']

/** Of which part a file is. */
export function partOf(name: BackupFileName): PartName {
  return name === identityName || name === 'connector.json' ? name : 'connector'
}

const planName = 'plan.json'

/** Error: `restore-unfinished`. */
export async function assertNotRestoring(directory: string): Promise<void> {
  if (!(await exists(join(directory, 'restoring')))) return
  throw new BackupError(
    'restore-unfinished',
    `A restore into ${directory} was interrupted. Run "stockmesh restore" with the backup again, then start the node.`,
  )
}

export class RestoreFolder {
  /** Where the parts are made. */
  readonly draft: string
  /**
   * What was there before and stays: an identity that is the backup's; a shop, settings, and what a connector knows of its
   * shop, that are newer.
   */
  readonly kept: ReadonlySet<PartName>
  readonly #directory: string
  readonly #made: boolean

  /**
   * `shopId`: whose backup it is. Errors: `database-locked`, `data-folder-used`, `data-of-another-shop`,
   * `identity-damaged`, `folder-unusable`.
   */
  static async open(directory: string, shopId: string): Promise<RestoreFolder> {
    const made = !(await exists(directory))
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await clear(directory)
      const kept = new Set<PartName>()
      for (const name of partNames) if (await exists(join(directory, name))) kept.add(name)
      for (const name of databaseNames) {
        if (kept.has(name)) await holdDatabase(join(directory, name), () => Promise.resolve())
      }
      if (kept.has('node')) {
        throw new BackupError(
          'data-folder-used',
          `The folder ${directory} holds a node already. Choose an empty one with --data, or move ${join(directory, 'node')} aside first.`,
        )
      }
      if (kept.has(identityName)) await assertIdentity(directory, shopId)
      const draft = join(directory, 'restoring')
      await mkdir(draft, { mode: 0o700 })
      await writeDurably(join(draft, planName), JSON.stringify({ kept: [...kept] }))
      await syncDirectory(draft)
      await syncDirectory(directory)
      return new RestoreFolder(directory, draft, kept, made)
    } catch (error) {
      if (made) await rm(directory, { recursive: true, force: true })
      const { syscall } = error as NodeJS.ErrnoException
      throw syscall === undefined ? error : unusable(directory, error as NodeJS.ErrnoException)
    }
  }

  private constructor(directory: string, draft: string, kept: ReadonlySet<PartName>, made: boolean) {
    this.#directory = directory
    this.draft = draft
    this.kept = kept
    this.#made = made
  }

  /** The parts are whole and on disk: from here on the folder is a node's. */
  async finish(): Promise<void> {
    for (const name of partNames) {
      if (await exists(join(this.draft, name))) await rename(join(this.draft, name), join(this.#directory, name))
    }
    await syncDirectory(this.#directory)
    const done = join(this.#directory, 'restored')
    await rename(this.draft, done)
    await syncDirectory(this.#directory)
    await rm(done, { recursive: true, force: true })
  }

  /** Leaves the folder as it was. */
  async giveUp(): Promise<void> {
    await rm(this.draft, { recursive: true, force: true })
    if (this.#made) await rm(this.#directory, { recursive: true, force: true })
  }
}

/** Takes away what an interrupted restore left: all that was not there before it. */
async function clear(directory: string): Promise<void> {
  const draft = join(directory, 'restoring')
  if (!(await exists(draft))) return
  // Before the plan was on disk nothing was moved.
  const plan = await readFile(join(draft, planName), 'utf8').catch(() => null)
  if (plan !== null && plan !== '') {
    const { kept } = JSON.parse(plan) as { readonly kept: readonly string[] }
    for (const name of partNames) {
      if (!kept.includes(name)) await rm(join(directory, name), { recursive: true, force: true })
    }
    await syncDirectory(directory)
  }
  await rm(draft, { recursive: true, force: true })
  await syncDirectory(directory)
}

async function assertIdentity(directory: string, shopId: string): Promise<void> {
  const file = join(directory, identityName)
  const own = await readFile(file, 'utf8').then((text) => shopIdIn(text))
  if (own === shopId) return
  throw own === null
    ? new BackupError(
        'identity-damaged',
        `The identity of this shop in ${file} is damaged. Move it aside, then restore again.`,
      )
    : new BackupError(
        'data-of-another-shop',
        `The folder ${directory} belongs to another shop than the backup. Choose another with --data.`,
      )
}

function shopIdIn(text: string): string | null {
  try {
    const { shopId } = JSON.parse(text) as { readonly shopId?: unknown }
    return typeof shopId === 'string' ? shopId : null
  } catch {
    return null
  }
}

function unusable(directory: string, cause: NodeJS.ErrnoException): BackupError {
  return new BackupError(
    'folder-unusable',
    `The folder ${directory} cannot be used (${cause.code ?? 'unknown'}). Choose another with --data.`,
    { cause },
  )
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

/**
 * The folder of a node or shop. It holds keys and passwords, so it is made for its owner alone.
 */
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'

class FolderError extends Error {
  readonly code = 'folder-unusable'
}

/** The absolute path. Errors: `folder-unusable`. */
export async function openDataFolder(path: string): Promise<string> {
  const folder = resolve(path)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return folder
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new FolderError(`The folder ${folder} cannot be made (${why}). Choose another with --data.`, { cause: error })
  }
}

/**
 * `DIR/cli-token`: the bearer token of the command line beside the node. Only the owner of the folder may read it;
 * made once, then the same over restarts.
 */
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { adminTokenCharactersMin } from './limits.ts'
import { makeSecret } from './secret.ts'

/** The token in the folder, made if it is missing or cut short. */
export async function openCliToken(directory: string): Promise<string> {
  const path = cliTokenPath(directory)
  const token = await readCliToken(directory)
  if (token !== null) {
    await chmod(path, 0o600)
    return token
  }
  const made = makeSecret(32)
  await writeFile(path, `${made}\n`, { mode: 0o600 })
  await chmod(path, 0o600)
  return made
}

/** Null where there is none. */
export async function readCliToken(directory: string): Promise<string | null> {
  try {
    const token = (await readFile(cliTokenPath(directory), 'utf8')).trim()
    return token.length >= adminTokenCharactersMin ? token : null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function cliTokenPath(directory: string): string {
  return join(directory, 'cli-token')
}

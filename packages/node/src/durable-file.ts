/**
 * Files beside the databases that must be whole after a power cut: written anew, and on disk when the call resolves.
 * A name in a folder is on disk once the folder is.
 */
import { open } from 'node:fs/promises'

/** For its owner alone; fails where there is one already. */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

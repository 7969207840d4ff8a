/**
 * Files beside the databases that must be whole after a power cut: written anew, and on disk when the call resolves.
 * A name in a folder is on disk once the folder is.
 */
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

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

/** For its owner alone; the file is the old one or the new one at any time, never a part. */
export async function replaceDurably(file: string, content: string | Uint8Array): Promise<void> {
  const draft = `${file}.new`
  // Left over from a write that was broken off.
  await rm(draft, { force: true })
  await writeDurably(draft, content)
  await rename(draft, file)
  await syncDirectory(dirname(file))
}

export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Whether a process has a database open, asked without opening it, which would write to it: `level` locks the file
 * `LOCK` in its folder, so an empty database whose `LOCK` is a second name of that file meets the same lock.
 */
import { link, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Level } from 'level'
import { isLocked, lockedError } from './database.ts'

/** Runs `act` while nobody else can open the database. Error: `database-locked` where a process has it open. */
export async function holdDatabase<T>(directory: string, act: () => Promise<T>): Promise<T> {
  const beside = await mkdtemp(join(dirname(directory), 'lock-'))
  try {
    // A folder without the file has never been opened.
    const isLinked = await link(join(directory, 'LOCK'), join(beside, 'LOCK')).then(
      () => true,
      () => false,
    )
    if (!isLinked) return await act()
    const level = new Level(beside)
    try {
      await level.open()
    } catch (error) {
      if (isLocked(error)) throw lockedError(directory, error)
      throw error
    }
    try {
      return await act()
    } finally {
      await level.close()
    }
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

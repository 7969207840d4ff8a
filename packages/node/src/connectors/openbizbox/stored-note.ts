/** One note of the connector on disk: written whole, and durable when the call resolves. */
import { readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ZodType } from 'zod'
import { replaceDurably, syncDirectory } from '../../durable-file.ts'

export class StoredNote<T> {
  /** Null: the note is kept in memory, for a life that leaves nothing behind. */
  readonly #file: string | null
  #value: T | null

  private constructor(file: string | null, value: T | null) {
    this.#file = file
    this.#value = value
  }

  static async open<T>(file: string, schema: ZodType<T>): Promise<StoredNote<T>> {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    })
    return new StoredNote(file, text === null ? null : schema.parse(JSON.parse(text)))
  }

  static inMemory<T>(): StoredNote<T> {
    return new StoredNote<T>(null, null)
  }

  get value(): T | null {
    return this.#value
  }

  async set(value: T): Promise<void> {
    if (this.#file !== null) await replaceDurably(this.#file, JSON.stringify(value))
    this.#value = value
  }

  async clear(): Promise<void> {
    if (this.#file !== null) {
      await rm(this.#file, { force: true })
      await syncDirectory(dirname(this.#file))
    }
    this.#value = null
  }
}

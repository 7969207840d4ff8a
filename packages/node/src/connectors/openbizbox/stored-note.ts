/** One note of the connector on disk: written whole, and durable when the call resolves. */
import { readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ZodType } from 'zod'
import { syncDirectory, writeDurably } from '../../durable-file.ts'

export class StoredNote<T> {
  readonly #file: string
  #value: T | null

  private constructor(file: string, value: T | null) {
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

  get value(): T | null {
    return this.#value
  }

  async set(value: T): Promise<void> {
    const next = `${this.#file}.new`
    await rm(next, { force: true })
    await writeDurably(next, JSON.stringify(value))
    await rename(next, this.#file)
    await syncDirectory(dirname(this.#file))
    this.#value = value
  }

  async clear(): Promise<void> {
    await rm(this.#file, { force: true })
    await syncDirectory(dirname(this.#file))
    this.#value = null
  }
}

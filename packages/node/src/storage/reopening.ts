/**
 * A storage that is opened again after a failed write, for whoever calls next. It suits rows of which their readers
 * keep nothing in memory but what a write has acknowledged; what builds on a memory that may be ahead of the disk must
 * be loaded anew instead.
 */
import type { Entry, OnDamaged, Operation, Range, Storage } from './storage.ts'

export class ReopeningStorage implements Storage {
  readonly #open: () => Promise<Storage>
  /** Rejected while the last try to open failed. */
  #current: Promise<Storage>
  #closed = false

  /** Errors are those of `open`. */
  static async open(open: () => Promise<Storage>): Promise<ReopeningStorage> {
    return new ReopeningStorage(open, await open())
  }

  private constructor(open: () => Promise<Storage>, storage: Storage) {
    this.#open = open
    this.#current = Promise.resolve(storage)
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return await (await this.#opened()).get(key)
  }

  async *scan(range: Range): AsyncIterable<Entry> {
    yield* (await this.#opened()).scan(range)
  }

  async walk(range: Range, visit: (entry: Entry) => void, onDamaged?: OnDamaged): Promise<void> {
    await (await this.#opened()).walk(range, visit, onDamaged)
  }

  async write(operations: readonly Operation[]): Promise<void> {
    const storage = await this.#opened()
    const current = this.#current
    try {
      await storage.write(operations)
    } catch (error) {
      // Writers that shared the failed flush come here together; the first one replaces it.
      if (this.#current === current && !this.#closed) {
        this.#current = this.#replace(storage)
        // Whoever calls next hears of a failure, and tries again.
        this.#current.catch(() => undefined)
      }
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    // One that cannot be opened has nothing to close.
    const storage = await this.#current.catch(() => null)
    await storage?.[Symbol.asyncDispose]()
  }

  async #opened(): Promise<Storage> {
    const current = this.#current
    try {
      return await current
    } catch (error) {
      if (this.#closed) throw error
      if (this.#current === current) this.#current = this.#open()
      return await this.#current
    }
  }

  async #replace(failed: Storage): Promise<Storage> {
    await failed[Symbol.asyncDispose]()
    return await this.#open()
  }
}

/**
 * The storage port in RAM, for tests that restart what stands on it.
 */
import type { Entry, Operation, Range, Storage } from '../../packages/node/src/storage/storage.ts'

export class MemoryStorage implements Storage {
  readonly #rows = new Map<string, Uint8Array>()

  get size(): number {
    return this.#rows.size
  }

  /** Every value as text, to look for what must not be there. */
  get text(): string {
    return [...this.#rows.values()].map((value) => new TextDecoder().decode(value)).join('\n')
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#rows.get(Buffer.from(key).toString('hex'))
  }

  /** As it is now, to go on apart from this one. */
  copy(): MemoryStorage {
    const copy = new MemoryStorage()
    for (const [key, value] of this.#rows) copy.#rows.set(key, value)
    return copy
  }

  async *scan(range: Range): AsyncIterable<Entry> {
    const gte = Buffer.from(range.gte).toString('hex')
    const lt = Buffer.from(range.lt).toString('hex')
    const rows = [...this.#rows]
      .filter(([key]) => key >= gte && key < lt)
      .sort(([left], [right]) => (left < right ? -1 : 1) * (range.reverse === true ? -1 : 1))
    for (const [key, value] of rows.slice(0, range.limit)) yield [Buffer.from(key, 'hex'), value]
  }

  async walk(range: Range, visit: (entry: Entry) => void): Promise<void> {
    for await (const entry of this.scan(range)) visit(entry)
  }

  async write(operations: readonly Operation[]): Promise<void> {
    for (const operation of operations) {
      const key = Buffer.from(operation.key).toString('hex')
      if (operation.type === 'put') this.#rows.set(key, operation.value)
      else this.#rows.delete(key)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

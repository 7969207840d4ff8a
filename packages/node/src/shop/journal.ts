/**
 * The way of a transaction to the disk. RAM is ahead of the disk while batches wait for their flush; `settled` waits
 * for them, and `read` sees the values of batches that are not flushed yet. After a failed write nothing is accepted
 * any more: what the RAM says can no longer be trusted.
 */
import { ApiFailure } from '../http/node-api.ts'
import type { Random } from '../ports.ts'
import { type Operation, type Storage, StorageError } from '../storage/storage.ts'
import { decodeJson } from '../storage/json.ts'
import { FeedTail } from './feed-tail.ts'
import { tables } from './shop-table.ts'
import { readShopState, type ShopState } from './shop-state.ts'
import { Transaction } from './transaction.ts'

export interface JournalOptions {
  readonly storage: Storage
  readonly random: Random
  /** Called after a flush that put feed rows on disk. */
  readonly onAppended: () => void
  /** Called once, when a write has failed. */
  readonly onFailed: (error: unknown) => void
}

/** Errors: those of the storage. The storage belongs to the journal from here on. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  return new Journal(options, await readShopState(options.storage, options.random))
}

export class Journal implements AsyncDisposable {
  readonly storage: Storage
  readonly state: ShopState
  /** Rows in it may be ahead of the disk: read it up to `feedEnd`. */
  readonly feedTail: FeedTail = new FeedTail()
  readonly #options: JournalOptions
  readonly #unflushed = new Map<string, Uint8Array>()
  #feedEnd: number
  #lastWrite: Promise<void> = Promise.resolve()
  #failed = false

  constructor(options: JournalOptions, state: ShopState) {
    this.#options = options
    this.storage = options.storage
    this.state = state
    this.#feedEnd = state.sequence.feedEnd
  }

  /** The last feed id that is on disk. */
  get feedEnd(): number {
    return this.#feedEnd
  }

  get failed(): boolean {
    return this.#failed
  }

  /** Resolves when all that the RAM says now is on disk. Errors: 503 `shop-write-failed`. */
  async settled(): Promise<void> {
    if (this.#failed) throw writeFailed()
    await this.#lastWrite
  }

  /** A value as the last transaction left it. Nobody may write this key between the call and the use of the answer. */
  async read<T>(key: Uint8Array): Promise<T | null> {
    if (this.#failed) throw writeFailed()
    const value = this.#unflushed.get(textOf(key)) ?? (await this.storage.get(key))
    return value === undefined ? null : decodeJson<T>(value)
  }

  /**
   * Runs a transaction: all of it or, where `act` throws, nothing. Resolves when it is on disk.
   * Errors: those of `act`; 503 `shop-write-failed`.
   */
  async commit<T>(at: number, act: (transaction: Transaction) => T): Promise<T> {
    if (this.#failed) throw writeFailed()
    const transaction = new Transaction({ ...this.state, at, random: this.#options.random })
    let result: T
    try {
      result = act(transaction)
    } catch (error) {
      transaction.undo()
      throw error
    }
    const operations = transaction.operations()
    this.feedTail.append(transaction.feedRows)
    if (operations.length > 0) this.#write(operations)
    await this.#lastWrite
    return result
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lastWrite.catch(() => {})
    await this.storage[Symbol.asyncDispose]()
  }

  #write(operations: readonly Operation[]): void {
    const end = this.state.sequence.feedEnd
    const puts = operations.flatMap((operation) =>
      operation.type === 'put' && isReadBack(operation.key) ? [[textOf(operation.key), operation.value] as const] : [],
    )
    for (const [key, value] of puts) this.#unflushed.set(key, value)
    const write = this.storage.write(operations).then(
      () => {
        for (const [key, value] of puts) if (this.#unflushed.get(key) === value) this.#unflushed.delete(key)
        if (end === this.#feedEnd) return
        this.#feedEnd = end
        this.#options.onAppended()
      },
      (error: unknown) => {
        this.#fail(error)
        throw writeFailed(error)
      },
    )
    this.#lastWrite = write
  }

  #fail(error: unknown): void {
    if (this.#failed) return
    this.#failed = true
    const closing = error instanceof StorageError && error.code === 'database-closed'
    if (!closing) this.#options.onFailed(error)
  }
}

/** Products and stock rows are in RAM, and the feed is only read as far as it is on disk. */
function isReadBack([table]: Uint8Array): boolean {
  return table === tables.order || table === tables.operation || table === tables.receipt
}

function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1')
}

function writeFailed(cause?: unknown): ApiFailure {
  const failure = new ApiFailure(
    503,
    'shop-write-failed',
    'The shop cannot write to its disk. Try again with the same Idempotency-Key when there is space.',
  )
  failure.cause = cause
  return failure
}

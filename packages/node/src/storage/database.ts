/**
 * The storage port over `level`, with group commit: batches that arrive while one is being flushed share the next
 * flush. Values end in a CRC-32. A failed write closes the database for good: `level` has acknowledged writes after a
 * full disk that were gone at the next open, so only a fresh start may trust what is on disk.
 */
import { mkdir } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { Level } from 'level'
import { type Entry, type Operation, type Range, type Storage, StorageError } from './storage.ts'

type Waiter = { readonly operations: readonly Operation[]; resolve(): void; reject(error: unknown): void }

/** What one step of a scan reads ahead: enough that the steps cost little, in entries and in bytes. */
const scanEntries = 200
const scanBytes = 64 * 1024

/**
 * `onFailed` hears of the write that closes the database for good. Errors: `database-locked` (another process has it
 * open), `database-damaged`.
 */
export async function openDatabase(
  directory: string,
  onFailed: (error: StorageError) => void = () => undefined,
): Promise<Database> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const level = new Level<Uint8Array, Uint8Array>(directory, { keyEncoding: 'view', valueEncoding: 'view' })
  try {
    await level.open()
  } catch (error) {
    throw openingError(directory, error)
  }
  return new Database(level, directory, onFailed)
}

export class Database implements Storage {
  readonly #level: Level<Uint8Array, Uint8Array>
  readonly #directory: string
  readonly #onFailed: (error: StorageError) => void
  #waiting: Waiter[] = []
  #flushing: Promise<void> | null = null
  #failure: StorageError | null = null

  constructor(level: Level<Uint8Array, Uint8Array>, directory: string, onFailed: (error: StorageError) => void) {
    this.#level = level
    this.#directory = directory
    this.#onFailed = onFailed
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      const value = await this.#level.get(key)
      return value === undefined ? undefined : this.#unseal(value)
    } catch (error) {
      throw this.#readingError(error)
    }
  }

  async *scan(range: Range): AsyncIterable<Entry> {
    for await (const entries of this.#pages(range)) for (const entry of entries) yield this.#open(entry)
  }

  async walk(range: Range, visit: (entry: Entry) => void): Promise<void> {
    for await (const entries of this.#pages(range)) for (const entry of entries) visit(this.#open(entry))
  }

  write(operations: readonly Operation[]): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ operations, resolve, reject })
      this.#flushing ??= this.#flush()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#failure ??= new StorageError('database-closed', 'The database is closed.')
    await this.#flushing
    await this.#level.close()
  }

  async #flush(): Promise<void> {
    // One turn of the event loop lets everything that is ready now share the first flush as well.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        await this.#writeSynced(group)
        for (const waiter of group) waiter.resolve()
      } catch (error) {
        this.#failure ??= new StorageError('write-failed', `Writing to ${this.#directory} failed.`, { cause: error })
        for (const waiter of [...group, ...this.#waiting]) waiter.reject(this.#failure)
        this.#waiting = []
        this.#onFailed(this.#failure)
      }
    }
    this.#flushing = null
  }

  /** A chained batch costs a tenth of an array of operations, each of which `level` would copy. */
  async #writeSynced(group: readonly Waiter[]): Promise<void> {
    const batch = this.#level.batch()
    for (const { operations } of group) {
      for (const operation of operations) {
        if (operation.type === 'put') batch.put(operation.key, seal(operation.value))
        else batch.del(operation.key)
      }
    }
    await batch.write({ sync: true })
  }

  /** One entry at a time is what a short answer needs; a walk over a table would spend most of its time asking. */
  async *#pages(range: Range): AsyncIterable<readonly Entry[]> {
    const iterator = this.#level.iterator({ ...range, highWaterMarkBytes: scanBytes })
    try {
      for (;;) {
        const entries = await iterator.nextv(scanEntries)
        if (entries.length === 0) return
        yield entries
      }
    } catch (error) {
      throw this.#readingError(error)
    } finally {
      await iterator.close()
    }
  }

  #open([key, value]: Entry): Entry {
    return [plain(key), this.#unseal(value)]
  }

  #unseal(sealed: Uint8Array): Uint8Array {
    const value = sealed.subarray(0, -4)
    if (sealed.length < 4 || readUint32(sealed, sealed.length - 4) !== crc32(value)) {
      throw this.#damaged()
    }
    return plain(value)
  }

  /** `level` has checksums of its own, over blocks of rows. */
  #readingError(error: unknown): unknown {
    return (error as { code?: unknown } | null)?.code === 'LEVEL_CORRUPTION' ? this.#damaged(error) : error
  }

  #damaged(cause?: unknown): StorageError {
    return new StorageError(
      'database-damaged',
      `A row in ${this.#directory} is damaged. Restore the folder from a backup, or leave the network and join again.`,
      { cause },
    )
  }
}

/** `level` hands out Buffers; some libraries take nothing but a plain Uint8Array. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** The value with its checksum behind it, until the next is sealed: a chained batch copies what it is given. */
function seal(value: Uint8Array): Uint8Array {
  const { length } = value
  if (sealed.length < length + 4) sealed = new Uint8Array(2 * length + 4)
  sealed.set(value)
  const sum = crc32(value)
  for (let byte = 0; byte < 4; byte += 1) sealed[length + byte] = sum >>> (24 - 8 * byte)
  return sealed.subarray(0, length + 4)
}

let sealed = new Uint8Array(4_096)

function readUint32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset)
}

function openingError(directory: string, error: unknown): StorageError {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause
  if (cause?.code === 'LEVEL_LOCKED') {
    return new StorageError(
      'database-locked',
      `Another Stockmesh process uses ${directory}. Stop it, or choose another folder with --data.`,
      { cause: error },
    )
  }
  return new StorageError(
    'database-damaged',
    `The database in ${directory} cannot be opened: ${cause?.message ?? String(error)}. Restore the folder from a backup.`,
    { cause: error },
  )
}

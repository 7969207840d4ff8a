/**
 * The storage port over `level`, with group commit: batches that arrive while one is being flushed share the next
 * flush. Values end in a CRC-32. A failed write closes the database for good: `level` has acknowledged writes after a
 * full disk that were gone at the next open, so only a fresh start may trust what is on disk.
 */
import { mkdir } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { Level } from 'level'
import {
  type Entry,
  type OnDamaged,
  type Operation,
  type Range,
  type Snapshot,
  type SnapshotStorage,
  StorageError,
} from './storage.ts'

type Waiter = { readonly operations: readonly Operation[]; resolve(): void; reject(error: unknown): void }

/** Nothing: as it stands when the reading begins. */
type Moment = { readonly snapshot?: ReturnType<Level<Uint8Array, Uint8Array>['snapshot']> }

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

export class Database implements SnapshotStorage {
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
    return await this.#get(key, {})
  }

  scan(range: Range): AsyncIterable<Entry> {
    return this.#scan(range, {})
  }

  async walk(range: Range, visit: (entry: Entry) => void, onDamaged?: OnDamaged): Promise<void> {
    await this.#walk(range, {}, visit, onDamaged ?? null)
  }

  snapshot(): Promise<Snapshot> {
    const moment = { snapshot: this.#level.snapshot() }
    return Promise.resolve({
      get: (key) => this.#get(key, moment),
      scan: (range) => this.#scan(range, moment),
      walk: (range, visit, onDamaged) => this.#walk(range, moment, visit, onDamaged ?? null),
      [Symbol.asyncDispose]: () => moment.snapshot.close(),
    })
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
  async *#pages(range: Range, moment: Moment, count: number = scanEntries): AsyncIterable<readonly Entry[]> {
    const iterator = this.#level.iterator({ ...range, ...moment, highWaterMarkBytes: scanBytes })
    try {
      for (;;) {
        const entries = await iterator.nextv(count)
        if (entries.length === 0) return
        yield entries
      }
    } catch (error) {
      throw this.#readingError(error)
    } finally {
      await iterator.close()
    }
  }

  async #get(key: Uint8Array, moment: Moment): Promise<Uint8Array | undefined> {
    try {
      const value = await this.#level.get(key, moment)
      return value === undefined ? undefined : this.#unseal(value)
    } catch (error) {
      throw this.#readingError(error)
    }
  }

  async *#scan(range: Range, moment: Moment): AsyncIterable<Entry> {
    for await (const entries of this.#pages(range, moment)) for (const entry of entries) yield this.#open(entry)
  }

  async #walk(range: Range, moment: Moment, visit: (entry: Entry) => void, onDamaged: OnDamaged | null): Promise<void> {
    const passed: { key: Uint8Array | null } = { key: null }
    const take = ([key, sealed]: Entry): void => {
      passed.key = key
      if (isWhole(sealed)) visit([plain(key), payloadOf(sealed)])
      else if (onDamaged === null) throw this.#damaged()
      else onDamaged(plain(key).slice())
    }
    try {
      for await (const entries of this.#pages(range, moment)) for (const entry of entries) take(entry)
    } catch (error) {
      if (onDamaged === null || !isDamage(error)) throw error
      onDamaged(null)
      const left = passed.key === null ? range : { ...range, gte: after(passed.key) }
      // `level` tells of a torn block when it has passed it, and then gives nothing of what it had read ahead.
      try {
        for await (const entries of this.#pages(left, moment, 1)) for (const entry of entries) take(entry)
      } catch (again) {
        if (!isDamage(again)) throw again
      }
    }
  }

  #open([key, value]: Entry): Entry {
    return [plain(key), this.#unseal(value)]
  }

  #unseal(sealed: Uint8Array): Uint8Array {
    if (!isWhole(sealed)) throw this.#damaged()
    return payloadOf(sealed)
  }

  /** What `level` cannot read of its files; a place in them that is wrong may also lead behind their end. */
  #readingError(error: unknown): unknown {
    const code = (error as { code?: unknown } | null)?.code
    return code === 'LEVEL_CORRUPTION' || code === 'LEVEL_IO_ERROR' ? this.#damaged(error) : error
  }

  #damaged(cause?: unknown): StorageError {
    return new StorageError(
      'database-damaged',
      `A row in ${this.#directory} is damaged. Restore the folder from a backup, or leave the network and join again.`,
      { cause },
    )
  }
}

function isWhole(sealed: Uint8Array): boolean {
  return sealed.length >= 4 && readUint32(sealed, sealed.length - 4) === crc32(sealed.subarray(0, -4))
}

/** Without its checksum. */
function payloadOf(sealed: Uint8Array): Uint8Array {
  return plain(sealed.subarray(0, -4))
}

function isDamage(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'database-damaged'
}

/** The smallest key after this one. */
function after(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1)
  next.set(key)
  return next
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

/** Whether `level` could not open a database because a process has it open. */
export function isLocked(error: unknown): boolean {
  return (error as { cause?: { code?: string } } | null)?.cause?.code === 'LEVEL_LOCKED'
}

export function lockedError(directory: string, cause: unknown): StorageError {
  return new StorageError(
    'database-locked',
    `Another Stockmesh process uses ${directory}. Stop it, or choose another folder with --data.`,
    { cause },
  )
}

function openingError(directory: string, error: unknown): StorageError {
  if (isLocked(error)) return lockedError(directory, error)
  const { cause } = error as { cause?: { message?: string } }
  return new StorageError(
    'database-damaged',
    `The database in ${directory} cannot be opened: ${cause?.message ?? String(error)}. Restore the folder from a backup.`,
    { cause: error },
  )
}

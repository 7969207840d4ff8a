/**
 * The storage port: a sorted map of bytes with durable, atomic batches. Everything that the node must not lose goes
 * through `write`, which resolves only when the batch is on disk; it may share its flush with other batches, which
 * are applied in the order of the calls.
 */

export type Operation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array }

export interface Range {
  readonly gte: Uint8Array
  readonly lt: Uint8Array
  readonly reverse?: boolean
  readonly limit?: number
}

export type Entry = readonly [key: Uint8Array, value: Uint8Array]

/** Hears of rows that are damaged: by their key, or null for rows that are gone with it. */
export type OnDamaged = (key: Uint8Array | null) => void

/** What is read: as it stands by now or, of a snapshot, as it stood. */
export interface Snapshot extends AsyncDisposable {
  get(key: Uint8Array): Promise<Uint8Array | undefined>
  /** Entries in key order (or reversed), as they stood when the scan began. */
  scan(range: Range): AsyncIterable<Entry>
  /**
   * As `scan`, for whole tables: each entry is handed over without a promise of its own. With `onDamaged` a row that is
   * damaged is left out instead of ending the walk.
   */
  walk(range: Range, visit: (entry: Entry) => void, onDamaged?: OnDamaged): Promise<void>
}

export interface Storage extends Snapshot {
  /** All of it or nothing, durable when it resolves. After a failure nothing more is accepted. */
  write(operations: readonly Operation[]): Promise<void>
}

/** A storage of which all that is there now can be read while other things are written. */
export interface SnapshotStorage extends Storage {
  snapshot(): Promise<Snapshot>
}

/** Errors: `database-locked`, `database-damaged`, `database-closed`, `write-failed`. */
export class StorageError extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StorageError'
    this.code = code
  }
}

export function put(key: Uint8Array, value: Uint8Array): Operation {
  return { type: 'put', key, value }
}

export function del(key: Uint8Array): Operation {
  return { type: 'del', key }
}

/**
 * A shop's own database: transactions and nothing else. One that the database broke off because another was in its way
 * is made again from its beginning; whatever else goes wrong is a `ConnectorError` with what to do.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { ConnectorError } from '../connector.ts'
import type { Dialect } from './dialect.ts'
import { attemptsMax, retryPauseMs } from './limits.ts'

export type SqlValue = string | number | null
export type SqlRow = Readonly<Record<string, unknown>>

export interface Session {
  /** `?` stands for each value. Answers the rows; none for a statement that has none. */
  query(text: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>
}

export type Isolation = 'read committed' | 'repeatable read'

export interface Database extends AsyncDisposable {
  readonly dialect: Dialect
  /** Its name and version, as it says itself. */
  release(): Promise<string>
  /** SQL that tells one database from every other, and from its copies. */
  readonly identity: string
  /** Errors: `ConnectorError`; what `run` throws is handed back as it is, and nothing of the transaction stays. */
  transaction<T>(isolation: Isolation, run: (session: Session) => Promise<T>): Promise<T>
}

/** What a driver's error means. */
export type Meaning =
  | 'again'
  | 'unreachable'
  | 'rejected'
  | 'not-installed'
  | 'user-unknown'
  | 'out-of-range'
  | 'id-invalid'
  | 'other'

/** Runs a whole transaction until nothing was in its way. Made by each driver around one attempt. */
export async function withRetries<T>(meaningOf: (error: unknown) => Meaning, attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (error instanceof RolledBack) return error.value as T
      if (error instanceof ConnectorError || error instanceof TypeError || error instanceof RangeError) throw error
      const meaning = meaningOf(error)
      if (meaning !== 'again' || attempts >= attemptsMax) throw failureOf(meaning, error)
    }
    // The same two would meet again at once.
    await pause(retryPauseMs * attempts)
  }
}

/** Thrown in a transaction: nothing of it stays, and the value is its answer, which `T` must be. */
export class RolledBack<T> extends Error {
  readonly value: T
  constructor(value: T) {
    super('rolled back on purpose')
    this.value = value
  }
}

/** A value that does not fit its column: the connector's own code decides what it means. */
export class ValueRefused extends Error {
  readonly meaning: 'out-of-range' | 'id-invalid'
  constructor(meaning: 'out-of-range' | 'id-invalid', cause: unknown) {
    super('the database does not take the value', { cause })
    this.meaning = meaning
  }
}

function failureOf(meaning: Meaning, error: unknown): Error {
  const cause = { cause: error }
  switch (meaning) {
    case 'again':
      return new ConnectorError('shop-error', 'The database was too busy with the same rows. It is asked again.', cause)
    case 'unreachable':
      return new ConnectorError(
        'shop-unreachable',
        'The database does not answer. Check that it runs, and its address.',
        cause,
      )
    case 'rejected':
      return new ConnectorError(
        'key-rejected',
        'The database does not let this user in, or not do this. Check user, password and grants.',
        cause,
      )
    case 'not-installed':
      return notInstalled(cause)
    case 'user-unknown':
      return new ConnectorError(
        'database-user-unknown',
        'The database has no such user. Make the user first, or correct the name: with MariaDB and MySQL the host belongs to it, as in stockmesh_node@localhost.',
        cause,
      )
    case 'out-of-range':
    case 'id-invalid':
      return new ValueRefused(meaning, error)
    case 'other': {
      const why = error instanceof Error ? error.message : String(error)
      return new ConnectorError('shop-error', `The database answers with an error: ${why}`, cause)
    }
  }
}

export function notInstalled(options?: ErrorOptions): ConnectorError {
  return new ConnectorError(
    'not-this-platform',
    'A table or column is missing: correct the mapping, or run "stockmesh sql install" in this database.',
    options,
  )
}

/** A number that a driver hands over as text or as a number. */
export function integer(value: unknown): number {
  const number = Number(value)
  if (value === null || !Number.isSafeInteger(number)) {
    throw new ConnectorError('shop-answer-invalid', 'A table of Stockmesh holds something else than Stockmesh wrote.')
  }
  return number
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null
}

export function text(value: unknown): string {
  const found = textOrNull(value)
  if (found === null) {
    throw new ConnectorError('shop-answer-invalid', 'A table of Stockmesh holds something else than Stockmesh wrote.')
  }
  return found
}

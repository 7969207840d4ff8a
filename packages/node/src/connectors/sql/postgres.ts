/** PostgreSQL through `pg`. Every value comes as text, so that no number loses a digit on its way. */
import pg from 'pg'
import type { Database, Isolation, Meaning, Session } from './database.ts'
import { textOrNull, withRetries } from './database.ts'
import { postgresDialect } from './dialect.ts'
import { connectMsMax, connectionsMax, lockMsMax, statementMsMax } from './limits.ts'
import type { Server } from './settings.ts'

const identity = `(SELECT system_identifier::text FROM pg_control_system()) || '/' ||
  (SELECT oid::text FROM pg_database WHERE datname = current_database())`

export function openPostgres(server: Server): Database {
  const pool = new pg.Pool({
    host: server.socket ?? server.host,
    port: server.port ?? 5432,
    user: server.user,
    ...(server.password === null ? {} : { password: server.password }),
    database: server.database,
    ssl: server.socket === null ? (server.tls ?? false) : false,
    max: connectionsMax,
    connectionTimeoutMillis: connectMsMax,
    statement_timeout: statementMsMax,
    lock_timeout: lockMsMax,
    query_timeout: 2 * statementMsMax,
    idle_in_transaction_session_timeout: 2 * statementMsMax,
    application_name: 'stockmesh',
    keepAlive: true,
    types: { getTypeParser: () => (value: unknown) => value },
  })
  // A connection that breaks while it waits in the pool is replaced at the next call.
  pool.on('error', () => undefined)
  const transaction = <T>(isolation: Isolation, run: (session: Session) => Promise<T>): Promise<T> =>
    withRetries(meaningOf, () => attempt(pool, isolation, run))
  return {
    dialect: postgresDialect,
    identity,
    transaction,
    async release() {
      const [row] = await transaction('read committed', (session) => session.query('SHOW server_version'))
      return `PostgreSQL ${textOrNull(row?.['server_version']) ?? ''}`.trim()
    },
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

async function attempt<T>(pool: pg.Pool, isolation: Isolation, run: (session: Session) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let isWhole = false
  try {
    await client.query(`BEGIN ISOLATION LEVEL ${isolation.toUpperCase()}`)
    const result = await run({
      async query(text, values = []) {
        let place = 0
        const numbered = text.replaceAll('?', () => `$${(place += 1)}`)
        return (await client.query<Record<string, unknown>>(numbered, [...values])).rows
      },
    })
    await client.query('COMMIT')
    isWhole = true
    return result
  } finally {
    // One that cannot roll back is closed, and the database rolls back by itself.
    if (!isWhole)
      isWhole = await client.query('ROLLBACK').then(
        () => true,
        () => false,
      )
    client.release(!isWhole)
  }
}

function meaningOf(error: unknown): Meaning {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case '40001':
    case '40P01':
    // Another made the same operation at this moment: at the next look it is there.
    case '23505':
    case '55P03':
      return 'again'
    case '28000':
    case '28P01':
    case '42501':
      return 'rejected'
    case '3D000':
    case '42P01':
    case '42703':
    case '3F000':
      return 'not-installed'
    // Only grants name what such a message is about: a role.
    case '42704':
      return 'user-unknown'
    case '22003':
    case '23514':
      return 'out-of-range'
    case '22P02':
      return 'id-invalid'
    default:
      // What has no code of the database's is about the line to it: refused, reset, timed out, closed.
      return /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P)/.test(code) ? 'other' : 'unreachable'
  }
}

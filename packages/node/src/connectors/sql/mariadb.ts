/** MariaDB and MySQL through `mysql2`, in a strict mode of our own: a number that does not fit is refused, not clipped. */
import mysql, { type Pool, type PoolConnection, type RowDataPacket } from 'mysql2/promise'
import type { Database, Isolation, Meaning, Session, SqlRow } from './database.ts'
import { textOrNull, withRetries } from './database.ts'
import { mariadbDialect } from './dialect.ts'
import { connectMsMax, connectionsMax, lockMsMax, statementMsMax } from './limits.ts'
import type { Server } from './settings.ts'

/**
 * Values are quoted by the client, which is safe in this mode: no backslash has lost its meaning in it. A user who is
 * granted something and is not there must not be made, without a password and for every host; MySQL 8 makes none and
 * does not know the word.
 */
const makesNoUsers = "IF(VERSION() LIKE '%MariaDB%' OR VERSION() LIKE '5.%', ',NO_AUTO_CREATE_USER', '')"
const sessionMode = `SET SESSION sql_mode = CONCAT('STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', ${makesNoUsers}), SESSION time_zone = '+00:00'`

export async function openMariadb(server: Server): Promise<Database> {
  const pool = mysql.createPool({
    ...(server.socket === null ? { host: server.host, port: server.port ?? 3306 } : { socketPath: server.socket }),
    user: server.user,
    ...(server.password === null ? {} : { password: server.password }),
    database: server.database,
    ...(server.socket === null && server.tls !== null ? { ssl: server.tls } : {}),
    connectionLimit: connectionsMax,
    connectTimeout: connectMsMax,
    charset: 'utf8mb4_bin',
    supportBigNumbers: true,
    bigNumberStrings: true,
    enableKeepAlive: true,
  })
  const prepared = new WeakSet<object>()
  const transaction = <T>(isolation: Isolation, run: (session: Session) => Promise<T>): Promise<T> =>
    withRetries(meaningOf, () => attempt(pool, prepared, isolation, run))
  try {
    const names = await transaction('read committed', (session) =>
      session.query("SHOW VARIABLES WHERE Variable_name IN ('server_uuid', 'server_uid')"),
    )
    const name = names
      .map((row) => String(row['Variable_name']))
      .toSorted()
      .at(-1)
    // Old releases have no number of their own.
    const serverId = name === undefined ? "CONCAT(@@hostname, ':', @@port, @@datadir)" : `@@${name}`
    return {
      dialect: mariadbDialect,
      identity: `CONCAT(${serverId}, '/', DATABASE())`,
      transaction,
      async release() {
        const [row] = await transaction('read committed', (session) => session.query('SELECT VERSION() AS version'))
        const version = textOrNull(row?.['version']) ?? ''
        return version.includes('MariaDB') ? `MariaDB ${version}` : `MySQL ${version}`
      },
      [Symbol.asyncDispose]: () => pool.end(),
    }
  } catch (error) {
    await pool.end()
    throw error
  }
}

async function attempt<T>(
  pool: Pool,
  prepared: WeakSet<object>,
  isolation: Isolation,
  run: (session: Session) => Promise<T>,
): Promise<T> {
  const connection = await pool.getConnection()
  let isWhole = false
  try {
    if (!prepared.has(connection.connection)) {
      await connection.query(sessionMode)
      await connection.query(`SET SESSION innodb_lock_wait_timeout = ${Math.ceil(lockMsMax / 1_000)}`)
      prepared.add(connection.connection)
    }
    await connection.query(`SET TRANSACTION ISOLATION LEVEL ${isolation.toUpperCase()}`)
    await connection.query('START TRANSACTION')
    const result = await run({ query: (sql, values = []) => ask(connection, sql, values) })
    await connection.query('COMMIT')
    isWhole = true
    return result
  } finally {
    if (!isWhole)
      isWhole = await connection.query('ROLLBACK').then(
        () => true,
        () => false,
      )
    if (isWhole) connection.release()
    else connection.destroy()
  }
}

async function ask(
  connection: PoolConnection,
  sql: string,
  values: readonly (string | number | null)[],
): Promise<readonly SqlRow[]> {
  const [rows] = await connection.query<RowDataPacket[]>({ sql, values: [...values], timeout: statementMsMax })
  return Array.isArray(rows) ? rows : []
}

function meaningOf(error: unknown): Meaning {
  const number = error instanceof Error && 'errno' in error ? Number(error.errno) : Number.NaN
  switch (number) {
    case 1205:
    case 1213:
    case 1020:
    // Another made the same operation at this moment: at the next look it is there.
    case 1062:
      return 'again'
    case 1044:
    case 1045:
    case 1142:
    case 1143:
    case 1227:
    case 1370:
    case 1698:
      return 'rejected'
    case 1049:
    case 1054:
    case 1146:
      return 'not-installed'
    case 1133:
    case 1410:
      return 'user-unknown'
    case 1264:
    case 1690:
    case 3819:
    case 4025:
      return 'out-of-range'
    case 1292:
    case 1366:
      return 'id-invalid'
    default:
      return number >= 1_000 && number < 5_000 && ![1040, 1053, 1927].includes(number) ? 'other' : 'unreachable'
  }
}

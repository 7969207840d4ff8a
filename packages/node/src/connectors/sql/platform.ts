/**
 * A shop with a database of its own as a platform. What `stockmesh sql install` makes in the database has to be there
 * first; the trial changes one stock number and takes it back in the same transaction.
 */
import { randomBytes } from 'node:crypto'
import { ConnectorError } from '../connector.ts'
import type { Platform, PlatformTrial } from '../platform.ts'
import { rehearse } from './adjustments.ts'
import { assertInstalledFor, readState } from './books.ts'
import { type Database, textOrNull } from './database.ts'
import { openMariadb } from './mariadb.ts'
import { openPostgres } from './postgres.ts'
import { type Server, settings, type SqlSettings } from './settings.ts'
import { readShopTable } from './shop-table.ts'
import { SqlConnector } from './sql-connector.ts'

export async function openDatabase(server: Server): Promise<Database> {
  return server.family === 'postgres' ? openPostgres(server) : await openMariadb(server)
}

export const sqlPlatform: Platform<SqlSettings> = {
  name: 'sql',
  fields: [
    secret('url', 'Address of the database: postgres://user:password@host/database, or mariadb:// and the same.'),
    field('table', 'Table with one row for each stock number, such as products or shop.variants.', true),
    field('idColumn', 'Its primary key.', true),
    field('skuColumn', 'Column of the model or SKU.', true),
    field('stockColumn', 'Column of the units that can be sold; null is not tracked.', true),
    field('nameColumn', 'Column of the name.'),
    field('parentColumn', 'Column of the product that a row is a variant of.'),
    field('where', 'Which rows are goods: such as "deleted = 0 and removed_at is null".'),
    tuning('tls', 'on, off, or unverified; without it on, but off to this machine.'),
    tuning('caFile', 'File of the certificate authority of the database.'),
    tuning('shopUrl', 'Address of the shop for people.'),
  ],
  schema: settings,
  async test({ server, mapping }, signal): Promise<PlatformTrial> {
    await using database = await openDatabase(server)
    signal.throwIfAborted()
    const table = await readShopTable(database, mapping)
    const warnings: string[] = []
    if (server.tls?.rejectUnauthorized === false) warnings.push('The certificate of the database is not checked.')
    await database.transaction('read committed', async (session) => {
      await readState(session, database, false)
      await assertInstalledFor(table.mapping, session, database.dialect)
    })
    const rows = await database.transaction('read committed', (session) =>
      session.query(`SELECT ${table.facts} FROM ${table.name} WHERE ${table.where} LIMIT 1`),
    )
    const [row] = rows
    const stock = Number(row?.['stock'] ?? Number.NaN)
    return {
      release: await database.release(),
      promise: 'exact',
      mayWrite: (await mayWrite(database, table, warnings)) ?? 'unknown',
      sample:
        row === undefined
          ? null
          : {
              sku: textOrNull(row['sku']),
              name: textOrNull(row['name']) ?? '',
              stock: Number.isFinite(stock) ? stock : null,
            },
      locations: [],
      warnings,
    }
  },
  async open({ server, mapping, shopUrl }, { clock, timers, random }) {
    const database = await openDatabase(server)
    try {
      const table = await readShopTable(database, mapping)
      return new SqlConnector({ database, table, shopUrl, clock, timers, random })
    } catch (error) {
      await database[Symbol.asyncDispose]()
      throw error
    }
  },
}

/** Null: there is no row to try it with. */
async function mayWrite(
  database: Database,
  table: Awaited<ReturnType<typeof readShopTable>>,
  warnings: string[],
): Promise<boolean | null> {
  try {
    return (await rehearse(database, table, randomBytes(16).toString('hex'))) ? true : null
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    warnings.push(error.message)
    return false
  }
}

function field(name: string, help: string, isRequired = false): Platform['fields'][number] {
  return { name, help, isSecret: false, isRequired }
}

/** It says nothing about which shop this is. */
function tuning(name: string, help: string): Platform['fields'][number] {
  return { ...field(name, help), isTuning: true }
}

function secret(name: string, help: string): Platform['fields'][number] {
  return { name, help, isSecret: true, isRequired: true }
}

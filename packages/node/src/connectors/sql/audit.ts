/**
 * Compares the shop's table with what the feed has told of it, in one view of the database: what the triggers could not
 * tell, such as a cascade or a TRUNCATE in MariaDB, is told now, and a new epoch begins with what is there.
 */
import type { Clock, Random } from '../../ports.ts'
import { Books, readState, type State } from './books.ts'
import { type Database, integer, type Session, text, textOrNull } from './database.ts'
import { auditPageRows } from './limits.ts'
import { goneChange, takeChanges } from './numbering.ts'
import type { ShopTable } from './shop-table.ts'

interface Parts {
  readonly database: Database
  readonly table: ShopTable
  readonly clock: Clock
  readonly random: Random
}

/**
 * Runs the whole comparison in one transaction, then `finish` in the same. Silent: the feed does not tell of what was
 * found, since a new epoch begins after it.
 */
export async function audit<T>(
  parts: Parts,
  isSilent: boolean,
  finish: (session: Session, books: Books, state: State) => Promise<T>,
): Promise<T> {
  const { database, random } = parts
  return await database.transaction('repeatable read', async (session) => {
    const state = await readState(session, database, true)
    const books = new Books(session, database.dialect, random, state.position)
    // The table is as it is after every change that is visible, so all of them are taken first.
    while ((await takeChanges(session, database, books, isSilent)) > 0) await books.write()
    const rows = await compareRows(session, parts, books, isSilent)
    await compareGone(session, parts, books, { rows, isSilent })
    const result = await finish(session, books, state)
    await books.write()
    return result
  })
}

async function compareRows(
  session: Session,
  { table, clock }: Parts,
  books: Books,
  isSilent: boolean,
): Promise<number> {
  let after: string | null = null
  let count = 0
  for (;;) {
    const more: string = after === null ? '' : ` AND ${table.id} > ${table.idValue}`
    const page = await session.query(
      `SELECT ${table.facts} FROM ${table.name} WHERE ${table.where}${more} ORDER BY ${table.id} LIMIT ${auditPageRows}`,
      after === null ? [] : [after],
    )
    await books.load(
      page.map((row) => text(row['row_id'])),
      page.map((row) => textOrNull(row['sku'])),
    )
    for (const row of page) {
      const rowId = text(row['row_id'])
      const action = books.known(rowId) === null ? 'came' : 'changed'
      const said = { opId: null, cause: 'manual', reference: null, at: clock.now() }
      const [sku, name, parent] = [textOrNull(row['sku']), textOrNull(row['name']), textOrNull(row['parent'])]
      books.apply({ action, rowId, sku, name, parent, stock: textOrNull(row['stock']), ...said }, isSilent)
      after = rowId
    }
    await books.write()
    count += page.length
    if (page.length < auditPageRows) return count
  }
}

async function compareGone(
  session: Session,
  { database, table, clock }: Parts,
  books: Books,
  { rows, isSilent }: { rows: number; isSilent: boolean },
): Promise<void> {
  const { dialect } = database
  const stockRows = dialect.own('stock_row')
  const [counted] = await session.query(`SELECT COUNT(*) AS total FROM ${stockRows}`)
  // Every row that is there is known by now: where the counts are the same, none is gone.
  if (integer(counted?.['total'] ?? null) === rows) return
  const id = dialect.text(table.id)
  const gone = await session.query(
    dialect.family === 'postgres'
      ? `SELECT row_id FROM ${stockRows} s WHERE NOT EXISTS
          (SELECT 1 FROM ${table.name} WHERE ${table.where} AND ${id} = s.row_id)`
      : `SELECT row_id FROM ${stockRows} WHERE row_id NOT IN (SELECT ${id} FROM ${table.name} WHERE ${table.where})`,
  )
  const rowIds = gone.map((row) => text(row['row_id']))
  await books.load(rowIds, [])
  for (const rowId of rowIds) books.apply(goneChange(rowId, clock.now()), isSilent)
  await books.write()
}

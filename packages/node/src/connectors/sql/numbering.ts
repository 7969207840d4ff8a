/**
 * Turns what the triggers noted into feed rows with dense ids. A shop's transactions commit in any order and never wait
 * for each other here: whatever is visible is numbered next, by one reader at a time. Of one row the noted order is the
 * order of its commits, since whoever changes it holds its lock until then.
 */
import type { Random } from '../../ports.ts'
import { Books, marks, readState } from './books.ts'
import { type Database, integer, type Session, type SqlRow, text, textOrNull } from './database.ts'
import type { Dialect } from './dialect.ts'
import type { Change } from './fold-change.ts'
import { changesPerTransaction } from './limits.ts'

/** Numbers everything that is visible now. */
export async function numberChanges(database: Database, random: Random, signal: AbortSignal): Promise<void> {
  let isMore = true
  while (isMore) {
    signal.throwIfAborted()
    isMore = await database.transaction('read committed', async (session) => {
      const { position, epoch } = await readState(session, database, true)
      const books = new Books(session, database.dialect, random, position)
      const count = await takeChanges(session, database, books, epoch === null)
      await books.write()
      return count === changesPerTransaction
    })
  }
}

/** Takes the next noted changes over into the books, which the caller writes; answers how many there were. */
export async function takeChanges(
  session: Session,
  { dialect }: Database,
  books: Books,
  isSilent: boolean,
): Promise<number> {
  const { own } = dialect
  const noted = await session.query(
    `SELECT ${dialect.outboxKey} AS mark, action, row_id, sku, name, parent, stock, op, cause, reference, at_ms FROM ${own('outbox')}
      ORDER BY id LIMIT ${changesPerTransaction}`,
  )
  if (noted.length === 0) return 0
  await books.load(
    noted.map((row) => textOrNull(row['row_id']) ?? ''),
    noted.map((row) => textOrNull(row['sku'])),
  )
  for (const row of noted) {
    if (row['action'] === 'emptied') await emptyTable(session, own('stock_row'), books, integer(row['at_ms']), isSilent)
    else await applyNoted(session, own('applied'), books, row, isSilent)
  }
  await deleteNoted(session, dialect, noted)
  return noted.length
}

async function deleteNoted(
  session: Session,
  { family, own, outboxKey }: Dialect,
  noted: readonly SqlRow[],
): Promise<void> {
  const outbox = own('outbox')
  if (family === 'postgres') {
    const keys = noted.map((row) => text(row['mark']))
    await session.query(`DELETE FROM ${outbox} WHERE ${outboxKey} IN (${marks(keys.length)})`, keys)
    return
  }
  // For several keys MariaDB may scan, and waits at each row that a transaction of the shop has not committed.
  for (const row of noted) {
    await session.query(`DELETE FROM ${outbox} WHERE ${outboxKey} = ?`, [integer(row['mark'])])
  }
}

async function applyNoted(
  session: Session,
  applied: string,
  books: Books,
  row: SqlRow,
  isSilent: boolean,
): Promise<void> {
  const opId = textOrNull(row['op'])
  const told = books.apply(changeOf(row), isSilent).find((each) => each.kind === 'adjust')
  if (opId === null) return
  await session.query(`UPDATE ${applied} SET feed_id = ? WHERE op_id = ?`, [told?.id ?? books.position, opId])
}

function changeOf(row: SqlRow): Change {
  const action = text(row['action'])
  return {
    action: action === 'came' || action === 'gone' ? action : 'changed',
    rowId: text(row['row_id']),
    sku: textOrNull(row['sku']),
    name: textOrNull(row['name']),
    parent: textOrNull(row['parent']),
    stock: textOrNull(row['stock']),
    opId: textOrNull(row['op']),
    cause: textOrNull(row['cause']),
    reference: textOrNull(row['reference']),
    at: integer(row['at_ms']),
  }
}

/** TRUNCATE tells nothing of the rows that it takes. */
async function emptyTable(session: Session, table: string, books: Books, at: number, isSilent: boolean): Promise<void> {
  await books.write()
  const rows = await session.query(`SELECT row_id FROM ${table} ORDER BY row_id`)
  const rowIds = rows.map((row) => text(row['row_id']))
  await books.load(rowIds, [])
  for (const rowId of rowIds) books.apply(goneChange(rowId, at), isSilent)
}

export function goneChange(rowId: string, at: number): Change {
  const nothing = { sku: null, name: null, parent: null, stock: null, opId: null, cause: null, reference: null }
  return { action: 'gone', rowId, at, ...nothing }
}

/**
 * Adjustments in the shop's own table: relative, never clipped, and each operation id at most once. The stock, the
 * operation and what the trigger notes of it are one transaction, so a broken line leaves all of them or none.
 */
import { limits, parseStock } from '@stockmesh/protocol'
import { type Adjustment, ConnectorError } from '../connector.ts'
import { hashOf, readState } from './books.ts'
import { type Database, integer, RolledBack, type Session, textOrNull, ValueRefused } from './database.ts'
import { keyOf } from './fold-change.ts'
import type { ShopTable } from './shop-table.ts'

/** The code of a number that the database, or the shop's own triggers, do not take. */
const doesNotFit = 'out-of-range'

type Applied =
  | { readonly status: 'applied' | 'repeated'; readonly stock: number }
  | { readonly status: 'refused'; readonly code: string }

/** Where the feed tells of it is known once the change is numbered. */
export type Outcome = Applied & { readonly opId: string }

/** All in one transaction, and each in its own where one of them breaks that off. One outcome for each, in their order. */
export async function applyAdjustments(
  database: Database,
  table: ShopTable,
  adjustments: readonly Adjustment[],
): Promise<readonly Outcome[]> {
  const outcomes = await applyTogether(database, table, adjustments)
  if (typeof outcomes !== 'string') return outcomes
  const [first, ...others] = adjustments
  if (first !== undefined && others.length === 0) return [{ opId: first.opId, ...refused(outcomes) }]
  const apart: Outcome[] = []
  for (const each of adjustments) apart.push(...(await applyAdjustments(database, table, [each])))
  return apart
}

/** A code: the database, or what stands in it, does not take one of them, and nothing of any was made. */
async function applyTogether(
  database: Database,
  table: ShopTable,
  adjustments: readonly Adjustment[],
): Promise<readonly Outcome[] | string> {
  try {
    return await database.transaction<readonly Outcome[] | string>('read committed', async (session) => {
      await readState(session, database, false)
      const outcomes: Outcome[] = []
      for (const adjustment of adjustments) {
        outcomes.push({ opId: adjustment.opId, ...(await apply(session, database, table, adjustment)) })
      }
      return outcomes
    })
  } catch (error) {
    if (!(error instanceof ValueRefused)) throw error
    return error.meaning === 'id-invalid' ? 'row-gone' : doesNotFit
  }
}

async function apply(
  session: Session,
  database: Database,
  table: ShopTable,
  { opId, stockId, key, delta }: Adjustment,
): Promise<Applied> {
  const { dialect } = database
  const before = await session.query(`SELECT stock FROM ${dialect.own('applied')} WHERE op_id = ?`, [opId])
  if (before[0] !== undefined) return { status: 'repeated', stock: integer(before[0]['stock']) }
  if (!table.isId(stockId)) return refused('row-gone')
  const locked = await session.query(
    `SELECT ${table.facts} FROM ${table.name} WHERE ${table.id} = ${table.idValue} AND ${table.where} FOR UPDATE`,
    [stockId],
  )
  const row = locked.find((each) => each['row_id'] === stockId)
  if (row === undefined) return refused('row-gone')
  const rowKey = keyOf(textOrNull(row['sku']))
  if (rowKey === null || rowKey !== key) return refused('sku-changed')
  const twins = await session.query(
    `SELECT COUNT(*) AS total FROM ${dialect.own('stock_row')} WHERE key_hash = ? AND row_id <> ?`,
    [hashOf(rowKey), stockId],
  )
  if (integer(twins[0]?.['total'] ?? null) > 0) return refused('ambiguous')
  const current = parseStock(row['stock'])
  if (!current.ok || current.value === null) return refused('untracked')
  const stock = current.value + delta
  if (delta === 0 || Math.abs(stock) > limits.stockUnitsMax) return refused('out-of-range')
  await session.query(`INSERT INTO ${dialect.own('applied')} (op_id, row_id, stock) VALUES (?, ?, ?)`, [
    opId,
    stockId,
    stock,
  ])
  // A shop whose own triggers round or clip the number did not do what it was asked, and nothing of it may stay.
  if ((await change(session, database, table, { opId, stockId, delta })) !== stock) throw new RolledBack(doesNotFit)
  return { status: 'applied', stock }
}

function refused(code: string): Applied {
  return { status: 'refused', code }
}

/** Changes a stock and answers what it is then; null: not a whole number. Errors: `shop-error` without the triggers. */
async function change(
  session: Session,
  { dialect }: Database,
  table: ShopTable,
  { opId, stockId, delta }: Pick<Adjustment, 'opId' | 'stockId' | 'delta'>,
): Promise<number | null> {
  await session.query(dialect.setOperation, [opId, stockId])
  await session.query(
    `UPDATE ${table.name} SET ${table.stock} = ${table.stock} + ? WHERE ${table.id} = ${table.idValue} AND ${table.where}`,
    [delta, stockId],
  )
  const rows = await session.query(
    `SELECT ${table.facts} FROM ${table.name} WHERE ${table.id} = ${table.idValue} AND ${table.where}`,
    [stockId],
  )
  const noted = await session.query(
    `SELECT stock FROM ${dialect.own('outbox')} WHERE op = ? AND row_id = ? ORDER BY id`,
    [opId, stockId],
  )
  if (noted.length === 0) {
    throw new ConnectorError(
      'shop-error',
      `The table ${table.mapping.table} has lost the triggers of Stockmesh. Run "stockmesh sql install" again.`,
    )
  }
  const stock = parseStock(rows.find((row) => row['row_id'] === stockId)?.['stock'] ?? null)
  return stock.ok && noted.length === 1 ? stock.value : null
}

/**
 * Changes one row and takes it back, so that lost triggers and missing grants are known before anything depends on them.
 * Answers whether there was a row to try it with. Errors: `shop-error`, `key-rejected`.
 */
export async function rehearse(database: Database, table: ShopTable, opId: string): Promise<boolean> {
  return await database.transaction('read committed', async (session) => {
    const rows = await session.query(
      `SELECT ${table.facts} FROM ${table.name} WHERE ${table.where} AND ${table.stock} BETWEEN 1 AND 1000000 LIMIT 1`,
    )
    const stockId = textOrNull(rows[0]?.['row_id'])
    if (stockId === null) return false
    await change(session, database, table, { opId, stockId, delta: -1 })
    throw new RolledBack(true)
  })
}

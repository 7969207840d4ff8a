/**
 * The shop's table as the database's own catalogue knows it: whether it and its columns are there, and can be what the
 * mapping says. Everything that is read from it goes by the names that were checked here.
 */
import { ConnectorError } from '../connector.ts'
import { type Database, type Session, text } from './database.ts'
import { type Dialect, factsOf, isIntegerType, tableOf, whereOf } from './dialect.ts'
import { columnsOf, type Mapping } from './mapping.ts'

export interface ShopTable {
  /** With the schema that the table was found in. */
  readonly mapping: Mapping
  /** Quoted. */
  readonly name: string
  readonly id: string
  readonly stock: string
  /** A row's id that comes as `?`. */
  readonly idValue: string
  /** What a row must be to belong to the shop. */
  readonly where: string
  /** `row_id`, `sku`, `name`, `parent` and `stock` of a row as text, for a SELECT. */
  readonly facts: string
  /** Whether a text can be a row's id at all. */
  isId(rowId: string): boolean
}

interface Column {
  readonly name: string
  readonly type: string
  readonly isNullable: boolean
  /** Has an index of its own in which each value stands once. */
  readonly isUnique: boolean
}

/** Errors: `not-this-platform`, with what does not fit. */
export async function readShopTable(database: Database, mapping: Mapping): Promise<ShopTable> {
  const { schema, columns } = await database.transaction('read committed', (session) =>
    database.dialect.family === 'postgres' ? postgresColumns(session, mapping) : mariadbColumns(session, mapping),
  )
  const missing = columnsOf(mapping).filter((column) => !columns.has(column))
  if (columns.size === 0) throw unfit(`There is no table ${mapping.table} that this user may read.`)
  if (missing.length > 0) throw unfit(`The table ${mapping.table} has no column ${missing.join(', ')}.`)
  const id = columns.get(mapping.idColumn)
  const stock = columns.get(mapping.stockColumn)
  if (id === undefined || stock === undefined) throw unfit('The mapping names no id or no stock.')
  if (!id.isUnique || id.isNullable) {
    throw unfit(`The column ${id.name} is not unique or may be empty: choose the primary key of one column.`)
  }
  if (/binary|blob|bytea|float|double|real/i.test(id.type))
    throw unfit(`The column ${id.name} is ${id.type}, which is no id.`)
  if (!/^(tiny|small|medium|big)?int|^numeric|^decimal|^double|^float|^real/i.test(stock.type)) {
    throw unfit(`The column ${stock.name} is ${stock.type} and not a number.`)
  }
  return shopTableOf(database.dialect, { ...mapping, schema }, id.type)
}

function shopTableOf(dialect: Dialect, mapping: Mapping, idType: string): ShopTable {
  const facts = Object.entries(factsOf(dialect, mapping, ''))
  return {
    mapping,
    name: tableOf(dialect, mapping),
    id: dialect.quote(mapping.idColumn),
    stock: dialect.quote(mapping.stockColumn),
    idValue: dialect.idValue(idType),
    where: whereOf(dialect, mapping, ''),
    facts: facts.map(([name, expression]) => `${expression} AS ${name}`).join(', '),
    isId: (rowId) => !isIntegerType(idType) || /^-?\d{1,20}$/.test(rowId),
  }
}

async function postgresColumns(session: Session, { schema, table }: Mapping): Promise<Found> {
  const rows = await session.query(
    `SELECT n.nspname AS table_schema, a.attname AS name, format_type(a.atttypid, NULL) AS type,
      CASE WHEN a.attnotnull THEN 'NO' ELSE 'YES' END AS is_nullable,
      (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL
        AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum) AS uniques
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relname = ? AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
        AND (n.nspname = ? OR (?::text IS NULL AND pg_table_is_visible(c.oid)))`,
    [table, schema, schema],
  )
  return foundIn(rows)
}

async function mariadbColumns(session: Session, { schema, table }: Mapping): Promise<Found> {
  const rows = await session.query(
    `SELECT c.table_schema AS table_schema, c.column_name AS name, c.column_type AS type, c.is_nullable AS is_nullable,
      t.engine AS engine, DATABASE() AS here,
      (SELECT COUNT(*) FROM information_schema.statistics s WHERE s.table_schema = c.table_schema
        AND s.table_name = c.table_name AND s.column_name = c.column_name AND s.non_unique = 0
        AND (SELECT COUNT(*) FROM information_schema.statistics o WHERE o.table_schema = s.table_schema
          AND o.table_name = s.table_name AND o.index_name = s.index_name) = 1) AS uniques
      FROM information_schema.columns c JOIN information_schema.tables t
        ON t.table_schema = c.table_schema AND t.table_name = c.table_name
      WHERE c.table_name = ? AND c.table_schema = COALESCE(?, DATABASE())`,
    [table, schema],
  )
  const [first] = rows
  if (first !== undefined && first['engine'] !== 'InnoDB') {
    throw unfit(`The table ${table} is kept by ${String(first['engine'])}, without transactions: make it InnoDB.`)
  }
  if (first !== undefined && first['table_schema'] !== first['here']) {
    throw unfit(`The table ${table} lies in another database: name that one in the address.`)
  }
  return foundIn(rows)
}

interface Found {
  readonly schema: string | null
  readonly columns: ReadonlyMap<string, Column>
}

function foundIn(rows: readonly Readonly<Record<string, unknown>>[]): Found {
  const columns = rows.map((row): Column => {
    return {
      name: text(row['name']),
      type: text(row['type']),
      isNullable: row['is_nullable'] !== 'NO',
      isUnique: Number(row['uniques']) > 0,
    }
  })
  const [first] = rows
  return {
    schema: first === undefined ? null : text(first['table_schema']),
    columns: new Map(columns.map((column) => [column.name, column])),
  }
}

function unfit(sentence: string): ConnectorError {
  return new ConnectorError('not-this-platform', `${sentence} Correct the mapping.`)
}

/** How the two families of databases spell the same: names, texts, our own tables. Everything else is written once. */
import type { Condition, Mapping } from './mapping.ts'

/** Our own tables. PostgreSQL has them in a schema `stockmesh`, MariaDB beside the shop's own with that prefix. */
type OwnTable = 'state' | 'outbox' | 'feed' | 'stock_row' | 'applied'

export interface Dialect {
  readonly family: 'postgres' | 'mariadb'
  readonly quote: (name: string) => string
  readonly own: (table: OwnTable) => string
  /** A value of the shop as text that compares byte by byte. */
  readonly text: (expression: string) => string
  /** True only where both are the same, nulls included. */
  readonly same: (left: string, right: string) => string
  /** A row's id that came as text, as its column has it; `idType` is the catalogue's word. */
  readonly idValue: (idType: string) => string
  /** The column by which one noted change is told from the others. */
  readonly outboxKey: string
  /** Names the operation and the row that the next changes of this transaction belong to; the triggers note it. */
  readonly setOperation: string
}

export const postgresDialect: Dialect = {
  family: 'postgres',
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  own: (table) => `stockmesh.${table}`,
  text: (expression) => `(${expression})::text`,
  same: (left, right) => `${left} IS NOT DISTINCT FROM ${right}`,
  idValue: () => '?',
  outboxKey: 'mark',
  setOperation: "SELECT set_config('stockmesh.op', ?, true), set_config('stockmesh.op_row', ?, true)",
}

export const mariadbDialect: Dialect = {
  family: 'mariadb',
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  own: (table) => `\`stockmesh_${table}\``,
  text: (expression) => `CAST(${expression} AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin`,
  same: (left, right) => `${left} <=> ${right}`,
  idValue: (idType) => (isIntegerType(idType) ? 'CAST(? AS DECIMAL(20))' : '?'),
  outboxKey: 'id',
  setOperation: 'SET @stockmesh_op = ?, @stockmesh_op_row = ?',
}

export function isIntegerType(type: string): boolean {
  return /^(small|big|tiny|medium)?int/i.test(type)
}

export function tableOf({ quote }: Dialect, { schema, table }: Mapping): string {
  return schema === null ? quote(table) : `${quote(schema)}.${quote(table)}`
}

/** Text literals hold nothing but what `conditions` let through: no quote and no backslash. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The mapping's condition about one row; `row` is a prefix such as `NEW.` or empty. Never null. */
export function whereOf(dialect: Dialect, mapping: Mapping, row: string): string {
  if (mapping.where.length === 0) return 'TRUE'
  return mapping.where.map((condition) => `(${conditionOf(dialect, condition, row)})`).join(' AND ')
}

function conditionOf({ quote, text, same }: Dialect, { column, equals, isNegated }: Condition, row: string): string {
  const value = `${row}${quote(column)}`
  const holds = equals === null ? `${value} IS NULL` : same(text(value), literal(equals))
  return isNegated ? `NOT (${holds})` : holds
}

/** What is known of one row, as text, under the names `row_id`, `sku`, `name`, `parent` and `stock`. */
export function factsOf({ quote, text }: Dialect, mapping: Mapping, row: string): Readonly<Record<Fact, string>> {
  const column = (name: string | null): string => (name === null ? 'NULL' : text(`${row}${quote(name)}`))
  return {
    row_id: column(mapping.idColumn),
    sku: column(mapping.skuColumn),
    name: column(mapping.nameColumn),
    parent: column(mapping.parentColumn),
    stock: column(mapping.stockColumn),
  }
}

export type Fact = 'row_id' | 'sku' | 'name' | 'parent' | 'stock'

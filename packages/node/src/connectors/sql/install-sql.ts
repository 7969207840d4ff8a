/**
 * The SQL that makes and removes Stockmesh's tables and triggers, as a person reads it before it runs. Made anew it
 * changes nothing but the triggers, and the node that follows begins a new epoch.
 */
import { type Dialect, factsOf, literal, tableOf, whereOf } from './dialect.ts'
import { columnsOf, type Mapping } from './mapping.ts'

export function installPlan(dialect: Dialect, mapping: Mapping): readonly string[] {
  const own = dialect.family === 'postgres' ? postgresTables : mariadbTables
  const triggers = dialect.family === 'postgres' ? postgresTriggers : mariadbTriggers
  const state = dialect.own('state')
  const begin =
    dialect.family === 'postgres'
      ? `INSERT INTO ${state} (one, start_seq, position) VALUES (1, 0, 0) ON CONFLICT DO NOTHING`
      : `INSERT IGNORE INTO ${state} (one, start_seq, position) VALUES (1, 0, 0)`
  return [
    ...own,
    ...triggers(dialect, mapping),
    begin,
    // Changes between the triggers that were there and those that are now are unknown: the node reads everything anew.
    `UPDATE ${state} SET epoch = NULL, identity = NULL, mapping = ${literal(mappingText(mapping))} WHERE one = 1`,
  ]
}

export function uninstallPlan(dialect: Dialect, mapping: Mapping): readonly string[] {
  const table = tableOf(dialect, mapping)
  if (dialect.family === 'mariadb') {
    const triggers = mariadbEvents.map((event) => `DROP TRIGGER IF EXISTS \`stockmesh_${event}\``)
    return [...triggers, ...ownTables.map((name) => `DROP TABLE IF EXISTS \`stockmesh_${name}\``)]
  }
  const triggers = ['stockmesh_rows', 'stockmesh_truncate'].map((name) => `DROP TRIGGER IF EXISTS ${name} ON ${table}`)
  return [...triggers, 'DROP SCHEMA IF EXISTS stockmesh CASCADE']
}

/** The least that the node's user needs. */
export function grants(dialect: Dialect, mapping: Mapping, user: string): readonly string[] {
  const { quote } = dialect
  const table = tableOf(dialect, mapping)
  const columns = columnsOf(mapping).map(quote).join(', ')
  if (dialect.family === 'mariadb') {
    const [name = '', host = '%'] = user.split('@')
    const to = `${literal(name)}@${literal(host)}`
    return [
      `GRANT SELECT (${columns}), UPDATE (${quote(mapping.stockColumn)}) ON ${table} TO ${to}`,
      ...ownTables.map((own) => `GRANT SELECT, INSERT, UPDATE, DELETE ON \`stockmesh_${own}\` TO ${to}`),
    ]
  }
  const to = quote(user)
  return [
    ...(mapping.schema === null ? [] : [`GRANT USAGE ON SCHEMA ${quote(mapping.schema)} TO ${to}`]),
    `GRANT SELECT (${columns}), UPDATE (${quote(mapping.stockColumn)}) ON ${table} TO ${to}`,
    `GRANT USAGE ON SCHEMA stockmesh TO ${to}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA stockmesh TO ${to}`,
  ]
}

/** What the triggers were made for; a connector with another mapping would read them wrongly. */
export function mappingText({
  table,
  idColumn,
  skuColumn,
  nameColumn,
  stockColumn,
  parentColumn,
  where,
}: Mapping): string {
  return JSON.stringify([table, idColumn, skuColumn, nameColumn, stockColumn, parentColumn, where])
}

const ownTables = ['state', 'outbox', 'feed', 'stock_row', 'applied'] as const

const postgresTables = [
  'CREATE SCHEMA IF NOT EXISTS stockmesh',
  `CREATE TABLE IF NOT EXISTS stockmesh.state (
  one integer PRIMARY KEY CHECK (one = 1),
  identity text, mapping text, epoch text, network text, node text,
  start_seq bigint NOT NULL, position bigint NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS stockmesh.outbox (
  mark uuid PRIMARY KEY DEFAULT gen_random_uuid(), id bigint NOT NULL, at_ms bigint NOT NULL, action text NOT NULL,
  row_id text, sku text, name text, parent text, stock text, op text, cause text, reference text)`,
  'CREATE INDEX IF NOT EXISTS outbox_id ON stockmesh.outbox (id)',
  'CREATE INDEX IF NOT EXISTS outbox_op ON stockmesh.outbox (op) WHERE op IS NOT NULL',
  'CREATE TABLE IF NOT EXISTS stockmesh.feed (seq bigint PRIMARY KEY, tag text NOT NULL, body text NOT NULL)',
  `CREATE TABLE IF NOT EXISTS stockmesh.stock_row (
  row_id text COLLATE "C" PRIMARY KEY, sku text, key_hash text, name text NOT NULL, parent text,
  stock bigint, fault text, version bigint NOT NULL, created_at bigint NOT NULL)`,
  'CREATE INDEX IF NOT EXISTS stock_row_key ON stockmesh.stock_row (key_hash)',
  `CREATE TABLE IF NOT EXISTS stockmesh.applied (
  op_id text PRIMARY KEY, row_id text NOT NULL, stock bigint NOT NULL, feed_id bigint)`,
]

/**
 * Where the log of the database ends: whoever gets a row's lock reads more than its last holder did. A sequence would
 * do too, but then `lastval()`, by which a shop's code may learn its own new ids, answers ours.
 */
const position = "(pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"

const outboxColumns = 'at_ms, action, row_id, sku, name, parent, stock, op, cause, reference'

function postgresTriggers(dialect: Dialect, mapping: Mapping): readonly string[] {
  const table = tableOf(dialect, mapping)
  const note = (action: string, row: 'OLD.' | 'NEW.'): string => {
    const { row_id, sku, name, parent, stock } = factsOf(dialect, mapping, row)
    const setting = (key: string): string => `NULLIF(current_setting('stockmesh.${key}', true), '')`
    const op = `CASE WHEN current_setting('stockmesh.op_row', true) = ${row_id} THEN ${setting('op')} END`
    return `INSERT INTO stockmesh.outbox (id, ${outboxColumns})
      VALUES (${position}, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, '${action}',
        ${[row_id, sku, name, parent, stock].join(', ')}, ${op}, ${setting('cause')}, ${setting('reference')});`
  }
  const facts = (row: string): string => `ROW(${Object.values(factsOf(dialect, mapping, row)).join(', ')})`
  const id = (row: string): string => factsOf(dialect, mapping, row).row_id
  return [
    // The owner of these tables writes them, so that the users of the shop need no grant on them.
    `CREATE OR REPLACE FUNCTION stockmesh.note_change() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $stockmesh$
DECLARE
  was_there boolean := false;
  is_there boolean := false;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO stockmesh.outbox (id, at_ms, action)
      VALUES (${position}, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 'emptied');
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN was_there := ${whereOf(dialect, mapping, 'OLD.')}; END IF;
  IF TG_OP <> 'DELETE' THEN is_there := ${whereOf(dialect, mapping, 'NEW.')}; END IF;
  IF was_there AND is_there AND ${id('OLD.')} = ${id('NEW.')} THEN
    IF ${facts('OLD.')} IS DISTINCT FROM ${facts('NEW.')} THEN
      ${note('changed', 'NEW.')}
    END IF;
    RETURN NULL;
  END IF;
  IF was_there THEN
    ${note('gone', 'OLD.')}
  END IF;
  IF is_there THEN
    ${note('came', 'NEW.')}
  END IF;
  RETURN NULL;
END $stockmesh$`,
    `DROP TRIGGER IF EXISTS stockmesh_rows ON ${table}`,
    `CREATE TRIGGER stockmesh_rows AFTER INSERT OR UPDATE OR DELETE ON ${table}
  FOR EACH ROW EXECUTE FUNCTION stockmesh.note_change()`,
    `DROP TRIGGER IF EXISTS stockmesh_truncate ON ${table}`,
    `CREATE TRIGGER stockmesh_truncate AFTER TRUNCATE ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION stockmesh.note_change()`,
  ]
}

const mariadbTable = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ROW_FORMAT = DYNAMIC'

const mariadbTables = [
  `CREATE TABLE IF NOT EXISTS \`stockmesh_state\` (
  one int PRIMARY KEY, identity varchar(600), mapping text, epoch char(16), network varchar(190), node varchar(190),
  start_seq bigint NOT NULL, position bigint NOT NULL) ${mariadbTable}`,
  `CREATE TABLE IF NOT EXISTS \`stockmesh_outbox\` (
  id bigint AUTO_INCREMENT PRIMARY KEY, at_ms bigint NOT NULL, action varchar(10) NOT NULL,
  row_id varchar(190), sku text, name text, parent text, stock varchar(100),
  op char(32), cause varchar(20), reference varchar(200), KEY (op)) ${mariadbTable}`,
  `CREATE TABLE IF NOT EXISTS \`stockmesh_feed\` (
  seq bigint PRIMARY KEY, tag char(16) NOT NULL, body mediumtext NOT NULL) ${mariadbTable}`,
  `CREATE TABLE IF NOT EXISTS \`stockmesh_stock_row\` (
  row_id varchar(190) PRIMARY KEY, sku text, key_hash char(64), name text NOT NULL, parent text,
  stock bigint, fault varchar(60), version bigint NOT NULL, created_at bigint NOT NULL, KEY (key_hash)) ${mariadbTable}`,
  `CREATE TABLE IF NOT EXISTS \`stockmesh_applied\` (
  op_id char(32) PRIMARY KEY, row_id varchar(190) NOT NULL, stock bigint NOT NULL, feed_id bigint) ${mariadbTable}`,
]

const mariadbEvents = ['insert', 'update', 'delete'] as const

function mariadbTriggers(dialect: Dialect, mapping: Mapping): readonly string[] {
  const table = tableOf(dialect, mapping)
  const note = (action: string, row: 'OLD.' | 'NEW.'): string => {
    const { row_id, sku, name, parent, stock } = factsOf(dialect, mapping, row)
    const variable = (key: string, length: number): string =>
      `LEFT(CONVERT(@stockmesh_${key} USING utf8mb4), ${length}) COLLATE utf8mb4_bin`
    const op = `IF(${variable('op_row', 190)} = ${row_id}, ${variable('op', 32)}, NULL)`
    return `INSERT INTO \`stockmesh_outbox\` (${outboxColumns})
      VALUES (FLOOR(UNIX_TIMESTAMP(SYSDATE(3)) * 1000), '${action}',
        ${[row_id, sku, name, parent, stock].join(', ')},
        ${op}, ${variable('cause', 20)}, ${variable('reference', 200)});`
  }
  const was = whereOf(dialect, mapping, 'OLD.')
  const is = whereOf(dialect, mapping, 'NEW.')
  const [before, after] = [factsOf(dialect, mapping, 'OLD.'), factsOf(dialect, mapping, 'NEW.')]
  const same = Object.values(before).map((old, index) => dialect.same(old, Object.values(after)[index] ?? 'NULL'))
  const bodies: Readonly<Record<(typeof mariadbEvents)[number], string>> = {
    insert: `IF ${is} THEN ${note('came', 'NEW.')} END IF`,
    update: `IF (${was}) AND (${is}) AND ${dialect.same(before.row_id, after.row_id)} THEN
    IF NOT (${same.join(' AND ')}) THEN ${note('changed', 'NEW.')} END IF;
  ELSE
    IF ${was} THEN ${note('gone', 'OLD.')} END IF;
    IF ${is} THEN ${note('came', 'NEW.')} END IF;
  END IF`,
    delete: `IF ${was} THEN ${note('gone', 'OLD.')} END IF`,
  }
  return mariadbEvents.flatMap((event) => [
    `DROP TRIGGER IF EXISTS \`stockmesh_${event}\``,
    `CREATE TRIGGER \`stockmesh_${event}\` AFTER ${event.toUpperCase()} ON ${table} FOR EACH ROW BEGIN
  ${bodies[event]};
END`,
  ])
}

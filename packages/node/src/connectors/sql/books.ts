/**
 * Stockmesh's own tables in the shop's database: the feed with its position, and what it has told of each row. They
 * change together in one transaction that holds the state row, so that any reader sees them as one.
 */
import { createHash } from 'node:crypto'
import type { FeedRow, SkuKey } from '@stockmesh/protocol'
import type { Random } from '../../ports.ts'
import { ConnectorError } from '../connector.ts'
import { type Database, integer, type Session, notInstalled, type SqlRow, text, textOrNull } from './database.ts'
import { type Change, foldChange, keyOf, type KnownRow, type UntaggedRow } from './fold-change.ts'
import type { Dialect } from './dialect.ts'
import { mappingText } from './install-sql.ts'
import type { Mapping } from './mapping.ts'

export interface State {
  readonly epoch: string | null
  readonly network: string | null
  readonly node: string | null
  readonly start: number
  /** The feed's last id. */
  readonly position: number
  /** Whether something is noted and not numbered; false to whoever holds the state and looks by himself. */
  readonly isPending: boolean
}

/**
 * Reads the state, and with `locks` holds it until the transaction ends. Errors: `shop-copied`, where these tables were
 * made in another database than the one they are in.
 */
export async function readState(session: Session, database: Database, locks: boolean): Promise<State> {
  const { dialect, identity } = database
  // MariaDB lets a lock reach into subqueries, and would wait there for what the shop has not committed.
  const pending = locks ? '0' : `(SELECT COUNT(*) FROM (SELECT 1 AS one FROM ${dialect.own('outbox')} LIMIT 1) pending)`
  const [row] = await session.query(
    `SELECT epoch, network, node, start_seq, position, identity, ${identity} AS here, ${pending} AS pending
      FROM ${dialect.own('state')} WHERE one = 1${locks ? ' FOR UPDATE' : ''}`,
  )
  if (row === undefined) throw notInstalled()
  if (row['identity'] !== null && row['identity'] !== row['here']) {
    throw new ConnectorError(
      'shop-copied',
      'This database is a copy of another shop, or was moved. If it is the shop from now on, run "stockmesh sql install" in it.',
    )
  }
  return {
    epoch: textOrNull(row['epoch']),
    network: textOrNull(row['network']),
    node: textOrNull(row['node']),
    start: integer(row['start_seq']),
    position: integer(row['position']),
    isPending: integer(row['pending']) > 0,
  }
}

/** Error: `not-this-platform`, where the triggers tell of other columns or rows than the connector means. */
export async function assertInstalledFor(mapping: Mapping, session: Session, { own }: Dialect): Promise<void> {
  const [row] = await session.query(`SELECT mapping FROM ${own('state')} WHERE one = 1`)
  if (row?.['mapping'] === mappingText(mapping)) return
  throw new ConnectorError(
    'not-this-platform',
    'The triggers were made for another mapping. Run "stockmesh sql install" with this one.',
  )
}

/** The rows of one transaction: read once, changed in memory, and written together at its end. */
export class Books {
  readonly #session: Session
  readonly #dialect: Dialect
  readonly #random: Random
  readonly #known = new Map<string, KnownRow | null>()
  readonly #changed = new Set<string>()
  readonly #rowsUnderKey = new Map<SkuKey, Set<string>>()
  readonly #feed: FeedRow[] = []
  #position: number

  constructor(session: Session, dialect: Dialect, random: Random, position: number) {
    this.#session = session
    this.#dialect = dialect
    this.#random = random
    this.#position = position
  }

  get position(): number {
    return this.#position
  }

  known(rowId: string): KnownRow | null {
    return this.#known.get(rowId) ?? null
  }

  /** Reads what is known of these rows, and of every row that has a key which one of them has or gets. */
  async load(rowIds: readonly string[], skus: readonly (string | null)[]): Promise<void> {
    const missing = [...new Set(rowIds)].filter((rowId) => !this.#known.has(rowId))
    for (const row of await this.#select('row_id', missing)) this.#known.set(row.rowId, row)
    for (const rowId of missing) if (!this.#known.has(rowId)) this.#known.set(rowId, null)
    const named = [...skus, ...missing.map((rowId) => this.known(rowId)?.sku ?? null)]
    const keys = [...new Set(named.map((sku) => keyOf(sku)))].filter((key) => key !== null)
    const unread = keys.filter((key) => !this.#rowsUnderKey.has(key))
    for (const key of unread) this.#rowsUnderKey.set(key, new Set())
    for (const { rowId, sku } of await this.#select('key_hash', unread.map(hashOf))) {
      // What this transaction has changed already counts as it is now.
      const current = this.#known.has(rowId) ? this.known(rowId) : { sku }
      const key = keyOf(sku)
      if (key !== null && current !== null && keyOf(current.sku) === key) this.#rowsUnderKey.get(key)?.add(rowId)
    }
    for (const [rowId, row] of this.#known) {
      const key = keyOf(row?.sku ?? null)
      if (key !== null && unread.includes(key)) this.#rowsUnderKey.get(key)?.add(rowId)
    }
  }

  /** One change of a row that was loaded; silent: without the feed telling of it, as before an epoch. */
  apply(change: Change, isSilent = false): readonly FeedRow[] {
    const before = this.known(change.rowId)
    const { feed, known } = foldChange(before, change, this.#position, (key) => this.#isUnique(key, change.rowId))
    if (known === before) return []
    this.#known.set(change.rowId, known === null || !isSilent ? known : { ...known, version: this.#position })
    this.#changed.add(change.rowId)
    const keyBefore = keyOf(before?.sku ?? null)
    const key = keyOf(known?.sku ?? null)
    if (keyBefore !== null && keyBefore !== key) this.#rowsUnderKey.get(keyBefore)?.delete(change.rowId)
    if (key !== null) this.#rowsUnderKey.get(key)?.add(change.rowId)
    return isSilent ? [] : feed.map((row) => this.append(row))
  }

  append(row: UntaggedRow): FeedRow {
    const tagged = { ...row, tag: Buffer.from(this.#random.bytes(8)).toString('hex') }
    this.#feed.push(tagged)
    this.#position = row.id
    return tagged
  }

  /** Writes what was changed, and forgets all rows; the position goes to the state row. */
  async write(): Promise<void> {
    const { own } = this.#dialect
    for (const rowIds of partsOf([...this.#changed])) {
      await this.#session.query(`DELETE FROM ${own('stock_row')} WHERE row_id IN (${marks(rowIds.length)})`, rowIds)
      const rows = rowIds.map((rowId) => this.known(rowId)).filter((row) => row !== null)
      await insert(this.#session, own('stock_row'), rowColumns, rows.map(rowValues))
    }
    for (const rows of partsOf(this.#feed)) {
      const values = rows.map((row) => [row.id, row.tag, JSON.stringify(row)])
      await insert(this.#session, own('feed'), ['seq', 'tag', 'body'], values)
    }
    await this.#session.query(`UPDATE ${own('state')} SET position = ? WHERE one = 1`, [this.#position])
    this.#changed.clear()
    this.#known.clear()
    this.#rowsUnderKey.clear()
    this.#feed.length = 0
  }

  #isUnique(key: SkuKey | null, rowId: string): boolean {
    const rows = key === null ? undefined : this.#rowsUnderKey.get(key)
    return rows === undefined || rows.size - (rows.has(rowId) ? 1 : 0) === 0
  }

  async #select(column: 'row_id' | 'key_hash', values: readonly string[]): Promise<readonly KnownRow[]> {
    const found: KnownRow[] = []
    for (const part of partsOf(values)) {
      const rows = await this.#session.query(
        `SELECT ${rowColumns.join(', ')} FROM ${this.#dialect.own('stock_row')} WHERE ${column} IN (${marks(part.length)})`,
        part,
      )
      found.push(...rows.map(knownRow))
    }
    return found
  }
}

export const rowColumns = [
  'row_id',
  'sku',
  'name',
  'parent',
  'stock',
  'fault',
  'version',
  'created_at',
  'key_hash',
] as const

export function knownRow(row: SqlRow): KnownRow {
  return {
    rowId: text(row['row_id']),
    sku: textOrNull(row['sku']),
    name: textOrNull(row['name']) ?? '',
    parent: textOrNull(row['parent']),
    stock: row['stock'] === null ? null : integer(row['stock']),
    fault: textOrNull(row['fault']),
    version: integer(row['version']),
    createdAt: integer(row['created_at']),
  }
}

function rowValues(row: KnownRow): readonly (string | number | null)[] {
  const { rowId, sku, name, parent, stock, fault, version, createdAt } = row
  const key = keyOf(sku)
  return [rowId, sku, name, parent, stock, fault, version, createdAt, key === null ? null : hashOf(key)]
}

/** Keys are longer than what a database puts into an index. */
export function hashOf(key: SkuKey): string {
  return createHash('sha256').update(key).digest('hex')
}

export function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ')
}

async function insert(
  session: Session,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  if (rows.length === 0) return
  const row = `(${marks(columns.length)})`
  const values = rows.map(() => row).join(', ')
  await session.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${values}`, rows.flat())
}

/** A statement takes 65,535 values; nine columns times this many stay far below. */
const valuesPerStatement = 500

function* partsOf<T>(all: readonly T[]): Iterable<readonly T[]> {
  for (let from = 0; from < all.length; from += valuesPerStatement) yield all.slice(from, from + valuesPerStatement)
}

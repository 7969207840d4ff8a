/**
 * What a change that a trigger noted means, given what was known of the row before: the rows of the feed, and what is
 * known after. A stock is a movement only where the same goods had a number before and after.
 */
import {
  type FeedKind,
  type FeedRow,
  limits,
  parseSku,
  parseStock,
  type SkuKey,
  type StockRow,
} from '@stockmesh/protocol'

/** One row of the shop's table, as the feed has told of it so far. */
export interface KnownRow {
  readonly rowId: string
  readonly sku: string | null
  readonly name: string
  readonly parent: string | null
  /** Null: not tracked, or not to be taken as it is. */
  readonly stock: number | null
  readonly fault: string | null
  /** Feed id of the last row about it. */
  readonly version: number
  readonly createdAt: number
}

export interface Change {
  readonly action: 'came' | 'changed' | 'gone'
  readonly rowId: string
  readonly sku: string | null
  readonly name: string | null
  readonly parent: string | null
  /** As the database writes it. */
  readonly stock: string | null
  /** Of our own adjustment of this very row. */
  readonly opId: string | null
  /** What the shop said about it, if it did. */
  readonly cause: string | null
  readonly reference: string | null
  /** Milliseconds since 1970. */
  readonly at: number
}

/** A row of the feed before its tag is made. */
export type UntaggedRow = Omit<FeedRow, 'tag'>

export interface FoldedChange {
  readonly feed: readonly UntaggedRow[]
  /** Null: the row is not there any more. */
  readonly known: KnownRow | null
}

export function keyOf(sku: string | null): SkuKey | null {
  const parsed = parseSku(sku)
  return parsed.ok ? parsed.value.key : null
}

/** `position` is the feed's last id before, `isUnique` whether no other row has this key. */
export function foldChange(
  known: KnownRow | null,
  change: Change,
  position: number,
  isUnique: (key: SkuKey | null) => boolean,
): FoldedChange {
  const { action, at, opId } = change
  if (action === 'gone') {
    if (known === null) return { feed: [], known: null }
    const { rowId, sku } = known
    const blank = { at, delta: 0, stock: null, reference: null, opId: null, row: null }
    const row = {
      id: position + 1,
      kind: 'deleted',
      stockId: rowId,
      sku,
      unique: isUnique(keyOf(sku)),
      ...blank,
    } as const
    return { feed: [row], known: null }
  }
  const next = factsAfter(known, change)
  const unique = isUnique(keyOf(next.sku))
  const moved = movementOf(known, next, action)
  if (known !== null && moved === 0 && sameFacts(known, next) && action === 'changed' && opId === null) {
    return { feed: [], known }
  }
  const feed: UntaggedRow[] = []
  let version = position
  const common = { at, stockId: next.rowId, sku: next.sku, unique }
  if (moved === null || known === null || !sameDescription(known, next)) {
    version += 1
    const stock = moved === null || known === null ? next.stock : known.stock
    const row = stockRowOf({ ...next, stock, version })
    feed.push({ ...common, id: version, kind: 'row', delta: 0, stock, reference: null, opId: null, row })
  }
  if (moved !== null && (moved !== 0 || opId !== null)) {
    version += 1
    const told = opId === null ? causeOf(change, moved) : ({ kind: 'adjust', reference: null } as const)
    feed.push({ ...common, id: version, ...told, delta: moved, stock: next.stock, opId, row: null })
  }
  return { feed, known: { ...next, version } }
}

export function stockRowOf(known: KnownRow): StockRow {
  const { rowId, sku, name, parent, stock, fault, version, createdAt } = known
  const products = [{ id: rowId, parentId: parent, sku, name }]
  return { stockId: rowId, sku, name, stock, ...(fault === null ? {} : { fault }), version, createdAt, products }
}

function factsAfter(known: KnownRow | null, change: Change): KnownRow {
  const stock = parseStock(change.stock)
  return {
    rowId: change.rowId,
    sku: change.sku,
    name: (change.name ?? '').slice(0, limits.skuCharactersMax),
    parent: change.parent,
    stock: stock.ok ? stock.value : null,
    fault: stock.ok ? null : stock.code,
    version: known?.version ?? 0,
    createdAt: known?.createdAt ?? change.at,
  }
}

/** Null: a new start without a movement, since the number was not of these goods before. */
function movementOf(known: KnownRow | null, next: KnownRow, action: 'came' | 'changed'): number | null {
  if (known === null || action === 'came' || known.stock === null || next.stock === null) return null
  if ((keyOf(known.sku) ?? known.sku) !== (keyOf(next.sku) ?? next.sku)) return null
  const moved = next.stock - known.stock
  return Math.abs(moved) > limits.deltaUnitsMax ? null : moved
}

function sameDescription(known: KnownRow, next: KnownRow): boolean {
  return known.sku === next.sku && known.name === next.name && known.parent === next.parent
}

function sameFacts(known: KnownRow, next: KnownRow): boolean {
  return sameDescription(known, next) && known.stock === next.stock && known.fault === next.fault
}

const causes: ReadonlySet<string> = new Set<FeedKind>(['sale', 'cancel', 'return', 'manual'])

/** What goes without a word is most often sold; a rise has too many reasons to guess one. */
function causeOf({ cause, reference }: Change, moved: number): Pick<FeedRow, 'kind' | 'reference'> {
  const kind = cause !== null && causes.has(cause) ? (cause as FeedKind) : moved < 0 ? 'sale' : 'manual'
  return {
    kind,
    reference: reference === null || reference === '' ? null : reference.slice(0, limits.referenceCharactersMax),
  }
}

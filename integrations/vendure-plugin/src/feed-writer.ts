/**
 * Gives what happened its numbers in the feed, within one transaction that holds the state's row: ids without gaps, in
 * the order of the commits. What is listed (`StockmeshRow`) is a fold of the same rows, so that a listing and the feed
 * are of one moment.
 */
import { createHash, randomBytes } from 'node:crypto'
import { type ID, type RequestContext, type TransactionalConnection } from '@vendure/core'
import { In } from 'typeorm'
import { StockmeshFeedRow, StockmeshPending, StockmeshRow, type StockmeshState } from './entities'
import { comparedVariantsMax, pendingRowsMax, unitsMax } from './options'
import { skuKey } from './sku-key'
import { lockLevels, readFacts, type Scope, stockIdOf, type VariantFacts } from './variant-facts'

/** Facts of a feed row that are not those of its stock row. */
type Told = Partial<Pick<StockmeshFeedRow, 'delta' | 'reference' | 'opId' | 'row'>> &
  Pick<StockmeshFeedRow, 'kind' | 'at'>

export interface PublicRow {
  readonly stockId: string
  readonly sku: string | null
  readonly name: string
  readonly stock: number | null
  readonly version: number
  readonly createdAt: number
  readonly products: readonly { id: string; parentId: string | null; sku: string | null; name: string }[]
}

export function publicRow({
  stockId,
  variantId,
  productId,
  sku,
  name,
  stock,
  version,
  createdAt,
}: StockmeshRow): PublicRow {
  const product = { id: String(variantId), parentId: String(productId), sku, name }
  return { stockId, sku, name, stock, version, createdAt, products: [product] }
}

export function keyHashOf(sku: string | null): string | null {
  const key = skuKey(sku)
  return key === null ? null : hashOf(key)
}

export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

export class FeedWriter {
  private readonly rows = new Map<string, StockmeshRow>()
  private readonly changedRows = new Map<string, StockmeshRow>()
  private readonly deletedRows = new Set<string>()
  private readonly feed: StockmeshFeedRow[] = []
  private saved = 0
  /** How many rows carry a key. */
  private readonly carriers = new Map<string, number>()

  constructor(
    private readonly connection: TransactionalConnection,
    private readonly ctx: RequestContext,
    private readonly scope: Scope,
    private readonly state: StockmeshState,
    private readonly now: number,
  ) {}

  /**
   * Numbers what waits, and compares the variants that may differ, these `also`. Answers whether every variant is to be
   * compared.
   */
  async number(also: readonly ID[] = []): Promise<{ compareAll: boolean }> {
    const first = await this.numberPart(also)
    let { compareAll, hasMore } = first
    while (hasMore) {
      const part = await this.numberPart([])
      compareAll ||= part.compareAll
      hasMore = part.hasMore
    }
    return { compareAll }
  }

  private async numberPart(also: readonly ID[]): Promise<{ compareAll: boolean; hasMore: boolean }> {
    let pending = await this.pending()
    const touched = new Map<string, ID>(also.map((id) => [String(id), id]))
    for (const { kind, variantId } of pending) {
      if (kind === 'changed' && variantId !== null) touched.set(String(variantId), variantId)
    }
    const levels = await lockLevels(this.connection, this.ctx, this.scope, [...touched.values()])
    // From here on nobody moves the touched ones, so what waits now is all that made their numbers.
    if (touched.size > 0) pending = await this.pending()
    const facts = await readFacts(this.connection, this.ctx, this.scope, [...touched.values()], levels)
    const told = pending.filter(({ locationId }) => this.isHere(locationId))
    await this.load([...touched.values(), ...told.flatMap(({ variantId }) => (variantId === null ? [] : [variantId]))])
    await this.loadCarriers([...facts.values()].map(({ sku }) => keyHashOf(sku)))
    const hasMore = pending.length === pendingRowsMax
    const toCome = new Map<string, number>()
    for (const { variantId, delta } of told) {
      toCome.set(String(variantId), (toCome.get(String(variantId)) ?? 0) + delta)
    }
    for (const event of told) {
      if (event.variantId === null) continue
      const id = String(event.variantId)
      const rest = (toCome.get(id) ?? 0) - event.delta
      toCome.set(id, rest)
      if (event.kind === 'moved') this.move(event, event.variantId)
      else if (touched.has(id)) this.describe(event.variantId, facts.get(id) ?? null, event.at, hasMore ? null : rest)
    }
    // With more to come, the levels are ahead of what was numbered.
    if (!hasMore) for (const id of touched.values()) this.compare(id, facts.get(String(id)) ?? null)
    for (const part of partsOf(pending.map(({ id }) => id))) {
      await this.connection.getRepository(this.ctx, StockmeshPending).delete({ id: In(part) })
    }
    if (hasMore && touched.size > 0) {
      const left = [...touched.values()].map((variantId) => changedNow(variantId, this.now))
      await this.connection.getRepository(this.ctx, StockmeshPending).insert(left)
    }
    return { compareAll: pending.some(({ kind, variantId }) => kind === 'changed' && variantId === null), hasMore }
  }

  row(stockId: string): StockmeshRow | undefined {
    return this.rows.get(stockId)
  }

  isUnique({ keyHash }: StockmeshRow): boolean {
    return keyHash === null || (this.carriers.get(keyHash) ?? 1) <= 1
  }

  /** A row of the feed that belongs to no stock row. */
  attach(): number {
    return this.append(null, { kind: 'attached', at: this.now })
  }

  adjusted(row: StockmeshRow, opId: string, delta: number, stock: number): number {
    row.stock = stock
    return this.append(row, { kind: 'adjust', at: this.now, delta, opId })
  }

  /** The feed's newest row, by which one sees afterwards that this transaction is there. */
  last(): { id: number; tag: string } | null {
    const row = this.feed.at(-1)
    return row === undefined ? null : { id: row.id, tag: row.tag }
  }

  async save(): Promise<void> {
    const { connection, ctx } = this
    for (const part of partsOf(this.feed.slice(this.saved)))
      await connection.getRepository(ctx, StockmeshFeedRow).insert(part)
    this.saved = this.feed.length
    const changed = [...this.changedRows.values()]
    if (changed.length > 0)
      await connection.getRepository(ctx, StockmeshRow).save(changed, { chunk: 100, reload: false })
    if (this.deletedRows.size > 0) {
      await connection.getRepository(ctx, StockmeshRow).delete({ stockId: In([...this.deletedRows]) })
    }
  }

  async load(variantIds: readonly ID[]): Promise<void> {
    const missing = [...new Set(variantIds.map(stockIdOf))].filter((stockId) => !this.rows.has(stockId))
    for (const part of partsOf(missing)) {
      const found = await this.connection.getRepository(this.ctx, StockmeshRow).find({ where: { stockId: In(part) } })
      for (const row of found) this.rows.set(row.stockId, row)
      await this.loadCarriers(found.map(({ keyHash }) => keyHash))
    }
  }

  /** What moved at another stock location is not told. */
  private isHere(locationId: ID | null): boolean {
    return locationId === null || String(locationId) === String(this.scope.locationId)
  }

  private pending(): Promise<StockmeshPending[]> {
    const repository = this.connection.getRepository(this.ctx, StockmeshPending)
    return repository.find({ order: { id: 'ASC' }, take: pendingRowsMax })
  }

  private async loadCarriers(hashes: readonly (string | null)[]): Promise<void> {
    const missing = [...new Set(hashes)].filter((hash) => hash !== null && !this.carriers.has(hash)) as string[]
    for (const part of partsOf(missing)) {
      for (const hash of part) this.carriers.set(hash, 0)
      const counts = await this.connection
        .getRepository(this.ctx, StockmeshRow)
        .createQueryBuilder('row')
        .select('row.keyHash', 'hash')
        .addSelect('COUNT(*)', 'count')
        .where('row.keyHash IN (:...part)', { part })
        .groupBy('row.keyHash')
        .getRawMany<{ hash: string; count: string | number }>()
      for (const { hash, count } of counts) this.carriers.set(hash, Number(count))
    }
  }

  private move({ at, cause, delta, stock, reference }: StockmeshPending, variantId: ID): void {
    const row = this.rows.get(stockIdOf(variantId))
    // Not known or not tracked yet: its number comes whole, with this movement in it.
    if (row === undefined || row.stock === null || cause === null) return
    row.stock = stock
    this.append(row, { kind: cause, at, delta, reference })
  }

  /**
   * Another SKU or name, a new variant or another kind of tracking, at its place among the movements, so that each of them
   * is told under the SKU that it had. `toCome` is what moves after it, which the shop's number holds already; null: not
   * known here.
   */
  private describe(variantId: ID, now: VariantFacts | null, at: number, toCome: number | null): void {
    const row = this.rows.get(stockIdOf(variantId))
    if (now === null) {
      if (row !== undefined) this.remove(row, at)
      return
    }
    const isKnown = row !== undefined && (row.stock === null) === (now.stock === null)
    if (isKnown && row.sku === now.sku && row.name === now.name) return
    if (isKnown) this.put({ ...now, stock: row.stock }, at)
    else if (toCome !== null) this.put({ ...now, stock: now.stock === null ? null : now.stock - toCome }, at)
  }

  /** What is left between the feed and the shop: new, gone, tracked or not, or written past Vendure's movements. */
  private compare(variantId: ID, now: VariantFacts | null): void {
    const row = this.rows.get(stockIdOf(variantId))
    if (now === null) {
      if (row !== undefined) this.remove(row, this.now)
      return
    }
    if (row === undefined || row.stock === null || now.stock === null) {
      const isSame = row !== undefined && row.stock === now.stock && row.sku === now.sku && row.name === now.name
      if (!isSame) this.put(now, this.now)
      return
    }
    if (row.sku !== now.sku || row.name !== now.name) this.put({ ...now, stock: row.stock }, this.now)
    const delta = now.stock - row.stock
    if (delta === 0) return
    const current = this.rows.get(row.stockId) ?? row
    current.stock = now.stock
    this.append(current, { kind: 'manual', at: this.now, delta, reference: `=${now.stock}` })
  }

  private put({ variantId, productId, sku, name, stock, createdAt }: VariantFacts, at: number): void {
    const stockId = stockIdOf(variantId)
    const keyHash = keyHashOf(sku)
    const before = this.rows.get(stockId)?.keyHash ?? null
    if (before !== keyHash || !this.rows.has(stockId)) {
      this.count(before, -1)
      this.count(keyHash, 1)
    }
    const row = { stockId, variantId, productId, sku, keyHash, name, stock, version: this.state.feedEnd + 1, createdAt }
    this.rows.set(stockId, row)
    this.deletedRows.delete(stockId)
    this.append(row, { kind: 'row', at, row: JSON.stringify(publicRow(row)) })
  }

  private remove(row: StockmeshRow, at: number): void {
    this.rows.delete(row.stockId)
    this.changedRows.delete(row.stockId)
    this.deletedRows.add(row.stockId)
    this.count(row.keyHash, -1)
    this.append({ ...row, stock: null }, { kind: 'deleted', at })
    this.changedRows.delete(row.stockId)
  }

  private count(hash: string | null, by: 1 | -1): void {
    if (hash !== null) this.carriers.set(hash, (this.carriers.get(hash) ?? 0) + by)
  }

  private append(row: StockmeshRow | null, told: Told): number {
    const id = (this.state.feedEnd += 1)
    if (row !== null) {
      row.version = id
      this.changedRows.set(row.stockId, row)
    }
    this.feed.push({
      id,
      tag: randomBytes(8).toString('hex'),
      stockId: row?.stockId ?? '',
      sku: row?.sku ?? null,
      unique: row === null || this.isUnique(row),
      delta: 0,
      stock: row?.stock ?? null,
      reference: null,
      opId: null,
      row: null,
      ...told,
    })
    return id
  }
}

export function changedNow(variantId: ID | null, at: number): Omit<StockmeshPending, 'id'> {
  return { at, kind: 'changed', variantId, locationId: null, cause: null, delta: 0, stock: 0, reference: null }
}

export function isInRange(stock: number): boolean {
  return Number.isInteger(stock) && Math.abs(stock) <= unitsMax
}

/** Databases limit how many values one statement carries. */
export function* partsOf<T>(items: readonly T[]): Iterable<T[]> {
  const size = comparedVariantsMax / 4
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}

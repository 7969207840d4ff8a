/** What Vendure itself says of variants now: SKU, name, whether stock is tracked, and how many can be sold. */
import { GlobalFlag } from '@vendure/common/lib/generated-types'
import {
  GlobalSettings,
  type ID,
  ProductVariant,
  type RequestContext,
  StockLevel,
  type TransactionalConnection,
} from '@vendure/core'
import { In, type SelectQueryBuilder } from 'typeorm'

/** Whose numbers the feed tells. */
export interface Scope {
  readonly channelId: ID
  readonly locationId: ID
  readonly languageCode: string
}

export interface VariantFacts {
  readonly variantId: ID
  readonly productId: ID
  readonly sku: string | null
  readonly name: string
  /** Units that can be sold; null: not tracked. */
  readonly stock: number | null
  readonly createdAt: number
}

/** Numeric ids are filled up, so that their order as text is their order as numbers. */
export function stockIdOf(variantId: ID): string {
  const text = String(variantId)
  return /^[0-9]{1,12}$/.test(text) ? text.padStart(12, '0') : text
}

const sqliteTypes: ReadonlySet<string> = new Set(['better-sqlite3', 'sqlite', 'sqljs'])

export function isSqlite(connection: TransactionalConnection): boolean {
  return sqliteTypes.has(connection.rawConnection.options.type)
}

/** Until the transaction ends nobody else changes these rows. SQLite has one writer and no such lock. */
export function locked<T extends object>(
  connection: TransactionalConnection,
  query: SelectQueryBuilder<T>,
): SelectQueryBuilder<T> {
  return isSqlite(connection) ? query : query.setLock('pessimistic_write')
}

/** In the order of their ids, so that two of us never wait for each other. */
export async function lockLevels(
  connection: TransactionalConnection,
  ctx: RequestContext,
  { locationId }: Scope,
  variantIds: readonly ID[],
): Promise<Map<string, StockLevel>> {
  if (variantIds.length === 0) return new Map()
  const query = connection
    .getRepository(ctx, StockLevel)
    .createQueryBuilder('level')
    .where('level.stockLocationId = :locationId', { locationId })
    .andWhere('level.productVariantId IN (:...variantIds)', { variantIds: [...variantIds] })
    .orderBy('level.id', 'ASC')
  const levels = await locked(connection, query).getMany()
  return new Map(levels.map((level) => [String(level.productVariantId), level]))
}

/** Variants that are gone, or not in the channel, are absent. */
export async function readFacts(
  connection: TransactionalConnection,
  ctx: RequestContext,
  scope: Scope,
  variantIds: readonly ID[],
  levels: ReadonlyMap<string, StockLevel>,
): Promise<Map<string, VariantFacts>> {
  if (variantIds.length === 0) return new Map()
  const tracksAll = await isTrackedByDefault(connection, ctx)
  const variants = await connection.getRepository(ctx, ProductVariant).find({
    where: { id: In([...variantIds]) },
    relations: { channels: true, product: true, translations: true },
    loadEagerRelations: false,
  })
  const facts = new Map<string, VariantFacts>()
  for (const variant of variants) {
    if (variant.deletedAt !== null || variant.product?.deletedAt) continue
    if (!variant.channels.some(({ id }) => String(id) === String(scope.channelId))) continue
    const level = levels.get(String(variant.id))
    const stock = level === undefined ? 0 : level.stockOnHand - level.stockAllocated
    const translation =
      variant.translations.find(({ languageCode }) => languageCode === scope.languageCode) ?? variant.translations[0]
    facts.set(String(variant.id), {
      variantId: variant.id,
      productId: variant.productId,
      sku: variant.sku === '' ? null : variant.sku,
      name: (translation?.name ?? '').slice(0, 500),
      stock: isTracked(variant, tracksAll) ? stock : null,
      createdAt: variant.createdAt.getTime(),
    })
  }
  return facts
}

export async function isTrackedByDefault(connection: TransactionalConnection, ctx: RequestContext): Promise<boolean> {
  const settings = await connection.getRepository(ctx, GlobalSettings).findOne({ where: {}, order: { id: 'ASC' } })
  return settings?.trackInventory ?? true
}

function isTracked({ trackInventory }: ProductVariant, tracksAll: boolean): boolean {
  return trackInventory === GlobalFlag.TRUE || (trackInventory === GlobalFlag.INHERIT && tracksAll)
}

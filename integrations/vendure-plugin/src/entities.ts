/**
 * The companion's own tables. `StockmeshPending` is written in the shop's stock transactions and takes no lock that a
 * customer could wait for; everything else is written by whoever holds the one row of `StockmeshState`.
 */
import { EntityId, type ID } from '@vendure/core'
import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm'

/** Databases give whole numbers of 64 bits as text. */
const wide = { type: 'bigint', transformer: { to: (value: number) => value, from: Number } } as const

@Entity()
export class StockmeshState {
  /** Always 1. */
  @PrimaryColumn('int')
  id: number
  @Column(wide)
  feedEnd: number
  @Column('varchar', { length: 16, nullable: true })
  epoch: string | null
  @Column(wide)
  start: number
  @Column('varchar', { length: 200 })
  network: string
  @Column('varchar', { length: 200 })
  node: string
  /** Of the shop that the epoch began in. */
  @Column('varchar', { length: 64 })
  identity: string
  /** Channel and stock location whose numbers the feed tells, as `1/2`. */
  @Column('varchar', { length: 200 })
  scope: string
}

/** What happened and has no number in the feed yet; `moved` with units, `changed` when a variant's facts may differ. */
@Entity()
export class StockmeshPending {
  @PrimaryGeneratedColumn()
  id: number
  @Column(wide)
  at: number
  @Column('varchar', { length: 10 })
  kind: 'moved' | 'changed'
  /** null: every variant. */
  @EntityId({ nullable: true })
  variantId: ID | null
  /** Where units moved; null: where the feed's numbers are, as an earlier release meant it. */
  @EntityId({ nullable: true })
  locationId: ID | null
  @Column('varchar', { length: 10, nullable: true })
  cause: 'sale' | 'cancel' | 'return' | 'manual' | null
  @Column('int')
  delta: number
  /** Units that can be sold there after it. */
  @Column('int')
  stock: number
  @Column('varchar', { length: 200, nullable: true })
  reference: string | null
}

@Entity()
export class StockmeshFeedRow {
  @PrimaryColumn(wide)
  id: number
  @Column('varchar', { length: 16 })
  tag: string
  @Column(wide)
  at: number
  @Column('varchar', { length: 10 })
  kind: 'attached' | 'row' | 'deleted' | 'sale' | 'cancel' | 'return' | 'manual' | 'adjust'
  @Column('varchar', { length: 64 })
  stockId: string
  @Column('text', { nullable: true })
  sku: string | null
  @Column('boolean')
  unique: boolean
  @Column('int')
  delta: number
  @Column('int', { nullable: true })
  stock: number | null
  @Column('varchar', { length: 200, nullable: true })
  reference: string | null
  /** The database itself sees to it that an operation is made once. */
  @Index({ unique: true })
  @Column('varchar', { length: 32, nullable: true })
  opId: string | null
  /** JSON of the whole stock row, with kind `row`. */
  @Column('text', { nullable: true })
  row: string | null
}

/** A variant as the feed has told it so far. */
@Entity()
export class StockmeshRow {
  @PrimaryColumn('varchar', { length: 64 })
  stockId: string
  @Index()
  @EntityId()
  variantId: ID
  @EntityId()
  productId: ID
  @Column('text', { nullable: true })
  sku: string | null
  /** Hash of the SKU's key; null where the variant has none that can be synchronised. */
  @Index()
  @Column('varchar', { length: 64, nullable: true })
  keyHash: string | null
  @Column('text')
  name: string
  @Column('int', { nullable: true })
  stock: number | null
  @Column(wide)
  version: number
  @Column(wide)
  createdAt: number
}

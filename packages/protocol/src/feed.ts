/**
 * The movement feed of a ledger shop: append-only, written in the shop's own stock transaction, ids dense and in
 * commit order. What the network learns of a shop's own changes is a pure fold of these rows, so reading them again
 * after a crash, a restore or a clone of the node issues the same records.
 *
 * A stock row is what has one stock number: a product, a variant, or a pool that several of them share. A pool goes by
 * one SKU (its parent's, else the first in key order); its other SKUs are aliases and are not synchronised apart.
 */

export interface ShopProduct {
  readonly id: string
  readonly parentId: string | null
  /** As the shop spells it; null or empty where it has none. */
  readonly sku: string | null
  readonly name: string
}

export interface StockRow {
  readonly stockId: string
  /** The SKU under which this stock row is synchronised, as the shop spells it. */
  readonly sku: string | null
  readonly name: string
  /** Units, or null: not tracked. */
  readonly stock: number | null
  /** Set by the connector where the stock cannot be taken as it is: `stock-fraction` and the like. */
  readonly fault?: string
  /** Feed id of the last row that touched this stock row. */
  readonly version: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** The products and variants that share this stock number. */
  readonly products: readonly ShopProduct[]
}

export type FeedKind =
  /** A node was attached: a new epoch begins with this row. */
  | 'attached'
  /** A stock row came, or one of its facts (SKU, name, tracked or not, products) changed; the row is given whole. */
  | 'row'
  /** A stock row went. */
  | 'deleted'
  | 'sale'
  | 'cancel'
  | 'return'
  | 'manual'
  /** Our own adjustment, with its operation id: never a local change. */
  | 'adjust'

export interface FeedRow {
  readonly id: number
  /** 8 random bytes in hex, made with the row: tells a rolled-back feed from the one that was read before. */
  readonly tag: string
  readonly at: number
  readonly kind: FeedKind
  /** Empty for `attached`. */
  readonly stockId: string
  /** The stock row's SKU, as the shop spelled it then. */
  readonly sku: string | null
  /** Whether no other stock row carried the same SKU key when this row was written. */
  readonly unique: boolean
  /** Signed units; 0 for the kinds that move nothing. */
  readonly delta: number
  /** The stock after this row; null: not tracked, or gone. */
  readonly stock: number | null
  /** Order number or the like; `=50` where somebody typed the number 50 over the old one. */
  readonly reference: string | null
  readonly opId: string | null
  /** With kind `row`: the whole stock row. */
  readonly row: StockRow | null
  /** Nobody can know what moved the stock up to this row: a person counts the SKU. */
  readonly isUnclear?: true
}

/** The shop's own interface under `/shop/v1` as these pages read it. Quantities are integers, times ISO 8601 UTC. */
export interface ShopProduct {
  readonly id: string
  readonly parentId: string | null
  readonly sku: string | null
  readonly name: string
  /** null: not tracked. */
  readonly stock: number | null
  /** Grows with every change of the product or its stock. */
  readonly version: number
}

interface ShopOrderLine {
  readonly productId: string
  readonly sku: string | null
  readonly name: string
  readonly quantity: number
}

export interface ShopOrder {
  readonly id: string
  readonly state: 'placed' | 'cancelled'
  readonly createdAt: string
  readonly lines: readonly ShopOrderLine[]
  readonly skipped: readonly (ShopOrderLine & { readonly reason: string })[]
}

/** A shop by itself signs people in with its key; a shop inside a node leaves that to the node. */
export type ShopSessionAnswer =
  | {
      readonly state: 'signed-in' | 'signed-out'
      /** Whether visitors without a login may see products and order. */
      readonly open: boolean
    }
  | { readonly state: 'at-node'; readonly name: string }

/**
 * Bodies of the HTTP interface about what a person chooses for single SKUs and for the whole network, as types only.
 */

/** What a person chose for one SKU in this shop. */
export interface SkuChoice {
  /** Units held back of the level here, in place of the shop's buffer; null: the shop's holds. */
  readonly buffer: number | null
  /** The SKU is left out in this shop: nothing of it is counted or written here. null: it takes part. */
  readonly leftOut: {
    readonly since: string
    /** What this shop itself added and removed since: counted nowhere. */
    readonly difference: number
  } | null
}

export interface SkuChoiceItem extends SkuChoice {
  readonly sku: string
  readonly name: string
  readonly level: number | null
  readonly shown: number | null
  readonly shopLevel: number | null
}

/** "Stop everything": whether the shops of the network are written to. */
export interface StopAllAnswer {
  readonly stopped: boolean
  readonly since: string | null
  /** The member that said so. */
  readonly by: string | null
  /** Members that have not told that they heard the last word. */
  readonly unheard: readonly string[]
}

/** The partition guard: while members are out of reach, each side shows only its share of what is left. */
export interface GuardAnswer {
  readonly on: boolean
  readonly outOfReachSeconds: number
  /** Where the weights come from: the same for each shop, the sales of 7 days, or set by a person. */
  readonly shares: 'equal' | 'sales' | 'set'
  readonly weights: readonly { readonly member: string; readonly weight: number }[]
  readonly closed: readonly string[]
  /** Members that have not told that they heard the last word. */
  readonly unheard: readonly string[]
  readonly outOfReach: readonly string[]
  /** What this side may show of what was there at the parting; null: everything is shown. */
  readonly shownPercent: number | null
}

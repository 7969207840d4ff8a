/** From how many SKUs on changes by hand are a mass change that waits for a person; null: none is. Read anew each time. */
export interface HoldRules {
  /** This shop's own. */
  readonly ownFromSkus: number | null
  /** Those of the other shops. */
  readonly membersFromSkus: number | null
}

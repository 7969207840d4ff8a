/**
 * The partition guard, for one SKU: how many units the shops on this side may go on selling once others are out of
 * reach. Nobody can know what the other side heard last, so each side errs towards less:
 *
 *   G1  What came to this side and not every member had claimed is shared out as well: the other side may know of it.
 *   G2  What this side sold and not every member had claimed is added before sharing, and taken off its own share: the
 *       other side may not know of it.
 *   G3  Of a side that parts again only what it still had is shared out.
 *   G4  Where members may go by different terms, the smallest result of all of them counts.
 *
 * With shares that follow P1 and P2 the rights of all sides never add up to more than the level, less what a side sold
 * beyond its share before it noticed.
 */
import { type Rid, type ShopId, shopOfRid } from './ids.ts'
import { listedBy, type SkuRecords } from './level.ts'
import { shareOf } from './shares.ts'

/** Weights by shop. */
export type Weights = ReadonlyMap<ShopId, number>

/** A SKU when members fall out of reach. */
export interface SkuAtParting {
  /** The level as this side knows it. */
  readonly level: number
  /** What this side had a right to since an earlier parting; null where it had all. */
  readonly right: number | null
  /** Units, not negative, that this side sold and not every member that it still had had claimed. */
  readonly unclaimed: number
  /** Shops that sell it, as far as this side knows. */
  readonly sellers: ReadonlySet<ShopId>
  /** Those of them of which every member knows it. */
  readonly knownSellers: ReadonlySet<ShopId>
}

export interface PartingTerms {
  /** Shops that stay in reach, this one among them. */
  readonly side: ReadonlySet<ShopId>
  /** Shops that shared the earlier right; null where there was none. */
  readonly sideBefore: ReadonlySet<ShopId> | null
  /** Whether one is out again that had been back: then the level may have changed by more than this side's sales. */
  readonly isAgain: boolean
  /** Each of the weights that some member may go by; at least one. */
  readonly weights: readonly Weights[]
}

/** Units that this side may still sell; below 0 where it has sold more than its share. */
export function rightAtParting(sku: SkuAtParting, terms: PartingTerms): number {
  const { level, right, unclaimed, sellers, knownSellers } = sku
  const credited = new Set([...terms.side].filter((shop) => knownSellers.has(shop)))
  const share = (units: number, shops: (shop: ShopId) => boolean): number => {
    const shares = terms.weights.map((weights) => {
      const parties = new Map([...weights].filter(([shop]) => sellers.has(shop) && shops(shop)))
      return shareOf(units + unclaimed, parties, credited) - unclaimed
    })
    return Math.min(...shares)
  }
  const ofAll = (): number => share(level, () => true)
  if (right === null || terms.sideBefore === null) return ofAll()
  const { sideBefore } = terms
  const isSmaller = [...sideBefore].some((shop) => !terms.side.has(shop))
  const ofRight = isSmaller ? share(Math.min(level, right), (shop) => sideBefore.has(shop)) : right
  return terms.isAgain ? Math.min(ofRight, ofAll()) : ofRight
}

/** What may be shown of a level: no more than this side has a right to, and never less than nothing for its sake. */
export function ceilingOf(right: number): number {
  return Math.max(0, right)
}

/** Who sells a SKU, and of whom every member knows it: `claimed` is what all of them claim of a replica. */
export function sellersOf(
  held: SkuRecords,
  shops: Iterable<ShopId>,
  claimed: (rid: Rid) => number,
): Pick<SkuAtParting, 'sellers' | 'knownSellers'> {
  const sellers = new Set([...shops].filter((shop) => listedBy(held, shop) === true))
  const news = held.listed.filter(({ rid, record }) => record.seq > claimed(rid)).map(({ rid }) => shopOfRid(rid))
  return { sellers, knownSellers: new Set([...sellers].filter((shop) => !news.includes(shop))) }
}

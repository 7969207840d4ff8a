/**
 * What other shops know of a SKU that has no number here. A number may go for ever: a shop that left may be the only one
 * that held it, while the others had heard that it sells the SKU. They would wait for that number without end.
 */
import { isOfShop, type ShopId } from './ids.ts'
import { listedBy, type SkuRecords } from './level.ts'

export type Elsewhere =
  /** No other shop ever said that it sells the SKU. */
  | 'unknown'
  /** Another shop sells it, or sold it: its number may still come. */
  | 'known'
  /** Only shops that are out sold it, and no member holds its number. */
  | 'gone'

/** The members of the network as this node knows them. */
export interface Membership {
  /** Members of the network, this shop included. */
  members(): readonly ShopId[]
  /** Whether claims and digests equal those of every other member, all of them connected. */
  inStepWithAll(): boolean
}

/** For a SKU without a level. `gone` is said only when no member can know better. */
export function elsewhereOf(held: SkuRecords, self: ShopId, membership: Membership): Elsewhere {
  if (!held.listed.some(({ rid, record }) => record.value && !isOfShop(rid, self))) return 'unknown'
  const isListed = membership.members().some((member) => member !== self && listedBy(held, member) === true)
  return isListed || !membership.inStepWithAll() ? 'known' : 'gone'
}

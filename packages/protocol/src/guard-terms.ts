/**
 * The terms of the partition guard: whether it is on, and each shop's weight. Members say them in the network document
 * and tell which they have heard. Nobody knows at a parting what the others heard last, so a member goes by all terms
 * from the last that every member had heard of up to the newest that it knows: then there is one among them that all
 * members go by, and by the smallest result nobody shows more than by that one.
 *
 * Turning the guard off is at once: whoever does it chooses to sell everything everywhere.
 */
import { isShopId, type ShopId } from './ids.ts'
import { guardOutOfReachMsMax, guardOutOfReachMsMin, guardShopsMax, guardWeightMax } from './limits.ts'
import type { Weights } from './parting.ts'

/** Where the weights come from: the same for each shop, what each sold, or what a person set. */
export const guardShares = ['equal', 'sales', 'set'] as const
export type GuardShares = (typeof guardShares)[number]

export interface GuardTerms {
  readonly by: ShopId
  /** Grows with each that is said: of two that were said apart the one of the higher shop is the later. */
  readonly number: number
  readonly isOn: boolean
  /** For how long a member is away before it counts as out of reach, in milliseconds. */
  readonly outOfReachMs: number
  readonly shares: GuardShares
  readonly weights: Weights
  /** Shops that a person declared closed: they sell nothing, and nobody waits for them to hear. */
  readonly closed: ReadonlySet<ShopId>
}

/** As the network document carries it. */
export interface GuardTermsValue {
  readonly number: number
  readonly isOn: boolean
  readonly outOfReachMs: number
  readonly shares: GuardShares
  readonly weights: Readonly<Record<string, number>>
  readonly closed: readonly string[]
}

export function encodeGuardTerms(terms: GuardTerms): GuardTermsValue {
  const { number, isOn, outOfReachMs, shares } = terms
  return { number, isOn, outOfReachMs, shares, weights: Object.fromEntries(terms.weights), closed: [...terms.closed] }
}

/** Reads what stands under a shop's name; null if no member of this release could have said it. */
export function parseGuardTerms(by: ShopId, value: Readonly<Record<string, unknown>>): GuardTerms | null {
  const { number, isOn, outOfReachMs, shares, weights, closed } = value
  if (!isWhole(number, 1, Number.MAX_SAFE_INTEGER) || typeof isOn !== 'boolean') return null
  if (!isWhole(outOfReachMs, guardOutOfReachMsMin, guardOutOfReachMsMax)) return null
  const source = guardShares.find((one) => one === shares)
  if (source === undefined || typeof weights !== 'object' || weights === null || !Array.isArray(closed)) return null
  const parsed = new Map<ShopId, number>()
  for (const [shop, weight] of Object.entries(weights)) {
    if (!isShopId(shop) || !isWhole(weight, 0, guardWeightMax)) return null
    parsed.set(shop, weight)
  }
  const isShop = (shop: unknown): shop is ShopId => typeof shop === 'string' && isShopId(shop)
  if (parsed.size > guardShopsMax || closed.length > guardShopsMax || !closed.every(isShop)) return null
  return { by, number, isOn, outOfReachMs, shares: source, weights: parsed, closed: new Set(closed) }
}

/** What a node goes by; the last is the newest it knows. */
export type TermsInForce = readonly [GuardTerms, ...GuardTerms[]]

/** What a shop goes by that was in the network before anybody said anything. */
export function termsOfNobody(self: ShopId): GuardTerms {
  const shares = 'equal' as const
  return {
    by: self,
    number: 0,
    isOn: false,
    outOfReachMs: guardOutOfReachMsMin,
    shares,
    weights: new Map(),
    closed: new Set(),
  }
}

/** What a shop goes by that came in later: it has no share until all have heard of terms that give it one. */
export function termsOfNewcomer(self: ShopId): GuardTerms {
  return { ...termsOfNobody(self), isOn: true }
}

/**
 * What a node goes by once it has read the document. `isHeardByAll`: whether every member, but those that the terms
 * declare closed, has told that it heard them.
 */
export function termsAfter(
  inForce: TermsInForce,
  said: Iterable<GuardTerms>,
  isHeardByAll: (terms: GuardTerms) => boolean,
): TermsInForce {
  const [oldest] = inForce
  const newer = [...said].filter((terms) => {
    return isLater(terms, oldest) && !inForce.some((known) => isSame(known, terms))
  })
  const all = [...inForce, ...newer].sort((a, b) => (isLater(a, b) ? 1 : -1))
  const newest = all.at(-1) ?? oldest
  return isHeardByAll(newest) ? [newest] : [oldest, ...all.filter((terms) => terms !== oldest)]
}

export function isSame(a: GuardTerms, b: GuardTerms): boolean {
  return a.number === b.number && a.by === b.by
}

export function newestOf(inForce: TermsInForce): GuardTerms {
  return inForce.at(-1) ?? inForce[0]
}

/** Each of the weights to go by; none while the guard is off. */
export function weightsOf(inForce: TermsInForce): readonly Weights[] {
  if (!newestOf(inForce).isOn) return []
  return inForce.filter(({ isOn }) => isOn).map(({ weights }) => weights)
}

function isLater(a: GuardTerms, b: GuardTerms): boolean {
  return a.number === b.number ? a.by > b.by : a.number > b.number
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
}

/** The same weight for each member that is not closed. */
export function equalWeights(members: Iterable<ShopId>, closed: ReadonlySet<ShopId>): Weights {
  return new Map([...members].map((member) => [member, closed.has(member) ? 0 : 1]))
}

/**
 * Weights that a person sets: `set` by member, over those of `before`. Nobody knows what a closed shop had, so one that
 * is opened again has as much as the others have on average, until somebody sets it.
 */
export function setWeights(
  members: Iterable<ShopId>,
  closed: ReadonlySet<ShopId>,
  before: Pick<GuardTerms, 'weights' | 'closed'>,
  set: Weights,
): Weights {
  const all = [...members]
  const known = new Map([...before.weights, ...set])
  const isOpenedAgain = (member: ShopId): boolean =>
    before.closed.has(member) && !closed.has(member) && !set.has(member)
  const others = all
    .filter((member) => !closed.has(member) && !isOpenedAgain(member))
    .map((member) => known.get(member) ?? 0)
  const usual = Math.max(1, Math.round(others.reduce((sum, weight) => sum + weight, 0) / Math.max(1, others.length)))
  const weightOf = (member: ShopId): number => {
    if (closed.has(member)) return 0
    return isOpenedAgain(member) ? usual : (known.get(member) ?? 0)
  }
  return new Map(all.map((member) => [member, weightOf(member)]))
}

/** Weights by what each sold, in units: a shop that sold nothing keeps a small one, and nobody has all. */
export function weightsBySales(
  members: Iterable<ShopId>,
  closed: ReadonlySet<ShopId>,
  sold: ReadonlyMap<ShopId, number>,
): Weights {
  const open = [...members].filter((member) => !closed.has(member))
  const total = open.reduce((sum, member) => sum + Math.max(0, sold.get(member) ?? 0), 0)
  if (total === 0) return equalWeights(members, closed)
  const weightOf = (member: ShopId): number =>
    closed.has(member) ? 0 : Math.max(1, Math.round((guardWeightMax * Math.max(0, sold.get(member) ?? 0)) / total))
  return new Map([...members].map((member) => [member, weightOf(member)]))
}

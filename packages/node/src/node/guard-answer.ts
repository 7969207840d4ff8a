/** How the partition guard stands, as the status and the HTTP interface say it. */
import {
  type GuardAnswer,
  type GuardTerms,
  limits,
  newestOf,
  type ShopId,
  termsOfNobody,
  type Weights,
} from '@stockmesh/protocol'
import type { StockNode } from './stock-node.ts'

/** What a member is away before it is out of reach, where nobody chose otherwise: longer than an update takes. */
const outOfReachMsUsual = 60_000

/** The newest terms; before anybody said any, those that a first word changes. */
export function guardTermsOf({ network, self }: StockNode): GuardTerms {
  const { inForce } = network.guardTerms
  const newest = inForce === null ? termsOfNobody(self) : newestOf(inForce)
  return newest.number === 0 ? { ...newest, isOn: false, outOfReachMs: outOfReachMsUsual } : newest
}

export function guardAnswerOf(node: StockNode): GuardAnswer {
  const { isOn, outOfReachMs, shares, weights, closed } = guardTermsOf(node)
  const { out, side } = node.guard
  return {
    on: isOn,
    outOfReachSeconds: Math.max(limits.guardOutOfReachMsMin, outOfReachMs) / 1_000,
    shares,
    weights: [...weights].map(([member, weight]) => ({ member, weight })),
    closed: [...closed],
    unheard: node.network.guardTerms.unheard,
    outOfReach: [...out],
    shownPercent: side === null ? null : percentOf(weights, side),
  }
}

function percentOf(weights: Weights, side: ReadonlySet<ShopId>): number {
  let all = 0
  let shown = 0
  for (const [shop, weight] of weights) {
    all += weight
    if (side.has(shop)) shown += weight
  }
  return all === 0 ? 0 : Math.round((100 * shown) / all)
}

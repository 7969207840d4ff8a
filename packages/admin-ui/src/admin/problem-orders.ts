/** The orders that sold more than there was, as the details of an `oversold` problem name them. */
import type { CollidingOrder, ProblemItem } from '@stockmesh/protocol/api'

export function parseOrders(problem: Pick<ProblemItem, 'details'>): readonly CollidingOrder[] {
  const orders: unknown = problem.details['orders']
  return Array.isArray(orders) ? orders.filter((order: unknown) => isOrder(order)) : []
}

/** From the first to the last of them; at least a second, since no two are at once. */
export function secondsBetween(orders: readonly CollidingOrder[]): number {
  const times = orders.map(({ at }) => Date.parse(at))
  return Math.max(1, Math.round((Math.max(...times) - Math.min(...times)) / 1000))
}

function isOrder(order: unknown): order is CollidingOrder {
  if (typeof order !== 'object' || order === null) {
    return false
  }
  const { member, reference, delta, at, short } = order as Readonly<Record<string, unknown>>
  return (
    typeof member === 'string' &&
    (reference === null || typeof reference === 'string') &&
    typeof delta === 'number' &&
    typeof at === 'string' &&
    typeof short === 'number'
  )
}

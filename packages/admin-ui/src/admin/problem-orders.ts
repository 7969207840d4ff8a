/** The orders that sold more than there was, as the details of an `oversold` problem name them. */
import type { ProblemItem } from '@stockmesh/protocol/api'

export interface CollidingOrder {
  readonly member: string
  readonly reference: string | null
  readonly delta: number
  readonly at: string
}

export function parseOrders(problem: Pick<ProblemItem, 'details'>): readonly CollidingOrder[] {
  const orders: unknown = problem.details['orders']
  return Array.isArray(orders) ? orders.filter((order: unknown) => isOrder(order)) : []
}

function isOrder(order: unknown): order is CollidingOrder {
  if (typeof order !== 'object' || order === null) {
    return false
  }
  const { member, reference, delta, at } = order as Readonly<Record<string, unknown>>
  return (
    typeof member === 'string' &&
    (reference === null || typeof reference === 'string') &&
    typeof delta === 'number' &&
    typeof at === 'string'
  )
}

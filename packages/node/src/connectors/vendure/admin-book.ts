/**
 * The book of movements that Vendure keeps of each variant. A write sets a number, and its movement says by how much that
 * changed the stock: so it is known what a write did, whatever came between the reading before it and itself.
 */
import { unreachable } from '@stockmesh/protocol'

export interface Movement {
  readonly id: string
  readonly type: 'ADJUSTMENT' | 'ALLOCATION' | 'RELEASE' | 'SALE' | 'CANCELLATION' | 'RETURN'
  /** A sale's is below zero. */
  readonly quantity: number
}

export interface Book {
  readonly onHand: number
  readonly allocated: number
  /** Stock is kept at other locations as well, whose movements cannot be told from those of this one. */
  readonly isShared: boolean
  /** Those that were asked for. */
  readonly movements: readonly Movement[]
  /** Movements there are. */
  readonly total: number
}

/**
 * What a write that set `before.onHand + asked` has added; `after` has the movements since `before`. null: the book does
 * not say which of them is ours.
 */
export function addedBy(asked: number, before: Book, after: Book): number | null {
  if (after.total - before.total > after.movements.length) return null
  const movements = after.movements.toSorted((left, right) => Number(left.id) - Number(right.id))
  if (before.isShared || after.isShared) {
    const [only, ...others] = movements.filter(({ type }) => type === 'ADJUSTMENT')
    return only?.quantity === asked && others.length === 0 ? asked : null
  }
  const set = before.onHand + asked
  let { onHand } = before
  let added: number | null = null
  // Where the shop had come to that number by itself, ours changed nothing and has no movement.
  let isReached = false
  for (const movement of movements) {
    onHand += onHandBy(movement)
    if (onHand !== set || added !== null) continue
    if (movement.type === 'ADJUSTMENT') added = movement.quantity
    else isReached = true
  }
  if (onHand !== after.onHand) return null
  return added ?? (isReached ? 0 : null)
}

function onHandBy({ type, quantity }: Movement): number {
  switch (type) {
    case 'ADJUSTMENT':
      return quantity
    case 'SALE':
      return -Math.abs(quantity)
    case 'CANCELLATION':
    case 'RETURN':
      return Math.abs(quantity)
    case 'ALLOCATION':
    case 'RELEASE':
      return 0
    default:
      return unreachable(type)
  }
}

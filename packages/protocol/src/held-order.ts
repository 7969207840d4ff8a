/**
 * What an order holds of the stock, for platforms that tell a state instead of movements: a movement is the difference
 * between what an order held when it was seen before and what it holds now. Each difference is told once, under the id
 * of its line and how often the order has changed.
 */
import type { EffectLine } from './observed.ts'

export interface OrderStateLine {
  /** Stable for as long as the line lives. */
  readonly id: string
  readonly stockId: string
  /** Units that the line holds now, less what it gave back; null: the platform says nothing that is a whole number. */
  readonly units: number | null
  /** Units that were ordered. */
  readonly ordered: number
  /** It holds nothing, and the platform says that it did once. */
  readonly hasHeld?: true
}

export interface OrderState {
  readonly id: string
  readonly reference: string
  /** Milliseconds since 1970, by the shop's clock. */
  readonly createdAt: number
  readonly changedAt: number
  readonly givesBack: 'cancel' | 'return'
  /** By its status it holds nothing. Its lines say so too, unless what they say was written late or across each other. */
  readonly isClosed?: true
  /** It is younger than the first look at the shop's orders, so that it held nothing before it was seen. */
  readonly isNew: boolean
  readonly lines: readonly OrderStateLine[]
}

/** What an order held when it was seen last. */
export interface HeldOrder {
  /** How often what it holds was another than before. */
  readonly changes: number
  readonly lines: readonly HeldLine[]
  /** The state in which that was: it is another one where the order has changed since. */
  readonly look?: string
}

interface HeldLine {
  readonly id: string
  readonly stockId: string
  readonly units: number
  /** Units that were ordered, while it has held nothing yet: it may hold them before it is seen again. */
  readonly ordered?: number
}

/**
 * What moved since the order was seen before. `held` is null where nothing has changed. A line that went, and an order
 * whose past is not known, may have given back: that is told as unproven. So is what a cancelled order takes again: its
 * notes were then written across each other. What may have taken and given back between two looks is told with 0 units.
 */
export function effectsOfOrder(
  before: HeldOrder | null,
  now: OrderState,
): { readonly effects: readonly (EffectLine & { readonly stockId: string })[]; readonly held: HeldOrder | null } {
  const held = heldBy(before, now)
  const unseen = now.lines.filter((line) => mayHaveHeld(line, before, now))
  if (before !== null && unseen.length === 0 && isSame(before, held)) return { effects: [], held: null }
  const effects: (EffectLine & { readonly stockId: string })[] = []
  const add = (line: { readonly id: string; readonly stockId: string }, delta: number, isProven: boolean): void => {
    const { reference, createdAt, changedAt, givesBack } = now
    const moment = delta < 0 && held.changes === 1 ? createdAt : changedAt
    effects.push({
      id: `${now.id}-${line.id}-${held.changes}`,
      stockId: line.stockId,
      delta,
      kind: delta < 0 ? 'sale' : givesBack,
      reference,
      at: moment,
      ...(isProven ? {} : { isUnproven: true as const }),
    })
  }
  const tell: typeof add = (line, delta, isProven) => {
    if (delta !== 0) add(line, delta, isProven)
  }
  for (const line of unseen) add(line, 0, true)
  for (const line of held.lines) {
    const known = before?.lines.find(({ id }) => id === line.id)
    if (known !== undefined) {
      const takesAgain = now.isClosed === true && known.ordered === undefined && line.units > known.units
      tell(line, known.units - line.units, !takesAgain)
    } else if (before !== null || now.isNew) tell(line, -line.units, true)
    else tell(line, (now.lines.find(({ id }) => id === line.id)?.ordered ?? line.units) - line.units, false)
  }
  for (const line of before?.lines ?? []) {
    // It may have taken and given back what was ordered without ever having been seen to hold it.
    if (!held.lines.some(({ id }) => id === line.id))
      tell(line, line.units === 0 ? (line.ordered ?? 0) : line.units, false)
  }
  return { effects, held }
}

/** What the order holds now. A line of which nothing is known holds what it held. */
export function heldBy(before: HeldOrder | null, now: OrderState): HeldOrder {
  return {
    changes: (before?.changes ?? 0) + 1,
    look: lookOf(now),
    lines: now.lines.flatMap(({ id, stockId, units, ordered, hasHeld: didHold = false }) => {
      const known = before?.lines.find((line) => line.id === id)
      if (units === null) return known === undefined ? [] : [known]
      // The stock from which a line took is the one to which it gives back.
      const hasHeld = units !== 0 || didHold || (known !== undefined && known.ordered === undefined)
      return [{ id, stockId: known?.stockId ?? stockId, units, ...(hasHeld ? {} : { ordered }) }]
    }),
  }
}

/** Whether a line that holds nothing may have held what was ordered since the order was seen before. */
function mayHaveHeld(
  { id, units, ordered, hasHeld }: OrderStateLine,
  before: HeldOrder | null,
  now: OrderState,
): boolean {
  const known = before?.lines.find((line) => line.id === id)
  const isYoung = known === undefined ? before !== null || now.isNew : known.units === 0 && known.ordered !== undefined
  if (units !== 0 || !isYoung) return false
  return hasHeld === true || (ordered > 0 && now.isClosed === true && before?.look !== lookOf(now))
}

function lookOf({ changedAt, isClosed }: OrderState): string {
  return `${changedAt} ${isClosed === true ? 'closed' : 'open'}`
}

function isSame(before: HeldOrder, now: HeldOrder): boolean {
  if (before.lines.length !== now.lines.length) return false
  return now.lines.every((line) => before.lines.some(({ id, units }) => id === line.id && units === line.units))
}

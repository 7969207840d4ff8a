/**
 * The history of a run as it is kept: one JSON line for each call, each answer, each fault and each final read, with
 * the time since the run began. What the checker needs of it is folded from these lines and nothing else.
 */
import type { AddKind, PlannedAdd, PlannedRead } from './plan.ts'
import type { PlannedFault } from './faults.ts'

/**
 * `acknowledged`: it was done, and the answer said so. `refused`: it was certainly not done. `unknown`: no answer came,
 * or one that leaves open what was done.
 */
export type Outcome =
  | { readonly outcome: 'acknowledged'; readonly reference: string | null; readonly level: number | null }
  | { readonly outcome: 'refused'; readonly code: string }
  | { readonly outcome: 'unknown'; readonly why: string }

export type HistoryLine = { readonly atMs: number } & (
  | { readonly type: 'begun'; readonly seed: number; readonly lines: string; readonly opening: Record<string, number> }
  | { readonly type: 'invoked'; readonly operation: PlannedAdd | PlannedRead }
  | ({ readonly type: 'answered'; readonly number: number; readonly tries: number } & Outcome)
  | { readonly type: 'fault'; readonly phase: 'begins' | 'ends'; readonly fault: PlannedFault }
  | { readonly type: 'rejoin'; readonly phase: 'leaves' | 'joined'; readonly member: number; readonly id: string }
  | { readonly type: 'healed'; readonly round: number }
  | { readonly type: 'final'; readonly round: number; readonly read: FinalRead }
)

/** One add as the checker sees it. */
export interface Add {
  readonly number: number
  readonly kind: AddKind
  readonly member: number
  readonly sku: string
  readonly delta: number
  readonly outcome: Outcome['outcome']
  /** The order's id, or the note of received goods; null where there is none or none was told. */
  readonly reference: string | null
  /** Of a cancellation: the number of the order. */
  readonly order: number | null
}

/** A read while faults went on, with the adds that can have been in it. */
export interface Read {
  readonly number: number
  readonly member: number
  readonly sku: string
  readonly level: number | null
  /** Adds that were asked for before the read was answered and not refused by then; by their number. */
  readonly possible: readonly number[]
}

export interface FinalMovement {
  /** Id of the shop that made it. */
  readonly member: string
  readonly cause: string
  readonly delta: number
  readonly reference: string | null
}

export interface FinalSku {
  readonly sku: string
  readonly level: number | null
  /** What the shop itself shows; null where it has no such product. */
  readonly shopStock: number | null
  readonly baseline: number | null
  /** What every shop added and removed since the baseline. */
  readonly byShop: number
  readonly movements: readonly FinalMovement[]
}

/** What one member answers when everything is healed. */
export type FinalRead = {
  readonly member: number
  /** Its shop ids: a member that left and joined again has another one. */
  readonly ids: readonly string[]
} & (
  | { readonly answers: false; readonly why: string }
  | {
      readonly answers: true
      /** Why it is not at rest, in one sentence; null when nothing is pending and it is in step with all others. */
      readonly unrest: string | null
      readonly skus: readonly FinalSku[]
      readonly orders: readonly FinalOrder[]
      /** Adjustments that its shop made more than once, by their operation key. */
      readonly adjustedAgain: readonly string[]
      readonly problems: readonly { readonly kind: string; readonly sku: string | null; readonly message: string }[]
    }
)

/** An order as its shop lists it. `mark`: the number of the operation, which every order carries in a line of its own. */
export interface FinalOrder {
  readonly id: string
  readonly mark: number
  readonly cancelled: boolean
}

export function addsOf(history: readonly HistoryLine[]): readonly Add[] {
  const adds = new Map<number, Add>()
  for (const line of history) {
    if (line.type === 'invoked' && line.operation.kind !== 'read') {
      const { number, kind, member, sku, delta, order } = line.operation
      const reference = kind === 'received' ? receivedNote(number) : null
      adds.set(number, { number, kind, member, sku, delta, outcome: 'unknown', reference, order })
    } else if (line.type === 'answered') {
      const add = adds.get(line.number)
      if (add === undefined) continue
      const told = line.outcome === 'acknowledged' ? line.reference : null
      adds.set(line.number, { ...add, outcome: line.outcome, reference: told ?? add.reference })
    }
  }
  return [...adds.values()]
}

export function readsOf(history: readonly HistoryLine[]): readonly Read[] {
  const asked = new Map<number, PlannedAdd>()
  const reads = new Map<number, PlannedRead>()
  const answered: Read[] = []
  for (const line of history) {
    if (line.type === 'invoked') {
      if (line.operation.kind === 'read') reads.set(line.operation.number, line.operation)
      else asked.set(line.operation.number, line.operation)
    } else if (line.type === 'answered') {
      if (line.outcome === 'refused') asked.delete(line.number)
      const read = reads.get(line.number)
      if (read === undefined || line.outcome !== 'acknowledged') continue
      const { number, member, sku } = read
      const possible = [...asked.values()].filter((add) => add.sku === sku).map((add) => add.number)
      answered.push({ number, member, sku, level: line.level, possible })
    }
  }
  return answered
}

/** The note under which the goods of an operation came in. */
export function receivedNote(number: number): string {
  return `delivery ${number}`
}

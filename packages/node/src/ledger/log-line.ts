/**
 * One line of the node's log: a movement, or a rare event. Lines are numbered in the order in which this node learned
 * of them; `at` is when it happened, by the clock of the shop where it did.
 */
import type { Movement, ShopId, SkuKey } from '@stockmesh/protocol'

export interface LogLine {
  readonly at: number
  readonly member: ShopId
  readonly key: SkuKey | null
  readonly sku: string | null
  readonly name: string | null
  readonly delta: number | null
  readonly levelAfter: number | null
  readonly cause: string
  readonly reference: string | null
  readonly result: string
  /** Whether the line is one of the movements that add up to the SKU's totals. */
  readonly counted: boolean
  /** A movement made by somebody who had not heard of all that is held here. */
  readonly apart: boolean
}

export function movementLine(
  member: ShopId,
  key: SkuKey,
  spelled: { readonly text: string; readonly name: string } | null,
  movement: Movement,
  apart: boolean,
): LogLine {
  return {
    at: movement.at,
    member,
    key,
    sku: spelled?.text ?? key,
    name: spelled?.name ?? null,
    delta: movement.delta,
    levelAfter: movement.levelAfter,
    cause: movement.cause,
    reference: movement.reference,
    result: 'counted',
    counted: true,
    apart,
  }
}

/** A line for something rare that is no movement. */
export function eventLine(
  at: number,
  member: ShopId,
  cause: string,
  about: Partial<Pick<LogLine, 'key' | 'sku' | 'name' | 'delta' | 'levelAfter' | 'reference' | 'result'>>,
): LogLine {
  const nothing = { key: null, sku: null, name: null, delta: null, levelAfter: null, reference: null, result: '' }
  return { ...nothing, ...about, at, member, cause, counted: false, apart: false }
}

/**
 * Decisions at the shop boundary, for one SKU at a time and strictly in series.
 * S = shadow level (what the shop had after the last thing we know of), A = a fresh reading, V = the shown level.
 *
 *   B1  With no intent open and A = S, the sum this shop published equals the real movements in it.
 *   B2  V - S is what is still to be applied; it never becomes a local delta.
 *   B3  An applied foreign delta never becomes a local one.
 *   B4  A crash between two durable steps leads to the same end as no crash.
 *   B5  At most one open intent per SKU, durable before the call.
 *   B6  Any hint may be dropped, doubled or reordered.
 */

import type { Elsewhere } from './elsewhere.ts'
import { unreachable } from './result.ts'

/** Rows of the shop under one SKU key, and what the network says of it. */
export interface Situation {
  /** Stock rows in this shop under the key. */
  readonly rows: number
  /** S of the only row; null: not tracked. */
  readonly shadow: number | null
  /** Why the row cannot be taken (a fraction, a SKU that is too long); null if nothing is wrong. */
  readonly fault: string | null
  /** The difference that waits for a person; 0 for none. */
  readonly offset: number
  readonly intentOpen: boolean
  /** The network's level; null while it has none. */
  readonly level: number | null
  /** Units by which the level would be higher without what is withheld of other shops' mass changes; 0 for none. */
  readonly withheld: number
  /** What other shops know of it, where it has no level: a baseline that may still come is waited for. */
  readonly elsewhere: Elsewhere
  /** No current member listed the SKU when this shop created it, and this node was in step with all of them. */
  readonly dropped: boolean
  /** A person left the SKU out in this shop: nothing of it is counted, and nothing is written. */
  readonly leftOut: boolean
  /** Units held back in this shop. */
  readonly buffer: number
  /** 0, or null where the shop keeps negative stock. */
  readonly floor: number | null
  /** Units that may be shown while others are out of reach, not negative; null: all. */
  readonly ceiling: number | null
  /** Whether this node may write to its shop and create baselines: not before the import is started. */
  readonly writable: boolean
}

export type Decision =
  /** Nothing to do; `why` is the state in which the SKU rests. */
  | {
      readonly type: 'rest'
      readonly why:
        | 'absent'
        | 'left-out'
        | 'duplicate'
        | 'held'
        | 'untracked'
        | 'adjusting'
        | 'not-yet'
        | 'awaiting-baseline'
        | 'equal'
    }
  /** The network does not know the SKU: its first baseline is this shop's number. */
  | { readonly type: 'create-baseline' }
  /** Dropped by every shop and created again, or gone with who knew it: this shop's number counts as counted. */
  | { readonly type: 'count-again' }
  | { readonly type: 'adjust'; readonly delta: number }

export function decide(situation: Situation): Decision {
  const { rows, shadow, fault, level } = situation
  if (rows === 0) return { type: 'rest', why: 'absent' }
  if (situation.leftOut) return { type: 'rest', why: 'left-out' }
  if (rows > 1) return { type: 'rest', why: 'duplicate' }
  if (fault !== null) return { type: 'rest', why: 'held' }
  if (shadow === null) return { type: 'rest', why: 'untracked' }
  if (situation.intentOpen) return { type: 'rest', why: 'adjusting' }
  if (!situation.writable) return { type: 'rest', why: 'not-yet' }
  if (level === null) {
    switch (situation.elsewhere) {
      case 'unknown':
        return { type: 'create-baseline' }
      case 'known':
        return { type: 'rest', why: 'awaiting-baseline' }
      // What was moved since is in this shop's number, so that number counts as counted.
      case 'gone':
        return { type: 'count-again' }
      default:
        return unreachable(situation.elsewhere)
    }
  }
  if (situation.dropped) return { type: 'count-again' }
  const delta = shownLevel({ ...situation, level }) - shadow
  return delta === 0 ? { type: 'rest', why: 'equal' } : { type: 'adjust', delta }
}

/** V: what this shop is to show of a level. */
export function shownLevel(
  shown: Pick<Situation, 'buffer' | 'floor' | 'ceiling' | 'offset' | 'withheld'> & { readonly level: number },
): number {
  const { floor, ceiling, offset } = shown
  const level = shown.level + shown.withheld
  const less = (ceiling === null ? level : Math.min(level, ceiling)) - shown.buffer
  if (floor === null) return less + offset
  // What others sell of a SKU that is held at zero here must not lead below it.
  return Math.max(floor, Math.max(floor, less) + offset)
}

/** The offset that lets a SKU go on at the shop's own number while a person decides: V becomes A, or the floor. */
export function offsetFor(reading: number, shown: Omit<Parameters<typeof shownLevel>[0], 'offset'>): number {
  return reading - shownLevel({ ...shown, offset: 0 })
}

/** A fresh reading of a SKU against its shadow level. */
export interface Observation {
  /** null: not tracked now. */
  readonly reading: number | null
  readonly shadow: number | null
  readonly intentOpen: boolean
  /** Our own memory may have been rolled back. */
  readonly doubtful: boolean
  /** Whether S had this very value in the last 60 s: the reading may come from a cache. */
  readonly recentValue: boolean
  /** For how long the reading has stood, and how late this platform's reads can be, in milliseconds. */
  readonly stoodMs: number
  readonly readLagMs: number
}

export type Reaction =
  | { readonly type: 'nothing' }
  /** S := A; totals += delta. */
  | { readonly type: 'count'; readonly delta: number }
  /** S := A without a delta: first contact, or tracked again. */
  | { readonly type: 'take' }
  /** S := A and the difference becomes an offset, listed for a person. */
  | { readonly type: 'hold' }
  | { readonly type: 'read-again'; readonly afterMs: number }

/** When a reading that may come from a cache is read again, in milliseconds. */
const readAgainAfterMs = [2_000, 10_000, 30_000] as const

export function observe(observation: Observation): Reaction {
  const { reading, shadow } = observation
  if (observation.intentOpen) return { type: 'nothing' }
  if (reading === null || shadow === null) return reading === shadow ? { type: 'nothing' } : { type: 'take' }
  if (observation.doubtful) return { type: 'hold' }
  if (reading === shadow) return { type: 'nothing' }
  if (observation.recentValue && observation.stoodMs < observation.readLagMs) {
    const next = readAgainAfterMs.find((afterMs) => afterMs > observation.stoodMs)
    return { type: 'read-again', afterMs: (next ?? observation.readLagMs) - observation.stoodMs }
  }
  return { type: 'count', delta: reading - shadow }
}

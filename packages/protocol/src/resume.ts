/**
 * What becomes of a SKU's number when its shop, which was paused, takes part again. S = shadow level, A = what the shop
 * reads now, as in `reconcile.ts`.
 *
 * The shop's own change is A - S, never A less the shown level: what others sold meanwhile is in the level and not yet
 * in the shop, and is still to be applied there.
 */
import type { ResumeChoice } from './api.ts'

export interface PausedSku {
  /** A; null: not tracked now. */
  readonly reading: number | null
  /** S; null: not tracked before. */
  readonly shadow: number | null
  /** The adjustment that was open when the pause began, in units; 0 for none. The shop has made it or not. */
  readonly adjusting: number
  /** Whether the shop's feed tells each of its changes (class *ledger*). */
  readonly explained: boolean
  /** What a person chose for changes that nothing explains. */
  readonly choice: ResumeChoice
}

export type Resumption =
  | { readonly type: 'nothing' }
  /** The feed tells the changes one by one, so nothing is taken from this reading and the choice decides nothing. */
  | { readonly type: 'follow'; readonly difference: number }
  /** S := A without a change: the shop is brought to the network's level. */
  | { readonly type: 'take'; readonly difference: number }
  /** S := A and the totals grow by the difference: it was sold or came in here. */
  | { readonly type: 'count'; readonly difference: number }

export function resume({ reading, shadow, adjusting, explained, choice }: PausedSku): Resumption {
  // Tracked again or not any more: an ordinary observation takes it, without a delta.
  if (reading === null || shadow === null || reading === shadow) return { type: 'nothing' }
  const difference = reading - (shadow + adjusting)
  if (difference === 0) return { type: 'nothing' }
  if (explained) return { type: 'follow', difference }
  return { type: choice === 'count-in' ? 'count' : 'take', difference }
}

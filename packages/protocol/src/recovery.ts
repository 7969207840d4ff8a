/**
 * A node that came out of a backup: the others, and its own shop, know more of it than it does itself. It asks before it
 * does anything, then reads again what its shop did, and writes to its shop when it knows what the others know.
 *
 *   waiting --a member told its claims, there is none, or nobody came in time--> reading
 *   reading --the feed is read to its end, and what the members claim is held--> over
 */
import { recoveryAloneMsMax } from './limits.ts'

export type RecoveryState = 'waiting' | 'reading' | 'over'

export interface RecoveryFacts {
  /** Members beside this shop. */
  readonly others: number
  /** Connected members whose claims are all known. */
  readonly heard: number
  /** How long no such member has been connected, in milliseconds. */
  readonly aloneMs: number
  /** Whether what the shop did is read up to its end. */
  readonly followed: boolean
  /** Whether everything that those members claim is held. */
  readonly caughtUp: boolean
}

/** The next state. `alone`: nobody could be asked, so what the others know is missing. */
export function stepRecovery(
  state: RecoveryState,
  facts: RecoveryFacts,
): { readonly state: RecoveryState; readonly alone: boolean } {
  const alone = isAlone(facts)
  const mayGoOn = facts.others === 0 || facts.heard > 0 || alone
  if (state === 'waiting' && mayGoOn) return { state: 'reading', alone }
  const knowsAll = facts.others === 0 || alone || mayList(facts)
  if (state === 'reading' && facts.followed && knowsAll) return { state: 'over', alone }
  return { state, alone }
}

/** Whether a shop that came out of the backup too may be compared with the network: what it lost is known again. */
export function mayList(facts: Omit<RecoveryFacts, 'followed'>): boolean {
  return facts.others === 0 || isAlone(facts) || (facts.heard > 0 && facts.caughtUp)
}

function isAlone({ others, heard, aloneMs }: Omit<RecoveryFacts, 'followed'>): boolean {
  return others > 0 && heard === 0 && aloneMs >= recoveryAloneMsMax
}

/**
 * What an earlier life of a node did with the feed of its shop, where its disk may have been put back without a word. The
 * fold of a feed is the same each time it is read, but for a mass change: which of its rows were held, nobody can tell
 * from the feed. So a node that may have read them before asks the others how far that was, before it counts any.
 *
 *   same      what comes is new, or comes out as it did before: it is read on
 *   unknown   nobody has been asked yet: nothing is read of it
 *   other     it came out another way before: the others' word is taken, and a new feed is begun
 */
export type FeedPast = 'same' | 'unknown' | 'other'

export interface FeedPastFacts {
  /** Up to where other members claim the feed's replica; 0 where none does. */
  readonly claimed: number
  /** Up to where it is held here. */
  readonly held: number
  /** The feed id up to which it was read. */
  readonly position: number
  /** Whether there may be a mass change among what is still to be read. */
  readonly hidesMassChange: boolean
  /** It is known that this node was put back. */
  readonly isPutBack: boolean
  /** A member told its claims, there is none, or nobody came in time. */
  readonly hasWitness: boolean
}

export function judgeFeedPast(facts: FeedPastFacts): FeedPast {
  const { claimed, held, position, hidesMassChange, isPutBack, hasWitness } = facts
  const isAhead = claimed > held
  // A row that counted before was passed over this time.
  if (isAhead && position >= claimed) return 'other'
  if (!hidesMassChange) return 'same'
  if (isPutBack || isAhead) return 'other'
  return hasWitness ? 'same' : 'unknown'
}

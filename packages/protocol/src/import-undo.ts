/**
 * Taking an import back. The shop gets its old numbers again, with what it sold since; or the network gets them, with
 * what every shop sold since. Neither moves a number of another shop that nobody asked to move.
 */
import { importUndoMsMax } from './limits.ts'
import { failure, type Result, success } from './result.ts'

export interface ImportFacts {
  /** Whether the import is through. */
  readonly isDone: boolean
  /** Whether what it did was noted: it joined a network, and nothing was lost of that since. */
  readonly isNoted: boolean
  /** In milliseconds since 1970; null while it is not through. */
  readonly finishedAt: number | null
  readonly now: number
}

/** Until when an import may be taken back, in milliseconds since 1970. Error: `nothing-to-undo`. */
export function undoableUntil({ isDone, isNoted, finishedAt, now }: ImportFacts): Result<number> {
  if (!isDone || finishedAt === null) {
    return failure('nothing-to-undo', 'The import of this shop is not done, so there is nothing to take back yet.')
  }
  if (!isNoted) {
    return failure('nothing-to-undo', 'The import changed no number in this shop, or the shop was put back since.')
  }
  const until = finishedAt + importUndoMsMax
  if (now > until) return failure('nothing-to-undo', 'An import can be taken back for 30 days, and these are over.')
  return success(until)
}

/** What a SKU's level is if the shop's number before the import is right: that number and all that moved since. */
export function levelByThisShop(note: { readonly before: number; readonly net: number }, moved: number): number {
  return note.before + moved - note.net
}

/**
 * What a person may tell an import while it is under way, and what follows from it.
 *
 *   listing --pause--> listing, held --resume--> listing
 *   running --pause--> running, held --resume--> running
 *   listing --cancel--> listing, that waits in `ready` for a person
 *   running --cancel--> taking back what was written --> ready
 *
 * Each word may be said again: what holds already is no mistake.
 */
import { type Failure, failure, type Result, success } from './result.ts'

export const importWords = ['pause', 'resume', 'cancel'] as const

export type ImportWord = (typeof importWords)[number]

export interface ImportCourse {
  readonly state: 'idle' | 'listing' | 'ready' | 'running' | 'done'
  readonly isHeld: boolean
  /** Whether what it wrote is being taken back because it was cancelled. */
  readonly isCancelling: boolean
  /** What it wrote: nothing, since it founds the network; noted; or not known, since the shop or node was put back. */
  readonly written: 'nothing' | 'noted' | 'unknown'
  readonly isShopPaused: boolean
}

export type ImportStep =
  | 'nothing'
  | 'hold'
  | 'go-on'
  /** It reads on, and writes nothing before a person starts it. */
  | 'wait-for-start'
  /** There is nothing to take back: it is as if it had not been started. */
  | 'unstart'
  | 'take-back'

/** What nothing but waiting helps against. */
export const importCancelling: Failure = failure(
  'import-cancelling',
  'The import was cancelled, and the shop is getting its old numbers again. Wait until that is done.',
)

/** Errors: `import-not-running`, `import-cancelling`, `import-not-noted`, `shop-paused`. */
export function importStep(word: ImportWord, course: ImportCourse): Result<ImportStep> {
  const { state, isHeld, isCancelling } = course
  if (word === 'cancel' && (state === 'ready' || isCancelling)) return success('nothing')
  if (state !== 'listing' && state !== 'running') {
    return failure(
      'import-not-running',
      'No import is under way. One that is ready is started, and one that is done is undone instead.',
    )
  }
  if (isCancelling) {
    return importCancelling
  }
  if (word === 'pause') return success(isHeld ? 'nothing' : 'hold')
  if (word === 'resume') return success(isHeld ? 'go-on' : 'nothing')
  if (state === 'listing') return success('wait-for-start')
  if (course.written === 'nothing') return success('unstart')
  if (course.written === 'unknown') {
    return failure(
      'import-not-noted',
      'The shop or this node was put back during the import, so what it did to the shop is not known. Resume it to its end.',
    )
  }
  if (course.isShopPaused) {
    return failure(
      'shop-paused',
      'This shop is paused, so its old numbers cannot be written. Resume the shop first, then cancel the import.',
    )
  }
  return success('take-back')
}

/**
 * What a parser or a decision answers: a value, or a stable code with a sentence. Their mistake is a value; our own
 * impossible case throws.
 */

export interface Failure {
  readonly ok: false
  /** Stable, kebab-case. */
  readonly code: string
  /** One sentence that says what is wrong. */
  readonly message: string
}

export type Result<T> = { readonly ok: true; readonly value: T } | Failure

export function success<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function failure(code: string, message: string): Failure {
  return { ok: false, code, message }
}

/** Closes a switch over a union: reaching it is a bug of ours. */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`)
}

/** States what must hold; a violation is a bug of ours and stops the work in hand. */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${sentence}`)
}

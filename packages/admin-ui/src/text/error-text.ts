/**
 * What the pages say for the error codes they know. A code that is not here is shown with the message of the answer,
 * so nothing is ever hidden; a code that stands in English must stand in every language or it does not compile.
 */
import type { errors } from './en/errors.ts'

export type ErrorText = Readonly<Record<keyof typeof errors, string>>

/** The sentence for a code in the user's language, else the answer's own message. */
export function errorSentence(known: ErrorText | null, code: string, message: string): string {
  const sentences: Readonly<Record<string, string>> = known ?? {}
  return Object.hasOwn(sentences, code) ? (sentences[code] ?? message) : message
}

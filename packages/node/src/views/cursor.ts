/**
 * Keyset cursors: where a list goes on, as the sort value and the key of the last item. They survive changes of the
 * list, and anything that is not one of ours is an error, not a guess.
 */
import { ApiFailure } from '../http/node-api.ts'

export type CursorParts = readonly (string | number)[]

export function encodeCursor(parts: CursorParts): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** Error: 400 `cursor-invalid`. */
export function decodeCursor(cursor: string): CursorParts {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(parts) && parts.every((part) => typeof part === 'string' || typeof part === 'number')) {
      return parts as CursorParts
    }
  } catch {
    // Not ours: answered below like every other text.
  }
  throw new ApiFailure(400, 'cursor-invalid', 'The cursor in "after" is not one of this list. Begin without it.')
}

/**
 * Keyset cursors: where a list goes on, as the sort value and the key of the last item. They survive changes of the
 * list, and anything that is not one of ours is an error, not a guess.
 */
import { ApiFailure } from '../http/node-api.ts'

export type CursorParts = readonly (string | number)[]
/** `place`: a whole number from none on. */
export type CursorKind = 'text' | 'number' | 'place'

export function encodeCursor(parts: CursorParts): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** The parts of a cursor of the list whose cursors have these kinds of parts. Error: 400 `cursor-invalid`. */
export function decodeCursor(cursor: string, kinds: readonly CursorKind[]): CursorParts {
  const parts = parse(cursor)
  if (parts?.length === kinds.length && kinds.every((kind, index) => fits(parts[index], kind))) {
    return parts as CursorParts
  }
  throw new ApiFailure(400, 'cursor-invalid', 'The cursor in "after" is not one of this list. Begin without it.')
}

function parse(cursor: string): readonly unknown[] | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parts) ? parts : null
  } catch {
    return null
  }
}

function fits(part: unknown, kind: CursorKind): boolean {
  switch (kind) {
    case 'text':
      return typeof part === 'string'
    case 'number':
      return typeof part === 'number'
    case 'place':
      return Number.isSafeInteger(part) && (part as number) >= 0
  }
}

/**
 * A SKU or an id as one part of an address. Two texts cannot be one, however they are written: `.` and `..` mean
 * places in the path.
 */
import { plain } from './cell.ts'
import { UsageError } from './usage-error.ts'

export function pathPart(text: string): string {
  if (text === '.' || text === '..' || /\p{Cs}/u.test(text)) {
    throw new UsageError([`"${plain(text)}" cannot stand in an address. Find it in the list, or in the admin pages.`])
  }
  return encodeURIComponent(text)
}

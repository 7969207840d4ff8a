/**
 * Pages of a list that is made anew for each question, in an order of its own. The cursor names the last items of the
 * page, the last one first, so that the next page begins after the one that is still there: what comes or goes
 * elsewhere in the list neither hides an item nor shows one twice. Where all of them are gone their place counts.
 */
import { createHash } from 'node:crypto'
import type { List } from '@stockmesh/protocol'
import type { PageQuery } from '../http/node-api.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

/** Items that a cursor names. */
const namedMax = 8

/** `nameOf` tells an item from every other of the list. Error: 400 `cursor-invalid`. */
export function pageOf<T>(all: readonly T[], nameOf: (item: T) => string, { after, limit }: PageQuery): List<T> {
  const start = after === null ? 0 : placeAfter(all, nameOf, decodeCursor(after, ['place', 'text']))
  const end = start + limit
  const items = all.slice(start, end)
  const named = items
    .slice(-namedMax)
    .toReversed()
    .map((item) => mark(nameOf(item)))
  return { items, next: end < all.length ? encodeCursor([end, named.join(' ')]) : null, total: all.length }
}

function placeAfter<T>(
  all: readonly T[],
  nameOf: (item: T) => string,
  [placed, names]: readonly (string | number)[],
): number {
  const place = Math.min(Number(placed), all.length)
  const named = String(names).split(' ')
  const last = all[place - 1]
  // Nothing has moved, as nearly always: no other item is looked at.
  if (last !== undefined && mark(nameOf(last)) === named[0]) return place
  const marks = new Map(all.map((item, index) => [mark(nameOf(item)), index]))
  for (const one of named) {
    const index = marks.get(one)
    if (index !== undefined) return index + 1
  }
  return place
}

/** Short, since a cursor goes into an address, and a name may be long. */
function mark(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 12)
}

/**
 * Lists of the Admin API, by id: an item that goes while they are read moves all that follow to the front, so each page
 * begins with the last item of the one before.
 */
import { z, type ZodType } from 'zod'
import { answerInvalid } from '../shop-exchange.ts'
import type { AdminClient } from './admin-client.ts'
import { pageItemsMax, stepsBackMax } from './admin-limits.ts'
import type { Listed } from './admin-rows.ts'

/** Where the next page begins. */
export interface PagePlace {
  /** Items thought to be before it. */
  readonly skip: number
  /** The highest id that was read; null: none. */
  readonly last: string | null
}

export const place: ZodType<PagePlace> = z.object({ skip: z.int().min(0), last: z.string().nullable() })
export const firstPage: PagePlace = { skip: 0, last: null }

export interface IdPage<T, Value> {
  /** With ids above the last one, in the order of their ids. */
  readonly items: readonly T[]
  /** null: there is nothing after it. */
  readonly next: PagePlace | null
  readonly total: number
  readonly value: Value
  /** What the shop's clock showed; null where it does not say. */
  readonly shopTime: number | null
}

export async function readPage<Value, T extends { readonly id: string }>(
  client: AdminClient,
  asked: {
    readonly name: string
    /** Takes `$options`. */
    readonly query: string
    readonly filter: object
    readonly schema: ZodType<Value>
    readonly listOf: (value: Value) => Listed<T>
  },
  { skip, last }: PagePlace,
  signal: AbortSignal,
): Promise<IdPage<T, Value>> {
  const { name, query, filter, schema, listOf } = asked
  let from = skip
  for (let steps = 0; steps <= stepsBackMax; steps += 1) {
    const options = { skip: from, take: pageItemsMax, sort: { id: 'ASC' }, filter }
    const { value, shopTime } = await client.ask({ name, query, variables: { options }, schema }, signal)
    const { items: read, totalItems: total } = listOf(value)
    assertAscending(read)
    const first = read[0]
    if (from > 0 && last !== null && (first === undefined || isAfter(first.id, last))) {
      from = Math.max(0, from - pageItemsMax)
      continue
    }
    const items = last === null ? read : read.filter(({ id }) => isAfter(id, last))
    const reached = from + read.length
    const isLast = read.length < 2 || reached >= total
    const next = isLast ? null : { skip: reached - 1, last: items.at(-1)?.id ?? last }
    return { items, next, total, value, shopTime }
  }
  throw answerInvalid(`${name} changes faster than it can be read`)
}

function assertAscending(items: readonly { readonly id: string }[]): void {
  let last: string | null = null
  for (const { id } of items) {
    if (last !== null && !isAfter(id, last)) throw answerInvalid('a list is not in the order of its ids')
    last = id
  }
}

/** Ids are whole numbers, or texts of one length. */
function isAfter(id: string, other: string): boolean {
  const [left, right] = [Number(id), Number(other)]
  return Number.isSafeInteger(left) && Number.isSafeInteger(right) ? left > right : id > other
}

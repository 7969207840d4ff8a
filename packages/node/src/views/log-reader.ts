/**
 * Reads the log back, newest first: all of it, or one SKU's movements.
 */
import {
  type ActivityAnswer,
  type CollidingOrder,
  collidingSales,
  collisionAt,
  type Cover,
  foldBack,
  isRid,
  type List,
  type LogItem,
  type MovementItem,
  noHistory,
  type Rid,
  shopOfRid,
  type ShopId,
  type SkuKey,
  type StockCourse,
} from '@stockmesh/protocol'
import { ApiFailure, type LogQuery, type PageQuery } from '../http/node-api.ts'
import type { Place, PlacedLine } from '../ledger/history-rows.ts'
import type { LogLine } from '../ledger/log-line.ts'
import { activity } from './activity.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { type MovementsSince, movementsSince } from './movements-since.ts'
import { type FoundLine, foundLines, isBefore, type LineSource, readRow } from './log-lines.ts'
import { salesSince } from './sales-since.ts'
import { stockCourse } from './stock-course.ts'
import { unexplained } from './unexplained.ts'

/** What was heard of a SKU at two moments. */
interface Heard {
  readonly from: readonly Cover[]
  readonly until: readonly Cover[]
}

/** Lines looked at for the orders of one oversold SKU, and orders told of it. */
const collisionLinesMax = 500
const collidingOrdersMax = 20

export class LogReader {
  readonly #source: LineSource

  constructor(source: LineSource) {
    this.#source = source
  }

  /** Units that each shop sold since a time, in milliseconds since 1970. */
  async salesSince(since: number): Promise<ReadonlyMap<ShopId, number>> {
    return await salesSince(this.#source, since)
  }

  /** The movements that add up to a SKU's totals, and the stock counts between them. */
  async movements(key: SkuKey, query: PageQuery): Promise<List<MovementItem>> {
    const source = this.#source
    const { coming, carried } = await unexplained(source, key)
    const after = placeOf(query)
    const lines = async function* (before: Place | null): AsyncGenerator<FoundLine> {
      yield* coming
      yield* foundLines(source, key, before)
      yield* carried
    }
    const page = await collect(lines, query, after, {
      fits: ({ cause }) => cause !== 'created',
      fitsRead: (line) => line.counted || line.cause === 'stock-count',
    })
    return { ...page, items: page.items.map(movementItem) }
  }

  async log(query: LogQuery, key: SkuKey | null): Promise<List<LogItem>> {
    const after = placeOf(query)
    const fits = ({ rid, cause }: PlacedLine): boolean => {
      if (query.cause !== null && cause !== query.cause) return false
      return query.member === null || rid === null || shopOfRid(rid) === query.member
    }
    const fitsRead = query.member === null ? null : ({ member }: LogLine): boolean => member === query.member
    const lines = (before: Place | null): AsyncIterable<FoundLine> => foundLines(this.#source, key, before)
    const page = await collect(lines, query, after, { fits, fitsRead })
    return { ...page, items: page.items.map(logItem) }
  }

  /** The newest lines of a SKU that fit. */
  async newestOf(key: SkuKey, count: number, fits: (line: LogLine) => boolean): Promise<LogLine[]> {
    const found: LogLine[] = []
    for await (const { read } of foundLines(this.#source, key, null)) {
      const line = await read()
      if (line !== null && fits(line)) found.push(line)
      if (found.length === count) break
    }
    return found
  }

  /** The orders that collided over an oversold SKU, the newest first; `level`: as it is now. */
  async collidingOrders(key: SkuKey, level: number): Promise<readonly CollidingOrder[]> {
    let collision = collisionAt<LogLine & { readonly delta: number }>(level)
    let lines = 0
    for await (const { read } of foundLines(this.#source, key, null)) {
      if (collision.isComplete || lines === collisionLinesMax) break
      lines += 1
      const line = await read()
      if (line === null || !(line.counted || line.cause === 'stock-count')) continue
      collision = foldBack(collision, { ...line, delta: line.delta ?? 0 })
    }
    return collidingSales(level, collision)
      .slice(0, collidingOrdersMax)
      .map(({ sale: { member, reference, at }, units, short }) => {
        return { member, reference, delta: -units, at: new Date(at).toISOString(), short }
      })
  }

  /** What became of a SKU in the last 30 days; `level`: as it is now. */
  course(key: SkuKey, level: number | null, now: number): Promise<StockCourse> {
    return stockCourse(this.#source, key, level, now)
  }

  /** How many changes each shop made in each of the last 24 hours. */
  activity(now: number): Promise<ActivityAnswer> {
    return activity(this.#source, now)
  }

  /** What happened to a SKU last before a time; null for nothing. */
  async newestBefore(key: SkuKey, at: number): Promise<LogLine | null> {
    for await (const { read } of foundLines(this.#source, key, { at, rid: null, n: 0 })) {
      const line = await read()
      if (line !== null) return line
    }
    return null
  }

  /** What a shop moved since a time, in milliseconds since 1970 by its own clock. */
  madeSince(shop: ShopId, since: number): Promise<MovementsSince> {
    return movementsSince(this.#source, shop, since)
  }

  /**
   * What a SKU moved between two moments at which it was noted what had been heard, of that which happened at `since` or
   * later by the clock of its replica's shop. `unclear`: movements are still on their way; they are taken for later ones.
   */
  async movedSince(
    key: SkuKey,
    since: (rid: Rid) => number,
    { from, until }: Heard,
  ): Promise<{ readonly units: number; readonly unclear: boolean }> {
    const { storage, ledger } = this.#source
    const begun = new Map(from.map((cover) => [cover.rid, cover]))
    const open = new Map<Rid, { readonly above: number; readonly through: number; left: number }>()
    for (const { rid, seq, net } of until) {
      const before = begun.get(rid)
      if (seq > (before?.seq ?? 0))
        open.set(rid, { above: before?.seq ?? 0, through: seq, left: net - (before?.net ?? 0) })
    }
    let units = 0
    if (open.size === 0) return { units, unclear: false }
    for await (const { place } of foundLines(this.#source, key, null)) {
      const range = place.rid === null ? undefined : open.get(place.rid)
      if (place.rid === null || range === undefined) continue
      const row = await readRow(storage, place.rid, place.n)
      if (row === null || row.seq <= range.above || row.seq > range.through) continue
      range.left -= row.movement.delta
      if (row.movement.at >= since(place.rid)) units += row.movement.delta
    }
    let unclear = false
    for (const [rid, { through, left }] of open) {
      // What was carried happened long before.
      if (left === 0 || (ledger.histories.get(rid) ?? noHistory).complete >= through) continue
      units += left
      unclear = true
    }
    return { units, unclear }
  }
}

interface Wanted {
  readonly fits: (place: PlacedLine) => boolean
  /** What the place does not say of an event; a movement that fits by its place fits. */
  readonly fitsRead: ((line: LogLine) => boolean) | null
}

async function collect(
  linesFrom: (before: Place | null) => AsyncIterable<FoundLine>,
  query: PageQuery,
  after: Place | null,
  { fits, fitsRead }: Wanted,
): Promise<List<LogLine>> {
  const isCounted = query.uncounted !== true
  const items: LogLine[] = []
  let total = 0
  let last: Place | null = null
  let more = false
  for await (const { place, read } of linesFrom(isCounted ? null : after)) {
    if (!fits(place)) continue
    const isOnPage = items.length < query.limit && (after === null || isBefore(place, after))
    const line = isOnPage || (fitsRead !== null && place.rid === null) ? await read() : undefined
    if (line === null || (line !== undefined && fitsRead?.(line) === false)) continue
    total += 1
    if (after !== null && !isBefore(place, after)) continue
    if (isOnPage && line !== undefined) {
      items.push(line)
      last = place
      continue
    }
    more = true
    if (!isCounted) break
  }
  return { items, next: more && last !== null ? encodeCursor([last.at, last.rid ?? '', last.n]) : null, total }
}

function placeOf({ after }: PageQuery): Place | null {
  if (after === null) return null
  const [at, rid, n] = decodeCursor(after, ['place', 'text', 'place'])
  if (typeof rid !== 'string' || (rid !== '' && !isRid(rid))) {
    throw new ApiFailure(400, 'cursor-invalid', 'The cursor in "after" is not one of this list. Begin without it.')
  }
  return { at: Number(at), rid: rid === '' ? null : rid, n: Number(n) }
}

function movementItem(line: LogLine): MovementItem {
  return {
    at: new Date(line.at).toISOString(),
    member: line.member,
    delta: line.delta ?? 0,
    cause: line.cause as MovementItem['cause'],
    reference: line.reference,
    levelAfter: line.levelAfter,
  }
}

/** A line as the list of the log has it. */
export function logItem(line: LogLine): LogItem {
  const { member, sku, name, delta, levelAfter, cause, reference, result } = line
  return { at: new Date(line.at).toISOString(), member, sku, name, delta, levelAfter, cause, reference, result }
}

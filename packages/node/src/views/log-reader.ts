/**
 * Reads the log back, newest first: all of it, or one SKU's movements.
 */
import type { List, LogItem, MovementItem, SkuKey } from '@stockmesh/protocol'
import type { LogQuery, PageQuery } from '../http/node-api.ts'
import type { LogLine } from '../ledger/log-line.ts'
import { decodeJson } from '../storage/json.ts'
import { encodeKey, lastNumber, prefixRange } from '../storage/key.ts'
import type { Range, Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

interface Numbered {
  readonly number: number
  readonly line: LogLine
}

export class LogReader {
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** The movements that add up to a SKU's totals, and the stock counts between them. */
  async movements(key: SkuKey, query: PageQuery): Promise<List<MovementItem>> {
    const page = await collect(
      (before) => this.#linesOf(key, before),
      query,
      (line) => line.counted || line.cause === 'stock-count',
    )
    return { ...page, items: page.items.map(movementItem) }
  }

  async log(query: LogQuery, key: SkuKey | null): Promise<List<LogItem>> {
    const linesFrom = (before: number | null): AsyncGenerator<Numbered> =>
      key === null ? this.#lines(before) : this.#linesOf(key, before)
    const page = await collect(linesFrom, query, (line) => {
      if (query.member !== null && line.member !== query.member) return false
      return query.cause === null || line.cause === query.cause
    })
    return { ...page, items: page.items.map(logItem) }
  }

  /** The newest lines of a SKU that fit. */
  async newestOf(key: SkuKey, count: number, fits: (line: LogLine) => boolean): Promise<LogLine[]> {
    const found: LogLine[] = []
    for await (const { line } of this.#linesOf(key, null)) {
      if (fits(line)) found.push(line)
      if (found.length === count) break
    }
    return found
  }

  /**
   * What the movements of a SKU in a range of log lines add up to, of those that happened at `since` or later. `unclear`:
   * whether some of these units may have moved before.
   */
  async movedSince(
    key: SkuKey,
    since: number,
    lines: { readonly from: number; readonly before: number },
  ): Promise<{ readonly units: number; readonly unclear: boolean }> {
    if (lines.from >= lines.before) return { units: 0, unclear: false }
    let units = 0
    let unclear = false
    const range: Range = {
      gte: encodeKey(tables.logOfSku, key, lines.from),
      lt: encodeKey(tables.logOfSku, key, lines.before),
    }
    for await (const { line } of this.#linesIn(range)) {
      if (!line.counted || line.at < since) continue
      units += line.delta ?? 0
      if (line.cause === 'catch-up' && (line.since === null || line.since < since)) unclear = true
    }
    return { units, unclear }
  }

  /** Newest first; all, or those before a number. */
  async *#lines(before: number | null): AsyncGenerator<Numbered> {
    const end = before === null ? {} : { lt: encodeKey(tables.log, before) }
    const range: Range = { ...prefixRange(tables.log), ...end, reverse: true }
    for await (const [key, value] of this.#storage.scan(range)) {
      yield { number: lastNumber(key), line: decodeJson<LogLine>(value) }
    }
  }

  #linesOf(key: SkuKey, before: number | null): AsyncGenerator<Numbered> {
    const end = before === null ? {} : { lt: encodeKey(tables.logOfSku, key, before) }
    return this.#linesIn({ ...prefixRange(tables.logOfSku, key), ...end, reverse: true })
  }

  /** `range`: of the rows that name a SKU's lines. */
  async *#linesIn(range: Range): AsyncGenerator<Numbered> {
    for await (const [row] of this.#storage.scan(range)) {
      const number = lastNumber(row)
      const value = await this.#storage.get(encodeKey(tables.log, number))
      if (value !== undefined) yield { number, line: decodeJson<LogLine>(value) }
    }
  }
}

async function collect(
  linesFrom: (before: number | null) => AsyncIterable<Numbered>,
  query: PageQuery,
  fits: (line: LogLine) => boolean,
): Promise<List<LogLine>> {
  const after = query.after === null ? null : Number(decodeCursor(query.after, ['place'])[0])
  const isCounted = query.uncounted !== true
  const items: LogLine[] = []
  let total = 0
  let last = 0
  let more = false
  for await (const { number, line } of linesFrom(isCounted ? null : after)) {
    if (!fits(line)) continue
    total += 1
    if (after !== null && number >= after) continue
    if (items.length < query.limit) {
      items.push(line)
      last = number
      continue
    }
    more = true
    if (!isCounted) break
  }
  return { items, next: more ? encodeCursor([last]) : null, total }
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

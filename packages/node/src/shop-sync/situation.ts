/**
 * Puts together, for one SKU, what the book and the holdings know, in the form that the pure decision takes.
 */
import {
  type Holdings,
  isOfShop,
  levelOf,
  recordsOf,
  type ShopId,
  type Situation,
  type SkuKey,
} from '@stockmesh/protocol'
import type { Book } from './book.ts'

/** What this shop shows of a level; the values may change at any time. */
export interface ShowingRules {
  readonly buffer: number
  /** 0, or null where the shop keeps negative stock. */
  readonly floor: number | null
}

/** What this shop shows of a SKU's level: its own buffer, where it has one. */
export function showingOf(key: SkuKey, { choices }: Book, { buffer, floor }: ShowingRules): ShowingRules {
  return { buffer: choices.bufferOf(key) ?? buffer, floor }
}

export function situationOf(
  key: SkuKey,
  {
    book,
    holdings,
    self,
    rules,
    writable,
  }: {
    readonly book: Book
    readonly holdings: Holdings
    readonly self: ShopId
    readonly rules: ShowingRules
    readonly writable: boolean
  },
): Situation {
  const rows = book.rowsOf(key)
  const [row] = rows
  const records = recordsOf(holdings, key)
  const position = book.feed?.position ?? 0
  return {
    rows: rows.length,
    shadow: row?.stock ?? null,
    fault: row?.fault ?? null,
    offset: book.offsets.get(key)?.units ?? 0,
    intentOpen: row !== undefined && book.intents.has(row.stockId),
    level: levelOf(records),
    knownElsewhere: records.listed.some(({ rid, record }) => record.value && !isOfShop(rid, self)),
    dropped: row?.dropped ?? false,
    ...showingOf(key, book, rules),
    leftOut: book.choices.leftOut(key) !== null,
    // A row that was listed ahead of the feed waits until the feed has told the sales that are in its number.
    writable: writable && rows.every(({ version }) => version <= position),
  }
}

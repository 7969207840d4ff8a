/**
 * Puts together, for one SKU, what the book and the holdings know, in the form that the pure decision takes.
 */
import {
  elsewhereOf,
  type Holdings,
  levelOf,
  type Membership,
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

/** The rules, and what the partition guard leaves of a SKU. */
export interface GuardedRules extends ShowingRules {
  /** Units that may be shown, not negative; null: all. */
  ceilingOf(key: SkuKey): number | null
}

export function guardedRules(rules: ShowingRules, guard: Pick<GuardedRules, 'ceilingOf'>): GuardedRules {
  return {
    get buffer() {
      return rules.buffer
    },
    get floor() {
      return rules.floor
    },
    ceilingOf: (key) => guard.ceilingOf(key),
  }
}

/** What this shop shows of a SKU's level: its own buffer, where it has one, and nothing of what it withholds. */
export function showingOf(
  key: SkuKey,
  { choices, withheld }: Book,
  rules: GuardedRules,
): Pick<Situation, 'buffer' | 'floor' | 'ceiling' | 'withheld'> {
  return {
    buffer: choices.bufferOf(key) ?? rules.buffer,
    floor: rules.floor,
    ceiling: rules.ceilingOf(key),
    withheld: withheld.unitsOf(key),
  }
}

export function situationOf(
  key: SkuKey,
  {
    book,
    holdings,
    self,
    rules,
    membership,
    writable,
  }: {
    readonly book: Book
    readonly holdings: Holdings
    readonly self: ShopId
    readonly rules: GuardedRules
    readonly membership: Membership
    readonly writable: boolean
  },
): Situation {
  const rows = book.rowsOf(key)
  const [row] = rows
  const records = recordsOf(holdings, key)
  const level = levelOf(records)
  const position = book.feed?.position ?? 0
  return {
    rows: rows.length,
    shadow: row?.stock ?? null,
    fault: row?.fault ?? null,
    offset: book.offsets.get(key)?.units ?? 0,
    intentOpen: row !== undefined && book.intents.has(row.stockId),
    level,
    elsewhere: level === null ? elsewhereOf(records, self, membership) : 'known',
    dropped: row?.dropped ?? false,
    ...showingOf(key, book, rules),
    leftOut: book.choices.leftOut(key) !== null,
    // A row that was listed ahead of the feed waits until the feed has told the sales that are in its number.
    writable: writable && rows.every(({ version }) => version <= position),
  }
}

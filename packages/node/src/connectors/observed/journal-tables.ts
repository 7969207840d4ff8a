/**
 * The tables of an observed shop's journal: the first byte of every key in its own database. A table's number never
 * changes its meaning.
 */
import type { EffectLine, FormerStock, HeldOrder, ShopProduct } from '@stockmesh/protocol'

export const tables = {
  /** name -> JSON: attachment, cursors, the listing under way. */
  meta: 0,
  /** stock id -> the stock row with its shadow. */
  row: 1,
  /** SKU key, stock id -> nothing. */
  sku: 2,
  /** feed id -> feed row. */
  feed: 3,
  /** operation id -> how it ended. */
  ended: 4,
  /** stock id -> the operation whose outcome is not known yet. */
  open: 5,
  /** order line id -> when it was seen. */
  line: 6,
  /** stock id -> stock id: must be read again. */
  due: 7,
  /** order id -> what it held when it was seen last. */
  order: 8,
} as const

export interface JournalRow {
  readonly stockId: string
  readonly sku: string | null
  readonly name: string
  /** S; null: not tracked, or at fault. */
  readonly stock: number | null
  readonly fault: string | null
  readonly createdAt: number
  readonly products: readonly ShopProduct[]
  /** Feed id of the last row that touched this one. */
  readonly version: number
  /** The number of the listing that had it last, or under which it came. */
  readonly listing: number
  /** What S was in the last minute. */
  readonly formers: readonly FormerStock[]
  /** Order lines whose effect is not seen yet, each with when it was read, and when lines were read before that. */
  readonly waiting: readonly { readonly line: EffectLine; readonly seenAt: number; readonly notBefore?: number }[]
  /** Units told as `manual` for which a line may still come. */
  readonly unexplained: {
    readonly units: number
    /** When they were told. */
    readonly at: number
    /** Deltas of lines that came. */
    readonly late?: readonly number[]
    /** They went both ways, so that the sum does not say for which lines they stand. */
    readonly isMixed?: true
  }
  /** Units told as overwritten, of which some may show after all, and when they were told. */
  readonly owed?: { readonly units: number; readonly at: number }
  /** Until when a line may come that a write of ours overwrote, in milliseconds since 1970; absent: none. */
  readonly exposedUntil?: number
  /** Nobody can know what moved: the next adjustment is refused with that, so that a person looks. */
  readonly isUnclear?: true
}

export interface KeptOrder extends HeldOrder {
  /** When it was noted, in milliseconds since 1970. */
  readonly at: number
}

/** Noted before the call. */
export interface OpenOperation {
  readonly opId: string
  readonly stockId: string
  /** Units sent: what the shop takes of the adjustment. */
  readonly units: number
  /** S when it was sent. */
  readonly shadow: number
  readonly sentAt: number
}

export type EndedOperation =
  | { readonly status: 'applied'; readonly stock: number; readonly feedId: number }
  /** No feed row tells of it; `at` is when it ended, in milliseconds since 1970. */
  | { readonly status: 'refused'; readonly code: string; readonly at: number }

interface Listing {
  /** Counts up with each listing that is begun. */
  readonly number: number
  readonly cursor: string | null
  readonly rows: number
  readonly total: number | null
}

export interface JournalMeta {
  readonly attachment: {
    readonly network: string
    readonly node: string
    readonly epoch: string
    readonly start: number
  } | null
  /** null: `changes` was never asked. */
  readonly changes: string | null
  /** null: `orderLines` was never asked. */
  readonly lines: string | null
  /** When it was asked last and answered, where lines may come late; absent: never. */
  readonly linesAt?: number
  /** The listing under way; null: none. */
  readonly listing: Listing | null
  /** Listings that were begun. */
  readonly listings: number
  /** When the last complete one ended; null: none yet. */
  readonly listedAt: number | null
  /** The number of the last complete one. */
  readonly complete: number
  /** Rows that no listing since this number had are not trusted: their stock is taken as it is, without a delta. */
  readonly trustedFrom: number
  /** Stock rows in the journal. */
  readonly rowCount: number
  /** The first feed id that is kept. */
  readonly keptFrom: number
}

export const emptyMeta: JournalMeta = {
  attachment: null,
  changes: null,
  lines: null,
  listing: null,
  listings: 0,
  listedAt: null,
  complete: 0,
  trustedFrom: 0,
  rowCount: 0,
  keptFrom: 1,
}

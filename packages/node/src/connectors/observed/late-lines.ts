/**
 * Order lines that come after the stock has moved: units that were told before their lines, and lines that a write of
 * ours may have overwritten. A shop whose lines come together with the stock has neither for long.
 */
import type { JournalRow } from './journal-tables.ts'
import type { ObservedShop } from './observed-shop.ts'

type Lateness = Pick<ObservedShop, 'writing' | 'lateLineMs' | 'readLagMs'>

/** So long a line may come after the difference that it explains, in milliseconds, where the platform does not say. */
const lateLineMsMax = 10_000

/** What was told as `manual` and may still be explained by lines, and what was told as overwritten and may still show. */
export function unexplainedOf(
  row: JournalRow,
  { lateLineMs, readLagMs }: Lateness,
  now: number,
): {
  readonly unexplained: number
  readonly late: readonly number[]
  readonly owed: number
  readonly isMixed: boolean
} {
  const ms = lateLineMs ?? Math.max(lateLineMsMax, readLagMs)
  const cameAt = row.waiting.reduce((first, line) => Math.min(first, earliestOf(line)), now)
  const { units, at, late = [], isMixed = false } = row.unexplained
  const owed = row.owed !== undefined && now - row.owed.at <= ms ? row.owed.units : 0
  return cameAt - at <= ms
    ? { unexplained: units, late, owed, isMixed }
    : { unexplained: 0, late: [], owed, isMixed: false }
}

/** What may still be explained once `told` units were told as `manual`, and lines came for others. */
export function unexplainedAfter(
  row: JournalRow,
  before: Pick<ReturnType<typeof unexplainedOf>, 'unexplained' | 'isMixed'>,
  after: {
    readonly units: number
    readonly late: readonly number[]
    readonly told: number
    readonly hasMoved: boolean
    readonly isDoubtful?: boolean
  },
  now: number,
): JournalRow['unexplained'] {
  const { units, late, told, hasMoved, isDoubtful = false } = after
  const isMixed = before.isMixed || before.unexplained * told < 0 || isDoubtful
  // A line that came for units told before may have explained those that moved now, whose own is then still to come.
  const at = isDoubtful || (hasMoved && (units !== 0 || isMixed)) ? now : row.unexplained.at
  return { units, at, late, ...(isMixed ? { isMixed } : {}) }
}

/** The row with what is owed of it now. */
export function owing(row: JournalRow, units: number, isMore: boolean, now: number): JournalRow {
  if (units === 0 && row.owed === undefined) return row
  return { ...row, owed: { units, at: isMore ? now : (row.owed?.at ?? now) } }
}

/** The row as it is once a write to it has ended: lines that come soon may tell of what it overwrote. */
export function exposed(row: JournalRow, { writing, lateLineMs }: Lateness, now: number): JournalRow {
  return writing === 'absolute' && lateLineMs !== undefined ? { ...row, exposedUntil: now + lateLineMs } : row
}

/** Lines that wait and may have come so soon after a write that it may have overwritten them. */
export function exposedLines({ waiting, exposedUntil = Number.NEGATIVE_INFINITY }: JournalRow): ReadonlySet<string> {
  return new Set(waiting.filter((line) => earliestOf(line) <= exposedUntil).map(({ line }) => line.id))
}

/** A line that is read now may have been there since lines were read before. */
function earliestOf({ seenAt, notBefore = seenAt }: JournalRow['waiting'][number]): number {
  return Math.min(seenAt, notBefore)
}

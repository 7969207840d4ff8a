/**
 * Changes that somebody made in the shop without selling. A few are a person at work; a great part of the catalogue
 * within minutes is more often a wrong spreadsheet, a restored database or a broken feed, and is held for a person.
 *
 *   M1  A sale, a cancellation or a return is never held.
 *   M2  What is held is in no total, and the shop's number stands: it is an offset of the SKU.
 *   M3  What was told of the same mass change before it could be known as one is taken back, once, and held with the rest.
 *   M4  A change by hand of a SKU that is held belongs to what is held, so that whoever corrects it in the shop ends it.
 */
import type { FeedRow } from './feed.ts'
import { localChange } from './fold.ts'
import { manualChangesKept, massChangeMs, massChangeSkusMany, massChangeSkusMin, massChangeZeros } from './limits.ts'
import type { SkuKey } from './sku.ts'

/** One change that is no sale, as the shop's feed told it. */
export interface ManualChange {
  readonly key: SkuKey
  /** Its feed id. */
  readonly seq: number
  /** By the shop's clock, in milliseconds since 1970. */
  readonly at: number
  readonly delta: number
  /** The shop's number after it. */
  readonly stock: number
  /** Whether it is in the totals of the feed. */
  readonly isCounted: boolean
}

/** Differences that no order explains, of one shop in a few minutes. */
export interface Unexplained {
  readonly differing: number
  /** Of them, how many went to zero. */
  readonly toZero: number
  /** Sum of the differences' sizes, in units. */
  readonly unitsDiffering: number
}

/** What the shop has. */
export interface Catalogue {
  readonly skus: number
  /** Sum of all shadow levels' sizes, in units. */
  readonly units: number
}

/** Whether it is held for a person. `fromSkus`: fewer SKUs never are. */
export function isMassChange(
  change: Unexplained,
  catalogue: () => Catalogue,
  fromSkus: number = massChangeSkusMin,
): boolean {
  if (change.differing < fromSkus) return false
  if (change.differing >= massChangeSkusMany || change.toZero >= massChangeZeros) return true
  const { skus, units } = catalogue()
  return change.differing > 0.2 * skus || change.unitsDiffering > 0.5 * units
}

/** Whether so many rows are no sales that more of them may be on the way. */
export function needsGathering(rows: readonly FeedRow[], fromSkus: number): boolean {
  const keys = new Set<SkuKey>()
  for (const row of rows) {
    const change = localChange(row)
    if (change?.cause === 'manual') keys.add(change.key)
  }
  return keys.size >= fromSkus
}

/** What became of changes that were read from the feed. */
export interface ManualVerdict {
  /** Feed ids of the changes just read that are not counted. */
  readonly held: ReadonlySet<number>
  /** Changes of before that are counted, and belong to the same mass change. */
  readonly takenBack: readonly ManualChange[]
  /** What the next changes are judged with. */
  readonly recent: readonly ManualChange[]
}

/**
 * `recent`: what was kept the last time; `read`: changes after them, in feed order. `isHeld`: whether a SKU is part of a
 * mass change that waits already. They are judged by any few minutes of their own times, so that what piled up while
 * nobody looked is no mass change. `fromSkus`: fewer SKUs are none; null where nothing new is held at all.
 */
export function judgeManualChanges({
  recent,
  read,
  isHeld,
  catalogue,
  fromSkus = massChangeSkusMin,
}: {
  readonly recent: readonly ManualChange[]
  readonly read: readonly ManualChange[]
  readonly isHeld: (key: SkuKey) => boolean
  readonly catalogue: () => Catalogue
  readonly fromSkus?: number | null
}): ManualVerdict {
  const mass = massAmong([...recent, ...read], { differencesOf, catalogue, fromSkus })
  const held = new Set(read.filter((change) => mass.has(change) || isHeld(change.key)).map(({ seq }) => seq))
  const takenBack = recent.filter((change) => change.isCounted && mass.has(change))
  const told = [...recent, ...read].map((change) =>
    mass.has(change) || held.has(change.seq) ? { ...change, isCounted: false } : change,
  )
  return { held, takenBack, recent: newestChanges(told) }
}

/**
 * Whether one of the changes just read may be held, or one of before taken back, in however many reads they come: what
 * ends as it began is a mass change to who has read the half of it.
 */
export function mayBeHeld({
  recent,
  read,
  isHeld,
  catalogue,
  fromSkus,
}: {
  readonly recent: readonly ManualChange[]
  readonly read: readonly ManualChange[]
  readonly isHeld: (key: SkuKey) => boolean
  readonly catalogue: () => Catalogue
  readonly fromSkus: number
}): boolean {
  // What the shop had while it was read, at the least.
  const fewest = (): Catalogue => {
    const { skus, units } = catalogue()
    return { skus, units: units - unitsMoved(read) }
  }
  const mass = massAmong([...recent, ...read], { differencesOf: mostDiffering, catalogue: fewest, fromSkus })
  return read.some((change) => mass.has(change) || isHeld(change.key))
}

/** What the changes to come may be part of a mass change with. */
export function newestChanges<Change extends { readonly at: number }>(changes: readonly Change[]): readonly Change[] {
  const newest = changes.reduce((at, change) => Math.max(at, change.at), Number.NEGATIVE_INFINITY)
  return changes.filter(({ at }) => newest - at < massChangeMs).slice(-manualChangesKept)
}

/** The changes that are part of a mass change; `fromSkus` null: none is. */
export function massAmong<Change extends { readonly at: number; readonly seq: number }>(
  changes: readonly Change[],
  {
    differencesOf: differences,
    catalogue,
    fromSkus,
  }: {
    readonly differencesOf: (window: readonly Change[]) => Unexplained
    readonly catalogue: () => Catalogue
    readonly fromSkus: number | null
  },
): ReadonlySet<Change> {
  const mass = new Set<Change>()
  if (fromSkus === null || changes.length < fromSkus) return mass
  const byTime = changes.toSorted((one, other) => one.at - other.at || one.seq - other.seq)
  let end = 0
  for (const [start, first] of byTime.entries()) {
    const before = end
    while (end < byTime.length && (byTime[end]?.at ?? 0) - first.at < massChangeMs) end += 1
    // What begins later and ends with the same change is a part of what was looked at.
    if (end === before) continue
    const window = byTime.slice(start, end)
    if (window.length < fromSkus || !isMassChange(differences(window), catalogue, fromSkus)) continue
    for (const change of window) mass.add(change)
  }
  return mass
}

/** The most that any of the changes can come to, if they are looked at without the others. */
function mostDiffering(changes: readonly ManualChange[]): Unexplained {
  return {
    differing: new Set(changes.map(({ key }) => key)).size,
    toZero: new Set(changes.flatMap(({ key, stock }) => (stock <= 0 ? [key] : []))).size,
    unitsDiffering: unitsMoved(changes),
  }
}

function unitsMoved(changes: readonly ManualChange[]): number {
  return changes.reduce((units, { delta }) => units + Math.abs(delta), 0)
}

/** Of each SKU counts what it had before the first change and has after the last. */
function differencesOf(changes: readonly ManualChange[]): Unexplained {
  const perKey = new Map<SkuKey, { readonly before: number; readonly net: number; readonly stock: number }>()
  for (const { key, delta, stock } of changes.toSorted((one, other) => one.seq - other.seq)) {
    const one = perKey.get(key) ?? { before: stock - delta, net: 0, stock }
    perKey.set(key, { before: one.before, net: one.net + delta, stock })
  }
  const differing = [...perKey.values()].filter(({ net }) => net !== 0)
  return {
    differing: differing.length,
    toZero: differing.filter(({ before, stock }) => before > 0 && stock <= 0).length,
    unitsDiffering: differing.reduce((units, { net }) => units + Math.abs(net), 0),
  }
}

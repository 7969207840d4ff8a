/**
 * What is made of a shop that keeps no movement feed: what a fresh reading means, how order lines explain a difference,
 * and what became of a write. S = shadow, the stock after everything that was told; A = a fresh reading.
 *
 *   O1  The movements that are told and what our own write did always add up to A - S.
 *   O2  A reading that may be an older one is not told before it has stayed.
 *   O3  An order line is told once, and adds nothing by itself: it only says what a difference was.
 *   O4  A write whose outcome cannot be known tells nothing.
 */
import type { FeedKind } from './feed.ts'

/** What an order took from the stock, or gave back. It stands in the shop since its stock moved. */
export interface EffectLine {
  readonly id: string
  /** Signed units. */
  readonly delta: number
  readonly kind: 'sale' | 'cancel' | 'return'
  readonly reference: string
  /** Milliseconds since 1970, by the shop's clock. */
  readonly at: number
}

/** One movement that the feed will tell. */
export interface ToldMovement {
  readonly kind: Extract<FeedKind, 'sale' | 'cancel' | 'return' | 'manual'>
  readonly delta: number
  readonly reference: string | null
  /** By the shop's clock; null: when it was seen. */
  readonly at: number | null
}

/** A number that the shadow had, and until when. */
export interface FormerStock {
  readonly stock: number
  /** Milliseconds since 1970. */
  readonly until: number
}

/** So long a number of the shadow may come back from a cache, in milliseconds. */
const formerMsMax = 60_000
const formersMax = 20

/** What the shadow had lately, once it has moved on from `left`. */
export function formerStocks(formers: readonly FormerStock[], left: number, now: number): readonly FormerStock[] {
  const kept = formers.filter(({ stock, until }) => stock !== left && now - until <= formerMsMax)
  return [...kept, { stock: left, until: now }].slice(-formersMax)
}

/** A reading that waits until it has stayed; null: none. */
export interface Suspicion {
  readonly stock: number
  /** When it was read first, in milliseconds since 1970. */
  readonly since: number
}

export type ReadingMeaning =
  | { readonly type: 'same' }
  /** It may be an older number: it is read again, and nothing is told. */
  | { readonly type: 'suspect'; readonly suspicion: Suspicion }
  | { readonly type: 'moved'; readonly delta: number }

/**
 * What a fresh reading of a row means; `readLagMs` is how long the shop may answer with an older number. A row that had no
 * number moves by nothing.
 */
export function meaningOfReading(reading: {
  readonly shadow: number | null
  readonly stock: number
  readonly formers: readonly FormerStock[]
  readonly suspicion: Suspicion | null
  readonly readLagMs: number
  readonly now: number
}): ReadingMeaning {
  const { shadow, stock, formers, suspicion, readLagMs, now } = reading
  if (stock === shadow) return { type: 'same' }
  const isFormer = formers.some((former) => former.stock === stock && now - former.until <= formerMsMax)
  if (readLagMs === 0 || !isFormer) return { type: 'moved', delta: stock - (shadow ?? stock) }
  const since = suspicion?.stock === stock ? suspicion.since : now
  if (now - since >= readLagMs) return { type: 'moved', delta: stock - (shadow ?? stock) }
  return { type: 'suspect', suspicion: { stock, since } }
}

export interface Explanation {
  /** They add up to the difference. */
  readonly movements: readonly ToldMovement[]
  /** Lines whose effect the reading does not show yet. */
  readonly waiting: readonly EffectLine[]
  /** Units told as `manual` for which a line may still come. */
  readonly unexplained: number
}

/**
 * Explains a difference by order lines: whole lines in the order of their times, as long as they lead towards it; the rest
 * is `manual`. Lines that are left first explain what was told without a line before; what still is left waits, unless
 * `isFinal` says that its effect would show by now: then it was undone by hand, and both are told.
 */
export function explain(given: {
  readonly difference: number
  readonly lines: readonly EffectLine[]
  /** Units told as `manual` lately. */
  readonly unexplained: number
  readonly isFinal: (line: EffectLine) => boolean
}): Explanation {
  const movements: ToldMovement[] = []
  let rest = given.difference
  const left: EffectLine[] = []
  const total = sumOf(given.lines)
  for (const line of byTime(given.lines)) {
    // All lines together may explain what none of them leads towards by itself: a sale and its return.
    if (total === given.difference || isTowards(line.delta, rest)) {
      movements.push(told(line))
      rest -= line.delta
    } else left.push(line)
  }
  let { unexplained } = given
  const waiting: EffectLine[] = []
  for (const line of left) {
    if (isTowards(line.delta, unexplained)) unexplained -= line.delta
    else if (given.isFinal(line)) {
      movements.push(told(line))
      rest -= line.delta
    } else waiting.push(line)
  }
  if (rest !== 0) movements.push({ kind: 'manual', delta: rest, reference: null, at: null })
  return { movements, waiting, unexplained: unexplained + rest }
}

export type WriteVerdict =
  /** `applied` is what the shop's number owes to the write; what was asked and is not in it stays open. */
  | { readonly type: 'applied'; readonly applied: number; readonly movements: readonly ToldMovement[] }
  /** Nothing of it was made: it may be sent again. */
  | { readonly type: 'not-applied'; readonly movements: readonly ToldMovement[] }
  /** The shop said yes and did nothing. */
  | { readonly type: 'no-effect'; readonly movements: readonly ToldMovement[] }
  /** The reading fits both: nothing is told, and a person looks at it. */
  | { readonly type: 'unclear' }

export interface WriteEvidence {
  /** S before the write. */
  readonly shadow: number
  /** Units that the write asked for; never 0. */
  readonly asked: number
  /** A after the write, with no older number possible. */
  readonly stock: number
  /** Every line whose order moved the stock between S and A; null: the platform has none to read. */
  readonly lines: readonly EffectLine[] | null
  /** Whether the shop said that it made the write, or nothing that can be relied on. */
  readonly outcome: 'applied' | 'unknown'
  readonly writing: 'idempotent' | 'relative' | 'absolute'
  readonly stockMin: number | null
}

/**
 * What became of a write, from what the shop has after it. An absolute write can overwrite a sale that came between its
 * reading and its writing: then the number lacks that sale, which only its line tells. The sale is told, the write is
 * booked as having given it back, and what is missing stays open; so a loss needs no correction of its own.
 */
export function judgeWrite(evidence: WriteEvidence): WriteVerdict {
  const { shadow, asked, stock, outcome, writing, stockMin } = evidence
  const lines = byTime(evidence.lines ?? [])
  const movements = lines.map(told)
  /** What the shop's number owes to nothing but us. */
  const ours = stock - shadow - sumOf(lines)
  if (ours === asked) return { type: 'applied', applied: asked, movements }
  if (outcome === 'unknown' && ours === 0) return { type: 'not-applied', movements }
  if (writing === 'absolute' && lossesOf(lines).some((lost) => ours === asked - lost)) {
    return { type: 'applied', applied: ours, movements }
  }
  const isClipped = stockMin !== null && asked < 0 && stock === stockMin && shadow + sumOf(lines) + asked < stockMin
  if (isClipped && (outcome === 'applied' || evidence.lines !== null)) {
    return { type: 'applied', applied: ours, movements }
  }
  // Without lines, a number that did not move may also hide a customer who moved it back.
  if (outcome === 'applied' && ours === 0) {
    return evidence.lines === null ? { type: 'unclear' } : { type: 'no-effect', movements }
  }
  if (outcome === 'unknown') return { type: 'unclear' }
  const manual: ToldMovement = { kind: 'manual', delta: ours - asked, reference: null, at: null }
  return { type: 'applied', applied: asked, movements: [...movements, manual] }
}

/** Units of an adjustment that the shop will take: a part of it where the rest would go below the minimum. */
export function takenOf(adjustment: {
  readonly stock: number
  readonly delta: number
  readonly stockMin: number | null
}): number {
  const { stock, delta, stockMin } = adjustment
  if (stockMin === null || delta >= 0) return delta
  return Math.min(0, Math.max(delta, stockMin - stock))
}

/** What a write may have overwritten: the first line, the first two, and so on. */
function lossesOf(lines: readonly EffectLine[]): readonly number[] {
  let lost = 0
  return lines.map(({ delta }) => (lost += delta))
}

function isTowards(delta: number, rest: number): boolean {
  return Math.sign(delta) === Math.sign(rest) && Math.abs(delta) <= Math.abs(rest)
}

function sumOf(lines: readonly EffectLine[]): number {
  return lines.reduce((units, { delta }) => units + delta, 0)
}

function byTime(lines: readonly EffectLine[]): readonly EffectLine[] {
  return [...lines].sort((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1))
}

function told({ kind, delta, reference, at }: EffectLine): ToldMovement {
  return { kind, delta, reference, at }
}

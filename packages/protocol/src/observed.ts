/**
 * What is made of a shop that keeps no movement feed: what a fresh reading means, how order lines explain a difference,
 * and what became of a write. S = shadow, the stock after everything that was told; A = a fresh reading.
 *
 *   O1  The movements that are told and what our own write did always add up to A - S.
 *   O2  A reading that may be an older one is not told before it has stayed.
 *   O3  An order line is told once, and adds nothing by itself: it only says what a difference was.
 *   O4  A write whose outcome cannot be known tells nothing.
 *   O5  What a write overwrote is told by its line, once, and is then missing from the shop's number until it is set right.
 */
import type { FeedKind } from './feed.ts'
import { explainMissing } from './overwritten.ts'

/** What an order took from the stock, or gave back. It stands in the shop since its stock moved. */
export interface EffectLine {
  readonly id: string
  /**
   * Signed units. 0: it may have taken and given back between two looks at the order. That moves nothing, but a write of
   * ours may have overwritten one of the two: then a number that nothing else explains proves nothing.
   */
  readonly delta: number
  readonly kind: 'sale' | 'cancel' | 'return'
  readonly reference: string
  /** Milliseconds since 1970, by the shop's clock. */
  readonly at: number
  /** It may have moved the stock or not: it explains a number that shows it, and proves none that does not. */
  readonly isUnproven?: true
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
 * number moves by nothing. `readAt`: when the reading began, which may be long before it was here (`now`).
 */
export function meaningOfReading(reading: {
  readonly shadow: number | null
  readonly stock: number
  readonly formers: readonly FormerStock[]
  readonly suspicion: Suspicion | null
  readonly readLagMs: number
  readonly readAt: number
  readonly now: number
}): ReadingMeaning {
  const { shadow, stock, formers, suspicion, readLagMs, readAt, now } = reading
  if (stock === shadow) return { type: 'same' }
  const isFormer = formers.some((former) => former.stock === stock && readAt - former.until <= formerMsMax)
  if (readLagMs === 0 || !isFormer) return { type: 'moved', delta: stock - (shadow ?? stock) }
  const since = suspicion?.stock === stock ? suspicion.since : now
  if (readAt - since >= readLagMs) return { type: 'moved', delta: stock - (shadow ?? stock) }
  return { type: 'suspect', suspicion: { stock, since } }
}

export interface Explanation {
  /** They add up to the difference and what was overwritten. */
  readonly movements: readonly ToldMovement[]
  /** Lines whose effect the reading does not show yet. */
  readonly waiting: readonly EffectLine[]
  /** Units told as `manual` for which a line may still come. */
  readonly unexplained: number
  /** Deltas of lines that came for units told as `manual` before. */
  readonly late: readonly number[]
  /** Units of lines that a write of ours overwrote: the shop's number lacks them. */
  readonly overwritten: number
  /** Units that were told as overwritten, and that the number shows after all: they are not told again. */
  readonly shown: number
  /** A line may have moved the stock, or been overwritten, and nothing tells which: a person looks at the SKU. */
  readonly isUnclear: boolean
}

export interface Difference {
  readonly difference: number
  readonly lines: readonly EffectLine[]
  /** Units told as `manual` lately. */
  readonly unexplained: number
  /** Deltas of lines that came for others of them. */
  readonly late?: readonly number[]
  /** Units that were told as overwritten lately. */
  readonly owed?: number
  /** Whether the line's effect would show by now. */
  readonly isFinal: (line: EffectLine) => boolean
  /** Whether a write of ours may have overwritten the line's effect. */
  readonly isExposed?: (line: EffectLine) => boolean
}

/**
 * Explains a difference by order lines: whole lines in the order of their times, as long as they lead towards it; the rest
 * is `manual`. Lines that are left first explain what was told without a line before; what still is left waits, unless
 * it is final: then it was overwritten by a write that it was exposed to, or undone by hand, and then both are told.
 */
export function explain(given: Difference): Explanation {
  const { isExposed, isFinal } = given
  const lines = given.lines.filter(isSeen)
  const unseen = given.lines.filter((line) => !isSeen(line))
  const isBesideWrite = isExposed !== undefined && given.lines.some(isExposed)
  const found = isBesideWrite ? explainBesideWrite({ ...given, lines }, unseen) : explainPlainly({ ...given, lines })
  return { ...found, waiting: [...found.waiting, ...unseen.filter((line) => !isFinal(line))] }
}

function explainPlainly({ difference, lines, isFinal, ...given }: Difference): Explanation {
  const movements: ToldMovement[] = []
  let rest = difference
  const left: EffectLine[] = []
  const total = sumOf(lines.filter(isProven))
  for (const line of byTime(lines)) {
    // All lines together may explain what none of them leads towards by itself: a sale and its return.
    if ((isProven(line) && total === difference) || isTowards(line.delta, rest)) {
      movements.push(told(line))
      rest -= line.delta
    } else left.push(line)
  }
  let { unexplained } = given
  const late: number[] = []
  const waiting: EffectLine[] = []
  for (const line of left) {
    if (isTowards(line.delta, unexplained)) {
      unexplained -= line.delta
      late.push(line.delta)
    } else if (!isFinal(line)) waiting.push(line)
    else if (isProven(line)) {
      movements.push(told(line))
      rest -= line.delta
    }
  }
  const shown = shownOf(rest, given.owed)
  rest -= shown
  if (rest !== 0) movements.push(manual(rest))
  return { movements, waiting, unexplained: unexplained + rest, late, overwritten: 0, shown, isUnclear: false }
}

/** Nothing is told before every line would show, unless the lines are all that moved. */
function explainBesideWrite(given: Difference, unseen: readonly EffectLine[]): Explanation {
  const { difference, lines, unexplained, late = [], owed, isFinal } = given
  const nothing = { movements: [], waiting: [], unexplained, late: [], overwritten: 0, shown: 0, isUnclear: false }
  const areFinal = [...lines, ...unseen].every(isFinal)
  for (const shown of choicesOf(lines)) {
    const isTwofold = fitsTwice(shown, unexplained, late) || (unseen.length > 0 && unexplained !== 0)
    const isUnclear = isTwofold || shown.length < lines.length || lines.some(isTakenAgain)
    const missing = sumOf(shown) - difference
    // Of lines that go both ways, one that does not show yet may hide one that was overwritten.
    const isAll = !isUnclear && shown.every(({ delta }) => isTowards(delta, difference))
    if (missing === 0 && (areFinal || isAll)) return { ...nothing, movements: shown.map(told), isUnclear }
    const found = areFinal ? missingOf(missing, shown, unexplained, late) : null
    if (found === null) continue
    const { overwritten, early } = found
    const movements = toldBeside(shown, early)
    const mayBeUnseen = overwritten !== 0 && unseen.length > 0
    const besides = { late: [early], overwritten, isUnclear: isUnclear || mayBeUnseen }
    return { ...nothing, movements, unexplained: unexplained - early, ...besides }
  }
  if (!areFinal) return { ...nothing, waiting: lines }
  const { lines: left, early } = withoutEarly(byTime(lines.filter(isProven)), unexplained)
  const shown = shownOf(difference - sumOf(left), owed)
  const rest = difference - sumOf(left) - shown
  const movements = rest === 0 ? left.map(told) : [...left.map(told), manual(rest)]
  const stays = unexplained - early + rest
  // What took and gave back unseen moves nothing in the end, also where one half of it was told without a line.
  const isUnclear = lines.length === 0 ? stays !== 0 : rest !== 0 || (unseen.length > 0 && stays !== 0)
  return { ...nothing, movements, unexplained: stays, late: [early], shown, isUnclear }
}

function isSeen({ delta }: EffectLine): boolean {
  return delta !== 0
}

/** Units that were told as overwritten: another line was overwritten than those that were there to be told. */
function shownOf(units: number, owed = 0): number {
  return isTowards(units, owed) ? units : 0
}

/** The lines without those that came for units that were told before, the largest first. */
function withoutEarly(lines: readonly EffectLine[], unexplained: number) {
  const early = new Set<EffectLine>()
  let left = unexplained
  for (const line of lines.toSorted((one, other) => Math.abs(other.delta) - Math.abs(one.delta))) {
    if (!isTowards(line.delta, left)) continue
    left -= line.delta
    early.add(line)
  }
  return { lines: lines.filter((line) => !early.has(line)), early: unexplained - left }
}

/** The proven lines, and then with them those that may have moved the stock: each, and all. */
function choicesOf(lines: readonly EffectLine[]): readonly (readonly EffectLine[])[] {
  const proven = byTime(lines.filter(isProven))
  const others = lines.filter((line) => !isProven(line))
  const choices = [proven, ...others.map((line) => byTime([...proven, line]))]
  return others.length < 2 ? choices : [...choices, byTime(lines)]
}

function missingOf(missing: number, lines: readonly EffectLine[], early: number, earlyLines: readonly number[]) {
  return explainMissing(missing, { lines: lines.map(({ delta }) => delta), early, earlyLines })
}

/** Whether the lines that explain a number whole would also do so with some told before and as many units overwritten. */
function fitsTwice(lines: readonly EffectLine[], early: number, earlyLines: readonly number[]): boolean {
  return (missingOf(0, lines, early, earlyLines)?.early ?? 0) !== 0
}

/** Told are the lines less what was told early: one of them, all, or as many units. */
function toldBeside(lines: readonly EffectLine[], early: number): readonly ToldMovement[] {
  if (early === 0) return lines.map(told)
  if (sumOf(lines) === early) return []
  const one = lines.find(({ delta }) => delta === early)
  if (one !== undefined) return lines.filter((line) => line !== one).map(told)
  return [...lines.map(told), manual(-early)]
}

export type WriteVerdict =
  /** `applied` is what the shop's number owes to the write; what was asked and is not in it stays open. */
  | ({ readonly type: 'applied'; readonly applied: number } & ToldBesideWrite)
  /** Nothing of it was made: it may be sent again. */
  | ({ readonly type: 'not-applied' } & ToldBesideWrite)
  /** The shop said yes and did nothing. */
  | ({ readonly type: 'no-effect' } & ToldBesideWrite)
  /** The reading fits both: nothing is told, and a person looks at it. */
  | { readonly type: 'unclear' }

export interface ToldBesideWrite {
  readonly movements: readonly ToldMovement[]
  /** Units that were told as `manual` before, and whose lines have come. */
  readonly early: number
  /** As in `Explanation`. */
  readonly overwritten: number
  readonly shown: number
  readonly isUnclear: boolean
}

export interface WriteEvidence {
  /** S before the write. */
  readonly shadow: number
  /** Units that the write asked for; never 0. */
  readonly asked: number
  /** A after the write, with no older number possible. */
  readonly stock: number
  /** Every line whose order moved the stock between S and A; null: the platform has none to read. */
  readonly lines: readonly EffectLine[] | null
  /** As in `Difference`. */
  readonly unexplained?: number
  readonly late?: readonly number[]
  readonly owed?: number
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
export function judgeWrite(given: WriteEvidence): WriteVerdict {
  const evidence = { ...given, lines: given.lines?.filter(isSeen) ?? null }
  const hasUnseen = (given.lines ?? []).length > (evidence.lines ?? []).length
  const { shadow, asked, stock, outcome, stockMin } = evidence
  const explained = explainWrite(evidence, hasUnseen)
  if (explained !== null) return explained
  const proven = byTime((evidence.lines ?? []).filter(isProven))
  const { lines, early } = withoutEarly(proven, evidence.unexplained ?? 0)
  const movements = lines.map(told)
  const besides = { movements, early, overwritten: 0, shown: 0, isUnclear: false }
  /** What the shop's number owes to nothing but us. */
  const ours = stock - shadow - sumOf(lines)
  const isClipped = stockMin !== null && asked < 0 && stock === stockMin && shadow + sumOf(lines) + asked < stockMin
  if (isClipped && (outcome === 'applied' || evidence.lines !== null)) {
    return { type: 'applied', applied: ours, ...besides }
  }
  // Without lines, a number that did not move may also hide a customer who moved it back.
  if (outcome === 'applied' && ours === 0) {
    return evidence.lines === null ? { type: 'unclear' } : { type: 'no-effect', ...besides }
  }
  if (outcome === 'unknown') return { type: 'unclear' }
  const shown = shownOf(ours - asked, evidence.owed)
  const rest = ours - asked - shown
  const isHalf = hasUnseen && (evidence.unexplained ?? 0) - early + rest !== 0
  const hasLines = rest !== 0 && (evidence.lines ?? []).length > 0
  const isUnclear = evidence.writing === 'absolute' && (hasLines || isHalf)
  if (rest === 0) return { ...besides, type: 'applied', applied: asked + shown, shown, isUnclear }
  const moved = [...movements, manual(rest)]
  return { ...besides, type: 'applied', applied: asked + shown, movements: moved, shown, isUnclear }
}

/** By the lines, units that were told before their lines came, and what an absolute write overwrote; null: by neither. */
function explainWrite(evidence: WriteEvidence, hasUnseen: boolean): WriteVerdict | null {
  const { shadow, asked, stock, outcome, writing, unexplained = 0, late = [] } = evidence
  const lines = evidence.lines ?? []
  // A line of units that were told already, beside a write of which nothing is known: the number may mean either.
  if (outcome === 'unknown' && lines.some(({ delta }) => isTowards(delta, unexplained))) return null
  for (const shown of choicesOf(lines)) {
    const isHalf = hasUnseen && unexplained !== 0
    const isUnclear = writing === 'absolute' && (isHalf || shown.length < lines.length || lines.some(isTakenAgain))
    const ours = stock - shadow - sumOf(shown)
    const besides = { movements: shown.map(told), early: 0, overwritten: 0, shown: 0, isUnclear }
    if (ours === asked) {
      const isTwofold = writing === 'absolute' && fitsTwice(shown, unexplained, late)
      return { type: 'applied', applied: asked, ...besides, isUnclear: isUnclear || isTwofold }
    }
    if (outcome === 'unknown' && ours === 0) return { type: 'not-applied', ...besides }
    const made = missingOf(asked - ours, shown, unexplained, late)
    if (made !== null && (writing === 'absolute' || made.overwritten === 0)) {
      // A number that would fit a write that was made and overwrote is no proof that it was made, or that it did.
      const isGuess = made.overwritten !== 0 && (outcome === 'unknown' || hasUnseen)
      return {
        ...besides,
        ...made,
        isUnclear: isUnclear || isGuess,
        type: 'applied',
        applied: ours + made.early,
        movements: toldBeside(shown, made.early),
      }
    }
    const unmade = outcome === 'unknown' ? missingOf(-ours, shown, unexplained, late) : null
    if (unmade !== null && unmade.overwritten === 0) {
      return { ...besides, ...unmade, type: 'not-applied', movements: toldBeside(shown, unmade.early) }
    }
  }
  return null
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

function isTowards(delta: number, rest: number): boolean {
  return Math.sign(delta) === Math.sign(rest) && Math.abs(delta) <= Math.abs(rest)
}

function sumOf(lines: readonly EffectLine[]): number {
  return lines.reduce((units, { delta }) => units + delta, 0)
}

function byTime(lines: readonly EffectLine[]): readonly EffectLine[] {
  return [...lines].sort((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1))
}

function isProven({ isUnproven }: EffectLine): boolean {
  return isUnproven !== true
}

/** The order contradicts itself, so that beside a write not even a number that fits says what moved. */
function isTakenAgain({ delta, isUnproven }: EffectLine): boolean {
  return delta < 0 && isUnproven === true
}

function manual(delta: number): ToldMovement {
  return { kind: 'manual', delta, reference: null, at: null }
}

function told({ kind, delta, reference, at }: EffectLine): ToldMovement {
  return { kind, delta, reference, at }
}

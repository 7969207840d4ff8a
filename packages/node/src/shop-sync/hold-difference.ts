/** Nobody can tell how the shop's number came about: it stands, and what it differs by from the network's waits for a person. */
import { offsetFor, shownLevel, type SkuKey } from '@stockmesh/protocol'
import type { Draft } from '../ledger/ledger.ts'
import type { Book, Offset } from './book.ts'
import { type GuardedRules, showingOf } from './situation.ts'

interface Differing {
  readonly key: SkuKey
  readonly book: Book
  readonly rules: GuardedRules
  readonly now: number
}

/** `reading`: the shop's number, where it is newer than the shadow level. */
export function holdDifference(
  draft: Draft,
  {
    key,
    book,
    rules,
    now,
    reading = book.onlyRow(key)?.stock ?? null,
  }: Differing & { readonly reading?: number | null },
): void {
  const level = draft.level(key)
  if (level === null || reading === null) return
  const units = offsetFor(reading, { ...showingOf(key, book, rules), level })
  keep(draft, book, key, { units, reason: 'rollback', since: now })
}

/**
 * The feed tells of changes, so many units in all, that the listing had seen in the shop before: the network's number has
 * moved after the shop's, and they differ by what they differed by before those changes.
 */
export function takeFromDifference(
  draft: Draft,
  { key, units, book, rules, now }: Differing & { readonly units: number },
): void {
  const level = draft.level(key)
  if (level === null) return
  const showing = showingOf(key, book, rules)
  const before = shownLevel({ ...showing, level: level - units, offset: 0 })
  const held = book.offsets.get(key) ?? { units: 0, reason: 'rollback', since: now }
  keep(draft, book, key, { ...held, units: held.units + offsetFor(before, { ...showing, level }) })
}

function keep(draft: Draft, book: Book, key: SkuKey, offset: Offset): void {
  if (offset.units === 0) book.endOffset(draft, key)
  else book.setOffset(draft, key, offset)
}

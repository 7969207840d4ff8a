/** Nobody can tell how the shop's number came about: it stands, and what it differs by from the network's waits for a person. */
import { offsetFor, type SkuKey } from '@stockmesh/protocol'
import type { Draft } from '../ledger/ledger.ts'
import type { Book } from './book.ts'
import { type GuardedRules, showingOf } from './situation.ts'

/** `reading`: the shop's number, where it is newer than the shadow level. */
export function holdDifference(
  draft: Draft,
  {
    key,
    book,
    rules,
    now,
    reading = book.onlyRow(key)?.stock ?? null,
  }: {
    readonly key: SkuKey
    readonly book: Book
    readonly rules: GuardedRules
    readonly now: number
    readonly reading?: number | null
  },
): void {
  const level = draft.level(key)
  if (level === null || reading === null) return
  const units = offsetFor(reading, { ...showingOf(key, book, rules), level })
  if (units === 0) book.endOffset(draft, key)
  else book.setOffset(draft, key, { units, reason: 'rollback', since: now })
}

/**
 * Holds mass changes of this node's own shop for a person: in the batch that reads them from the feed they become offsets
 * in place of totals, and what was counted of them a moment earlier is taken back. The changes of the last minutes are
 * durable with the batch that read them, so that a node that is killed in the middle of a mass change still knows it.
 */
import {
  type Catalogue,
  judgeManualChanges,
  limits,
  type LocalChange,
  type ManualChange,
  mayBeHeld,
  recordsOf,
  type Rid,
  type ShopId,
  type SkuKey,
  winningBaseline,
} from '@stockmesh/protocol'
import type { Draft } from '../ledger/ledger.ts'
import { eventLine } from '../ledger/log-line.ts'
import type { Clock } from '../ports.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { Book, Offset } from './book.ts'
import type { HoldRules } from './hold-rules.ts'

/** Changes that are no sale, of one replica of the feed. */
interface Recent {
  readonly rid: Rid
  readonly changes: readonly ManualChange[]
}

const recentKey = encodeKey(tables.meta, 'manual-changes')

/** A change of the shop with the shop's number after it. */
export interface ReadChange extends LocalChange {
  readonly stock: number
}

export class HeldChanges {
  readonly #book: Book
  readonly #self: ShopId
  readonly #clock: Clock
  readonly #holds: Pick<HoldRules, 'ownFromSkus'>
  #recent: Recent | null

  static async open(
    storage: Pick<Storage, 'get'>,
    parts: {
      readonly book: Book
      readonly self: ShopId
      readonly clock: Clock
      readonly holds: Pick<HoldRules, 'ownFromSkus'>
    },
  ): Promise<HeldChanges> {
    const row = await storage.get(recentKey)
    return new HeldChanges(parts, row === undefined ? null : decodeJson<Recent>(row))
  }

  private constructor({ book, self, clock, holds }: Parameters<typeof HeldChanges.open>[1], recent: Recent | null) {
    this.#book = book
    this.#self = self
    this.#clock = clock
    this.#holds = holds
    this.#recent = recent
  }

  /**
   * Of changes that were read from the feed those that count; the others wait as offsets. They are in feed order, and none
   * of them was read before. It runs before the batch moves the shadow levels.
   */
  take(draft: Draft, rid: Rid, changes: readonly ReadChange[]): readonly LocalChange[] {
    const read = changes.filter((change) => change.cause === 'manual' && draft.level(change.key) !== null)
    if (read.length === 0) return changes
    const { held, takenBack, recent } = judgeManualChanges({
      ...this.#around(rid, read),
      fromSkus: this.#holds.ownFromSkus,
    })
    for (const change of takenBack) this.#takeBack(draft, rid, change)
    for (const change of read) if (held.has(change.seq)) this.#hold(draft, change)
    // What was let through because nobody wanted it held is no reason to hold what comes later.
    if (this.#holds.ownFromSkus === null) this.#forget(draft)
    else this.#keep(draft, { rid, changes: recent })
    return held.size === 0 ? changes : changes.filter(({ seq }) => !held.has(seq))
  }

  /** From how many SKUs on more rows of a mass change may be on the way; null where none is held. */
  get gatheredFrom(): number | null {
    const { ownFromSkus } = this.#holds
    return ownFromSkus === null ? null : Math.min(limits.gatheredSkusMin, ownFromSkus)
  }

  /**
   * Whether there may be a mass change among changes that this node read before it was put back, and held then, whatever
   * it was told to hold in its backup, and however it read them.
   */
  mayHaveHeld(rid: Rid, changes: readonly ReadChange[]): boolean {
    const read = changes.filter(({ cause }) => cause === 'manual')
    const fromSkus = Math.min(limits.massChangeSkusMin, this.#holds.ownFromSkus ?? limits.massChangeSkusMin)
    return mayBeHeld({ ...this.#around(rid, read), fromSkus })
  }

  /** The shop is to take the network's numbers; a difference that is another one than was seen stays. */
  reject(draft: Draft, seen: ReadonlyMap<SkuKey, Offset>): void {
    for (const [key, offset] of seen) if (this.#book.offsets.get(key) === offset) this.#book.endOffset(draft, key)
    this.#forget(draft)
  }

  /** The differences become changes of this shop; `seen` as above. */
  approve(draft: Draft, seen: ReadonlyMap<SkuKey, Offset>): void {
    for (const [key, offset] of seen) {
      if (this.#book.offsets.get(key) !== offset) continue
      // A person decided on it, so no other shop asks about it again.
      draft.change(key, offset.units, 'repair', null)
      this.#book.endOffset(draft, key)
    }
    this.#forget(draft)
  }

  /** What changes of the feed are judged with. */
  #around(rid: Rid, read: readonly ReadChange[]): Omit<Parameters<typeof judgeManualChanges>[0], 'fromSkus'> {
    return {
      recent: this.#recent?.rid === rid ? this.#recent.changes : [],
      read: read.map(({ key, seq, at, delta, stock }) => ({ key, seq, at, delta, stock, isCounted: true })),
      isHeld: (key) => this.#book.offsets.get(key)?.reason === 'mass-change',
      catalogue: () => shopCatalogue(this.#book),
    }
  }

  #hold(draft: Draft, { key, delta, at, reference }: ReadChange): void {
    this.#add(draft, key, delta)
    const row = this.#book.onlyRow(key)
    const about = { key, sku: row?.sku ?? key, name: row?.name ?? null, delta, reference, result: 'held-not-counted' }
    draft.log(eventLine(at, this.#self, 'manual', about))
  }

  /** A stock count that came in between has the change in its number. */
  #takeBack(draft: Draft, rid: Rid, { key, seq, at, delta }: ManualChange): void {
    const covers = winningBaseline(recordsOf(draft.holdings, key).baselines)?.record.baseline.covers ?? []
    if (covers.some((cover) => cover.rid === rid && cover.seq >= seq)) return
    // At its own time, so that whoever judges it there sees that it came to nothing.
    draft.change(key, -delta, 'undo', 'held', at)
    this.#add(draft, key, delta)
  }

  #add(draft: Draft, key: SkuKey, delta: number): void {
    const before = this.#book.offsets.get(key)
    const units = (before?.units ?? 0) + delta
    const offset = { reason: 'mass-change', since: this.#clock.now(), ...before, units } as const
    this.#book.setOffset(draft, key, units === 0 ? null : offset)
  }

  /** What was decided on is no reason to hold what comes after it. */
  #forget(draft: Draft): void {
    if (this.#recent !== null) this.#keep(draft, null)
  }

  #keep(draft: Draft, recent: Recent | null): void {
    this.#recent = recent
    draft.put(recent === null ? del(recentKey) : put(recentKey, encodeJson(recent)))
  }
}

/** What the shop has. */
export function shopCatalogue({ rows, keyCount }: Book): Catalogue {
  let units = 0
  for (const { stock } of rows.values()) units += Math.abs(stock ?? 0)
  return { skus: keyCount, units }
}

/**
 * SKUs of which nobody can know what moved their stock in this shop: noted in the batch that reads it, durable, and there
 * until somebody has counted the SKU in any shop, or has put it aside.
 */
import { isCountedSince, recordsOf, type SkuKey } from '@stockmesh/protocol'
import type { Committed, Draft, Ledger } from '../ledger/ledger.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { Book } from './book.ts'

export interface UnclearSku {
  readonly key: SkuKey
  /** Milliseconds since 1970. */
  readonly since: number
}

export class UnclearSkus {
  readonly open: ReadonlyMap<SkuKey, UnclearSku>
  readonly #open: Map<SkuKey, UnclearSku>
  readonly #ledger: Ledger
  readonly #book: Book

  static async open(storage: Storage, ledger: Ledger, book: Book): Promise<UnclearSkus> {
    const open = new Map<SkuKey, UnclearSku>()
    for await (const [, value] of storage.scan(prefixRange(tables.problem, 'unclear'))) {
      const one = decodeJson<UnclearSku>(value)
      open.set(one.key, one)
    }
    return new UnclearSkus(ledger, book, open)
  }

  private constructor(ledger: Ledger, book: Book, open: Map<SkuKey, UnclearSku>) {
    this.#ledger = ledger
    this.#book = book
    this.#open = open
    this.open = open
  }

  note(draft: Draft, key: SkuKey, since: number): void {
    const one = { key, since: Math.max(since, this.#open.get(key)?.since ?? 0) }
    this.#open.set(key, one)
    draft.put(put(noteKey(key), encodeJson(one)))
    draft.touch(key)
  }

  /** A person has looked at it. */
  async dismiss(key: SkuKey): Promise<void> {
    await this.#ledger.commit((draft) => this.#forget(draft, [key]))
  }

  /** SKUs of the batch that were counted since, or that the shop has no more; they are forgotten. */
  solve({ keys }: Pick<Committed, 'keys'>): readonly SkuKey[] {
    if (this.#open.size === 0) return []
    const solved = [...keys].filter((key) => {
      const one = this.#open.get(key)
      if (one === undefined) return false
      return this.#book.rowsOf(key).length === 0 || isCountedSince(recordsOf(this.#ledger.holdings, key), one.since)
    })
    if (solved.length === 0) return []
    // A failed write ends the ledger, which tells its owner.
    this.#ledger.commit((draft) => this.#forget(draft, solved)).catch(() => undefined)
    return solved
  }

  #forget(draft: Draft, keys: readonly SkuKey[]): void {
    for (const key of keys) {
      this.#open.delete(key)
      draft.put(del(noteKey(key)))
      draft.touch(key)
    }
  }
}

function noteKey(key: SkuKey): Uint8Array {
  return encodeKey(tables.problem, 'unclear', key)
}

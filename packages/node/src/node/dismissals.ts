/**
 * Problems that a person has put aside, durable: each stays away until it grows, and is told again when it comes back
 * after it was solved.
 */
import { levelIn } from '@stockmesh/protocol'
import type { Committed, Ledger } from '../ledger/ledger.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { Problem } from '../views/problem.ts'
import type { Dismissal } from '../views/problems.ts'

export class Dismissals {
  readonly open: Map<string, Dismissal> = new Map()
  readonly #ledger: Ledger

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  async load(storage: Storage): Promise<void> {
    for await (const [, value] of storage.scan(prefixRange(tables.problem, 'dismissed'))) {
      const dismissal = decodeJson<Dismissal>(value)
      this.open.set(dismissal.id, dismissal)
    }
  }

  async dismiss({ item: { id, count }, keys }: Problem): Promise<void> {
    const [key = null] = keys
    await this.#ledger.commit((draft) => {
      const dismissal = { id, count, key }
      this.open.set(id, dismissal)
      draft.put(put(dismissalKey(id), encodeJson(dismissal)))
      if (key !== null) draft.touch(key)
    })
  }

  /** A SKU that is not oversold any more is told of anew when it is again. */
  hear({ keys }: Committed): void {
    const solved = [...this.open.values()].filter(
      ({ key }) => key !== null && keys.has(key) && (levelIn(this.#ledger.holdings, key) ?? 0) >= 0,
    )
    if (solved.length === 0) return
    for (const { id } of solved) this.open.delete(id)
    // A failed write ends the ledger, which tells its owner.
    this.#ledger
      .commit((draft) => {
        for (const { id } of solved) draft.put(del(dismissalKey(id)))
      })
      .catch(() => undefined)
  }
}

function dismissalKey(id: string): Uint8Array {
  return encodeKey(tables.problem, 'dismissed', id)
}

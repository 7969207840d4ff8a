/**
 * Whether a person paused this shop, and since when: durable, changed only through a draft.
 */
import type { Draft } from '../ledger/ledger.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

const pauseKey = encodeKey(tables.meta, 'pause')

export class PauseStore {
  #since: number | null

  private constructor(since: number | null) {
    this.#since = since
  }

  static async open(storage: Storage): Promise<PauseStore> {
    const row = await storage.get(pauseKey)
    return new PauseStore(row === undefined ? null : decodeJson<number>(row))
  }

  /** In milliseconds since 1970; null while the shop takes part. */
  get since(): number | null {
    return this.#since
  }

  set(draft: Draft, since: number | null): void {
    this.#since = since
    draft.put(since === null ? del(pauseKey) : put(pauseKey, encodeJson(since)))
  }
}

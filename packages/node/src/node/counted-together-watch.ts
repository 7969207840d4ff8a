/**
 * Notices when two shops typed a number for the same SKU without knowing of each other: both changes count and add
 * up, which is hardly what either meant.
 */
import type { ShopId, SkuKey } from '@stockmesh/protocol'
import type { Committed, Ledger } from '../ledger/ledger.ts'
import type { LogLine } from '../ledger/log-line.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, prefixRange } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { LogReader } from '../views/log-reader.ts'
import type { CountedTogether } from '../views/problems.ts'

/** How far apart two counts of the same shelf may be, in milliseconds. */
const windowMs = 24 * 3_600_000

export class CountedTogetherWatch {
  readonly open: Map<SkuKey, CountedTogether> = new Map()
  readonly #ledger: Ledger
  readonly #log: LogReader
  readonly #self: ShopId

  constructor(ledger: Ledger, log: LogReader, self: ShopId) {
    this.#ledger = ledger
    this.#log = log
    this.#self = self
  }

  async load(storage: Storage): Promise<void> {
    for await (const [, value] of storage.scan(prefixRange(tables.problem, 'counted-together'))) {
      const one = decodeJson<CountedTogether>(value)
      this.open.set(one.key, one)
    }
  }

  hear(committed: Committed): void {
    for (const line of committed.lines) {
      if (!line.apart || !isTyped(line) || line.member === this.#self || line.key === null) continue
      // A failed read or write ends the ledger, which tells its owner.
      this.#compare(line.key, line).catch(() => undefined)
    }
  }

  async dismiss(key: SkuKey): Promise<void> {
    await this.#ledger.commit((draft) => {
      this.open.delete(key)
      draft.put(del(problemKey(key)))
      draft.touch(key)
    })
  }

  async #compare(key: SkuKey, line: LogLine): Promise<void> {
    const isOther = (other: LogLine): boolean =>
      isTyped(other) && other.member !== line.member && Math.abs(other.at - line.at) <= windowMs
    const [other] = await this.#log.newestOf(key, 1, isOther)
    if (other === undefined) return
    const later = line.at < other.at ? other : line
    const known = await this.#log.newestBefore(key, later.at)
    // Whoever typed it started from the number that the other one left.
    if (known !== null && later.levelAfter !== null && known.levelAfter === later.levelAfter - (later.delta ?? 0))
      return
    await this.#ledger.commit((draft) => {
      const one = { key, since: Math.max(line.at, other.at) }
      this.open.set(key, one)
      draft.put(put(problemKey(key), encodeJson(one)))
      draft.touch(key)
    })
  }
}

/** A number typed over the old one, not so many more or less: those are meant to add up. */
function isTyped(line: LogLine): boolean {
  return line.counted && line.cause === 'manual' && line.reference?.startsWith('=') === true
}

function problemKey(key: SkuKey): Uint8Array {
  return encodeKey(tables.problem, 'counted-together', key)
}

/**
 * A shop of class ledger: the real built-in shop over a simulated disk, and the line to it, which loses questions and
 * answers. The shop is a process of its own and lives on when its node dies.
 */
import type { FeedRow, Rid } from '@stockmesh/protocol'
import {
  type AdjustmentResult,
  ConnectorError,
  type LedgerConnector,
  type StockRowPage,
} from '../../packages/node/src/connectors/connector.ts'
import { ApiFailure } from '../../packages/node/src/http/node-api.ts'
import { openShop, type Shop } from '../../packages/node/src/shop/shop.ts'
import { type AttachmentRecord, keys, tables } from '../../packages/node/src/shop/shop-table.ts'
import { decodeJson } from '../../packages/node/src/storage/json.ts'
import { lastNumber, prefixRange } from '../../packages/node/src/storage/key.ts'
import type { SeededRandom } from '../protocol/random.ts'
import { Life } from './life.ts'
import { openSimDatabase, SimDisk } from './sim-disk.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What the line between a node and its shop does, as chances from 0 to 1. */
export interface LineFaults {
  /** The call fails before it reaches the shop. */
  lost: number
  /** The shop did it, and the answer is lost. */
  unanswered: number
  /** An adjustment arrives twice. */
  doubled: number
  delayMsMax: number
}

/** A node that was attached to the shop: the replica of its feed, and the feed id at which it began. */
export interface Attached {
  readonly rid: Rid
  readonly start: number
}

interface Truth {
  readonly rows: readonly FeedRow[]
  readonly start: number | null
  readonly epoch: string | null
}

export interface SimShopParts {
  readonly name: string
  readonly time: VirtualTime
  readonly random: SeededRandom
  /** The shop's own clock, in milliseconds since 1970. */
  readonly now: () => number
}

export class SimShop {
  readonly disk = new SimDisk()
  readonly faults: LineFaults = { lost: 0, unanswered: 0, doubled: 0, delayMsMax: 10 }
  readonly #parts: SimShopParts
  #life: Life
  #shop: Shop | null = null
  /** What was read of the disk last, and of which state of it. */
  #truth: (Truth & { readonly version: number }) | null = null

  /** Adjustments that were asked for and are not on the node's disk. */
  readonly unnoted: string[] = []

  readonly #attached: Attached[] = []

  /** The last feed id of which the shop itself has heard that it is on the disk. */
  flushedEnd = 0

  constructor(parts: SimShopParts) {
    this.#parts = parts
    this.#life = new Life(parts.time)
    this.disk.onFlushed = () => {
      this.flushedEnd = this.feedEnd
      this.#noteAttached()
    }
  }

  /** All that were ever attached, the present one last. */
  get attached(): readonly Attached[] {
    this.#noteAttached()
    return this.#attached
  }

  /** null while the shop is down. */
  get shop(): Shop | null {
    return this.#life.alive ? this.#shop : null
  }

  /** The last feed id that is on the disk. */
  get feedEnd(): number {
    const [last] = this.disk.scan({ ...prefixRange(tables.feed), reverse: true, limit: 1 })
    return last === undefined ? 0 : lastNumber(last[0])
  }

  async start(): Promise<void> {
    const { time, random, now } = this.#parts
    this.#life.kill()
    this.#shop = null
    const life = new Life(time)
    this.#life = life
    const shop = await openShop({
      directory: 'sim',
      clock: { now, after: (ms, run) => life.after(ms, run) },
      random: { bytes: (count) => randomBytes(random, count) },
      openStorage: () => Promise.resolve(openSimDatabase(this.disk, life, time, random)),
    })
    if (life.alive) this.#shop = shop
  }

  kill(): void {
    this.#life.kill()
  }

  /** The connector of a node that lives this life. */
  connector(node: Life, isNoted: (opId: string) => boolean): LedgerConnector {
    const call = <T>(signal: AbortSignal, run: (shop: Shop, hungUp: AbortSignal) => Promise<T>): Promise<T> =>
      this.#call(node, signal, run)
    return {
      name: 'builtin',
      promise: 'exact',
      shopUrl: null,
      attach: (body, signal) => call(signal, async (shop) => (await shop.attach(body)).body),
      list: (query, signal) => call(signal, (shop): Promise<StockRowPage> => shop.stockRows(query)),
      feed: ({ epoch, after, tag, limit, waitMs }, signal) =>
        call(signal, (shop, hungUp) => shop.feed({ epoch, position: after, after: null, tag, limit, waitMs }, hungUp)),
      adjust: (operations, signal) => {
        for (const { opId } of operations) if (!isNoted(opId)) this.unnoted.push(opId)
        return call(signal, async (shop) => {
          const adjust = async (): Promise<readonly AdjustmentResult[]> =>
            (await shop.adjust({ operations: [...operations] })).body.results
          const results = await adjust()
          // The second answer finds nobody who waits for it.
          if (this.#parts.random.chance(this.faults.doubled)) void adjust().catch(() => undefined)
          return results
        })
      },
    }
  }

  /** Every row of the feed that is on the disk, with the epoch of the attachment and the feed id at which it began. */
  truth(): Truth {
    if (this.#truth?.version !== this.disk.version) {
      const rows = this.disk
        .scan(prefixRange(tables.feed))
        .map(([key, value]) => ({ id: lastNumber(key), ...decodeJson<Omit<FeedRow, 'id'>>(value.subarray(0, -4)) }))
      const attached = this.#attachment()
      this.#truth = { version: this.disk.version, rows, start: attached?.start ?? null, epoch: attached?.epoch ?? null }
    }
    return this.#truth
  }

  #attachment(): AttachmentRecord | null {
    const row = this.disk.rows.get(Buffer.from(keys.attachment()).toString('latin1'))
    return row === undefined ? null : decodeJson<AttachmentRecord>(row.subarray(0, -4))
  }

  #noteAttached(): void {
    const now = this.#attachment()
    if (now === null) return
    const rid = `${now.node}-${now.epoch}` as Rid
    if (this.#attached.at(-1)?.rid !== rid) this.#attached.push({ rid, start: now.start })
  }

  #call<T>(node: Life, signal: AbortSignal, run: (shop: Shop, hungUp: AbortSignal) => Promise<T>): Promise<T> {
    const { time, random } = this.#parts
    const { lost, unanswered, delayMsMax } = this.faults
    const call = new AbortController()
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void =>
        node.do(() => {
          signal.removeEventListener('abort', abort)
          settle()
        })
      const abort = (): void => {
        call.abort()
        end(() => reject(signal.reason as Error))
      }
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      const fail = (code: string): void =>
        void time.after(random.next() * delayMsMax, () =>
          end(() => reject(new ConnectorError(code, 'A simulated fault.'))),
        )
      time.after(random.next() * delayMsMax, () => {
        const { shop } = this
        const life = this.#life
        if (shop === null || random.chance(lost)) return fail('shop-unreachable')
        // The shop works on whoever asked being dead; the answer of a dead shop never comes.
        run(shop, call.signal).then(
          (answer) => {
            if (!life.alive || random.chance(unanswered)) return fail('shop-unreachable')
            time.after(random.next() * delayMsMax, () => end(() => resolve(answer)))
          },
          (error: unknown) => {
            if (error instanceof ApiFailure) return fail(codeOf(error))
            end(() => reject(error as Error))
          },
        )
        life.whenKilled(() => fail('shop-unreachable'))
      })
    })
  }
}

export function randomBytes(random: SeededRandom, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => random.below(256))
}

function codeOf({ status, code }: ApiFailure): string {
  return status === 409 && (code === 'feed-epoch-changed' || code === 'feed-rolled-back') ? code : 'shop-error'
}

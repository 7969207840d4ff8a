/**
 * Brings the shop to the shown level: SKUs that changed are decided on, in the batch that changed them where it is not
 * too large. Each adjustment is noted durably before the call, and the call is repeated with the same operation id until
 * the shop has answered. An intent is closed only when the feed tells of it (or of a refusal), so a lost answer, a crash
 * and a slow shop all end alike.
 */
import { limits, type SkuKey } from '@stockmesh/protocol'
import { type AdjustmentResult, ConnectorError, type LedgerConnector, outcomeUnclear } from '../connectors/connector.ts'
import type { Draft, Ledger } from '../ledger/ledger.ts'
import type { Clock, Random, Timers } from '../ports.ts'
import { Backoff } from '../backoff.ts'
import type { Book, Intent } from './book.ts'
import type { ShopHealth } from './health.ts'
import type { ImportNotes } from './import-notes.ts'
import type { Settler } from './settler.ts'
import type { ShopTask } from './shop-work.ts'
import type { UnclearSkus } from './unclear-skus.ts'
import { Pace } from './pace.ts'
import type { Recovery } from './recovery.ts'
import { Wakeup } from '../wakeup.ts'

/** SKUs decided on in one commit, and adjustments in one call. */
const batchSize = 500

export class Adjuster implements ShopTask {
  readonly #ledger: Ledger
  readonly #book: Book
  readonly #settler: Settler
  readonly #notes: ImportNotes
  readonly #connector: LedgerConnector
  readonly #unclear: UnclearSkus
  readonly #clock: Clock
  readonly #health: ShopHealth
  readonly #recovery: Pick<Recovery, 'untilOver'>
  readonly #isStopped: () => boolean
  readonly #backoff: Backoff
  readonly #wakeup: Wakeup
  readonly #pace: Pace
  readonly #dirty = new Set<SkuKey>()
  /** Intents that are on disk, by stock id; some of them may be closed by now. */
  readonly #durable: Map<string, Intent>
  /** Operations that the shop has answered; the feed will tell of them. */
  readonly #answered = new Set<string>()
  /** Why the shop refuses a SKU's adjustments, until something changes there. */
  readonly #refused = new Map<SkuKey, string>()
  #madeCount = 0
  #refusedCount = 0
  #isAtWork = false
  /** The shop is out of reach: nothing new is decided meanwhile, so that what piles up for a SKU becomes one adjustment. */
  #isAway = false

  constructor(parts: {
    readonly ledger: Ledger
    readonly book: Book
    readonly settler: Settler
    readonly notes: ImportNotes
    readonly connector: LedgerConnector
    readonly unclear: UnclearSkus
    readonly clock: Clock
    readonly health: ShopHealth
    readonly recovery: Pick<Recovery, 'untilOver'>
    /** Nothing is written to the shop now; `tryAgain` says that it may be again. */
    readonly isStopped: () => boolean
    readonly random: Random
    readonly timers: Timers
  }) {
    this.#ledger = parts.ledger
    this.#book = parts.book
    this.#settler = parts.settler
    this.#notes = parts.notes
    this.#connector = parts.connector
    this.#unclear = parts.unclear
    this.#clock = parts.clock
    this.#health = parts.health
    this.#recovery = parts.recovery
    this.#isStopped = parts.isStopped
    this.#backoff = new Backoff(parts.random)
    this.#wakeup = new Wakeup(parts.timers)
    this.#pace = new Pace(parts.timers, limits.shopCallPaceMs)
    this.#durable = new Map(parts.book.intents)
  }

  /** Adjustments that the shop has answered, made or refused, in this life. */
  get answers(): { readonly made: number; readonly refused: number } {
    return { made: this.#madeCount, refused: this.#refusedCount }
  }

  /** SKUs that wait for a decision. */
  get waiting(): number {
    return this.#dirty.size
  }

  isWaiting(key: SkuKey): boolean {
    return this.#dirty.has(key)
  }

  /** Codes by which the shop refused a SKU's last adjustment. */
  get refusals(): ReadonlyMap<SkuKey, string> {
    return this.#refused
  }

  /** Decides on SKUs in the batch that changes them; what is too much for one batch is left to the loop. */
  decide(draft: Draft, keys: ReadonlySet<SkuKey>): void {
    if (!this.#isAtWork || this.#isWaiting || keys.size > batchSize) return
    for (const key of keys) if (!this.#refused.has(key)) this.#settler.settle(draft, [key])
  }

  /** A batch about these SKUs is on disk. */
  hear(keys: ReadonlySet<SkuKey>): void {
    for (const key of keys) {
      for (const { stockId } of this.#book.rowsOf(key)) {
        const intent = this.#book.intents.get(stockId)
        if (intent !== undefined) this.#durable.set(stockId, intent)
      }
    }
    this.mark(keys)
  }

  mark(keys: Iterable<SkuKey>): void {
    for (const key of keys) this.#dirty.add(key)
    // A shop that is away is not asked sooner because more was sold elsewhere.
    if (this.#dirty.size > 0 && !this.#isAway) this.#wakeup.wake()
  }

  /** The shop answers again, or may be written to again: what waits is tried now. */
  tryAgain(): void {
    this.#wakeup.wake()
  }

  /** A SKU's rows in the shop changed: a refusal may not stand any more. Answers whether there was one. */
  forgetRefusal(key: SkuKey): boolean {
    return this.#refused.delete(key)
  }

  async run(stop: AbortSignal, life: AbortSignal): Promise<void> {
    await this.#recovery.untilOver(stop)
    if (stop.aborted) return
    this.#isAtWork = true
    stop.addEventListener('abort', () => {
      this.#isAtWork = false
    })
    while (!stop.aborted) {
      const keys = this.#isWaiting ? [] : this.#take()
      if (keys.length > 0) await this.#ledger.commit((draft) => this.#settler.settle(draft, keys))
      const intents = this.#isStopped() ? [] : this.#unanswered()
      if (intents.length > 0) {
        await this.#pace.keep(() => this.#send(intents, stop, life), stop)
        continue
      }
      this.#health.forget('adjust')
      this.#isAway = false
      if (this.#dirty.size === 0 || this.#isStopped()) await this.#wakeup.wait(null, stop)
    }
  }

  /** What changes meanwhile is decided on once, when the shop can be written to again. */
  get #isWaiting(): boolean {
    return this.#isAway || this.#isStopped()
  }

  #take(): SkuKey[] {
    const keys: SkuKey[] = []
    for (const key of this.#dirty) {
      this.#dirty.delete(key)
      if (!this.#refused.has(key) && this.#settler.hasWork(this.#ledger.holdings, key)) keys.push(key)
      if (keys.length === batchSize) break
    }
    return keys
  }

  #unanswered(): Intent[] {
    const intents: Intent[] = []
    for (const [stockId, intent] of this.#durable) {
      if (this.#book.intents.get(stockId)?.opId !== intent.opId) this.#durable.delete(stockId)
      else if (!this.#answered.has(intent.opId)) intents.push(intent)
      if (intents.length === batchSize) break
    }
    return intents
  }

  async #send(intents: readonly Intent[], stop: AbortSignal, life: AbortSignal): Promise<void> {
    try {
      const results = await this.#connector.adjust(intents, life)
      this.#health.succeed('adjust')
      this.#backoff.succeed()
      this.#isAway = false
      await this.#receive(intents, results)
    } catch (error) {
      if (stop.aborted) return
      if (!(error instanceof ConnectorError)) throw error
      this.#isAway = isOutOfReach(error)
      this.#health.fail('adjust', error.code, error.message)
      // The outcome is unknown: the same operations are sent again.
      await this.#wakeup.wait(this.#backoff.fail(), stop)
    }
  }

  async #receive(intents: readonly Intent[], results: readonly AdjustmentResult[]): Promise<void> {
    const byOperation = new Map(results.map((result) => [result.opId, result]))
    const refused: { readonly intent: Intent; readonly code: string }[] = []
    const told: Intent[] = []
    for (const intent of intents) {
      const result = byOperation.get(intent.opId)
      if (result === undefined) continue
      if (result.status === 'refused') refused.push({ intent, code: result.code })
      else {
        this.#answered.add(intent.opId)
        if (this.#isTold(result)) told.push(intent)
      }
    }
    this.#refusedCount += refused.length
    this.#madeCount += byOperation.size - refused.length
    this.#sweep()
    if (refused.length === 0 && told.length === 0) return
    await this.#ledger.commit((draft) => {
      for (const { stockId, opId, delta } of told) {
        if (this.#book.intents.get(stockId)?.opId !== opId) continue
        this.#book.closeIntent(draft, stockId)
        this.#notes.apply(draft, opId, delta)
      }
      for (const { intent, code } of refused) {
        // The row may have gone meanwhile, and another one under the SKU is not refused anything.
        if (this.#book.intents.get(intent.stockId)?.opId !== intent.opId) continue
        this.#refused.set(intent.key, code)
        if (code === outcomeUnclear) this.#unclear.note(draft, intent.key, this.#clock.now())
        this.#book.closeIntent(draft, intent.stockId)
        this.#notes.refuse(draft, intent.opId)
      }
    })
  }

  /** Whether the feed told of it before it was asked for anew, by a node that was put back: nobody else will close it. */
  #isTold(result: AdjustmentResult): boolean {
    return result.status === 'repeated' && result.feedId <= (this.#book.feed?.position ?? 0)
  }

  #sweep(): void {
    if (this.#answered.size < 10_000) return
    const open = new Set([...this.#book.intents.values()].map((intent) => intent.opId))
    for (const opId of this.#answered) if (!open.has(opId)) this.#answered.delete(opId)
  }
}

/** With any other error the shop may have answered for some of the adjustments, and one row must not hold up the others. */
function isOutOfReach({ code }: ConnectorError): boolean {
  return ['shop-unreachable', 'key-rejected', 'address-elsewhere', 'certificate-untrusted'].includes(code)
}

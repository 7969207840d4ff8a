/**
 * The loop that reads the shop: attach, list, then follow the feed for as long as the node runs. A shop that answers
 * nonsense or nothing costs delay, never a delta.
 */
import { type FeedPast, limits, type NetworkId, type Rid, type ShopId } from '@stockmesh/protocol'
import { ConnectorError, type LedgerConnector } from '../connectors/connector.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Random, Timers } from '../ports.ts'
import { Backoff } from '../backoff.ts'
import type { Book, FeedPosition } from './book.ts'
import { feedRid, type Follower } from './follower.ts'
import type { ShopHealth } from './health.ts'
import type { Importer } from './importer.ts'
import type { ShopTask } from './shop-work.ts'
import { Pace } from './pace.ts'
import type { Recovery } from './recovery.ts'
import { Wakeup } from '../wakeup.ts'

/** How long a read of the feed may wait for news: at rest, and while something beside the feed is to be done after it. */
const newsWaitMs = 20_000
const busyWaitMs = 500

export class ShopLoop implements ShopTask {
  readonly #ledger: Ledger
  readonly #book: Book
  readonly #importer: Importer
  readonly #follower: Follower
  readonly #connector: LedgerConnector
  readonly #health: ShopHealth
  readonly #self: ShopId
  readonly #network: () => NetworkId | null
  readonly #isForked: (rid: Rid) => boolean
  readonly #onAttached: (rid: Rid) => void
  readonly #onDetached: (rid: Rid) => void
  readonly #onBack: () => void
  readonly #recovery: Recovery
  readonly #backoff: Backoff
  readonly #wakeup: Wakeup
  readonly #pace: Pace
  /** Epoch of the feed in which nothing lies ahead that this node may have read and held before. */
  #lookedThrough: string | null = null
  /** The last read was answered. */
  #isAnswered = false

  constructor(parts: {
    readonly ledger: Ledger
    readonly book: Book
    readonly importer: Importer
    readonly follower: Follower
    readonly connector: LedgerConnector
    readonly health: ShopHealth
    readonly self: ShopId
    readonly network: () => NetworkId | null
    /** Whether a replica has two histories: it is never written again. */
    readonly isForked: (rid: Rid) => boolean
    /** The feed's replica is known: this process writes it. */
    readonly onAttached: (rid: Rid) => void
    /** The replica of a feed that is followed no more. */
    readonly onDetached: (rid: Rid) => void
    /** The shop answers again. */
    readonly onBack: () => void
    readonly recovery: Recovery
    readonly random: Random
    readonly timers: Timers
  }) {
    this.#ledger = parts.ledger
    this.#book = parts.book
    this.#importer = parts.importer
    this.#follower = parts.follower
    this.#connector = parts.connector
    this.#health = parts.health
    this.#self = parts.self
    this.#network = parts.network
    this.#isForked = parts.isForked
    this.#onAttached = parts.onAttached
    this.#onDetached = parts.onDetached
    this.#onBack = parts.onBack
    this.#recovery = parts.recovery
    this.#backoff = new Backoff(parts.random)
    this.#wakeup = new Wakeup(parts.timers)
    this.#pace = new Pace(parts.timers, limits.shopCallPaceMs)
  }

  /** Something that the loop waits for may have come: a network, an import. */
  wake(): void {
    this.#wakeup.wake()
  }

  async run(stop: AbortSignal, life: AbortSignal): Promise<void> {
    await this.#recovery.untilReading(stop)
    // While this node stood aside, another process may have read on.
    this.#lookedThrough = null
    while (!stop.aborted) {
      const network = this.#network()
      const { state, held, listed } = this.#importer.record
      const isHeld = state === 'listing' && held && !listed
      if (network === null || state === 'idle' || isHeld) {
        await this.#wakeup.wait(null, stop)
        continue
      }
      try {
        await this.#turn(network, stop, life)
        this.#isAnswered = true
        if (this.#health.succeed('read')) this.#onBack()
        this.#backoff.succeed()
      } catch (error) {
        if (stop.aborted) return
        if (!(error instanceof ConnectorError)) throw error
        this.#isAnswered = false
        if (error.code === 'feed-rolled-back') await this.#reattach(network, stop, life)
        else if (error.code === 'feed-epoch-changed' && this.#isPutBack()) await this.#beginAnew(network, stop, life)
        else {
          this.#health.fail('read', error.code, error.message)
          await this.#wakeup.wait(this.#backoff.fail(), stop)
        }
      }
    }
  }

  /** Whether this node was put back, as it knows or others do: it may have begun another feed in the life that it forgot. */
  #isPutBack(): boolean {
    const { feed } = this.#book
    return this.#recovery.isOpen || (feed !== null && this.#follower.isForgotten(feed))
  }

  async #turn(network: NetworkId, stop: AbortSignal, life: AbortSignal): Promise<void> {
    const { feed } = this.#book
    if (feed === null) await this.#attach(network, false, life)
    else if (this.#recovery.isShopRestored || this.#isForked(feedRid(this.#self, feed)))
      await this.#reattach(network, stop, life)
    else if (!this.#importer.record.listed) await this.#list(stop)
    else {
      const past = await this.#pace.keep(() => this.#follow(feed, stop), stop)
      if (past === 'unknown') await this.#wakeup.wait(limits.haveIntervalMs, stop)
      else if (past === 'other') await this.#beginAnew(network, stop, life)
      else await this.#importer.advance()
    }
  }

  async #list(stop: AbortSignal): Promise<void> {
    await this.#recovery.untilListable(stop)
    if (!stop.aborted) await this.#importer.list(stop)
  }

  /** Reads on where that may be done; null if it was called off. */
  async #follow(feed: FeedPosition, stop: AbortSignal): Promise<FeedPast | null> {
    const page = await this.#follower.fetch(feed, this.#waitMs(), stop)
    if (stop.aborted) return null
    // Rows that came after the first look were read by nobody before.
    const hides = this.#lookedThrough !== feed.epoch && (await this.#follower.hasMassChange(feed, page, stop))
    if (stop.aborted) return null
    const past = this.#follower.past(feed, this.#recovery, hides)
    if (past !== 'same') return past
    this.#lookedThrough = feed.epoch
    const hasMore = await this.#follower.take(feed, page)
    if (!hasMore && !stop.aborted && !this.#importer.record.relisting) this.#recovery.follow()
    return past
  }

  /**
   * A shop that has not answered yet is asked without waiting for news, so that it is soon known to be there; and while
   * the catalogue is compared again, or a life that was forgotten is found out about, the next turn may have something to do.
   */
  #waitMs(): number {
    if (!this.#isAnswered) return 0
    return this.#recovery.isOpen || this.#importer.record.relisting ? busyWaitMs : newsWaitMs
  }

  /** Of what it read before, and forgot, this node held a part: nothing of it is counted, but compared. */
  async #beginAnew(network: NetworkId, stop: AbortSignal, life: AbortSignal): Promise<void> {
    if (!this.#recovery.isOpen) await this.#recovery.reopen()
    await this.#reattach(network, stop, life)
  }

  async #attach(network: NetworkId, fresh: boolean, life: AbortSignal): Promise<void> {
    const { epoch, start } = await this.#connector.attach({ network, node: this.#self, fresh }, life)
    const before = this.#book.feed
    const feed = { epoch, start, position: start, tag: null }
    await this.#ledger.commit((draft) => {
      this.#book.setFeed(draft, feed)
      this.#recovery.attach(draft)
    })
    if (before !== null && before.epoch !== epoch) this.#onDetached(feedRid(this.#self, before))
    this.#onAttached(feedRid(this.#self, feed))
  }

  /** The shop's database is not the one that was read before: a new epoch from zero, and every number in doubt. */
  async #reattach(network: NetworkId, stop: AbortSignal, life: AbortSignal): Promise<void> {
    try {
      await this.#importer.relist()
      await this.#attach(network, true, life)
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      this.#health.fail('read', error.code, error.message)
      await this.#wakeup.wait(this.#backoff.fail(), stop)
    }
  }
}

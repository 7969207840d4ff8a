/**
 * Makes a connector of an observed shop: what is seen of the shop goes into a journal on disk, whose feed is what the
 * engine follows. The shop is asked only while somebody follows the feed, so that a node that rests leaves it alone.
 */
import { join } from 'node:path'
import { type ConnectorPromise, limits } from '@stockmesh/protocol'
import { openDatabase } from '../../storage/database.ts'
import type { SnapshotStorage } from '../../storage/storage.ts'
import { Wakeup as Waiters } from '../../shop/wakeup.ts'
import { Backoff } from '../../backoff.ts'
import { Lane } from '../../lane.ts'
import { Wakeup } from '../../wakeup.ts'
import {
  anotherNodeAttached,
  type Adjustment,
  type AdjustmentResult,
  type Attachment,
  ConnectorError,
  type FeedPage,
  type LedgerConnector,
  type StockRowPage,
} from '../connector.ts'
import type { OpenConnector, PlatformParts } from '../platform.ts'
import { unlessAborted } from '../unless-aborted.ts'
import { Journal, stockRowOf } from './journal.ts'
import { pruneNotes } from './journal-notes.ts'
import type { OpenOperation } from './journal-tables.ts'
import { ShopListing } from './listing.ts'
import type { ObservedShop } from './observed-shop.ts'
import { Observer } from './observer.ts'
import { unknownOutcome, Writer } from './writer.ts'

type Parts = Pick<PlatformParts, 'clock' | 'timers' | 'random'>

/** The shop is not asked when the feed was not for so long, in milliseconds: longer than one read of it may wait. */
const followedMsMax = 60_000
/** A full listing at least so often, in milliseconds: what no other reading told is found then. */
const listingMsMax = 24 * 60 * 60 * 1_000
/** Between two pages of a listing that nobody waits for, in milliseconds. */
const listingPaceMs = 250
const rowsPerAnswerMax = 1_000
const openPerTurnMax = 500

/** Errors: those of `openDatabase`. The shop is closed with the connector. */
export async function openObservedConnector(
  shop: ObservedShop,
  parts: Parts & Pick<PlatformParts, 'directory'>,
): Promise<OpenConnector> {
  const storage = await openDatabase(join(parts.directory, 'journal'))
  try {
    return await ObservedConnector.open(shop, storage, parts)
  } catch (error) {
    await storage[Symbol.asyncDispose]()
    throw error
  }
}

export class ObservedConnector implements LedgerConnector, AsyncDisposable {
  readonly name: string
  readonly promise: ConnectorPromise
  readonly #shop: ObservedShop
  readonly #storage: SnapshotStorage
  readonly #parts: Parts
  readonly #journal: Journal
  readonly #observer: Observer
  readonly #writer: Writer
  readonly #listing: ShopListing
  readonly #lane = new Lane()
  readonly #stop = new AbortController()
  /** Feed reads that wait for news. */
  readonly #followers: Waiters
  /** The loop waits on it for something to do. */
  readonly #wakeup: Wakeup
  readonly #backoff: Backoff
  /** Rows to be read again. */
  readonly #dirty = new Set<string>()
  #followedAt = Number.NEGATIVE_INFINITY
  #toldUpTo = 0
  #prunedAt = Number.NEGATIVE_INFINITY
  /** Listings that are wanted sooner than their time. */
  #listingsWanted = 0
  /** Why the shop could not be asked the last time; null: it could. */
  #failure: ConnectorError | null = null
  #polling: Promise<void> | null = null
  #running: Promise<void> = Promise.resolve()

  static async open(shop: ObservedShop, storage: SnapshotStorage, parts: Parts): Promise<ObservedConnector> {
    const news: { tell: () => void } = { tell: () => undefined }
    const { clock, random } = parts
    const journal = await Journal.open({ storage, clock, random, onAppended: () => news.tell() })
    const connector = new ObservedConnector(shop, storage, journal, parts)
    news.tell = () => connector.#followers.wake()
    for (const stockId of await journal.dueRows()) connector.#dirty.add(stockId)
    connector.#running = connector.#run()
    return connector
  }

  private constructor(shop: ObservedShop, storage: SnapshotStorage, journal: Journal, parts: Parts) {
    const { clock, timers, random } = parts
    this.name = shop.name
    this.promise = shop.writing === 'idempotent' ? 'exact' : 'best-effort'
    this.#shop = shop
    this.#storage = storage
    this.#parts = parts
    this.#journal = journal
    this.#followers = new Waiters({ now: () => clock.now(), after: (ms, run) => timers.after(ms, run) })
    this.#wakeup = new Wakeup(timers)
    this.#backoff = new Backoff(random)
    this.#observer = new Observer({
      shop,
      journal,
      clock,
      timers,
      onDue: (stockId) => {
        this.#dirty.add(stockId)
        this.#wakeup.wake()
      },
      onMissing: ({ listing }) => {
        const { complete, listing: underWay } = journal.meta
        const wanted = listing >= complete ? 2 : underWay === null ? 1 : 0
        this.#listingsWanted = Math.max(this.#listingsWanted, wanted)
      },
    })
    this.#writer = new Writer({ shop, journal, observer: this.#observer, clock, toldUpTo: () => this.#toldUpTo })
    this.#listing = new ShopListing({ shop, journal, observer: this.#observer, clock })
  }

  get shopUrl(): string | null {
    return this.#shop.shopUrl
  }

  get writeStop(): string | null {
    return this.#shop.writeStop ?? null
  }

  /** Something may have changed in the shop: it is asked now. */
  hint(): void {
    this.#wakeup.wake()
  }

  async attach(request: { network: string; node: string; fresh: boolean }): Promise<Attachment> {
    const { network, node, fresh } = request
    return this.#lane.run(async () => {
      const current = this.#journal.meta.attachment
      const isSame = current?.network === network && current.node === node && !fresh
      if (!isSame) await this.#beginEpoch(network, node, fresh && current !== null)
      const { attachment } = this.#journal.meta
      if (attachment === null) throw new Error('an epoch that was begun is there')
      return { epoch: attachment.epoch, start: attachment.start }
    })
  }

  /** While the shop is listed for the first time, each call takes a page of it, and answers no rows yet. */
  async list(request: { after: string | null; limit: number }, signal: AbortSignal): Promise<StockRowPage> {
    this.#follow()
    const { meta } = this.#journal
    const epoch = meta.attachment?.epoch ?? ''
    if (meta.listedAt === null) {
      await this.#ask(async (stop) => {
        await this.#beginCursors(stop)
        if (this.#journal.meta.listedAt === null) await this.#listing.step(stop)
      }, signal)
      const { listing, listedAt, rowCount } = this.#journal.meta
      if (listedAt === null) return { epoch, items: [], next: '', total: Math.max(listing?.total ?? 0, rowCount) }
    } else if (request.after === null) await this.#poll(signal)
    const limit = Math.min(request.limit, rowsPerAnswerMax)
    const rows = await this.#journal.rowsAfter(request.after === '' ? null : request.after, limit + 1)
    const items = rows.slice(0, limit).map(stockRowOf)
    const next = rows.length > limit ? (items.at(-1)?.stockId ?? null) : null
    return { epoch, items, next, total: this.#journal.meta.rowCount }
  }

  /** A read that does not wait asks the shop first, so that what it did before the call is in the answer. */
  async feed(
    request: { epoch: string; after: number; tag: string | null; limit: number; waitMs: number },
    signal: AbortSignal,
  ): Promise<FeedPage> {
    const { after, waitMs } = request
    this.#follow()
    await this.#assertFeedIs(request)
    this.#toldUpTo = Math.max(this.#toldUpTo, after)
    if (waitMs === 0 && this.#journal.meta.listedAt !== null) await this.#poll(signal)
    const deadline = this.#parts.clock.now() + waitMs
    for (;;) {
      const { feedEnd } = this.#journal
      if (feedEnd > after) {
        const rows = await this.#journal.feedRows(after, Math.min(request.limit, rowsPerAnswerMax))
        // They were kept no longer meanwhile.
        if (rows[0]?.id !== after + 1) throw rolledBack()
        return { rows, end: feedEnd }
      }
      if (this.#failure !== null) throw this.#failure
      const left = deadline - this.#parts.clock.now()
      if (left <= 0) return { rows: [], end: feedEnd }
      await this.#followers.wait(left, signal)
      signal.throwIfAborted()
      await this.#assertFeedIs(request)
    }
  }

  async adjust(adjustments: readonly Adjustment[], signal: AbortSignal): Promise<readonly AdjustmentResult[]> {
    const results = new Map<string, AdjustmentResult>()
    for (const part of partsOf(adjustments, this.#writer.rowsPerCallMax)) {
      for (let isRepeated = false; ; isRepeated = true) {
        const found = await this.#ask((stop) => this.#writer.adjust(part, stop), signal)
        for (const result of found) if (result !== null) results.set(result.opId, result)
        if (found.every((result) => result !== null)) break
        const ms = isRepeated ? null : await this.#writer.ripensIn(part.map(({ stockId }) => stockId))
        if (ms === null) break
        await new Wakeup(this.#parts.timers).wait(ms + 1, signal)
        signal.throwIfAborted()
      }
    }
    const answered = adjustments.flatMap(({ opId }) => results.get(opId) ?? [])
    // One of which nothing is known yet is asked for again, and does not hold up the answers of the others.
    if (answered.length === 0 && adjustments.length > 0) throw unknownOutcome(adjustments.length)
    return answered
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.#wakeup.wake()
    this.#followers.wake()
    this.#observer.stop()
    await this.#running
    await this.#lane.idle()
    await this.#listing.close()
    this.#observer.stop()
    await this.#shop[Symbol.asyncDispose]()
    await this.#storage[Symbol.asyncDispose]()
  }

  #follow(): void {
    const rested = !this.#isFollowed
    this.#followedAt = this.#parts.clock.now()
    if (rested) this.#wakeup.wake()
  }

  get #isFollowed(): boolean {
    return Math.abs(this.#parts.clock.now() - this.#followedAt) <= followedMsMax
  }

  /** What was told before is told no more; `isDoubted` also takes every number anew, since what it was is in doubt. */
  async #beginEpoch(network: string, node: string, isDoubted: boolean): Promise<void> {
    const open = isDoubted ? await this.#journal.openOperations(Number.POSITIVE_INFINITY) : []
    await this.#journal.commit(async (draft) => {
      await draft.attach(network, node)
      if (!isDoubted) return
      for (const { stockId } of open) draft.closeOpen(stockId)
      const trustedFrom = draft.meta.listings + 1
      draft.meta = { ...draft.meta, changes: null, lines: null, listing: null, listedAt: null, trustedFrom }
    })
  }

  /** Work on the shop, one thing at a time, called off with the connector and by the caller. */
  async #ask<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const stop = new AbortController()
    const abort = (): void => stop.abort(signal.reason ?? this.#stop.signal.reason)
    for (const each of [signal, this.#stop.signal]) each.addEventListener('abort', abort)
    try {
      if (signal.aborted || this.#stop.signal.aborted) abort()
      return await this.#lane.run(async () => {
        stop.signal.throwIfAborted()
        return work(stop.signal)
      })
    } finally {
      for (const each of [signal, this.#stop.signal]) each.removeEventListener('abort', abort)
    }
  }

  /** Cursors are taken before the first listing, so that nothing falls between the two. */
  async #beginCursors(signal: AbortSignal): Promise<void> {
    if (this.#journal.meta.changes !== null) return
    const { cursor } = await this.#shop.changes(null, signal)
    await this.#observer.drainLines(signal)
    await this.#journal.commit((draft) => {
      draft.meta = { ...draft.meta, changes: cursor }
    })
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      const { attachment, listedAt } = this.#journal.meta
      if (attachment === null || listedAt === null || !this.#isFollowed) {
        await this.#wakeup.wait(this.#isFollowed ? this.#shop.pollMs : null, signal)
        continue
      }
      try {
        await this.#poll(signal)
        if (this.#isListingDue) await this.#ask((stop) => this.#listing.step(stop), signal)
        await this.#prune(signal)
        if (!this.#listing.isUnderWay && this.#listingsWanted > 0) this.#listingsWanted -= 1
        await this.#wakeup.wait(this.#isListingDue ? listingPaceMs : this.#shop.pollMs, signal)
      } catch (error) {
        if (signal.aborted) return
        this.#fail(error)
        await this.#wakeup.wait(this.#backoff.fail(), signal)
      }
    }
  }

  async #prune(signal: AbortSignal): Promise<void> {
    const now = this.#parts.clock.now()
    if (Math.abs(now - this.#prunedAt) < limits.feedPruneMs) return
    this.#prunedAt = now
    await this.#ask(async () => {
      await this.#journal.pruneFeed(this.#toldUpTo)
      await pruneNotes(this.#storage, now)
    }, signal)
  }

  get #isListingDue(): boolean {
    const { listedAt, listing } = this.#journal.meta
    if (listing !== null || this.#listingsWanted > 0) return true
    return listedAt !== null && Math.abs(this.#parts.clock.now() - listedAt) > listingMsMax
  }

  /** One question what has changed, shared by all who want to know; it begins after it was asked for. */
  async #poll(signal: AbortSignal): Promise<void> {
    this.#polling ??= this.#ask((stop) => {
      this.#polling = null
      return this.#readChanges(stop)
    }, this.#stop.signal)
    const polling = this.#polling
    await unlessAborted(polling, signal)
    this.#failure = null
    this.#backoff.succeed()
  }

  async #readChanges(signal: AbortSignal): Promise<void> {
    await this.#beginCursors(signal)
    const open = await this.#journal.openOperations(openPerTurnMax)
    for (const part of partsOf(open, this.#writer.rowsPerCallMax)) await this.#resolve(part, signal)
    for (let hasMore = true; hasMore; ) {
      const page = await this.#shop.changes(this.#journal.meta.changes, signal)
      hasMore = page.hasMore
      await this.#observe(new Set(page.stockIds), signal)
      await this.#observer.readAgain(page.stockIds)
      if (page.cursor !== this.#journal.meta.changes) {
        await this.#journal.commit((draft) => {
          draft.meta = { ...draft.meta, changes: page.cursor }
        })
      }
    }
    const dirty = new Set(this.#dirty)
    await this.#observe(dirty, signal)
    for (const stockId of dirty) this.#dirty.delete(stockId)
  }

  /** What the shop does not take now is found out with the next adjustment; reading goes on. */
  async #resolve(open: readonly OpenOperation[], signal: AbortSignal): Promise<void> {
    try {
      await this.#writer.resolve(open, signal)
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
    }
  }

  async #observe(stockIds: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const ids = [...stockIds]
    for (let from = 0; from < ids.length; from += rowsPerAnswerMax) {
      await this.#observer.observe(ids.slice(from, from + rowsPerAnswerMax), signal)
    }
  }

  /** Whoever follows the feed hears of it, and does not take silence for a quiet shop. */
  #fail(error: unknown): void {
    this.#failure =
      error instanceof ConnectorError
        ? error
        : new ConnectorError('shop-error', 'What the shop did could not be kept.', { cause: error })
    this.#followers.wake()
  }

  async #assertFeedIs({ epoch, after, tag }: { epoch: string; after: number; tag: string | null }): Promise<void> {
    const { meta, feedEnd } = this.#journal
    // A journal that was lost knows nothing of what it told: the shop is read anew, and every number is in doubt.
    if (meta.attachment === null) throw new ConnectorError('feed-rolled-back', 'The journal of this shop is a new one.')
    if (meta.attachment.epoch !== epoch) throw anotherNodeAttached()
    if (
      after > feedEnd ||
      after < meta.keptFrom - 1 ||
      (tag !== null && after > 0 && (await this.#journal.tagOf(after)) !== tag)
    ) {
      throw rolledBack()
    }
  }
}

function rolledBack(): ConnectorError {
  return new ConnectorError('feed-rolled-back', "The shop's feed is not the one that was read before.")
}

/** Parts of at most so many, with each stock row at most once in a part. */
function* partsOf<T extends { readonly stockId: string }>(all: readonly T[], countMax: number): Iterable<readonly T[]> {
  let part: T[] = []
  let ids = new Set<string>()
  for (const each of all) {
    if (part.length === countMax || ids.has(each.stockId)) {
      yield part
      part = []
      ids = new Set()
    }
    part.push(each)
    ids.add(each.stockId)
  }
  if (part.length > 0) yield part
}

/**
 * Lists an observed shop, a page at a time and resumable: the first time to know its rows, and then now and then to find
 * what no other reading told. A row that two complete listings and a reading do not have is gone; an empty listing of a
 * shop with goods is none.
 */
import type { Clock } from '../../ports.ts'
import { ConnectorError } from '../connector.ts'
import { unlessAborted } from '../unless-aborted.ts'
import type { Journal } from './journal.ts'
import type { ObservedPage, ObservedShop } from './observed-shop.ts'
import { factsOf, hasSameFacts, type Observer } from './observer.ts'

/** Rows in a page, and in one look through the journal. */
const rowsPerPage = 500
/** A page that was asked for ahead is used for so long, in milliseconds. */
const aheadMsMax = 60_000

interface AskedPage {
  readonly cursor: string | null
  /** When it was asked for. */
  readonly readAt: number
  readonly page: Promise<ObservedPage>
}

export class ShopListing {
  readonly #shop: ObservedShop
  readonly #journal: Journal
  readonly #observer: Observer
  readonly #clock: Clock
  readonly #stop = new AbortController()
  /** The next page, on its way while one is kept. */
  #ahead: AskedPage | null = null

  constructor(parts: {
    readonly shop: ObservedShop
    readonly journal: Journal
    readonly observer: Observer
    readonly clock: Clock
  }) {
    this.#shop = parts.shop
    this.#journal = parts.journal
    this.#observer = parts.observer
    this.#clock = parts.clock
  }

  get isUnderWay(): boolean {
    return this.#journal.meta.listing !== null
  }

  /** Takes the next page, of a new listing if none is under way. Errors: `ConnectorError`. */
  async step(signal: AbortSignal): Promise<void> {
    const before = this.#journal.meta.listing
    const { readAt, page: asked } = this.#pageAfter(before?.cursor ?? null, signal)
    const page = await unlessAborted(asked, signal)
    const rows = (before?.rows ?? 0) + page.items.length
    if (page.next === null && rows === 0 && this.#journal.meta.rowCount > 0) {
      throw new ConnectorError('shop-answer-invalid', 'The shop lists no products, though it had some.')
    }
    // Only where somebody waits for the listing: it then takes no longer than its pages do.
    if (page.next !== null && this.#journal.meta.listedAt === null)
      this.#ahead = this.#ask(page.next, this.#stop.signal)
    const differing = await this.#keep(page, rows, readAt)
    // A page may be older than it looks; what differs is read afresh.
    if (differing.length > 0) await this.#observer.observe(differing, signal)
    if (page.next === null) await this.#finish(signal)
  }

  /** Resolves when no page is on its way any more. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#ahead?.page.catch(() => undefined)
  }

  #pageAfter(cursor: string | null, signal: AbortSignal): AskedPage {
    const ahead = this.#ahead
    this.#ahead = null
    const isGood = ahead?.cursor === cursor && this.#clock.now() - ahead.readAt <= aheadMsMax
    return isGood ? ahead : this.#ask(cursor, signal)
  }

  #ask(cursor: string | null, signal: AbortSignal): AskedPage {
    const readAt = this.#clock.now()
    const page = this.#shop.list({ after: cursor, limit: rowsPerPage }, signal)
    // Who asks for it hears of what goes wrong; until then nobody does.
    page.catch(() => undefined)
    return { cursor, readAt, page }
  }

  async #keep(page: ObservedPage, rows: number, readAt: number): Promise<readonly string[]> {
    return this.#journal.commit(async (draft) => {
      const listing = draft.meta.listing ?? { number: draft.meta.listings + 1, cursor: null, rows: 0, total: null }
      draft.meta = {
        ...draft.meta,
        listings: listing.number,
        listing: { ...listing, cursor: page.next, rows, total: page.total },
      }
      const differing: string[] = []
      await draft.load(page.items)
      for (const item of page.items) {
        const row = await draft.row(item.stockId)
        if (row === null || row.listing < draft.meta.trustedFrom) await this.#observer.take(draft, item, readAt)
        else {
          const facts = factsOf(item)
          if (row.stock !== facts.stock || !hasSameFacts(row, facts)) differing.push(item.stockId)
        }
        const taken = await draft.row(item.stockId)
        if (taken !== null && taken.listing < listing.number) draft.setRow({ ...taken, listing: listing.number })
      }
      return differing
    })
  }

  async #finish(signal: AbortSignal): Promise<void> {
    const { complete, listing } = this.#journal.meta
    for (let after: string | null = null; complete > 0; ) {
      const rows = await this.#journal.rowsAfter(after, rowsPerPage)
      const missing = rows.filter((row) => row.listing < complete).map(({ stockId }) => stockId)
      if (missing.length > 0) await this.#forget(missing, signal)
      after = rows.at(-1)?.stockId ?? null
      if (after === null || rows.length < rowsPerPage) break
    }
    await this.#journal.commit((draft) => {
      draft.meta = { ...draft.meta, listing: null, complete: listing?.number ?? complete, listedAt: this.#clock.now() }
    })
  }

  /** Rows that neither this listing nor the one before had, and that a reading does not have either. */
  async #forget(stockIds: readonly string[], signal: AbortSignal): Promise<void> {
    const there = await this.#observer.observe(stockIds, signal)
    await this.#journal.commit(async (draft) => {
      for (const stockId of stockIds) {
        const row = await draft.row(stockId)
        if (row === null || there.has(stockId)) continue
        draft.closeOpen(stockId)
        draft.forgetDue(stockId)
        await draft.delete(row)
      }
    })
  }
}

/**
 * The shop's products as they are now: read again every second or two while the page is visible. Only the newest
 * answer counts, so a slow one never overwrites a fresh one.
 */
import { type Signal, batch, signal } from '@preact/signals'
import type { List } from '@stockmesh/protocol/api'
import { useEffect, useMemo } from 'preact/hooks'
import { type ApiFailure, failureOf, readApi } from '../api/client.ts'
import { pathWith } from '../api/query.ts'
import type { ShopProduct } from './shop-api.ts'

const pollMs = 1500
const rowsAtFirst = 60
const rowsMore = 120
const rowsMax = 1000

export interface ProductFeedQuery {
  readonly q: string
  readonly duplicates: boolean
}

export class ProductFeed {
  readonly items: Signal<readonly ShopProduct[] | null> = signal(null)
  readonly total: Signal<number> = signal(0)
  readonly hasMore: Signal<boolean> = signal(false)
  readonly failure: Signal<ApiFailure | null> = signal(null)
  readonly #query: ProductFeedQuery
  #limit = rowsAtFirst
  #readings = 0
  #timer: ReturnType<typeof setTimeout> | null = null
  #isStopped = false

  constructor(query: ProductFeedQuery) {
    this.#query = query
  }

  start(): void {
    document.addEventListener('visibilitychange', this.#look)
    this.#look()
  }

  stop(): void {
    this.#isStopped = true
    document.removeEventListener('visibilitychange', this.#look)
    if (this.#timer !== null) {
      clearTimeout(this.#timer)
    }
  }

  more(): void {
    this.#limit = Math.min(rowsMax, this.#limit + rowsMore)
    void this.refresh()
  }

  /** Reads now; a failure is kept in its signal. */
  async refresh(): Promise<void> {
    this.#readings += 1
    const reading = this.#readings
    const { q, duplicates } = this.#query
    try {
      const path = pathWith('/shop/v1/products', { q, duplicates: duplicates ? 'true' : null, limit: this.#limit })
      const list = await readApi<List<ShopProduct>>(path)
      if (reading === this.#readings && !this.#isStopped) {
        batch(() => {
          this.items.value = list.items
          this.total.value = list.total
          this.hasMore.value = list.next !== null && this.#limit < rowsMax
          this.failure.value = null
        })
      }
    } catch (thrown) {
      if (reading === this.#readings) {
        this.failure.value = failureOf(thrown)
      }
    }
  }

  readonly #look = (): void => {
    if (this.#timer !== null) {
      clearTimeout(this.#timer)
      this.#timer = null
    }
    if (!document.hidden && !this.#isStopped) {
      void this.#poll()
    }
  }

  async #poll(): Promise<void> {
    await this.refresh()
    // Nobody is let in by asking again; looking at the page anew, or signing in, starts over.
    const isRefused = this.failure.value?.status === 401
    if (!isRefused && !document.hidden && !this.#isStopped && this.#timer === null) {
      this.#timer = setTimeout(() => {
        this.#timer = null
        void this.#poll()
      }, pollMs)
    }
  }
}

export function useProductFeed(q: string, duplicates: boolean): ProductFeed {
  const feed = useMemo(() => new ProductFeed({ q, duplicates }), [q, duplicates])
  useEffect(() => {
    feed.start()
    return () => feed.stop()
  }, [feed])
  return feed
}

/**
 * Questions to a shop without a companion. A page is asked for anew under an address of its own each time, since caches
 * stand before many shops, and after a pause where the shop asks for one. Pages go by id: an item that goes while they
 * are read moves all that follow to the front, so each page begins with the last item of the one before.
 */
import { z, type ZodType } from 'zod'
import type { Clock, Timers } from '../../ports.ts'
import { Wakeup } from '../../wakeup.ts'
import { busyPause, busyTriesMax } from '../busy-shop.ts'
import { answerInvalid } from '../shop-exchange.ts'
import { type Answer, type WooCommerceClient, WooCommerceRefusal } from './client.ts'
import { pageItemsMax, stepsBackMax } from './rest-limits.ts'

export type RestClient = Pick<WooCommerceClient, 'ask'> & AsyncDisposable

/** Where the next page begins. */
export interface PagePlace {
  /** Items thought to be before it. */
  readonly offset: number
  /** The highest id that was read. */
  readonly last: number
}

export interface IdPage<T> {
  /** With ids above the last one, in the order of their ids. */
  readonly items: readonly T[]
  /** null: there is nothing after it. */
  readonly next: PagePlace | null
  readonly total: number | null
  /** What the shop's clock showed; null where it does not say. */
  readonly shopTime: number | null
}

/** Of a place that was kept in a cursor. */
export const pagePlace: ZodType<PagePlace> = z.object({ offset: z.int().min(0), last: z.int().min(0) })

export const firstPage: PagePlace = { offset: 0, last: 0 }

export class RestCalls {
  readonly #client: RestClient
  readonly #clock: Clock
  readonly #timers: Timers
  #asked = 0

  constructor(client: RestClient, { clock, timers }: { readonly clock: Clock; readonly timers: Timers }) {
    this.#client = client
    this.#clock = clock
    this.#timers = timers
  }

  /** `query` without the `?`. Errors: those of the client. */
  async get<T>(path: string, query: string, schema: ZodType<T>, signal: AbortSignal): Promise<Answer<T>> {
    this.#asked += 1
    const own = `stockmesh=${this.#clock.now()}-${this.#asked}`
    const full = `/wc/v3${path}?${query === '' ? own : `${query}&${own}`}`
    return this.#patiently(() => this.#client.ask({ method: 'GET', path: full, schema }, signal), signal)
  }

  /** Not repeated here, unless the shop says that it did nothing since it was asked too often. */
  async send<T>(
    { method, path, body, schema }: { method: 'POST' | 'PUT'; path: string; body: object; schema: ZodType<T> },
    signal: AbortSignal,
  ): Promise<T> {
    const call = { method, path: `/wc/v3${path}`, body, schema }
    return (await this.#patiently(() => this.#client.ask(call, signal), signal)).value
  }

  async page<T extends { readonly id: number }>(
    asked: { readonly path: string; readonly query: string; readonly schema: ZodType<readonly T[]> },
    { offset, last }: PagePlace,
    signal: AbortSignal,
  ): Promise<IdPage<T>> {
    let from = offset
    for (let steps = 0; steps <= stepsBackMax; steps += 1) {
      const query = `${asked.query}&orderby=id&order=asc&per_page=${pageItemsMax}&offset=${from}`
      const { value, total, shopTime } = await this.get(asked.path, query, asked.schema, signal)
      assertAscending(value)
      const first = value[0]
      if (from > 0 && (first === undefined || first.id > last)) {
        from = Math.max(0, from - pageItemsMax)
        continue
      }
      const items = value.filter(({ id }) => id > last)
      const reached = from + value.length
      const isLast = total === null ? value.length < pageItemsMax : reached >= total
      const newest = items.at(-1)?.id ?? last
      const next = isLast || value.length < 2 ? null : { offset: reached - 1, last: newest }
      return { items, next, total, shopTime }
    }
    throw answerInvalid(`${asked.path} changes faster than it can be read`)
  }

  /** Every page of a list that is short. */
  async all<T extends { readonly id: number }>(
    asked: { readonly path: string; readonly query: string; readonly schema: ZodType<readonly T[]> },
    signal: AbortSignal,
  ): Promise<readonly T[]> {
    const items: T[] = []
    for (let place: PagePlace | null = firstPage; place !== null; ) {
      const page: IdPage<T> = await this.page(asked, place, signal)
      items.push(...page.items)
      place = page.next
    }
    return items
  }

  async #patiently<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let busy = 0; ; busy += 1) {
      try {
        return await ask()
      } catch (error) {
        const isBusy = error instanceof WooCommerceRefusal && error.status === 429
        if (!isBusy || busy === busyTriesMax) throw error
        await new Wakeup(this.#timers).wait(busyPause(error.retryAfterMs, busy), signal)
        signal.throwIfAborted()
      }
    }
  }
}

function assertAscending(items: readonly { readonly id: number }[]): void {
  let last = 0
  for (const { id } of items) {
    if (id <= last) throw answerInvalid('a list is not in the order of its ids')
    last = id
  }
}

/**
 * Waits until everything that the shop did before the call is read: its feed is asked for its end, and the book's
 * position must pass it. Whoever decides on a number by what is known now asks for this first.
 */
import { failure, limits, type Result, type Rid, type ShopId, success } from '@stockmesh/protocol'
import { ConnectorError, type LedgerConnector } from '../connectors/connector.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Timers } from '../ports.ts'
import type { Book } from './book.ts'
import { feedRid } from './follower.ts'

/** How far the shop's feed had come when it was asked: what lies behind that happened after the question. */
export interface Observed {
  readonly rid: Rid
  readonly seq: number
}

export class Observation {
  readonly #self: ShopId
  readonly #ledger: Ledger
  readonly #book: Book
  readonly #connector: LedgerConnector
  readonly #isRelisting: () => boolean
  readonly #timers: Timers

  constructor(parts: {
    readonly self: ShopId
    readonly ledger: Ledger
    readonly book: Book
    readonly connector: LedgerConnector
    /** Whether the shop is listed anew because its database was put back: its numbers are not known until then. */
    readonly isRelisting: () => boolean
    readonly timers: Timers
  }) {
    this.#self = parts.self
    this.#ledger = parts.ledger
    this.#book = parts.book
    this.#connector = parts.connector
    this.#isRelisting = parts.isRelisting
    this.#timers = parts.timers
  }

  /** Error: `shop-unreachable`, also where the shop answers and its feed is not followed within 10 s. */
  async observe(signal: AbortSignal): Promise<Result<Observed>> {
    const { feed } = this.#book
    if (feed === null) return unreachable('It was not reached yet.')
    const stop = new AbortController()
    const abort = (): void => stop.abort()
    const cancel = this.#timers.after(limits.observeMsMax, abort)
    signal.addEventListener('abort', abort)
    try {
      const { epoch, position, tag } = feed
      const { end } = await this.#connector.feed({ epoch, after: position, tag, limit: 1, waitMs: 0 }, stop.signal)
      if (await this.#passes(epoch, end, stop.signal)) return success({ rid: feedRid(this.#self, feed), seq: end })
      return unreachable('Its latest sales could not be read in time.')
    } catch (error) {
      if (error instanceof ConnectorError) return unreachable(error.message)
      if (stop.signal.aborted) return unreachable('It does not answer in time.')
      throw error
    } finally {
      cancel()
      signal.removeEventListener('abort', abort)
    }
  }

  #passes(epoch: string, end: number, signal: AbortSignal): Promise<boolean> {
    const passed = (): boolean => {
      const { feed } = this.#book
      return feed !== null && feed.epoch === epoch && feed.position >= end && !this.#isRelisting()
    }
    return new Promise((resolve) => {
      const finish = (result: boolean): void => {
        unsubscribe()
        signal.removeEventListener('abort', giveUp)
        resolve(result)
      }
      const giveUp = (): void => finish(false)
      const unsubscribe = this.#ledger.subscribe(() => {
        if (passed()) finish(true)
      })
      signal.addEventListener('abort', giveUp)
      if (passed()) finish(true)
      else if (signal.aborted) giveUp()
    })
  }
}

function unreachable(why: string): Result<Observed> {
  return failure('shop-unreachable', `The shop cannot be read, so nothing was changed. ${why}`)
}

/**
 * What the engine of a node knows of one observed shop, for stories in a simulated world: what it read of the feed, and what
 * it wants of the shop. It outlives the connector.
 */
import { type FeedRow, skuKey } from '@stockmesh/protocol'
import type { Adjustment, Attachment, LedgerConnector } from '../../packages/node/src/connectors/connector.ts'

/** One for each call: those of a life that was killed are never answered, and would gather on a shared one. */
export const unending = (): AbortSignal => new AbortController().signal

export class ObservedEngine {
  readonly rows: FeedRow[] = []
  readonly #foreign = new Map<string, number>()
  readonly #open = new Map<string, Adjustment>()
  /** Codes by which operations were refused. */
  readonly refused: string[] = []
  /** Stock rows that a person was told to look at. */
  readonly listed: Set<string> = new Set()
  readonly #openingStock: number
  #made = 0
  #attachment: Attachment | null = null

  constructor(openingStock: number) {
    this.#openingStock = openingStock
  }

  get isReady(): boolean {
    return this.#attachment !== null
  }

  enter(attachment: Attachment): void {
    this.#attachment = attachment
  }

  /** Another shop sold or got so many. */
  hearOfOthers(stockId: string, units: number): void {
    this.#foreign.set(stockId, (this.#foreign.get(stockId) ?? 0) + units)
  }

  level(stockId: string): number {
    return this.#openingStock + (this.#foreign.get(stockId) ?? 0) + this.moved(stockId)
  }

  moved(stockId: string): number {
    return this.rows
      .filter((row) => row.stockId === stockId && row.kind !== 'adjust')
      .reduce((sum, row) => sum + row.delta, 0)
  }

  stock(stockId: string): number {
    return this.rows.findLast((row) => row.stockId === stockId)?.stock ?? this.#openingStock
  }

  async follow(connector: LedgerConnector): Promise<boolean> {
    const last = this.rows.at(-1)
    const { epoch, start } = this.#attachment ?? { epoch: '', start: 0 }
    const query = { epoch, after: last?.id ?? start, tag: last?.tag ?? null, limit: 100, waitMs: 0 }
    const page = await connector.feed(query, unending())
    // A read that was overtaken by a kill and made again tells nothing new.
    for (const row of page.rows) {
      if (row.id !== (this.rows.at(-1)?.id ?? start) + 1) continue
      this.rows.push(row)
      if (row.isUnclear === true) this.listed.add(row.stockId)
      if (row.kind === 'adjust' && this.#open.get(row.stockId)?.opId === row.opId) this.#open.delete(row.stockId)
    }
    return false
  }

  async adjust(connector: LedgerConnector, ids: readonly string[]): Promise<boolean> {
    for (const stockId of ids) {
      const delta = this.level(stockId) - this.stock(stockId)
      if (delta === 0 || this.#open.has(stockId)) continue
      const opId = (this.#made += 1).toString(16).padStart(32, '0')
      this.#open.set(stockId, { opId, stockId, key: skuKey(stockId) ?? '', delta })
    }
    const adjustments = [...this.#open.values()]
    if (adjustments.length === 0) return false
    for (const result of await connector.adjust(adjustments, unending())) {
      if (result.status !== 'refused') continue
      this.refused.push(result.code)
      for (const [stockId, { opId }] of this.#open) {
        if (opId !== result.opId) continue
        this.#open.delete(stockId)
        this.listed.add(stockId)
      }
    }
    return false
  }

  get isQuiet(): boolean {
    return this.#open.size === 0
  }
}

/** Follows a connector's feed as the engine does, and holds it to what the port promises: dense ids, one tag each. */
import { expect } from 'vitest'
import type { FeedRow } from '@stockmesh/protocol'
import { type Attachment, ConnectorError, type LedgerConnector } from '../../packages/node/src/connectors/connector.ts'

export const never: AbortSignal = new AbortController().signal

export class FeedReader {
  readonly rows: FeedRow[] = []
  readonly #connector: () => LedgerConnector
  readonly attachment: Attachment
  #position: number

  constructor(connector: () => LedgerConnector, attachment: Attachment) {
    this.#connector = connector
    this.attachment = attachment
    this.#position = attachment.start
  }

  get position(): { readonly after: number; readonly tag: string | null } {
    return { after: this.#position, tag: this.rows.at(-1)?.tag ?? null }
  }

  /** Everything that there is now. Errors that pass (a throttled shop) are asked again by the next read. */
  async read(waitMs = 0): Promise<void> {
    for (;;) {
      const query = { epoch: this.attachment.epoch, ...this.position, limit: 50, waitMs }
      let page
      try {
        page = await this.#connector().feed(query, never)
      } catch (error) {
        if (error instanceof ConnectorError && passing.has(error.code)) return
        throw error
      }
      for (const row of page.rows) {
        expect(row.id).toBe(this.#position + 1)
        expect(row.tag).toMatch(/^[0-9a-f]{16}$/)
        this.rows.push(row)
        this.#position = row.id
      }
      if (page.rows.length === 0 || this.#position >= page.end) return
    }
  }

  rowsOf(stockId: string): readonly FeedRow[] {
    return this.rows.filter((row) => row.stockId === stockId)
  }

  /** Units that moved in the shop by themselves: what the network learns. */
  moved(stockId: string): number {
    return sum(this.rowsOf(stockId).filter(({ kind }) => kind !== 'adjust'))
  }

  /** Units that were moved by our own operations, or by one of them. */
  adjusted(stockId: string, opId?: string): number {
    const rows = this.rowsOf(stockId).filter(({ kind }) => kind === 'adjust')
    return sum(opId === undefined ? rows : rows.filter((row) => row.opId === opId))
  }

  /** The shop's number as a reader of the feed knows it; undefined before the first row. */
  stock(stockId: string): number | null | undefined {
    return this.rowsOf(stockId).at(-1)?.stock
  }
}

const passing = new Set(['shop-unreachable', 'shop-error', 'shop-answer-invalid'])

function sum(rows: readonly FeedRow[]): number {
  return rows.reduce((units, { delta }) => units + delta, 0)
}

/**
 * Takes order lines into the journal, each once: movements as the shop tells them, and for shops that tell what an order
 * holds, what has changed in it. Lines wait at their row until a reading shows what they did.
 */
import { type EffectLine, effectsOfOrder, heldBy, type OrderState } from '@stockmesh/protocol'
import type { Clock } from '../../ports.ts'
import type { Journal, JournalDraft } from './journal.ts'
import { lineAgeMsMax } from './journal-notes.ts'
import type { ObservedOrder, ObservedShop, OrderLines } from './observed-shop.ts'

export class LineBook {
  readonly #parts: { readonly shop: ObservedShop; readonly journal: Journal; readonly clock: Clock }

  constructor(parts: { readonly shop: ObservedShop; readonly journal: Journal; readonly clock: Clock }) {
    this.#parts = parts
  }

  /** Takes what is new; answers the rows that it moved. Errors: `ConnectorError`. */
  async drain(signal: AbortSignal): Promise<ReadonlySet<string>> {
    const { shop, journal, clock } = this.#parts
    const moved = new Set<string>()
    if (shop.orderLines === undefined) return moved
    const askedAt = clock.now()
    for (let hasMore = true; hasMore; ) {
      const page = await shop.orderLines(journal.meta.lines, signal)
      hasMore = page.hasMore
      await journal.commit(async (draft) => {
        await this.#takeLines(draft, page, moved)
        await this.#takeOrders(draft, page, moved)
        if (page.cursor !== draft.meta.lines) draft.meta = { ...draft.meta, lines: page.cursor }
        if (!hasMore && shop.lateLineMs !== undefined) draft.meta = { ...draft.meta, linesAt: askedAt }
      })
    }
    return moved
  }

  async #takeLines(draft: JournalDraft, { lines }: OrderLines, moved: Set<string>): Promise<void> {
    const noted = new Set<string>()
    for (const { stockId, ...line } of lines) {
      // One without a time is new, since no other is told.
      if (line.at > 0 && this.#parts.clock.now() - line.at > lineAgeMsMax) continue
      if (noted.has(line.id) || (await this.#parts.journal.hasLine(line.id))) continue
      noted.add(line.id)
      draft.noteLine(line.id)
      if (line.delta !== 0) await this.#wait(draft, stockId, line, moved)
    }
  }

  async #takeOrders(draft: JournalDraft, { orders = [], isBeginning }: OrderLines, moved: Set<string>): Promise<void> {
    const noted = new Set<string>()
    for (const order of orders) {
      if (noted.has(order.id)) continue
      noted.add(order.id)
      const before = await this.#parts.journal.order(order.id)
      const now = await stateOf(draft, order)
      if (isBeginning === true) {
        draft.noteOrder(order.id, heldBy(before, now))
        continue
      }
      const { effects, held } = effectsOfOrder(before, now)
      if (held !== null) draft.noteOrder(order.id, held)
      for (const { stockId, ...line } of effects) await this.#wait(draft, stockId, line, moved)
    }
  }

  async #wait(draft: JournalDraft, stockId: string, line: EffectLine, moved: Set<string>): Promise<void> {
    const row = await draft.row(stockId)
    if (row === null) return
    moved.add(stockId)
    draft.noteDue(stockId)
    const { linesAt: notBefore } = this.#parts.journal.meta
    const waiting = { line, seenAt: this.#parts.clock.now(), ...(notBefore === undefined ? {} : { notBefore }) }
    draft.setRow({ ...row, waiting: [...row.waiting, waiting] })
  }
}

async function stateOf(draft: JournalDraft, { lines, ...order }: ObservedOrder): Promise<OrderState> {
  const states: OrderState['lines'][number][] = []
  for (const { stockIds, ...line } of lines) {
    let stockId = stockIds.at(-1) ?? ''
    for (const candidate of stockIds.toReversed()) {
      if ((await draft.row(candidate))?.stock != null) stockId = candidate
    }
    states.push({ ...line, stockId })
  }
  return { ...order, lines: states }
}

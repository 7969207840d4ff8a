/**
 * Received goods: so many more of each SKU, as changes that a person decided on here. They add up with whatever happens
 * in other shops meanwhile, so nothing is waited for.
 */
import { type CountAnswer, recordsOf, spelling } from '@stockmesh/protocol'
import type { StockChange } from '../http/stock-change-routes.ts'
import type { DeliveredLine } from '../http/stock-lines.ts'
import type { Receipt } from '../ledger/receipts.ts'
import { listAnswer, resolveLines } from './resolved-lines.ts'
import type { StockNode } from './stock-node.ts'

export async function receiveGoods(
  node: StockNode,
  { lines, note, dryRun }: StockChange<DeliveredLine> & { readonly note: string | null },
  receipt: Receipt<CountAnswer>,
): Promise<CountAnswer> {
  const resolved = resolveLines(node, lines)
  return await node.ledger.commit((draft) => {
    const items = resolved.map((one) => {
      if (one.refused !== null) return one.refused
      const { sku, key, line } = one
      const from = draft.level(key)
      const name = spelling(recordsOf(draft.holdings, key))?.name ?? null
      if (!dryRun) draft.change(key, line.quantity, 'received', note)
      return { sku, name, from, to: from === null ? null : from + line.quantity, error: null }
    })
    const answer = listAnswer(items, { dryRun, unheard: [] })
    if (!dryRun && answer.counted > 0) receipt.keep(draft, answer)
    return answer
  })
}

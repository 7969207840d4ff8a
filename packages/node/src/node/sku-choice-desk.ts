/**
 * Buffers of single SKUs, and SKUs that are left out in this shop, as the HTTP interface asks for them.
 */
import { type List, type SkuChoiceItem, type SkuKey } from '@stockmesh/protocol'
import { ApiFailure, type PageQuery } from '../http/node-api.ts'
import type { SkuChoiceApi, SkuChoiceChange } from '../http/sku-choice-routes.ts'
import { eventLine } from '../ledger/log-line.ts'
import type { Draft } from '../ledger/ledger.ts'
import { unlist } from '../shop-sync/settler.ts'
import { pageOf } from '../views/short-list.ts'
import type { NodeHost } from './node-host.ts'
import { choiceOf, findKey } from './stock-detail.ts'
import type { StockNode } from './stock-node.ts'

export class SkuChoiceDesk implements SkuChoiceApi {
  readonly #host: () => Pick<NodeHost, 'node' | 'now'>

  /** `host` may throw an `ApiFailure` while there is none. */
  constructor(host: () => Pick<NodeHost, 'node' | 'now'>) {
    this.#host = host
  }

  choices(query: PageQuery): List<SkuChoiceItem> {
    const { node } = this.#host()
    const page = pageOf([...node.shop.book.choices.keys()].sort(), (key) => key, query)
    return { ...page, items: page.items.map((key) => itemOf(node, key)) }
  }

  async choose(sku: string, change: SkuChoiceChange): Promise<SkuChoiceItem> {
    const host = this.#host()
    const { node } = host
    const key = findKey(node, sku)
    if (key === null) {
      throw new ApiFailure(404, 'sku-unknown', 'No shop of the network has this SKU. Check the spelling.')
    }
    const { choices } = node.shop.book
    await node.ledger.commit((draft) => {
      if (change.buffer !== undefined) choices.setBuffer(draft, key, change.buffer)
      const isLeftOut = choices.leftOut(key) !== null
      if (change.leftOut === true && !isLeftOut) leaveOut(node, draft, key, host.now())
      if (change.leftOut === false && isLeftOut) takeIn(node, draft, key, change, host.now())
    })
    return itemOf(node, key)
  }
}

/** A difference that waited for a person waits no more: the network's number holds once the SKU is taken in again. */
function leaveOut(node: StockNode, draft: Draft, key: SkuKey, now: number): void {
  const { book } = node.shop
  book.choices.setLeftOut(draft, key, { since: now, difference: 0 })
  book.endOffset(draft, key)
  unlist(draft, key, node.self, now)
  draft.log(eventLine(now, node.self, 'left-out', aboutSku(node, key)))
}

function takeIn(
  node: StockNode,
  draft: Draft,
  key: SkuKey,
  { differences }: Pick<SkuChoiceChange, 'differences'>,
  now: number,
): void {
  const { choices } = node.shop.book
  const difference = choices.leftOut(key)?.difference ?? 0
  choices.setLeftOut(draft, key, null)
  if (differences === 'count-in' && difference !== 0) draft.change(key, difference, 'manual', null)
  draft.log(eventLine(now, node.self, 'taken-in', aboutSku(node, key)))
}

function aboutSku(node: StockNode, key: SkuKey): { key: SkuKey; sku: string; name: string; result: string } {
  const { sku, name } = node.index.item(key)
  return { key, sku, name, result: '' }
}

function itemOf(node: StockNode, key: SkuKey): SkuChoiceItem {
  const { sku, name, level, shown, shopLevel } = node.index.item(key)
  return { sku, name, level, shown, shopLevel, ...choiceOf(node, key) }
}

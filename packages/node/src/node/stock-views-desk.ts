/** What is oversold and the figures of the charts, as the HTTP interface asks for them. */
import type { ActivityAnswer, List, OversoldItem, StockCourse } from '@stockmesh/protocol'
import { ApiFailure, type PageQuery } from '../http/node-api.ts'
import type { StockViewsApi } from '../http/stock-views-routes.ts'
import { pageOf } from '../views/short-list.ts'
import type { NodeHost } from './node-host.ts'
import { findKey } from './stock-detail.ts'

export class StockViewsDesk implements StockViewsApi {
  readonly #host: () => Pick<NodeHost, 'node' | 'now'>

  /** `host` may throw an `ApiFailure` while there is none. */
  constructor(host: () => Pick<NodeHost, 'node' | 'now'>) {
    this.#host = host
  }

  async oversold(query: PageQuery): Promise<List<OversoldItem>> {
    const { index, log } = this.#host().node
    const page = pageOf([...index.oversoldKeys].sort(), (key) => key, query)
    const items: OversoldItem[] = []
    for (const key of page.items) {
      const { sku, name, level } = index.item(key)
      items.push({ sku, name, level: level ?? 0, orders: await log.collidingOrders(key, level ?? 0) })
    }
    return { ...page, items }
  }

  course(sku: string): Promise<StockCourse> {
    const host = this.#host()
    const { node } = host
    const key = findKey(node, sku)
    if (key === null || !node.index.has(key)) {
      throw new ApiFailure(404, 'sku-unknown', 'No shop of the network has this SKU. Check the spelling.')
    }
    return node.log.course(key, node.index.item(key).level, host.now())
  }

  activity(): Promise<ActivityAnswer> {
    const host = this.#host()
    return host.node.log.activity(host.now())
  }
}

/**
 * Stock counts and received goods as the HTTP interface calls them: who may count, each call once, and failures as
 * answers.
 */
import type { CountAnswer, Failure } from '@stockmesh/protocol'
import { ApiFailure } from '../http/node-api.ts'
import type { StockChange, StockChanges } from '../http/stock-change-routes.ts'
import type { CountedLine, DeliveredLine } from '../http/stock-lines.ts'
import type { Receipt } from '../ledger/receipts.ts'
import { countStock } from './count-stock.ts'
import type { NodeHost } from './node-host.ts'
import { refuseWhileAside, refuseWhilePaused } from './pause-desk.ts'
import { receiveGoods } from './receive-goods.ts'
import type { StockNode } from './stock-node.ts'

export class NodeStockChanges implements StockChanges {
  readonly #host: () => NodeHost | null

  /** `host` answers null while the node is being opened. */
  constructor(host: () => NodeHost | null) {
    this.#host = host
  }

  async count(change: StockChange<CountedLine>): Promise<CountAnswer> {
    return await this.#once(change, async (host, node, receipt) => {
      refuseWhilePaused(node.shop)
      const counted = await countStock(node, change, { receipt, now: () => host.now() })
      if (!counted.ok) throw failed(counted)
      return counted.value
    })
  }

  async receive(change: StockChange<DeliveredLine> & { readonly note: string | null }): Promise<CountAnswer> {
    return await this.#once(change, async (_host, node, receipt) => await receiveGoods(node, change, receipt))
  }

  async #once(
    change: Pick<StockChange<unknown>, 'key'>,
    work: (host: NodeHost, node: StockNode, receipt: Receipt<CountAnswer>) => Promise<CountAnswer>,
  ): Promise<CountAnswer> {
    const host = this.#host()
    if (host === null) throw new ApiFailure(503, 'node-restarting', 'The node is loading. Try again in a second.')
    const { node } = host
    const receipt = await node.receipts.open<CountAnswer>(change.key)
    if (!receipt.ok) throw failed(receipt)
    const { kept } = receipt.value
    if (kept !== null) return kept
    return await host.change(async () => {
      assertMayChange(node)
      return await work(host, node, receipt.value)
    })
  }
}

/** Errors: 409 `no-network`, 409 `not-a-member`, 409 `import-first`, 409 `superseded`. */
export function assertMayChange(node: StockNode): void {
  if (node.network.network === null) {
    throw new ApiFailure(
      409,
      'no-network',
      'This shop is in no network yet. Import its products, or join another shop.',
    )
  }
  if (node.network.isEvicted) {
    const message = 'This shop was removed from its network, and nobody would hear of it. Leave the network first.'
    throw new ApiFailure(409, 'not-a-member', message)
  }
  refuseWhileAside(node.shop)
  if (node.shop.importer.record.state !== 'done') {
    throw new ApiFailure(409, 'import-first', 'The import of this shop is not done. Wait until it is, then try again.')
  }
}

function failed({ code, message }: Failure): ApiFailure {
  return new ApiFailure(code === 'shop-unreachable' ? 503 : 422, code, message)
}

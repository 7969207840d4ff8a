/**
 * What `/metrics` tells of the node, over all lives of the process: what a life has counted is added up when the next
 * one begins, so that nothing that only grows ever falls.
 */
import type { Cause } from '@stockmesh/protocol'
import type { NodeFigures } from '../http/figures.ts'
import type { Committed } from '../ledger/ledger.ts'
import type { NodeHost } from './node-host.ts'
import { statusOf } from './status.ts'
import type { StockNode } from './stock-node.ts'

export class NodeCounts {
  readonly movements: Map<Cause, number> = new Map()
  batches = 0
  #node: StockNode | null = null
  #before = { made: 0, refused: 0 }
  #unsubscribe: () => void = () => undefined

  /** The node lives anew. */
  follow(node: StockNode): void {
    this.#unsubscribe()
    this.#before = this.adjustments
    this.#node = node
    this.#unsubscribe = node.ledger.subscribe((committed) => this.#hear(committed))
  }

  get adjustments(): { readonly made: number; readonly refused: number } {
    const { made, refused } = this.#node?.shop.adjuster.answers ?? { made: 0, refused: 0 }
    return { made: this.#before.made + made, refused: this.#before.refused + refused }
  }

  #hear({ lines }: Committed): void {
    this.batches += 1
    for (const { counted, cause } of lines) {
      // What is counted is a movement, and those have one of the known causes.
      if (counted) this.movements.set(cause as Cause, (this.movements.get(cause as Cause) ?? 0) + 1)
    }
  }
}

export function figuresOf(
  host: NodeHost | null,
  { batches, movements, adjustments }: NodeCounts,
  open: { readonly livePages: number; readonly eventStreams: number },
): NodeFigures {
  const counted = { batches, movements, adjustments, ...open }
  if (host?.isOpen !== true) return { ...counted, status: null, problems: new Map() }
  return { ...counted, status: statusOf(host.node, host.facts()), problems: host.node.problems.countByKind() }
}

/**
 * Says of every shop that is out how far its replicas are held here, as soon as that is known, and again if more of
 * them came before all members had said so (see `cuts.ts`).
 */
import { type ClaimLine, type CutChange, dueCuts, type ShopId, shopOfRid } from '@stockmesh/protocol'
import type { Replicator } from '../replication/replicator.ts'
import type { Membership } from './membership.ts'

export interface CutKeeperParts {
  readonly self: ShopId
  readonly membership: Membership
  readonly replicator: Pick<Replicator, 'held'>
  readonly onFailure: (error: unknown) => void
}

export class CutKeeper {
  readonly #parts: CutKeeperParts
  #isSaying = false
  #isNoticed = false

  constructor(parts: CutKeeperParts) {
    this.#parts = parts
  }

  /** Members changed. */
  notice(): void {
    this.#isNoticed = true
    if (this.#isSaying) return
    this.#isSaying = true
    // A write that fails ends the life of the node, and the next one says it.
    void this.#say().catch(this.#parts.onFailure)
  }

  /** These claims became durable. */
  hear(claims: readonly ClaimLine[]): void {
    const { view } = this.#parts.membership
    const isOut = ({ rid }: ClaimLine): boolean => {
      return view !== null && [view.removed, view.pending].some((shops) => shops.includes(shopOfRid(rid)))
    }
    if (claims.some(isOut)) this.notice()
  }

  async #say(): Promise<void> {
    try {
      while (this.#isNoticed) {
        this.#isNoticed = false
        const due = this.#due()
        if (due.length > 0) await this.#parts.membership.cut(due)
      }
    } finally {
      this.#isSaying = false
    }
  }

  #due(): readonly CutChange[] {
    const { self, membership, replicator } = this.#parts
    const { view } = membership
    if (view === null || membership.member(self) === null) return []
    return dueCuts(view, self, replicator.held)
  }
}

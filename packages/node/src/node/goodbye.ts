/**
 * Of what a shop knew that leaves, nothing may be lost: another one that holds all of it must stay behind. It is asked
 * whether it does, since two that leave in the same moment, each with the other in view, would both be gone.
 *
 *   G1  Who relies on another one has its word, and has given none since to anybody.
 *   G2  Of two that ask each other the one with the smaller id goes first, and the other one looks for somebody else.
 *   G3  A word binds to nothing afterwards: whoever leaves next needs one who holds all of this, too.
 */
import { type ShopId, shopOfRid } from '@stockmesh/protocol'
import type { StockNode } from './stock-node.ts'

export class Goodbye {
  readonly #self: ShopId
  #state: 'staying' | 'asking' | 'going' = 'staying'

  constructor(self: ShopId) {
    this.#self = self
  }

  /** The shop wants to leave. */
  begin(): void {
    this.#state = 'asking'
  }

  /** It does not, after all. */
  end(): void {
    this.#state = 'staying'
  }

  /** Somebody gave their word, so this shop gives none any more. */
  settle(): void {
    this.#state = 'going'
  }

  /** Whether this shop is there for one that leaves now. */
  staysFor(leaving: ShopId): boolean {
    return this.#state === 'staying' || (this.#state === 'asking' && leaving < this.#self)
  }
}

const words = { stay: '{"stays":true}', go: '{"stays":false}' } as const

export function goodbyeAnswer(stays: boolean): string {
  return stays ? words.stay : words.go
}

/** An older release, which knows no such question, answers `{}`: it stays, for all that can be known. */
export function isWordToStay(body: string | null): boolean {
  return body === words.stay || body === '{}'
}

/** Whether a connected member holds all that this shop knows, its own changes and those of others, and stays. */
export async function hasHeir({ network, ledger, replicator, self }: StockNode): Promise<boolean> {
  for (const peer of network.link.peers()) {
    const claims = replicator.claimsOf(peer.shopId)
    const own = [...ledger.holdings.replicas.values()].filter(({ rid }) => shopOfRid(rid) === self)
    const holdsAll = replicator.isHeldBy(peer.shopId) && own.every(({ rid, high }) => (claims?.get(rid) ?? 0) >= high)
    if (holdsAll && isWordToStay(await network.questions.ask(peer, 'goodbye', ''))) return true
  }
  return false
}

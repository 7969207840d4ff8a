/**
 * Of what a shop knew that leaves, nothing may be lost, neither of the stock nor of who was let in: another one that
 * holds all of it must stay behind. It is asked whether it does, since two that leave in the same moment, each with the
 * other in view, would both be gone.
 *
 *   G1  Who relies on another one has its word, and has given none itself since it asked.
 *   G2  Of two that ask each other the one with the smaller id goes first, and the other one looks for somebody else.
 *   G3  Whom it relies on holds all that is known here at the moment of going, not only when it was asked. So a word
 *       binds to nothing afterwards: whoever leaves next needs one who holds all of this, too.
 */
import { type ShopId, shopOfRid } from '@stockmesh/protocol'
import type { StockNode } from './stock-node.ts'

export class Goodbye {
  readonly #self: ShopId
  #state: 'staying' | 'asking' | 'going' = 'staying'
  #given = 0

  constructor(self: ShopId) {
    this.#self = self
  }

  /** The shop wants to leave; by `force` without anybody's word. */
  begin(force: boolean): void {
    this.#state = force ? 'going' : 'asking'
  }

  /** It does not, after all. */
  end(): void {
    this.#state = 'staying'
  }

  /** Gives its word to one that leaves, if this shop is there for it. */
  answer(leaving: ShopId): boolean {
    const stays = this.#state === 'staying' || (this.#state === 'asking' && leaving < this.#self)
    if (stays) this.#given += 1
    return stays
  }

  /**
   * Asks somebody for their word, and goes if it counts: nobody was given one meanwhile, and `holdsAll` says that what
   * came in since is held there as well. From then on this shop gives none.
   */
  async rely(ask: () => Promise<string | null>, holdsAll: () => boolean): Promise<boolean> {
    const given = this.#given
    const isWord = isWordToStay(await ask())
    if (!isWord || this.#given !== given || !holdsAll()) return false
    this.#state = 'going'
    return true
  }
}

const separator = ','
/** Of a hash; all heads that one record can name fit into a question. */
const namedCharacters = 16

const words = { stay: '{"stays":true}', go: '{"stays":false}' } as const

export function goodbyeAnswer(stays: boolean): string {
  return stays ? words.stay : words.go
}

/** Whoever cannot answer, or does not know the question, has not given its word. */
export function isWordToStay(body: string | null): boolean {
  return body === words.stay
}

/**
 * This shop's word to one that leaves and names the last of the membership records that it knows. One that is out itself,
 * and was cut off before it could go, stays for nobody.
 */
export function answerGoodbye(
  { network: { membership }, goodbye, self }: StockNode,
  leaving: ShopId,
  key: string,
): boolean {
  const isThere = membership.member(self) !== null && key.split(separator).every((name) => membership.knows(name))
  return isThere && goodbye.answer(leaving)
}

/** Whether a connected member holds all that this shop knows, its own changes and those of others, and stays. */
export async function findHeir(node: StockNode): Promise<boolean> {
  const { network, goodbye } = node
  const { view } = network.membership
  const key = network.membership
    .heads()
    .map((hash) => hash.slice(0, namedCharacters))
    .join(separator)
  for (const peer of network.link.peers()) {
    const holdsAll = (): boolean => network.membership.view === view && isHeir(node, peer.shopId)
    if (holdsAll() && (await goodbye.rely(() => network.questions.ask(peer, 'goodbye', key), holdsAll))) return true
  }
  return false
}

function isHeir({ ledger, replicator, self }: StockNode, member: ShopId): boolean {
  if (!replicator.isHeldBy(member)) return false
  const claims = replicator.claimsOf(member)
  const own = [...ledger.holdings.replicas.values()].filter(({ rid }) => shopOfRid(rid) === self)
  return own.every(({ rid, high }) => (claims?.get(rid) ?? 0) >= high)
}

/**
 * A member that relays what others said and changes it: records that nobody issued, signatures left out, made up or of
 * another claim, and what it said before. Of its own replicas it tells the truth.
 */
import {
  decodeMessage,
  encodeMessage,
  encodeRecord,
  isMerged,
  type Message,
  replaceInSum,
  type ShopId,
  shopOfRid,
  skuKey,
} from '@stockmesh/protocol'
import type { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import type { SeededRandom } from '../protocol/random.ts'

type Chunk = Extract<Message, { type: 'chunk' }>
type Have = Extract<Message, { type: 'have' }>

const chunksKept = 50

export class Liar {
  readonly #self: ShopId
  readonly #ledger: () => Ledger | null
  readonly #random: SeededRandom
  readonly #said: Chunk[] = []

  /** `ledger`: what it really holds, from which it makes a digest that fits. */
  constructor(self: ShopId, ledger: () => Ledger | null, random: SeededRandom) {
    this.#self = self
    this.#ledger = ledger
    this.#random = random
  }

  /** What it sends in the place of a frame. */
  told(bytes: Uint8Array): Uint8Array {
    const decoded = decodeMessage(bytes)
    if (!decoded.ok) return bytes
    const message = decoded.value
    if (message.type === 'chunk' && shopOfRid(message.rid) !== this.#self && !isMerged(message.high)) {
      return encodeMessage(this.#chunk(message))
    }
    return message.type === 'have' && this.#random.chance(0.2) ? encodeMessage(this.#have(message)) : bytes
  }

  #chunk(chunk: Chunk): Chunk {
    const before = this.#said.filter(({ rid }) => rid === chunk.rid)
    this.#said.push(chunk)
    if (this.#said.length > chunksKept) this.#said.shift()
    if (chunk.digest === null) return chunk
    const dice = this.#random.below(6)
    if (dice === 0) return this.#withMore(chunk, chunk.signature)
    if (dice === 1) return this.#withMore(chunk, null)
    if (dice === 2) return this.#withMore(chunk, new Uint8Array(64).fill(this.#random.below(256)))
    if (dice === 3) return { ...chunk, signature: this.#random.pick(this.#said).signature }
    if (dice === 4 && before.length > 0) return { ...this.#random.pick(before), index: chunk.index }
    return chunk
  }

  /** 500 units more, under a claim and a digest that are right for them. */
  #withMore(chunk: Chunk, signature: Uint8Array | null): Chunk {
    const ledger = this.#ledger()
    const key = skuKey('ALFA')
    if (ledger === null || key === null || ledger.claims().get(chunk.rid)?.high !== chunk.high) return chunk
    const { holdings } = ledger
    const held = holdings.find(chunk.rid, 'totals', key)
    const { added, removed } = held?.record.kind === 'totals' ? held.record : { added: 0, removed: 0 }
    const high = chunk.high + 1
    const forged = encodeRecord({ kind: 'totals', seq: high, key, added: added + 500, removed })
    const sum = holdings.sum(chunk.rid).slice()
    replaceInSum(holdings.hashes, sum, held?.bytes ?? null, forged)
    return { ...chunk, records: [...chunk.records, forged], high, digest: holdings.hashes.condense(sum), signature }
  }

  /** Another digest, or a higher claim, of somebody else's replica. */
  #have(have: Have): Have {
    const claims = have.claims.map((claim) => {
      if (shopOfRid(claim.rid) === this.#self || this.#random.chance(0.5)) return claim
      return this.#random.chance(0.5)
        ? { ...claim, digest: new Uint8Array(32).fill(7) }
        : { ...claim, high: claim.high + 1 }
    })
    return { ...have, claims }
  }
}

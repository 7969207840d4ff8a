/**
 * A member that relays what others said and changes it: records that nobody issued, signatures left out, made up or of
 * another claim, histories that there never were, and what it said before. Of its own replicas it tells the truth.
 */
import {
  type ClaimLine,
  decodeMessage,
  digestOf,
  encodeMessage,
  encodeRecord,
  isMerged,
  mergeTestimonies,
  type Message,
  recordsIn,
  replaceInSum,
  type Rid,
  sheetsOf,
  type ShopId,
  shopOfRid,
  skuKey,
  testify,
  type Testimony,
  testimoniesOf,
} from '@stockmesh/protocol'
import type { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { standInHashes } from '../harness/stand-in-hashes.ts'
import type { SeededRandom } from '../protocol/random.ts'

type Chunk = Extract<Message, { type: 'chunk' }>
type Have = Extract<Message, { type: 'have' }>

const chunksKept = 50

export class Liar {
  readonly #self: ShopId
  readonly #ledger: () => Ledger | null
  readonly #random: SeededRandom
  readonly #said: Chunk[] = []
  /** Replicas of others that it says have two histories. */
  readonly #invented = new Set<Rid>()

  /** `ledger`: what it really holds, from which it makes a digest that fits. */
  constructor(self: ShopId, ledger: () => Ledger | null, random: SeededRandom) {
    this.#self = self
    this.#ledger = ledger
    this.#random = random
  }

  /** What it sends in the place of a frame. */
  told(bytes: Uint8Array): readonly Uint8Array[] {
    const decoded = decodeMessage(bytes)
    if (!decoded.ok) return [bytes]
    const message = decoded.value
    if (message.type === 'have' && this.#random.chance(0.2)) return [encodeMessage(this.#have(message))]
    if (message.type !== 'chunk' || shopOfRid(message.rid) === this.#self) return [bytes]
    if (isMerged(message.high)) return this.#shown(message, [message.above])
    const { rid, above } = message
    return this.#invented.has(rid) && above === 0 ? this.#shown(message) : [encodeMessage(this.#chunk(message))]
  }

  /** The sheets of histories of which one never was; all of them, or those that are asked for. */
  #shown(chunk: Chunk, indexes: readonly number[] | null = null): readonly Uint8Array[] {
    const testimonies = this.#histories(chunk.rid)
    if (testimonies.length < 2) return [encodeMessage(chunk)]
    const { high, digest } = mergeTestimonies(standInHashes, chunk.rid, testimonies).claim
    const sheets = sheetsOf(testimonies)
    return (indexes ?? [...sheets.keys()]).map((above) => {
      const end = above + 1 === sheets.length ? digest : null
      const index = indexes === null ? above : chunk.index
      const records = sheets[above] ?? []
      return encodeMessage({ ...chunk, index, above, records, high, digest: end, signature: null, history: null })
    })
  }

  /** What it holds of a replica, and the same with 500 units more under the same signature. */
  #histories(rid: Rid): readonly Testimony[] {
    const ledger = this.#ledger()
    const [first, ...others] = ledger === null ? [] : testimoniesOf(ledger.holdings, rid)
    if (first === undefined) return []
    let isChanged = false
    const records = [...recordsIn(first)].map(({ record, bytes }) => {
      if (isChanged || record.kind !== 'totals') return { bytes }
      isChanged = true
      return { bytes: encodeRecord({ ...record, added: record.added + 500 }) }
    })
    const forged = testify({ ...first.claim, digest: digestOf(standInHashes, records) }, records)
    return !isChanged || forged === null ? [] : [first, ...others, forged]
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
      if (this.#random.chance(0.2)) return this.#invent(claim)
      return this.#random.chance(0.5)
        ? { ...claim, digest: new Uint8Array(32).fill(7) }
        : { ...claim, high: claim.high + 1 }
    })
    return { ...have, claims }
  }

  /** That there are two histories of it. */
  #invent(claim: ClaimLine): ClaimLine {
    const testimonies = this.#histories(claim.rid)
    if (testimonies.length < 2) return claim
    this.#invented.add(claim.rid)
    return { rid: claim.rid, ...mergeTestimonies(standInHashes, claim.rid, testimonies).claim }
  }
}

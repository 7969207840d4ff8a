/**
 * Records as a node holds them in memory: the origin's bytes in an arena, reached from their SKU and from their replica
 * in seq order. What is asked for is decoded when it is asked for, so that a million SKUs cost a few hundred megabytes
 * and no work for the garbage collector. What may be put in is decided in `holdings.ts`.
 */
import { Arena } from './arena.ts'
import type { Claim } from './claim.ts'
import { Column } from './column.ts'
import { type Digest, emptyDigest, emptySum, type RecordHashes, type RecordSum, replaceInSum } from './digest.ts'
import type { Rid } from './ids.ts'
import { KeyIndex } from './key-index.ts'
import { type Issued, noRecords, type SkuRecords } from './level.ts'
import {
  type BaselineRecord,
  type Kind,
  type ListedRecord,
  type RecordHead,
  type StockRecord,
  type TotalsRecord,
} from './record.ts'
import { decodeRecordRow, encodeRecordRow, headOfRow, recordInRow, type RecordRow, recordOfRow } from './record-row.ts'
import { assert, failure, type Result, success } from './result.ts'
import type { SkuKey } from './sku.ts'
import type { Testimony } from './testimony.ts'

/** A claim by the sum of which its digest is the hash. */
export interface SummedClaim extends Omit<Claim, 'digest'> {
  readonly sum: RecordSum
}

export interface HeldRecord extends Issued<StockRecord>, RecordRow {}

export interface Replica {
  readonly rid: Rid
  /** Up to where it is claimed. */
  readonly high: number
  /** Of the claim. */
  readonly signature: Uint8Array | null
}

/** A record that was issued, and the bytes of the one that it took the place of; null where it took none's. */
interface Issue {
  readonly held: HeldRecord
  readonly beforeBytes: Uint8Array | null
}

/** What is claimed of a replica, and its records in seq order. */
interface Chain {
  readonly rid: Rid
  high: number
  sum: RecordSum
  /** What is to go out of the sum and to come in, each time in turn. */
  unsummed: (readonly [replaced: Uint8Array | null, added: Uint8Array])[]
  /** Of the sum; null until somebody asks. */
  digest: Digest | null
  signature: Uint8Array | null
  readonly index: number
  /** Records in the order in which they were placed; `none` where one was replaced. */
  readonly places: Column
  readonly seqs: Column
  replaced: number
}

const none = 0
/** Replaced places are swept when there are so many, and more than half. */
const replacedMax = 1_000

export class RecordStore {
  readonly hashes: RecordHashes
  /** Of replicas that were merged: the histories that they were merged of. */
  readonly testimonies: Map<Rid, readonly Testimony[]> = new Map()
  readonly #arena = new Arena()
  readonly #skus: KeyIndex
  readonly #replicas = new Map<Rid, Chain>()
  readonly #chains: Chain[] = []
  /** By SKU number: its first record. */
  readonly #first = new Column([none])
  /** By record number, counted from 1: the address of its bytes, the SKU's next record, its SKU and its replica. */
  readonly #address = new Column([none])
  readonly #next = new Column([none])
  readonly #sku = new Column([none])
  readonly #replica = new Column([none])
  /** The first record number that is free; each names the next in `#next`. */
  #free = none
  #count = 0
  /** The SKU that was asked for last: one decision asks for the same several times. */
  #asked: { readonly key: SkuKey; readonly records: SkuRecords } | null = null

  constructor(hashes: RecordHashes) {
    this.hashes = hashes
    this.#skus = new KeyIndex(hashes.seed)
  }

  /** SKUs of which a record is held, or was. */
  get skus(): Pick<KeyIndex, 'has' | 'size' | 'keys'> {
    return this.#skus
  }

  get replicas(): ReadonlyMap<Rid, Replica> {
    return this.#replicas
  }

  /** Records that are held. */
  get size(): number {
    return this.#count
  }

  /** Bytes of all records, and of the memory that they lie in. */
  get bytes(): { readonly used: number; readonly held: number } {
    const columns = [this.#first, this.#address, this.#next, this.#sku, this.#replica]
    const chains = this.#chains.flatMap(({ places, seqs }) => [places, seqs])
    const held = [...columns, ...chains, this.#skus].reduce(
      (sum, { heldBytes }) => sum + heldBytes,
      this.#arena.heldBytes,
    )
    return { used: this.#arena.usedBytes, held }
  }

  /** Records that are held of a replica. */
  recordCount(rid: Rid): number {
    const chain = this.#replicas.get(rid)
    return chain === undefined ? 0 : chain.places.length - chain.replaced
  }

  /** The largest seq that is held of a replica, while it is loaded; 0 where none is. */
  lastSeq(rid: Rid): number {
    const { seqs } = this.#chain(rid)
    let last = 0
    for (let index = 0; index < seqs.length; index += 1) last = Math.max(last, seqs.at(index))
    return last
  }

  /** The key as it is held already, so that others need not hold it again. */
  sharedKey(key: SkuKey): SkuKey {
    return this.#skus.keyOf(this.#skus.numberOf(key)) ?? key
  }

  recordsOf(key: SkuKey): SkuRecords {
    if (this.#asked?.key === key) return this.#asked.records
    const sku = this.#skus.numberOf(key)
    if (sku === none) return noRecords
    const totals: Issued<TotalsRecord>[] = []
    const baselines: Issued<BaselineRecord>[] = []
    const listed: Issued<ListedRecord>[] = []
    for (let at = this.#first.at(sku); at !== none; at = this.#next.at(at)) {
      const { rid } = this.#chainOf(at)
      const record = this.#decode(at)
      if (record.kind === 'totals') totals.push({ rid, record })
      else if (record.kind === 'baseline') baselines.push({ rid, record })
      else listed.push({ rid, record })
    }
    const records = { totals, baselines, listed }
    this.#asked = { key, records }
    return records
  }

  find(rid: Rid, kind: Kind, key: SkuKey): HeldRecord | undefined {
    const at = this.#find(this.#replicas.get(rid), kind, key)
    return at === none ? undefined : this.#held(at)
  }

  /** The records of a replica above a seq, in seq order. */
  *above(rid: Rid, seq: number): Generator<HeldRecord> {
    const chain = this.#replicas.get(rid)
    if (chain === undefined) return
    for (let index = firstAbove(chain, seq); index < chain.places.length; index += 1) {
      const at = chain.places.at(index)
      if (at !== none) yield this.#held(at)
    }
  }

  /** The SKUs of these records; nothing is decoded for the answer. */
  keysAbove(rid: Rid, seq: number): Set<SkuKey> {
    const keys = new Set<SkuKey>()
    const chain = this.#replicas.get(rid)
    if (chain === undefined || chain.high <= seq) return keys
    for (let index = firstAbove(chain, seq); index < chain.places.length; index += 1) {
      const key = this.#skus.keyOf(this.#sku.at(chain.places.at(index)))
      if (key !== null) keys.add(key)
    }
    return keys
  }

  /** Places a record above all that is held of its replica; the one of its SKU and kind before it goes. */
  place(held: HeldRecord): void {
    const { rid, record } = held
    const chain = this.#chain(rid)
    const last = chain.seqs.length - 1
    assert(last < 0 || chain.seqs.at(last) < record.seq, 'records are placed in seq order')
    const before = this.#find(chain, record.kind, record.key)
    if (before !== none) this.#remove(chain, before)
    this.#add(chain, record, encodeRecordRow(held))
    if (chain.replaced > replacedMax && chain.replaced * 2 > chain.places.length) sweep(chain)
  }

  /** Puts a row that was read from disk in its place, in any order; `restore` ends a replica. Failures: `malformed`, `misplaced`. */
  load(rid: Rid, row: Uint8Array, isPlaced: (head: RecordHead) => boolean = () => true): Result<null> {
    const record = recordInRow(row)
    if (!record.ok) return record
    if (!isPlaced(record.value)) return failure('misplaced', 'The row lies where another record belongs.')
    this.#add(this.#chain(rid), record.value, row)
    return success(null)
  }

  /** Ends the loading of a replica: its records in seq order, and its claim. */
  restore(rid: Rid, claimed: SummedClaim): void {
    const chain = this.#chain(rid)
    this.setClaim(rid, { ...claimed, sum: claimed.sum.slice() })
    const order = Array.from({ length: chain.seqs.length }, (_, index) => index)
    if (order.every((index) => index === 0 || chain.seqs.at(index - 1) < chain.seqs.at(index))) return
    order.sort((a, b) => chain.seqs.at(a) - chain.seqs.at(b))
    const sorted = order.map((index) => [chain.seqs.at(index), chain.places.at(index)] as const)
    chain.seqs.clear()
    chain.places.clear()
    for (const [seq, place] of sorted) {
      chain.seqs.push(seq)
      chain.places.push(place)
    }
  }

  /** What is claimed of a replica; of one that is not held, nothing. */
  claim(rid: Rid): Claim {
    const chain = this.#replicas.get(rid)
    if (chain === undefined || chain.high === 0) return { high: 0, digest: emptyDigest, signature: null }
    chain.digest ??= this.hashes.condense(this.#sumOf(chain))
    const { high, digest, signature } = chain
    return { high, digest, signature }
  }

  /** As `claim`, with the sum in the place of the digest; good until something is issued. */
  summed(rid: Rid): SummedClaim {
    const chain = this.#replicas.get(rid)
    if (chain === undefined) return { high: 0, sum: emptySum(this.hashes), signature: null }
    const { high, signature } = chain
    return { high, sum: this.#sumOf(chain), signature }
  }

  /** The sum behind the digest of a replica; it changes in place with what is issued, and nobody else changes it. */
  sum(rid: Rid): RecordSum {
    return this.summed(rid).sum
  }

  setClaim(rid: Rid, { high, sum, signature }: SummedClaim): void {
    Object.assign(this.#chain(rid), { high, sum, unsummed: [], digest: null, signature })
  }

  /** These came on top of what is claimed, and are claimed up to `high`. They are hashed when somebody asks for the sum. */
  issued(rid: Rid, high: number, records: Iterable<Issue>): void {
    const chain = this.#chain(rid)
    for (const { held, beforeBytes } of records) chain.unsummed.push([beforeBytes, held.bytes])
    Object.assign(chain, { high, digest: null, signature: null })
  }

  #sumOf(chain: Chain): RecordSum {
    for (const [replaced, added] of chain.unsummed) replaceInSum(this.hashes, chain.sum, replaced, added)
    chain.unsummed = []
    return chain.sum
  }

  /** The replica's shop signed what is claimed. */
  sign(rid: Rid, signature: Uint8Array): void {
    this.#chain(rid).signature = signature
  }

  /** Drops every record of a replica. */
  dropReplica(rid: Rid): void {
    const chain = this.#chain(rid)
    for (let index = 0; index < chain.places.length; index += 1) {
      const at = chain.places.at(index)
      if (at !== none) this.#unlink(at)
    }
    chain.places.clear()
    chain.seqs.clear()
    chain.replaced = 0
  }

  #chain(rid: Rid): Chain {
    let chain = this.#replicas.get(rid)
    if (chain === undefined) {
      const [places, seqs] = [new Column(), new Column()]
      const claimed = { high: 0, sum: emptySum(this.hashes), unsummed: [], digest: null, signature: null }
      chain = { rid, ...claimed, index: this.#chains.length, places, seqs, replaced: 0 }
      this.#replicas.set(rid, chain)
      this.#chains.push(chain)
    }
    return chain
  }

  #chainOf(at: number): Chain {
    const chain = this.#chains[this.#replica.at(at)]
    assert(chain !== undefined, 'a record is of a replica')
    return chain
  }

  #find(chain: Chain | undefined, kind: Kind, key: SkuKey): number {
    const sku = this.#skus.numberOf(key)
    if (chain === undefined || sku === none) return none
    for (let at = this.#first.at(sku); at !== none; at = this.#next.at(at)) {
      if (this.#replica.at(at) === chain.index && this.#head(at).kind === kind) return at
    }
    return none
  }

  #add(chain: Chain, { key, seq }: Pick<RecordHead, 'key' | 'seq'>, row: Uint8Array): void {
    const sku = this.#skuNumber(key)
    let at = this.#free
    if (at === none) at = this.#address.length
    else this.#free = this.#next.at(at)
    this.#address.set(at, this.#arena.keep(row))
    this.#next.set(at, this.#first.at(sku))
    this.#sku.set(at, sku)
    this.#replica.set(at, chain.index)
    this.#first.set(sku, at)
    chain.places.push(at)
    chain.seqs.push(seq)
    this.#count += 1
    this.#asked = null
  }

  #remove(chain: Chain, at: number): void {
    const index = firstAbove(chain, this.#head(at).seq) - 1
    assert(chain.places.at(index) === at, 'a record stands at its seq')
    chain.places.set(index, none)
    chain.replaced += 1
    this.#unlink(at)
  }

  #unlink(at: number): void {
    const sku = this.#sku.at(at)
    const first = this.#first.at(sku)
    if (first === at) this.#first.set(sku, this.#next.at(at))
    else {
      let before = first
      while (this.#next.at(before) !== at) before = this.#next.at(before)
      this.#next.set(before, this.#next.at(at))
    }
    this.#arena.drop(this.#address.at(at))
    this.#next.set(at, this.#free)
    this.#sku.set(at, none)
    this.#free = at
    this.#count -= 1
    this.#asked = null
  }

  #skuNumber(key: SkuKey): number {
    const sku = this.#skus.add(key)
    if (sku === this.#first.length) this.#first.push(none)
    return sku
  }

  #head(at: number): Pick<RecordHead, 'kind' | 'seq'> {
    return headOfRow(this.#arena.view(this.#address.at(at)))
  }

  #decode(at: number): StockRecord {
    const key = this.#skus.keyOf(this.#sku.at(at))
    assert(key !== null, 'a record is of a SKU')
    const record = recordOfRow(this.#arena.view(this.#address.at(at)), key)
    assert(record.ok, 'what is held can be read')
    return record.value
  }

  #held(at: number): HeldRecord {
    const row = decodeRecordRow(this.#arena.view(this.#address.at(at)))
    assert(row.ok, 'what is held can be read')
    return { rid: this.#chainOf(at).rid, ...row.value }
  }
}

function sweep(chain: Chain): void {
  let kept = 0
  for (let index = 0; index < chain.places.length; index += 1) {
    const at = chain.places.at(index)
    if (at === none) continue
    chain.places.set(kept, at)
    chain.seqs.set(kept, chain.seqs.at(index))
    kept += 1
  }
  chain.places.truncate(kept)
  chain.seqs.truncate(kept)
  chain.replaced = 0
}

/** The first place of a replica above a seq. */
function firstAbove({ seqs }: Chain, seq: number): number {
  let low = 0
  let high = seqs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (seqs.at(middle) <= seq) low = middle + 1
    else high = middle
  }
  return low
}

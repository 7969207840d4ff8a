/**
 * The ledger: what this node holds, and the only way to change it. A commit is built against memory, written in one
 * synced batch with whatever else arrived meanwhile, and only then told to listeners: persist, then tell. While a
 * batch is being written nothing is served of the replicas in it, so memory and disk agree whenever somebody reads a
 * claim with its records.
 *
 * A build that throws, or a batch that fails, ends the ledger: memory may be ahead of the disk, and only a fresh load
 * may be trusted. `failed` tells the owner.
 */
import {
  type Applied,
  type Claim,
  claimOf,
  createHoldings,
  type History,
  type HistoryPart,
  highOf,
  type Holdings,
  isMerged,
  type RecordHashes,
  type Rid,
  ridOf,
  type ShopId,
  shopOfRid,
  type SkuKey,
} from '@stockmesh/protocol'
import type { Clock, Random } from '../ports.ts'
import { lastNumber, prefixRange } from '../storage/key.ts'
import { type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { DraftHistory, type ToldMovements } from './draft-history.ts'
import { Batch, type Committed, type Draft } from './batch.ts'
import { loadHistories, loadRecent } from './load-history.ts'
import type { RecentHistory } from './recent-history.ts'
import { loadRecords, type Suspect } from './load-records.ts'
import { SumRows } from './sum-rows.ts'
import { loadTestimonies } from './testimony-rows.ts'

export type { Committed, Draft } from './batch.ts'
export type { ToldMovements } from './draft-history.ts'

/** How claims are hashed and signed. */
export interface ClaimSeal {
  readonly hashes: RecordHashes
  /** By this shop, of a replica of its own (64 bytes). */
  sign(rid: Rid, claim: Omit<Claim, 'signature'>): Uint8Array
}

interface Waiting {
  build(draft: Draft): unknown
  /** Of the build, once it ran. */
  answer: unknown
  resolve(answer: unknown): void
  reject(error: unknown): void
}

/** Builds that share one batch; more would let a single flush grow without bound. */
const buildsPerBatchMax = 2_000

export class Ledger {
  readonly holdings: Holdings
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #random: Random
  readonly #shop: ShopId
  readonly #listeners = new Set<(committed: Committed) => void>()
  readonly #hearers = new Set<(draft: Draft, applied: readonly Applied[]) => void>()
  readonly #movementHearers = new Set<(draft: Draft, told: ToldMovements) => void>()
  readonly #deciders = new Set<(draft: Draft, keys: ReadonlySet<SkuKey>) => void>()
  readonly #ahead = new Set<Rid>()
  readonly #failed = withResolvers()
  #ownRid: Rid | null = null
  #toldOwnRid: (rid: Rid) => void = () => undefined
  #waiting: Waiting[] = []
  #writing: Promise<void> | null = null
  #failure: unknown = null
  /** Histories as they are on disk. */
  readonly #histories: Map<Rid, History>
  readonly #suspects: Map<Rid, Suspect>
  #toldWhole: () => void = () => undefined
  readonly #recent: RecentHistory
  readonly #sums: SumRows
  readonly #seal: ClaimSeal
  #nextEvent: number
  #lines: number

  private constructor(parts: {
    seal: ClaimSeal
    storage: Storage
    clock: Clock
    random: Random
    shop: ShopId
    holdings: Holdings
    suspects: Map<Rid, Suspect>
    sums: SumRows
    histories: Map<Rid, History>
    recent: RecentHistory
    nextEvent: number
  }) {
    this.#seal = parts.seal
    this.#storage = parts.storage
    this.#clock = parts.clock
    this.#random = parts.random
    this.#shop = parts.shop
    this.holdings = parts.holdings
    this.#suspects = parts.suspects
    this.#sums = parts.sums
    this.#histories = parts.histories
    this.#recent = parts.recent
    this.#nextEvent = parts.nextEvent
    this.#lines = parts.nextEvent
    for (const { through } of parts.histories.values()) this.#lines += through
    this.#failed.promise.catch(() => undefined)
  }

  /** Loads everything from disk. Error: `database-damaged`. */
  static async open(storage: Storage, clock: Clock, random: Random, shop: ShopId, seal: ClaimSeal): Promise<Ledger> {
    const holdings = createHoldings(seal.hashes)
    const sums = new SumRows()
    const suspects = await loadRecords(storage, holdings, sums)
    await loadTestimonies(storage, holdings, suspects)
    const claims = new Map([...holdings.replicas.keys()].map((rid) => [rid, claimOf(holdings, rid)]))
    const histories = await loadHistories(storage, claims)
    const recent = await loadRecent(storage, histories, shop)
    let nextEvent = 0
    for await (const [key] of storage.scan({ ...prefixRange(tables.log), reverse: true, limit: 1 })) {
      nextEvent = lastNumber(key) + 1
    }
    return new Ledger({ storage, clock, random, shop, seal, holdings, suspects, sums, histories, recent, nextEvent })
  }

  /** Grows with each line that comes into the log. */
  get lines(): number {
    return this.#lines
  }

  /** How much of each replica's history is on disk. */
  get histories(): ReadonlyMap<Rid, History> {
    return this.#histories
  }

  /** The movements of a replica after a seq; null where they are many, or not all in memory. */
  recentHistory(rid: Rid, after: number): HistoryPart | null {
    const history = this.#histories.get(rid)
    if (history === undefined || history.complete < highOf(this.holdings, rid)) return null
    return this.#recent.after(rid, after, history)
  }

  /** Rejects when a batch failed or a build threw: then the node must be loaded anew. */
  get failed(): Promise<never> {
    return this.#failed.promise
  }

  /** Claims as they are on disk while nothing is being written, signed; of what is damaged nothing is claimed. */
  claims(): ReadonlyMap<Rid, Claim> {
    const whole = [...this.holdings.replicas.keys()].filter((rid) => !this.#suspects.has(rid))
    this.#sign(whole)
    return new Map(whole.map((rid) => [rid, claimOf(this.holdings, rid)]))
  }

  /** Whether nothing may be served of a replica: memory is ahead of the disk, or not all is there. */
  isAhead(rid: Rid): boolean {
    return this.#ahead.has(rid) || this.#suspects.has(rid)
  }

  /** Replicas whose records were damaged on disk and have not been fetched again. */
  get suspects(): ReadonlyMap<Rid, Suspect> {
    return this.#suspects
  }

  /** Whether records of a SKU are missing, or may be, so that its level is not known. */
  isDoubtful(key: SkuKey): boolean {
    for (const { keys } of this.#suspects.values()) if (keys === null || keys.has(key)) return true
    return false
  }

  /** Hears when a replica that was damaged is whole again. */
  onWhole(told: () => void): void {
    this.#toldWhole = told
  }

  /** Called after every batch, before anything else is built. */
  subscribe(listener: (committed: Committed) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Called at the end of every batch that is built, so that what follows from a change becomes durable with it. */
  decideWith(decide: (draft: Draft, keys: ReadonlySet<SkuKey>) => void): () => void {
    this.#deciders.add(decide)
    return () => this.#deciders.delete(decide)
  }

  /** Called in a batch whenever records came into the holdings, so that what follows from them is durable with them. */
  hearWith(hear: (draft: Draft, applied: readonly Applied[]) => void): () => void {
    this.#hearers.add(hear)
    return () => this.#hearers.delete(hear)
  }

  /** Called in a batch whenever movements of others came, after what was heard of their records. */
  hearMovementsWith(hear: (draft: Draft, told: ToldMovements) => void): () => void {
    this.#movementHearers.add(hear)
    return () => this.#movementHearers.delete(hear)
  }

  /** The replica under which this process issues; made at the first use, never that of an earlier process. */
  ownRid(): Rid {
    if (this.#ownRid === null) {
      this.#ownRid = ridOf(this.#shop, this.#random.bytes(8))
      this.#toldOwnRid(this.#ownRid)
    }
    return this.#ownRid
  }

  /** Hears of each replica id that this process makes, before anything is issued under it. */
  onOwnRid(told: (rid: Rid) => void): void {
    this.#toldOwnRid = told
  }

  /** Takes a new replica id if this is the present one: what was issued under it may differ from what others hold. */
  renewRid(rid: Rid): void {
    if (this.#ownRid === rid) this.#ownRid = null
  }

  /** Builds a commit when its batch is formed, and resolves with the build's answer when the batch is on disk. */
  commit<T>(build: (draft: Draft) => T): Promise<T> {
    if (this.#failure !== null) return Promise.reject(this.#failure)
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ build, answer: undefined, resolve: resolve as Waiting['resolve'], reject })
      this.#writing ??= this.#write()
    })
  }

  /** Resolves when everything committed so far is on disk. */
  async settle(): Promise<void> {
    while (this.#writing !== null) await this.#writing
  }

  async #write(): Promise<void> {
    await Promise.resolve()
    while (this.#waiting.length > 0 && this.#failure === null) {
      const group = this.#waiting.splice(0, buildsPerBatchMax)
      const batch = new Batch({
        holdings: this.holdings,
        histories: this.#histories,
        sums: this.#sums,
        clock: this.#clock,
        ownRid: () => this.ownRid(),
        firstEvent: this.#nextEvent,
        hear: (draft, applied) => {
          for (const hear of this.#hearers) hear(draft, applied)
        },
        hearMovements: (draft, told) => {
          for (const hear of this.#movementHearers) hear(draft, told)
        },
      })
      try {
        for (const waiting of group) waiting.answer = waiting.build(batch)
        for (const decide of this.#deciders) decide(batch, batch.changed())
        for (const rid of batch.touched) this.#ahead.add(rid)
        const operations = batch.operations()
        const written = operations.length > 0 ? this.#storage.write(operations) : null
        await Promise.all([written, this.#signMeanwhile(batch.touched)])
      } catch (error) {
        this.#fail(error, group)
        return
      }
      this.#lines += batch.lines.length
      this.#nextEvent += batch.events.length
      this.#keepHistory(batch.history)
      this.#ahead.clear()
      const committed = batch.committed()
      const whole = [...batch.replaced].filter((rid) => this.#suspects.delete(rid))
      for (const listener of this.#listeners) listener(committed)
      if (whole.length > 0) this.#toldWhole()
      for (const waiting of group) waiting.resolve(waiting.answer)
    }
    this.#writing = null
  }

  #keepHistory({ added, changed }: DraftHistory): void {
    for (const { rid, before, rows } of added) this.#recent.add(rid, before, rows)
    for (const [rid, history] of changed) this.#histories.set(rid, history)
  }

  /** Signs what this shop claims; of what came from others the signature came with it, and nobody signs what was merged. */
  #sign(rids: Iterable<Rid>): void {
    for (const rid of rids) {
      const claim = claimOf(this.holdings, rid)
      if (claim.signature !== null || claim.high === 0 || shopOfRid(rid) !== this.#shop || isMerged(claim.high))
        continue
      this.holdings.sign(rid, this.#seal.sign(rid, claim))
    }
  }

  /** While the disk is at work, which costs the next writer nothing: nobody is told before the batch is on it. */
  async #signMeanwhile(rids: Iterable<Rid>): Promise<void> {
    // The storage gathers what shares its flush for a turn, and only then hands it to the disk.
    for (let turn = 0; turn < 2; turn += 1) await Promise.resolve()
    this.#sign(rids)
  }

  #fail(error: unknown, group: readonly Waiting[]): void {
    this.#failure = error
    this.#writing = null
    for (const waiting of [...group, ...this.#waiting]) waiting.reject(error)
    this.#waiting = []
    this.#failed.reject(error)
  }
}

function withResolvers(): { promise: Promise<never>; reject(error: unknown): void } {
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<never>((_, fail) => {
    reject = fail
  })
  return { promise, reject }
}

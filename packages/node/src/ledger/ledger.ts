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
  addChange,
  type Applied,
  applyIssued,
  applyReceived,
  assert,
  type Cause,
  type Claim,
  claimOf,
  type ClaimLine,
  createHoldings,
  encodeMovement,
  type HeldRecord,
  type Holdings,
  levelIn,
  limits,
  type LocalChange,
  type Movement,
  type ReceivedRecord,
  recordsOf,
  type Result,
  type Rid,
  ridOf,
  type ShopId,
  shopOfRid,
  type SkuKey,
  spelling,
  type StockRecord,
  success,
  totalsOf,
} from '@stockmesh/protocol'
import type { Clock, Random } from '../ports.ts'
import { encodeJson } from '../storage/json.ts'
import { encodeKey, lastNumber, prefixRange } from '../storage/key.ts'
import { type Operation, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { type LogLine, movementLine } from './log-line.ts'
import { newestMovementAt, receivedLines } from './received-lines.ts'
import { claimRow, createRecordLoader, parseClaimRow, recordDeletion, recordRow } from './rows.ts'

/** What one durable batch changed. */
export interface Committed {
  readonly claims: readonly ClaimLine[]
  readonly applied: readonly Applied[]
  /** SKUs whose records changed, or that a build touched. */
  readonly keys: ReadonlySet<SkuKey>
  readonly lines: readonly LogLine[]
}

/** A record that this node issues under its own replica; it gets its seq here. */
type OwnRecord = StockRecord extends infer R ? (R extends StockRecord ? Omit<R, 'seq'> : never) : never

/** A commit being built. All of it becomes durable together. */
export interface Draft {
  readonly holdings: Holdings
  /** Number of the log line that would be written next. */
  readonly nextLine: number
  level(key: SkuKey): number | null
  /** Issues a record under the node's own replica. */
  issue(record: OwnRecord): Applied
  /** Adds a change that a person decided on here, under the node's own replica. */
  change(key: SkuKey, delta: number, cause: Cause, reference: string | null): void
  /** Adds changes of this shop's feed, under the feed's replica; `changes` in feed order. */
  fold(rid: Rid, changes: readonly LocalChange[]): void
  /** Merges a claimed range of another replica, or says why not. */
  receive(rid: Rid, records: readonly ReceivedRecord[], claim: Claim, fresh: boolean): Result<null>
  put(operation: Operation): void
  log(line: LogLine): void
  /** Tells the listeners of a SKU whose records did not change, but something else that is known of it. */
  touch(key: SkuKey): void
}

interface Waiting {
  run(draft: Draft): void
  resolve(): void
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
  readonly #deciders = new Set<(draft: Draft, keys: ReadonlySet<SkuKey>) => void>()
  readonly #ahead = new Set<Rid>()
  readonly #failed = withResolvers()
  #ownRid: Rid | null = null
  #toldOwnRid: (rid: Rid) => void = () => undefined
  #waiting: Waiting[] = []
  #writing: Promise<void> | null = null
  #failure: unknown = null
  #nextLine: number

  private constructor(parts: {
    storage: Storage
    clock: Clock
    random: Random
    shop: ShopId
    holdings: Holdings
    nextLine: number
  }) {
    this.#storage = parts.storage
    this.#clock = parts.clock
    this.#random = parts.random
    this.#shop = parts.shop
    this.holdings = parts.holdings
    this.#nextLine = parts.nextLine
    this.#failed.promise.catch(() => undefined)
  }

  /** Loads everything from disk. Error: `database-damaged`. */
  static async open(storage: Storage, clock: Clock, random: Random, shop: ShopId): Promise<Ledger> {
    const holdings = createHoldings()
    const load = createRecordLoader(holdings)
    await storage.walk(prefixRange(tables.record), load)
    for await (const entry of storage.scan(prefixRange(tables.claim))) {
      const { rid, claim } = parseClaimRow(entry)
      holdings.restore(rid, claim)
    }
    let nextLine = 0
    for await (const [key] of storage.scan({ ...prefixRange(tables.log), reverse: true, limit: 1 })) {
      nextLine = lastNumber(key) + 1
    }
    return new Ledger({ storage, clock, random, shop, holdings, nextLine })
  }

  /** Lines in the log. */
  get lines(): number {
    return this.#nextLine
  }

  /** Rejects when a batch failed or a build threw: then the node must be loaded anew. */
  get failed(): Promise<never> {
    return this.#failed.promise
  }

  /** Claims as they are on disk while nothing is being written. */
  claims(): ReadonlyMap<Rid, Claim> {
    return new Map([...this.holdings.replicas.keys()].map((rid) => [rid, claimOf(this.holdings, rid)]))
  }

  /** Whether memory is ahead of the disk for a replica. */
  isAhead(rid: Rid): boolean {
    return this.#ahead.has(rid)
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

  /** Takes a new replica id: what was issued under the old one may differ from what others hold of it. */
  renewRid(): void {
    this.#ownRid = null
  }

  /** Builds a commit when its batch is formed, and resolves with the build's answer when the batch is on disk. */
  commit<T>(build: (draft: Draft) => T): Promise<T> {
    if (this.#failure !== null) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      let answer: T
      this.#waiting.push({
        run: (draft) => {
          answer = build(draft)
        },
        resolve: () => resolve(answer),
        reject,
      })
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
      const batch = new Batch(this.holdings, this.#clock, () => this.ownRid(), this.#nextLine)
      try {
        for (const waiting of group) waiting.run(batch)
        for (const decide of this.#deciders) decide(batch, batch.changed())
        for (const rid of batch.touched) this.#ahead.add(rid)
        const operations = batch.operations()
        if (operations.length > 0) await this.#storage.write(operations)
      } catch (error) {
        this.#fail(error, group)
        return
      }
      this.#nextLine += batch.lines.length
      this.#ahead.clear()
      const committed = batch.committed()
      for (const listener of this.#listeners) listener(committed)
      for (const waiting of group) waiting.resolve()
    }
    this.#writing = null
  }

  #fail(error: unknown, group: readonly Waiting[]): void {
    this.#failure = error
    this.#writing = null
    for (const waiting of [...group, ...this.#waiting]) waiting.reject(error)
    this.#waiting = []
    this.#failed.reject(error)
  }
}

/** The draft of one batch, shared by the builds in it. */
class Batch implements Draft {
  readonly holdings: Holdings
  readonly touched = new Set<Rid>()
  readonly lines: LogLine[] = []
  readonly #clock: Clock
  readonly #ownRid: () => Rid
  readonly #firstLine: number
  readonly #applied: Applied[] = []
  readonly #operations: Operation[] = []
  readonly #keys = new Set<SkuKey>()

  constructor(holdings: Holdings, clock: Clock, ownRid: () => Rid, firstLine: number) {
    this.holdings = holdings
    this.#clock = clock
    this.#ownRid = ownRid
    this.#firstLine = firstLine
  }

  get nextLine(): number {
    return this.#firstLine + this.lines.length
  }

  level(key: SkuKey): number | null {
    return levelIn(this.holdings, key)
  }

  issue(record: OwnRecord): Applied {
    const rid = this.#ownRid()
    const seq = claimOf(this.holdings, rid).high + 1
    const [applied] = this.#apply(rid, [{ record: { ...record, seq } as StockRecord, movements: [] }], seq)
    assert(applied !== undefined, 'an issued record is applied')
    return applied
  }

  change(key: SkuKey, delta: number, cause: Cause, reference: string | null): void {
    const rid = this.#ownRid()
    const seq = claimOf(this.holdings, rid).high + 1
    this.#apply(rid, [this.#foldKey(rid, key, [{ key, seq, at: this.#clock.now(), delta, cause, reference }])], seq)
  }

  fold(rid: Rid, changes: readonly LocalChange[]): void {
    const high = changes.at(-1)?.seq
    if (high === undefined) return
    const perKey = new Map<SkuKey, LocalChange[]>()
    for (const change of changes) {
      const list = perKey.get(change.key)
      if (list === undefined) perKey.set(change.key, [change])
      else list.push(change)
    }
    const issued = [...perKey].map(([key, list]) => this.#foldKey(rid, key, list))
    issued.sort((a, b) => a.record.seq - b.record.seq)
    this.#apply(rid, issued, high)
  }

  receive(rid: Rid, records: readonly ReceivedRecord[], claim: Claim, fresh: boolean): Result<null> {
    const before = fresh ? [...this.holdings.above(rid, 0)] : []
    const moves = records.some(({ record }) => record.kind === 'totals')
    const heardUntil = fresh || !moves ? null : newestMovementAt(this.holdings, rid)
    const applied = applyReceived(this.holdings, rid, records, claim, fresh)
    if (!applied.ok) return applied
    // What came is all that the origin has; a row that stayed behind would come back at the next start.
    for (const held of before) {
      if (this.holdings.find(rid, held.record.kind, held.record.key) === undefined) this.put(recordDeletion(held))
    }
    this.touched.add(rid)
    this.#keep(applied.value)
    const told = { now: this.#clock.now(), heardUntil }
    for (const line of receivedLines(this.holdings, applied.value, told)) this.log(line)
    return success(null)
  }

  put(operation: Operation): void {
    this.#operations.push(operation)
  }

  log(line: LogLine): void {
    this.lines.push(line)
  }

  touch(key: SkuKey): void {
    this.#keys.add(key)
  }

  /** SKUs that the batch is about, as far as it is built. */
  changed(): ReadonlySet<SkuKey> {
    const keys = new Set(this.#keys)
    for (const { held } of this.#applied) keys.add(held.record.key)
    return keys
  }

  operations(): Operation[] {
    const operations = [...this.#operations]
    for (const held of this.#newest()) operations.push(recordRow(held))
    for (const rid of this.touched) operations.push(claimRow(rid, claimOf(this.holdings, rid)))
    for (const [index, line] of this.lines.entries()) {
      const number = this.#firstLine + index
      operations.push(put(encodeKey(tables.log, number), encodeJson(line)))
      if (line.key !== null) operations.push(put(encodeKey(tables.logOfSku, line.key, number), new Uint8Array()))
    }
    return operations
  }

  committed(): Committed {
    const claims = [...this.touched].map((rid) => ({ rid, ...claimOf(this.holdings, rid) }))
    return { claims, applied: this.#applied, keys: this.changed(), lines: this.lines }
  }

  /** The records that came into the batch and were not replaced in it again. */
  #newest(): Iterable<HeldRecord> {
    const newest = new Map<string, HeldRecord>()
    for (const { held } of this.#applied) newest.set(`${held.rid} ${held.record.kind} ${held.record.key}`, held)
    return newest.values()
  }

  #foldKey(rid: Rid, key: SkuKey, changes: readonly LocalChange[]): { record: StockRecord; movements: Uint8Array[] } {
    let record = totalsOf(this.holdings, rid, key)
    let level = this.level(key)
    const movements: Uint8Array[] = []
    const spelled = spelling(recordsOf(this.holdings, key))
    for (const change of changes) {
      record = addChange(record, change)
      const levelAfter: number | null = level === null ? null : level + change.delta
      const { delta, cause, reference, at } = change
      const movement: Movement = { delta, cause, reference, at, levelBefore: level, levelAfter }
      movements.push(encodeMovement(movement))
      this.log(movementLine(shopOfRid(rid), key, spelled, movement, { apart: false, since: null }))
      level = levelAfter
    }
    assert(record !== null, 'a folded SKU has at least one change')
    return { record, movements: movements.slice(-limits.movementsPerRecordMax) }
  }

  /** One by one: a whole catalogue is more than one call takes as arguments. */
  #keep(applied: readonly Applied[]): void {
    for (const one of applied) this.#applied.push(one)
  }

  #apply(
    rid: Rid,
    issued: readonly { readonly record: StockRecord; readonly movements: readonly Uint8Array[] }[],
    high: number,
  ): readonly Applied[] {
    const applied = applyIssued(this.holdings, rid, issued, high)
    this.#keep(applied)
    this.touched.add(rid)
    return applied
  }
}

function withResolvers(): { promise: Promise<never>; reject(error: unknown): void } {
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<never>((_, fail) => {
    reject = fail
  })
  return { promise, reject }
}

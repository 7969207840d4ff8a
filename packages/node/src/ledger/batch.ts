/**
 * The draft of one batch: what the builds in it do to memory, and what of it goes to disk. It is the only place where
 * the holdings are changed.
 */
import {
  addChange,
  type Applied,
  applyIssued,
  applyMerged,
  applyReceived,
  assert,
  type Cause,
  type Claim,
  claimOf,
  type ClaimLine,
  equalBytes,
  type HeldRecord,
  type History,
  type HistoryPart,
  type HistoryRow,
  highOf,
  type Holdings,
  isSameClaim,
  joinTestimonies,
  levelIn,
  limits,
  type LocalChange,
  mergeTestimonies,
  newestRecords,
  type NumberedRow,
  placeOf,
  type ReceivedRecord,
  type Result,
  type Rid,
  type SkuKey,
  type StockRecord,
  success,
  type Testimony,
  testify,
  testimoniesOf,
  totalsOf,
  type TotalsRecord,
} from '@stockmesh/protocol'
import type { Clock } from '../ports.ts'
import { encodeJson } from '../storage/json.ts'
import { encodeKey } from '../storage/key.ts'
import { del, type Operation, put } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { DraftHistory, type ToldMovements } from './draft-history.ts'
import { placeRows } from './history-rows.ts'
import type { LogLine } from './log-line.ts'
import { receivedLines } from './received-lines.ts'
import { recordDeletion, recordRow } from './rows.ts'
import type { SumRows } from './sum-rows.ts'
import { testimonyDeletions, testimonyRows } from './testimony-rows.ts'

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
  level(key: SkuKey): number | null
  /** Issues a record under the node's own replica. */
  issue(record: OwnRecord): Applied
  /** Adds a change that a person decided on here, under the node's own replica; `at` is now where it is not given. */
  change(key: SkuKey, delta: number, cause: Cause, reference: string | null, at?: number): void
  /** Adds changes of this shop's feed, under the feed's replica; `changes` in feed order. */
  fold(rid: Rid, changes: readonly LocalChange[]): void
  /**
   * Takes a claimed range of another replica, or says why not; movements that came with it are taken if they fit. Two
   * histories of the replica are merged.
   */
  receive(received: Received): Result<Merged | null>
  /** Takes what another replica was merged of; answers what else was merged with it. */
  receiveMerged(received: ReceivedMerged): Merged | null
  /** Takes movements of another replica, or says why not. */
  receiveHistory(rid: Rid, part: HistoryPart): Result<null>
  /** Drops the oldest movements of a replica; what they come to is kept. */
  carry(rid: Rid, rows: readonly NumberedRow[], first: number): void
  put(operation: Operation): void
  log(line: LogLine): void
  /** Tells the listeners of a SKU whose records did not change, but something else that is known of it. */
  touch(key: SkuKey): void
}

/** There were two histories of a replica. */
export interface Merged {
  /** SKUs of which the larger total of the two counts, so that something of the other may be lost. */
  readonly doubtful: readonly SkuKey[]
}

/** A claimed range of another replica. */
interface Received {
  readonly rid: Rid
  readonly records: readonly ReceivedRecord[]
  readonly claim: Claim
  /** Whether the records are all that the origin has. */
  readonly fresh: boolean
  readonly history: HistoryPart | null
  /** Where what was held is damaged: keys of the rows that are none, which go once all is there again. */
  readonly damaged?: readonly Uint8Array[] | null
}

/** Testimonies of a replica that prove the claim. */
interface ReceivedMerged {
  readonly rid: Rid
  readonly claim: Claim
  readonly testimonies: readonly Testimony[]
  /** As of `Received`. */
  readonly damaged: readonly Uint8Array[] | null
}

interface BatchParts {
  readonly holdings: Holdings
  readonly histories: ReadonlyMap<Rid, History>
  readonly sums: SumRows
  readonly clock: Clock
  readonly ownRid: () => Rid
  readonly firstEvent: number
  /** Hears of records as soon as they are among the holdings, before anything is decided on them. */
  readonly hear: (draft: Draft, applied: readonly Applied[]) => void
  /** Hears of movements of others, when the records they belong to are among the holdings. */
  readonly hearMovements: (draft: Draft, told: ToldMovements) => void
}

/** The draft of one batch, shared by the builds in it. */
export class Batch implements Draft {
  readonly holdings: Holdings
  readonly history: DraftHistory
  readonly touched: Set<Rid> = new Set()
  /** Replicas of which all records were received anew, or merged. */
  readonly replaced: Set<Rid> = new Set()
  /** What the log tells of the batch: movements, and the events among them. */
  readonly lines: LogLine[] = []
  readonly events: LogLine[] = []
  readonly #sums: SumRows
  readonly #clock: Clock
  readonly #ownRid: () => Rid
  readonly #firstEvent: number
  readonly #hear: BatchParts['hear']
  readonly #hearMovements: BatchParts['hearMovements']
  readonly #applied: Applied[] = []
  /** Replicas of which records may have gone that nothing took the place of. */
  readonly #anew = new Set<Rid>()
  readonly #operations: Operation[] = []
  readonly #keys = new Set<SkuKey>()

  constructor({ holdings, histories, sums, clock, ownRid, firstEvent, hear, hearMovements }: BatchParts) {
    this.holdings = holdings
    this.history = new DraftHistory(histories, holdings, (line) => this.lines.push(line))
    this.#sums = sums
    this.#clock = clock
    this.#ownRid = ownRid
    this.#firstEvent = firstEvent
    this.#hear = hear
    this.#hearMovements = hearMovements
  }

  level(key: SkuKey): number | null {
    return levelIn(this.holdings, key)
  }

  issue(record: OwnRecord): Applied {
    const rid = this.#ownRid()
    const seq = highOf(this.holdings, rid) + 1
    const [applied] = this.#apply(rid, [{ ...record, seq } as StockRecord], [], seq)
    assert(applied !== undefined, 'an issued record is applied')
    return applied
  }

  change(key: SkuKey, delta: number, cause: Cause, reference: string | null, at: number = this.#clock.now()): void {
    const rid = this.#ownRid()
    const seq = highOf(this.holdings, rid) + 1
    const { record, rows } = this.#foldKey(rid, key, [{ key, seq, at, delta, cause, reference }])
    this.#apply(rid, [record], rows, seq)
  }

  fold(rid: Rid, read: readonly LocalChange[]): void {
    // Up to the claim everything is held, also where the feed is read again from before it.
    const claimed = highOf(this.holdings, rid)
    const changes = read.filter(({ seq }) => seq > claimed)
    const high = changes.at(-1)?.seq
    if (high === undefined) return
    const perKey = new Map<SkuKey, LocalChange[]>()
    for (const change of changes) {
      const list = perKey.get(change.key)
      if (list === undefined) perKey.set(change.key, [change])
      else list.push(change)
    }
    const folded = [...perKey].map(([key, list]) => this.#foldKey(rid, key, list))
    const records = folded.map(({ record }) => record).sort((a, b) => a.seq - b.seq)
    const rows = folded.flatMap((one) => one.rows).sort((a, b) => a.seq - b.seq)
    this.#apply(rid, records, rows, high)
  }

  receive({ rid, records, claim, fresh, history, damaged = null }: Received): Result<Merged | null> {
    const before = fresh ? [...this.holdings.above(rid, 0)] : []
    const applied = applyReceived(this.holdings, rid, records, claim, fresh)
    if (!applied.ok && applied.code === 'fork') {
      const came = testify(claim, newestRecords(records))
      assert(came !== null, 'what is received is signed')
      return success(this.#merge(rid, [came], damaged))
    }
    if (!applied.ok) return applied
    const own = claimOf(this.holdings, rid)
    const isTaken = own.high === claim.high && equalBytes(own.digest, claim.digest)
    // Less came than is held, and of that not all is whole: it stays as it is, and nothing is claimed.
    if (damaged !== null && !isTaken) return success(null)
    if (fresh && isTaken) this.#replace(rid, damaged)
    if (fresh) this.#anew.add(rid)
    // What came is all that the origin has.
    this.#dropLeft(before)
    this.touched.add(rid)
    this.#keep(applied.value)
    this.history.touch(rid)
    // Those that do not follow what is held are asked for.
    if (history !== null) this.receiveHistory(rid, history)
    for (const line of receivedLines(this.holdings, applied.value)) this.log(line)
    return success(null)
  }

  #replace(rid: Rid, damaged: readonly Uint8Array[] | null): void {
    this.replaced.add(rid)
    for (const key of damaged ?? []) this.put(del(key))
  }

  receiveMerged({ rid, claim, testimonies, damaged }: ReceivedMerged): Merged | null {
    const merged = this.#merge(rid, testimonies, damaged)
    return isSameClaim(claimOf(this.holdings, rid), claim) ? null : merged
  }

  /** The movements of none go with what is merged; they stay in the log. */
  #merge(rid: Rid, came: readonly Testimony[], damaged: readonly Uint8Array[] | null): Merged | null {
    const { holdings } = this
    // What is damaged proves nothing.
    const own = damaged === null ? testimoniesOf(holdings, rid) : []
    const kept = holdings.testimonies.get(rid) ?? []
    const all = joinTestimonies([...own, ...kept], came)
    // More than anybody would take: each stays with what it holds, and the alarm stands.
    if (all.length > limits.testimoniesMax) return null
    const merged = mergeTestimonies(holdings.hashes, rid, all)
    // Less came than is held, and of that not all is whole: it stays as it is, and nothing is claimed.
    if (all.length < 2 || (damaged !== null && merged.high < highOf(holdings, rid))) return null
    // Rows that are none may lie where whole ones come.
    if (damaged !== null) this.#replace(rid, damaged)
    for (const one of kept) if (!all.includes(one)) for (const row of testimonyDeletions(rid, one)) this.put(row)
    for (const one of all) if (!kept.includes(one)) for (const row of testimonyRows(rid, one)) this.put(row)
    if (damaged === null && isSameClaim(claimOf(holdings, rid), merged.claim)) {
      holdings.testimonies.set(rid, all)
      return null
    }
    const before = [...holdings.above(rid, 0)]
    const applied = applyMerged(holdings, rid, merged)
    this.#anew.add(rid)
    this.#dropLeft(before)
    this.touched.add(rid)
    this.#keep(applied)
    this.history.forget(rid, highOf(holdings, rid))
    for (const line of receivedLines(holdings, applied)) this.log(line)
    return { doubtful: merged.doubtful }
  }

  /** A row that stayed behind would come back at the next start. */
  #dropLeft(before: readonly HeldRecord[]): void {
    for (const held of before) {
      if (this.holdings.find(held.rid, held.record.kind, held.record.key) === undefined) this.put(recordDeletion(held))
    }
  }

  receiveHistory(rid: Rid, part: HistoryPart): Result<null> {
    const told = this.history.receive(rid, part)
    if (!told.ok) return told
    this.#hearMovements(this, told.value)
    return success(null)
  }

  carry(rid: Rid, rows: readonly NumberedRow[], first: number): void {
    this.history.carry(rid, rows, first)
  }

  put(operation: Operation): void {
    this.#operations.push(operation)
  }

  log(line: LogLine): void {
    this.lines.push(line)
    this.events.push(line)
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
    const perReplica = new Map<Rid, Applied[]>([...this.touched].map((rid) => [rid, []]))
    for (const one of this.#applied) perReplica.get(one.held.rid)?.push(one)
    for (const [rid, applied] of perReplica) {
      for (const held of newestOf(applied)) operations.push(recordRow(held))
      for (const one of this.#sums.operations(this.holdings, rid, applied, this.#anew.has(rid))) operations.push(one)
    }
    for (const one of this.history.operations()) operations.push(one)
    for (const [index, line] of this.events.entries()) {
      const n = this.#firstEvent + index
      operations.push(put(encodeKey(tables.log, n), encodeJson(line)))
      operations.push(...placeRows(line.key, { at: line.at, rid: null, n, cause: line.cause }))
    }
    return operations
  }

  committed(): Committed {
    const claims = [...this.touched].map((rid) => ({ rid, ...claimOf(this.holdings, rid) }))
    return { claims, applied: this.#applied, keys: this.changed(), lines: this.lines }
  }

  #foldKey(rid: Rid, key: SkuKey, changes: readonly LocalChange[]): { record: TotalsRecord; rows: HistoryRow[] } {
    let record = totalsOf(this.holdings, rid, key)
    let level = this.level(key)
    const rows: HistoryRow[] = []
    for (const change of changes) {
      record = addChange(record, change)
      const levelAfter: number | null = level === null ? null : level + change.delta
      const { seq, delta, cause, reference, at } = change
      const movement = { delta, cause, reference, at, levelBefore: level, levelAfter }
      rows.push({ seq, key, net: record.added - record.removed, movement })
      level = levelAfter
    }
    assert(record !== null, 'a folded SKU has at least one change')
    return { record, rows }
  }

  /** One by one: a whole catalogue is more than one call takes as arguments. */
  #keep(applied: readonly Applied[]): void {
    for (const one of applied) this.#applied.push(one)
    this.#hear(this, applied)
  }

  #apply(rid: Rid, records: readonly StockRecord[], rows: readonly HistoryRow[], high: number): readonly Applied[] {
    const applied = applyIssued(this.holdings, rid, records, high)
    this.#keep(applied)
    this.history.issue(rid, rows, high)
    this.touched.add(rid)
    return applied
  }
}

/** Records of one replica that were not replaced again. */
function newestOf(applied: readonly Applied[]): Iterable<HeldRecord> {
  return new Map(applied.map(({ held }) => [placeOf(held.record), held])).values()
}

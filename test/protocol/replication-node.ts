/**
 * One node of the test network: the real machine and holdings over a disk in memory. As in the real shell, memory runs
 * ahead of the disk while a batch is written, work on one replica is done in order, and a crash leaves only the disk.
 * Nothing happens by itself: the network calls `flush`, `work` and `tick` when its schedule says so.
 */
import { addChange, type LocalChange } from '../../packages/protocol/src/fold.ts'
import {
  type Applied,
  applyIssued,
  applyMerged,
  applyReceived,
  claimOf,
  createHoldings,
  type Holdings,
  isProof,
  mergeTestimonies,
  readHoldings,
  testimoniesOf,
  totalsOf,
} from '../../packages/protocol/src/holdings.ts'
import { type Rid, type ShopId, shopOfRid } from '../../packages/protocol/src/ids.ts'
import {
  joinTestimonies,
  newestRecords,
  takeTestimonies,
  type Testimony,
  testify,
} from '../../packages/protocol/src/testimony.ts'
import { isMerged } from '../../packages/protocol/src/merged-histories.ts'
import type { SummedClaim } from '../../packages/protocol/src/record-store.ts'
import { decodeRecord, type StockRecord } from '../../packages/protocol/src/record.ts'
import { stepReplication } from '../../packages/protocol/src/replication.ts'
import { createReplication, type Replication } from '../../packages/protocol/src/replication-state.ts'
import type { Claim } from '../../packages/protocol/src/claim.ts'
import type {
  ReceivedRecord,
  ReplicationInput,
  ReplicationOutput,
  Stage,
} from '../../packages/protocol/src/replication-step.ts'
import { encodeRecordRow } from '../../packages/protocol/src/record-row.ts'
import type { SkuKey } from '../../packages/protocol/src/sku.ts'
import { isStandInSigned, standInSignature } from './stand-in-signature.ts'
import { recordHashes } from '../../packages/node/src/record-hashes.ts'

/** What survives a crash. */
export interface Disk {
  readonly claims: Map<Rid, Claim & SummedClaim>
  readonly records: Map<Rid, Map<string, Uint8Array>>
  readonly stages: Map<Rid, { stage: Stage; sheets: (readonly Uint8Array[])[] }>
  readonly testimonies: Map<Rid, readonly Testimony[]>
  /** Read position in the shop's feed. */
  feed: number
}

type Task = Extract<ReplicationOutput, { type: 'stage' | 'commit' | 'commit-merged' | 'drop-stage' }>

interface Build {
  run(batch: Batch): void
  done(): void
}

interface Batch {
  readonly applied: Applied[]
  readonly touched: Set<Rid>
  readonly drops: Rid[]
  feed: number
}

/** What the node asks of the network around it. */
export interface Surroundings {
  now(): number
  send(from: ShopId, output: Extract<ReplicationOutput, { type: 'send' }>): void
  told(from: ShopId, output: Extract<ReplicationOutput, { type: 'close' | 'alarm' }>): void
  /** A batch became durable, whether or not the process lived to see it. */
  durable(node: TestNode, rids: ReadonlySet<Rid>): void
}

export const feedEpoch = 0xfeed

export class TestNode {
  readonly shop: ShopId
  readonly feedRid: Rid
  readonly disk: Disk = { claims: new Map(), records: new Map(), stages: new Map(), testimonies: new Map(), feed: 0 }
  holdings: Holdings = createHoldings(recordHashes)
  machine: Replication
  up = false
  ownRid: Rid | null = null
  readonly ahead = new Set<Rid>()
  feed = 0
  /** Commits that the holdings refused. */
  refusals = 0
  readonly #around: Surroundings
  readonly #chunkRecords: number
  readonly #members: ReadonlySet<ShopId>
  #tasks = new Map<Rid, { task: Task; begun: boolean }[]>()
  #waiting: Build[] = []
  #writing: { batch: Batch; builds: readonly Build[] } | null = null

  constructor(shop: ShopId, feedRid: Rid, members: ReadonlySet<ShopId>, around: Surroundings, chunkRecords: number) {
    this.shop = shop
    this.feedRid = feedRid
    this.#members = members
    this.#around = around
    this.#chunkRecords = chunkRecords
    this.machine = createReplication(shop, new Map(), new Map(), new Map())
  }

  start(): void {
    this.holdings = createHoldings(recordHashes)
    for (const [rid, records] of this.disk.records) {
      for (const bytes of records.values()) {
        if (this.holdings.load(rid, encodeRecordRow({ bytes })).ok) continue
        throw new Error('the disk holds a record that cannot be read')
      }
    }
    for (const [rid, claim] of this.disk.claims) this.holdings.restore(rid, claim)
    for (const [rid, testimonies] of this.disk.testimonies) this.holdings.testimonies.set(rid, testimonies)
    const stages = new Map([...this.disk.stages].map(([rid, { stage }]) => [rid, stage]))
    const claims = new Map([...this.disk.claims].map(([rid, claim]) => [rid, this.#signed(rid, claim)]))
    this.machine = createReplication(this.shop, claims, new Map(), stages)
    this.ownRid = null
    this.feed = this.disk.feed
    this.up = true
    this.step({ type: 'members', shops: this.#members, cuts: new Map(), now: this.#around.now() })
    this.step({ type: 'written', rid: this.feedRid })
  }

  /** Ends the process; `lucky` says whether what was being written still reached the disk. */
  crash(lucky: boolean): void {
    if (lucky && this.#writing !== null) this.#persist(this.#writing.batch)
    this.up = false
    this.ahead.clear()
    this.#tasks = new Map()
    this.#waiting = []
    this.#writing = null
  }

  /** Issues records under the node's own replica, `make` sees the memory of that moment. */
  issue(rid: Rid, make: (seq: number) => readonly StockRecord[]): void {
    if (this.ownRid === null) {
      this.ownRid = rid
      this.step({ type: 'written', rid })
    }
    const own = this.ownRid
    this.commit((batch) => {
      const records = make(claimOf(this.holdings, own).high + 1)
      this.#issued(batch, own, records, records.at(-1)?.seq ?? 0)
    })
  }

  /** Folds rows of the shop's feed, as the follower does; `position` is the last row read. */
  readFeed(changes: readonly LocalChange[], position: number): void {
    this.feed = position
    this.commit((batch) => {
      batch.feed = position
      const high = changes.at(-1)?.seq
      if (high === undefined) return
      const records = new Map<SkuKey, StockRecord>()
      for (const change of changes) {
        const before = records.get(change.key) ?? totalsOf(this.holdings, this.feedRid, change.key)
        records.set(change.key, addChange(before?.kind === 'totals' ? before : null, change))
      }
      const sorted = [...records.values()].sort((a, b) => a.seq - b.seq)
      this.#issued(batch, this.feedRid, sorted, high)
    })
  }

  commit(run: (batch: Batch) => void, done: () => void = () => undefined): void {
    this.#waiting.push({ run, done })
    this.#write()
  }

  step(input: ReplicationInput): void {
    const read = readHoldings(this.holdings, (rid) => this.ahead.has(rid))
    const source = {
      read: (rid: Rid, above: number, limit: { records: number; bytes: number }) =>
        read(rid, above, { ...limit, records: Math.min(limit.records, this.#chunkRecords) }),
      testimonies: (rid: Rid) => (this.ahead.has(rid) ? [] : (this.holdings.testimonies.get(rid) ?? [])),
      // Its movements are looked at elsewhere.
      history: () => null,
      isSigned: isStandInSigned,
    }
    for (const output of stepReplication(this.machine, input, source)) this.#perform(output)
  }

  tick(): void {
    this.step({ type: 'tick', now: this.#around.now() })
  }

  get isWriting(): boolean {
    return this.#writing !== null
  }

  /** Replicas with work that can go on. */
  get workable(): Rid[] {
    return [...this.#tasks].filter(([, tasks]) => tasks[0]?.begun === false).map(([rid]) => rid)
  }

  /** The batch being written is on disk. */
  flush(): void {
    const writing = this.#writing
    if (writing === null) return
    const { batch, builds } = writing
    this.#writing = null
    this.ahead.clear()
    this.#persist(batch)
    const claims = [...batch.touched].map((rid) => ({ rid, ...this.#signed(rid, claimOf(this.holdings, rid)) }))
    if (claims.length > 0) this.step({ type: 'committed', claims, now: this.#around.now() })
    for (const build of builds) build.done()
    this.#write()
  }

  /** Does the next piece of work on a replica: a stage is written or dropped, or a commit is queued. */
  work(rid: Rid): void {
    const tasks = this.#tasks.get(rid)
    const head = tasks?.[0]
    if (tasks === undefined || head === undefined || head.begun) return
    const { task } = head
    if (task.type === 'commit') {
      head.begun = true
      this.#commitRange(task, () => this.#finish(rid))
      return
    }
    if (task.type === 'commit-merged') {
      head.begun = true
      this.#commitMerged(task, () => this.#finish(rid))
      return
    }
    if (task.type === 'stage') {
      const before = this.disk.stages.get(rid)?.sheets ?? []
      this.disk.stages.set(rid, { stage: task.stage, sheets: [...before, task.records] })
    } else this.disk.stages.delete(rid)
    this.#finish(rid)
    if (task.type === 'stage') this.step({ type: 'kept', peer: task.peer, rid, index: task.index })
  }

  #commitRange(task: Extract<Task, { type: 'commit' }>, finished: () => void): void {
    const { rid, peer, index, claim, fresh } = task
    const staged = (this.disk.stages.get(rid)?.sheets ?? []).flat().map(received)
    let refused = false
    this.commit(
      (batch) => {
        batch.drops.push(rid)
        const records = [...staged, ...task.records]
        const result = applyReceived(this.holdings, rid, records, claim, fresh)
        const isFork = !result.ok && result.code === 'fork'
        refused = !result.ok && !isFork
        if (!result.ok) this.refusals += 1
        if (refused) return
        batch.applied.push(...(result.ok ? result.value : this.#merge(rid, testimonyOf(claim, records))))
        batch.touched.add(rid)
      },
      () => {
        finished()
        if (refused) this.step({ type: 'refused', peer, rid, fresh, now: this.#around.now() })
        else this.step({ type: 'kept', peer, rid, index })
      },
    )
  }

  #commitMerged(task: Extract<Task, { type: 'commit-merged' }>, finished: () => void): void {
    const { rid, peer, index, claim, isWritten } = task
    const sheets = [...(this.disk.stages.get(rid)?.sheets ?? []), task.sheet]
    const taken = takeTestimonies(rid, sheets, recordHashes, isStandInSigned)
    const isProven = taken.ok && isProof(recordHashes, { rid, claim, testimonies: taken.value })
    this.commit(
      (batch) => {
        batch.drops.push(rid)
        if (!taken.ok || !isProven || isWritten) return
        batch.applied.push(...this.#merge(rid, taken.value))
        batch.touched.add(rid)
      },
      () => {
        finished()
        this.step({ type: 'shown', peer, rid, index, digest: claim.digest, isProof: isProven, now: this.#around.now() })
      },
    )
  }

  #merge(rid: Rid, came: readonly Testimony[]): readonly Applied[] {
    const all = joinTestimonies(testimoniesOf(this.holdings, rid), came)
    return applyMerged(this.holdings, rid, mergeTestimonies(recordHashes, rid, all))
  }

  /** What this shop claims of its own it signs; of the others' claims the signature came with them. */
  #signed(rid: Rid, claim: Claim): Claim {
    const isOwn = shopOfRid(rid) === this.shop && !isMerged(claim.high)
    return isOwn && claim.signature === null ? { ...claim, signature: standInSignature(rid, claim) } : claim
  }

  #finish(rid: Rid): void {
    const tasks = this.#tasks.get(rid)
    tasks?.shift()
    if (tasks?.length === 0) this.#tasks.delete(rid)
  }

  #issued(batch: Batch, rid: Rid, records: readonly StockRecord[], high: number): void {
    batch.applied.push(...applyIssued(this.holdings, rid, records, high))
    this.holdings.sign(rid, standInSignature(rid, claimOf(this.holdings, rid)))
    batch.touched.add(rid)
  }

  #write(): void {
    if (this.#writing !== null || this.#waiting.length === 0) return
    const builds = this.#waiting
    this.#waiting = []
    const batch: Batch = { applied: [], touched: new Set(), drops: [], feed: this.disk.feed }
    for (const build of builds) build.run(batch)
    for (const rid of batch.touched) this.ahead.add(rid)
    this.#writing = { batch, builds }
  }

  #persist(batch: Batch): void {
    for (const { held } of batch.applied) {
      const records = this.disk.records.get(held.rid) ?? new Map<string, Uint8Array>()
      this.disk.records.set(held.rid, records)
      records.set(`${held.record.kind} ${held.record.key}`, held.bytes)
    }
    for (const rid of batch.drops) this.disk.stages.delete(rid)
    for (const rid of batch.touched) {
      this.disk.claims.set(rid, { ...claimOf(this.holdings, rid), sum: this.holdings.sum(rid).slice() })
      const testimonies = this.holdings.testimonies.get(rid)
      if (testimonies !== undefined) this.disk.testimonies.set(rid, testimonies)
    }
    this.disk.feed = batch.feed
    this.#around.durable(this, batch.touched)
  }

  #perform(output: ReplicationOutput): void {
    switch (output.type) {
      case 'send':
        this.#around.send(this.shop, output)
        break
      case 'close':
      case 'alarm':
        this.#around.told(this.shop, output)
        break
      case 'stage':
      case 'commit':
      case 'commit-merged':
      case 'drop-stage': {
        const tasks = this.#tasks.get(output.rid) ?? []
        this.#tasks.set(output.rid, tasks)
        tasks.push({ task: output, begun: false })
        break
      }
    }
  }
}

function testimonyOf(claim: Claim, records: readonly ReceivedRecord[]): readonly Testimony[] {
  const testimony = testify(claim, newestRecords(records))
  return testimony === null ? [] : [testimony]
}

function received(bytes: Uint8Array): ReceivedRecord {
  const record = decodeRecord(bytes)
  if (!record.ok) throw new Error('a stage holds a record that cannot be read')
  return { record: record.value, bytes }
}

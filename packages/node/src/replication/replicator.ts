/**
 * The shell around the replication machine: it carries messages, keeps stages on disk, and commits claimed ranges
 * through the ledger. It decides nothing.
 */
import {
  type AlarmCode,
  type Claim,
  claimedByAny,
  type Cut,
  createReplication,
  createWriter,
  encodeRid,
  encodeShopId,
  equalsPeer,
  failure,
  finish,
  hasPassed,
  holdsAllOf,
  holdsAllSentBy,
  isHeldBy,
  isMerged,
  isProof,
  limits,
  type Message,
  parseBytes,
  type Reader,
  readBytes,
  readHoldings,
  readList,
  type ReceivedRecord,
  type RecordSource,
  type Result,
  type Replication,
  type ReplicationInput,
  type ReplicationOutput,
  type Rid,
  type ShopId,
  type SkuKey,
  decodeRecord,
  decodeRid,
  decodeShopId,
  type Stage,
  stepReplication,
  success,
  takeTestimonies,
  unreachable,
  writeBytes,
  writeList,
} from '@stockmesh/protocol'
import type { Merged } from '../ledger/batch.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { parseStageRow, stageRow } from '../ledger/rows.ts'
import type { Cancel, Clock, Timers } from '../ports.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, firstBytes, prefixRange } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import { HistoryExchange } from './history-exchange.ts'

/** A session with a member, as replication needs it. */
export interface ReplicationPeer {
  readonly shopId: ShopId
  send(message: Message): void
  close(code: string, text: string): void
}

export interface ReplicationAlarm {
  readonly code: AlarmCode
  readonly peer: ShopId
  readonly rid: Rid
  /** With `fork`, once it is merged: SKUs of which something may be lost. */
  readonly doubtful?: readonly SkuKey[]
}

export type HelloFacts = Extract<ReplicationInput, { type: 'opened' }>['hello']

const tickMs = limits.haveIntervalMs
const memberClaimsEveryMs = 5_000

export class Replicator implements AsyncDisposable {
  readonly #ledger: Ledger
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #hello: HelloFacts
  readonly #machine: Replication
  readonly #source: RecordSource
  readonly #history: HistoryExchange
  readonly #peers = new Map<ShopId, ReplicationPeer>()
  /** Commits and stages of one replica happen one after the other. */
  readonly #inOrder = new Map<Rid, Promise<void>>()
  /** What each member claimed when last heard, kept over restarts. */
  readonly #memberClaims: Map<ShopId, Map<Rid, number>>
  readonly #unsaved = new Map<ShopId, Set<Rid>>()
  /** Replicas with chunks on disk. */
  readonly #staged: Set<Rid>
  readonly #onAlarm: (alarm: ReplicationAlarm) => void
  readonly #unsubscribe: () => void
  #cancelTick: Cancel
  #savedAt: number
  #closed = false

  private constructor(parts: {
    ledger: Ledger
    storage: Storage
    clock: Clock
    timers: Timers
    self: ShopId
    hello: HelloFacts
    signatures: Pick<RecordSource, 'isSigned'>
    stages: ReadonlyMap<Rid, Stage>
    memberClaims: Map<ShopId, Map<Rid, number>>
    onAlarm: (alarm: ReplicationAlarm) => void
  }) {
    this.#ledger = parts.ledger
    this.#storage = parts.storage
    this.#clock = parts.clock
    this.#timers = parts.timers
    this.#hello = parts.hello
    this.#memberClaims = parts.memberClaims
    this.#staged = new Set(parts.stages.keys())
    this.#onAlarm = parts.onAlarm
    this.#savedAt = parts.clock.now()
    const damaged = new Map([...parts.ledger.suspects].map(([rid, { high }]) => [rid, isMerged(high) ? 0 : high]))
    this.#machine = createReplication(parts.self, parts.ledger.claims(), damaged, parts.stages)
    const { ledger, storage, clock } = parts
    this.#source = {
      read: readHoldings(ledger.holdings, (rid) => ledger.isAhead(rid)),
      testimonies: (rid) => (ledger.isAhead(rid) ? [] : (ledger.holdings.testimonies.get(rid) ?? [])),
      history: (rid, above) => ledger.recentHistory(rid, above),
      isSigned: (rid, claim) => parts.signatures.isSigned(rid, claim),
    }
    this.#history = new HistoryExchange({
      ledger,
      storage,
      clock,
      claimed: (peer, rid) => this.#machine.peers.get(peer)?.claims.get(rid)?.high ?? 0,
      send: (peer, message) => this.#peers.get(peer)?.send(message),
    })
    this.#unsubscribe = parts.ledger.subscribe(({ claims }) => {
      if (claims.length > 0) this.#step({ type: 'committed', claims, now: this.#clock.now() })
    })
    this.#cancelTick = parts.timers.after(tickMs, () => this.#tick())
  }

  static async open(parts: {
    ledger: Ledger
    storage: Storage
    clock: Clock
    timers: Timers
    self: ShopId
    hello: HelloFacts
    signatures: Pick<RecordSource, 'isSigned'>
    onAlarm: (alarm: ReplicationAlarm) => void
  }): Promise<Replicator> {
    const stages = new Map<Rid, Stage>()
    for await (const entry of parts.storage.scan(prefixRange(tables.stage))) {
      const { rid, stage } = parseStageRow(entry)
      stages.set(rid, stage)
    }
    const memberClaims = new Map<ShopId, Map<Rid, number>>()
    for await (const [key, value] of parts.storage.scan(prefixRange(tables.memberClaim))) {
      const shop = decodeShopId(firstBytes(key))
      const rid = decodeRid(key.subarray(key.length - 24))
      claimsOf(memberClaims, shop).set(rid, decodeJson<number>(value))
    }
    return new Replicator({ ...parts, stages, memberClaims })
  }

  open(peer: ReplicationPeer): void {
    this.#peers.set(peer.shopId, peer)
    claimsOf(this.#memberClaims, peer.shopId)
    this.#step({ type: 'opened', peer: peer.shopId, hello: this.#hello })
  }

  close(shop: ShopId): void {
    if (!this.#peers.delete(shop)) return
    this.#history.close(shop)
    this.#step({ type: 'closed', peer: shop, now: this.#clock.now() })
  }

  receive(shop: ShopId, message: Message): void {
    this.#step({ type: 'received', peer: shop, message, now: this.#clock.now() })
    if (message.type === 'have' || message.type === 'hello') this.#remember(shop)
    this.#history.receive(shop, message)
  }

  /** Members present and past: only their replicas are taken, and those of removed ones as far as the cuts go. */
  setShops(shops: ReadonlySet<ShopId>, cuts: ReadonlyMap<ShopId, Cut>): void {
    this.#step({ type: 'members', shops, cuts, now: this.#clock.now() })
  }

  /** What is held durably, by replica. */
  get held(): ReadonlyMap<Rid, Claim> {
    return this.#machine.claims
  }

  /** Replicas that this process writes are never pulled. */
  setWritten(rid: Rid): void {
    this.#step({ type: 'written', rid })
  }

  /** This process will write under it no more; what others hold of it is taken. */
  release(rid: Rid): void {
    this.#step({ type: 'released', rid, now: this.#clock.now() })
  }

  /** Whether all claims of a connected peer are known. */
  hasHeard(shop: ShopId): boolean {
    return this.#machine.peers.get(shop)?.complete === true
  }

  /** The highest claim of a replica that a connected peer has shown or its shop signed; 0 where there is none. */
  claimedOf(rid: Rid): number {
    return claimedByAny(this.#machine, rid)
  }

  /** Whether everything that a connected peer claims is held here. */
  holdsAllOf(shop: ShopId): boolean {
    return holdsAllOf(this.#machine, shop)
  }

  /** As above, but for what this process writes itself and may have forgotten. */
  holdsAllSentBy(shop: ShopId): boolean {
    return holdsAllSentBy(this.#machine, shop)
  }

  /** Whether a connected peer claims everything that is held here. */
  isHeldBy(shop: ShopId): boolean {
    return isHeldBy(this.#machine, shop)
  }

  /** What a member claims of a replica, by what was last heard; null if the member was never heard. */
  claimsOf(shop: ShopId): ReadonlyMap<Rid, number> | null {
    return this.#memberClaims.get(shop) ?? null
  }

  /** Whether a connected peer's claims equal ours, digests included. */
  equals(shop: ShopId): boolean {
    return equalsPeer(this.#machine, shop)
  }

  /** What was received or announced and is not committed: staged records, and replicas of which more is known. */
  get pendingIn(): number {
    let staged = 0
    for (const stage of this.#machine.stages.values()) staged += stage.records
    const ahead = new Set<Rid>()
    for (const peer of this.#machine.peers.values()) {
      for (const [rid, { high }] of peer.claims) if (high > (this.#machine.claims.get(rid)?.high ?? 0)) ahead.add(rid)
    }
    return staged + ahead.size
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#cancelTick()
    this.#unsubscribe()
    await Promise.all(this.#inOrder.values())
    await this.#history[Symbol.asyncDispose]()
  }

  #tick(): void {
    if (this.#closed) return
    this.#step({ type: 'tick', now: this.#clock.now() })
    this.#history.ask()
    this.#saveMemberClaims()
    this.#cancelTick = this.#timers.after(tickMs, () => this.#tick())
  }

  #step(input: ReplicationInput): void {
    if (this.#closed) return
    for (const output of stepReplication(this.#machine, input, this.#source)) this.#perform(output)
  }

  #perform(output: ReplicationOutput): void {
    switch (output.type) {
      case 'send':
        this.#peers.get(output.peer)?.send(output.message)
        break
      case 'close':
        this.#peers.get(output.peer)?.close(output.code, output.text)
        break
      case 'alarm':
        this.#onAlarm(output)
        break
      case 'stage':
        this.#enqueue(output.rid, () => this.#stage(output))
        break
      case 'commit':
        this.#enqueue(output.rid, () => this.#commit(output))
        break
      case 'commit-merged':
        this.#enqueue(output.rid, () => this.#commitMerged(output))
        break
      case 'drop-stage':
        this.#enqueue(output.rid, async () => {
          const drops = await this.#stageDrops(output.rid)
          if (drops.length > 0) await this.#storage.write(drops)
        })
        break
      default:
        unreachable(output)
    }
  }

  #enqueue(rid: Rid, work: () => Promise<void>): void {
    const before = this.#inOrder.get(rid) ?? Promise.resolve()
    const after = before.then(work).catch(() => {
      // A failed write ends the ledger, which tells its owner; nothing of this replica may follow.
    })
    this.#inOrder.set(rid, after)
    void after.then(() => {
      if (this.#inOrder.get(rid) === after) this.#inOrder.delete(rid)
    })
  }

  async #stage(output: Extract<ReplicationOutput, { type: 'stage' }>): Promise<void> {
    const { rid, stage, records } = output
    const writer = createWriter()
    writeList(writer, records, writeBytes)
    const key = encodeKey(tables.staged, encodeRid(rid), stage.through)
    this.#staged.add(rid)
    await this.#storage.write([put(key, finish(writer)), stageRow(rid, stage)])
    this.#step({ type: 'kept', peer: output.peer, rid, index: output.index })
  }

  async #commit(output: Extract<ReplicationOutput, { type: 'commit' }>): Promise<void> {
    const { peer, rid, index, claim, history } = output
    const suspect = this.#ledger.suspects.get(rid)
    // Of what was damaged on disk all is taken anew.
    const fresh = output.fresh || suspect !== undefined
    const staged = await this.#readStage(rid)
    const drops = await this.#stageDrops(rid)
    const records = staged.length === 0 ? output.records : [...staged, ...output.records]
    const result = await this.#ledger.commit((draft) => {
      for (const drop of drops) draft.put(drop)
      return draft.receive({ rid, records, claim, fresh, history, damaged: suspect?.rows ?? null })
    })
    if (!result.ok) return this.#step({ type: 'refused', peer, rid, fresh: output.fresh, now: this.#clock.now() })
    this.#step({ type: 'kept', peer, rid, index })
    if (result.value !== null) this.#onAlarm({ code: 'fork', peer, rid, doubtful: result.value.doubtful })
  }

  async #commitMerged(output: Extract<ReplicationOutput, { type: 'commit-merged' }>): Promise<void> {
    const { peer, rid, index, claim, isWritten } = output
    const sheets = [...(await this.#readSheets(rid)), output.sheet]
    const drops = await this.#stageDrops(rid)
    const { hashes } = this.#ledger.holdings
    const taken = takeTestimonies(rid, sheets, hashes, (of, signed) => this.#source.isSigned(of, signed))
    const result = await this.#ledger.commit((draft): Result<Merged | null> => {
      for (const drop of drops) draft.put(drop)
      if (!taken.ok) return taken
      const shown = { rid, claim, testimonies: taken.value }
      if (!isProof(hashes, shown)) return failure('digest-mismatch', `The histories of ${rid} are not what is claimed.`)
      if (isWritten) return success({ doubtful: [] })
      return success(draft.receiveMerged({ ...shown, damaged: this.#ledger.suspects.get(rid)?.rows ?? null }))
    })
    this.#step({
      type: 'shown',
      peer,
      rid,
      index,
      digest: claim.digest,
      isProof: result.ok,
      now: this.#clock.now(),
    })
    if (result.ok && result.value !== null) this.#onAlarm({ code: 'fork', peer, rid, doubtful: result.value.doubtful })
  }

  async #readStage(rid: Rid): Promise<ReceivedRecord[]> {
    const records: ReceivedRecord[] = []
    for (const bytes of (await this.#readSheets(rid)).flat()) {
      const record = decodeRecord(bytes)
      if (record.ok) records.push({ record: record.value, bytes })
    }
    return records
  }

  async #readSheets(rid: Rid): Promise<(readonly Uint8Array[])[]> {
    const sheets: (readonly Uint8Array[])[] = []
    if (!this.#staged.has(rid)) return sheets
    for await (const [, value] of this.#storage.scan(prefixRange(tables.staged, encodeRid(rid)))) {
      const chunk = parseBytes(value, readStaged)
      if (!chunk.ok) throw new Error(chunk.message)
      sheets.push(chunk.value)
    }
    return sheets
  }

  async #stageDrops(rid: Rid): Promise<ReturnType<typeof del>[]> {
    const drops: ReturnType<typeof del>[] = []
    if (!this.#staged.delete(rid)) return drops
    for await (const [key] of this.#storage.scan(prefixRange(tables.staged, encodeRid(rid)))) drops.push(del(key))
    if (drops.length > 0) drops.push(del(encodeKey(tables.stage, encodeRid(rid))))
    return drops
  }

  #remember(shop: ShopId): void {
    const heard = this.#machine.peers.get(shop)
    if (heard === undefined) return
    const known = claimsOf(this.#memberClaims, shop)
    for (const [rid, claim] of heard.claims) {
      if (known.get(rid) === claim.high) continue
      // A member that speaks of others in each session would be remembered without limit.
      if (!known.has(rid) && known.size >= limits.replicasMax) continue
      known.set(rid, claim.high)
      const unsaved = this.#unsaved.get(shop) ?? new Set()
      this.#unsaved.set(shop, unsaved.add(rid))
    }
  }

  /** What members claim is a convenience for people; a crash that loses the last seconds of it costs nothing. */
  #saveMemberClaims(): void {
    const now = this.#clock.now()
    if (!hasPassed(memberClaimsEveryMs, this.#savedAt, now) || this.#unsaved.size === 0) return
    this.#savedAt = now
    const operations = [...this.#unsaved].flatMap(([shop, rids]) =>
      [...rids].map((rid) =>
        put(
          encodeKey(tables.memberClaim, encodeShopId(shop), encodeRid(rid)),
          encodeJson(this.#memberClaims.get(shop)?.get(rid) ?? 0),
        ),
      ),
    )
    this.#unsaved.clear()
    void this.#storage.write(operations).catch(() => undefined)
  }
}

function readStaged(reader: Reader): Uint8Array[] {
  return readList(reader, limits.chunkRecordsMax, (from) => readBytes(from, limits.frameBytesMax))
}

function claimsOf(claims: Map<ShopId, Map<Rid, number>>, shop: ShopId): Map<Rid, number> {
  let known = claims.get(shop)
  if (known === undefined) {
    known = new Map()
    claims.set(shop, known)
  }
  return known
}

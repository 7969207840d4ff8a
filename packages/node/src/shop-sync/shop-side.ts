/**
 * This node's side towards its own shop, put together: the book, the import, and the two loops that read the shop and
 * write to it. It owns the loops and ends them.
 */
import {
  type Membership,
  type NetworkId,
  type Result,
  type ResumePreview,
  type Rid,
  type ShopId,
  type SkuKey,
  type WithheldSku,
} from '@stockmesh/protocol'
import { Lane } from '../lane.ts'
import type { LedgerConnector } from '../connectors/connector.ts'
import type { Committed, Draft, Ledger } from '../ledger/ledger.ts'
import type { Clock, Random, Timers } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import { Adjuster } from './adjuster.ts'
import { Book, type Offset } from './book.ts'
import { feedRid, Follower } from './follower.ts'
import { ShopHealth } from './health.ts'
import { HeldChanges } from './held-changes.ts'
import type { HoldRules } from './hold-rules.ts'
import { ImportNotes } from './import-notes.ts'
import { UnclearSkus } from './unclear-skus.ts'
import { ImportPreviews } from './import-preview.ts'
import { ImportStore, unknownWriting } from './import-state.ts'
import { ImportUndo } from './import-undo.ts'
import { ImportWords } from './import-words.ts'
import { Importer } from './importer.ts'
import { MemberWatch } from './member-watch.ts'
import { Observation, type Observed } from './observation.ts'
import { PauseStore } from './pause-state.ts'
import { Recovery, type Witnesses } from './recovery.ts'
import { readResumePreview } from './resume-preview.ts'
import { Settler } from './settler.ts'
import { ShopLoop } from './shop-loop.ts'
import { ShopWork } from './shop-work.ts'
import type { GuardedRules } from './situation.ts'

export interface ShopSideParts {
  readonly storage: Storage
  readonly ledger: Ledger
  readonly connector: LedgerConnector
  readonly self: ShopId
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly rules: GuardedRules
  readonly holds: HoldRules
  readonly membership: Membership
  /** null while there is none to read the shop for. */
  readonly network: () => NetworkId | null
  /** Whether the network's numbers are this shop's concern at all. */
  readonly mayWrite: () => boolean
  /** Somebody stopped the writing to all shops: what is to be adjusted waits. */
  readonly isStopped: () => boolean
  readonly holdsAllOf: (member: ShopId) => boolean
  /** Whether a replica has two histories, so that the feed must get another one. */
  readonly isForked: (rid: Rid) => boolean
  readonly onAttached: (rid: Rid) => void
  readonly onDetached: (rid: Rid) => void
  readonly witnesses: Witnesses
  /** The highest claim of a replica among the connected members. */
  readonly claimedElsewhere: (rid: Rid) => number
  readonly onImported: (products: number) => void
  /** What this node did after its backup is known again, so that every SKU can be decided on. */
  readonly onRecovered: () => void
  /** Something that the pages show has changed. */
  readonly onChange: () => void
  /** These SKUs stand differently, though nothing of them was committed. */
  readonly onStates: (keys: readonly SkuKey[]) => void
  /** A loop ended for a reason that is not the shop's: the node must be loaded anew. */
  readonly onFailure: (error: unknown) => void
}

/** What is on disk of the shop side. */
interface Kept {
  readonly book: Book
  readonly recovery: Recovery
  readonly store: ImportStore
  readonly notes: ImportNotes
  readonly pauses: PauseStore
  readonly held: HeldChanges
  readonly watch: MemberWatch
  readonly unclear: UnclearSkus
}

export class ShopSide implements AsyncDisposable {
  readonly book: Book
  readonly health: ShopHealth
  readonly importer: Importer
  readonly words: ImportWords
  readonly previews: ImportPreviews
  readonly notes: ImportNotes
  /** SKUs that a person has to count. */
  readonly unclear: UnclearSkus
  readonly undo: ImportUndo
  readonly adjuster: Adjuster
  readonly recovery: Recovery
  readonly #store: ImportStore
  readonly #loop: ShopLoop
  readonly #observation: Observation
  readonly #ledger: Ledger
  readonly #mayWrite: () => boolean
  readonly #connector: LedgerConnector
  readonly #clock: Clock
  readonly #onChange: () => void
  readonly #onStates: (keys: readonly SkuKey[]) => void
  readonly #onRules: () => void
  readonly #pauses: PauseStore
  readonly #held: HeldChanges
  readonly #watch: MemberWatch
  readonly #work: ShopWork
  readonly #unsubscribe: () => void
  #isAside = false
  /** Pauses and resumes one after the other. */
  readonly #turns = new Lane()
  #preview: Promise<ResumePreview> | null = null

  static async open(parts: ShopSideParts): Promise<ShopSide> {
    const book = await Book.open(parts.storage, parts.ledger.holdings)
    const recovery = await Recovery.open({ ...parts, book, onOver: parts.onRecovered })
    const store = await ImportStore.open(parts.storage)
    const { state, undo } = store.record
    // What an import or its undoing did after the backup is not in its notes.
    if (recovery.isOpen && (state === 'running' || undo?.state === 'running')) {
      await parts.ledger.commit((draft) => store.set(draft, unknownWriting(store.record)))
    }
    const isAtWork = state === 'running' || undo !== null
    const notes = await ImportNotes.open(parts.storage, () => store.record.notes, isAtWork)
    const pauses = await PauseStore.open(parts.storage)
    const held = await HeldChanges.open(parts.storage, { ...parts, book })
    const unclear = await UnclearSkus.open(parts.storage, parts.ledger, book)
    const side: { shop: ShopSide | null } = { shop: null }
    const watch = await MemberWatch.open({
      ...parts,
      book,
      isImported: () => store.record.state === 'done',
      onDue: (keys) => side.shop?.due(keys),
    })
    side.shop = new ShopSide(parts, { book, recovery, store, notes, pauses, held, watch, unclear })
    return side.shop
  }

  private constructor(parts: ShopSideParts, { book, recovery, store, notes, pauses, held, watch, unclear }: Kept) {
    const { ledger, connector, self, clock, timers, random, rules } = parts
    this.book = book
    this.recovery = recovery
    this.notes = notes
    this.#store = store
    this.#ledger = ledger
    this.#mayWrite = parts.mayWrite
    this.#connector = connector
    this.#clock = clock
    this.#onChange = parts.onChange
    this.#onStates = parts.onStates
    this.#onRules = parts.onRecovered
    this.#pauses = pauses
    this.#held = held
    this.#watch = watch
    this.unclear = unclear
    this.health = new ShopHealth(clock, parts.onChange)
    const gate = {
      feedRid: () => (book.feed === null ? null : feedRid(self, book.feed)),
      writable: (key: SkuKey) => this.mayDecide(key),
      importing: () => store.record.state !== 'done',
      isOfImport: (key: SkuKey) => this.importer.isOpen(key),
    }
    const settler = new Settler({ book, self, clock, random, rules, membership: parts.membership, gate, notes })
    const { health } = this
    const isStopped = (): boolean => parts.isStopped() || store.record.held
    const around = { health, recovery, clock, random, timers, isStopped, unclear }
    this.adjuster = new Adjuster({ ledger, book, settler, notes, connector, ...around })
    const onDone = (): void => {
      if (store.record.state === 'ready') this.importer.forget()
      void this.#rest().catch(parts.onFailure)
    }
    this.undo = new ImportUndo({ ledger, book, store, notes, self, clock, timers, onDone })
    this.importer = new Importer({
      ledger,
      book,
      store,
      adjuster: this.adjuster,
      settler,
      connector,
      clock,
      self,
      rules,
      membership: parts.membership,
      isPaused: () => this.isPaused,
      holdsAllOf: parts.holdsAllOf,
      onChange: parts.onChange,
      onFinish: (draft) => watch.approveAll(draft),
      onDone: parts.onImported,
      undo: () => this.undo.answer(),
      takenBack: () => this.undo.done,
    })
    this.previews = new ImportPreviews({ ledger, book, self, rules, clock, membership: parts.membership })
    this.words = new ImportWords({
      ledger,
      store,
      pauses,
      clock,
      importer: this.importer,
      previews: this.previews,
      undo: this.undo,
      inTurn: (step) => this.#inTurn(step),
      rest: () => this.#work.rest(),
      onChange: () => this.#tellRules(),
    })
    const isRelisting = (): boolean => store.record.relisting
    this.#observation = new Observation({ self, ledger, book, connector, isRelisting, timers })
    const follower = new Follower({
      ledger,
      book,
      settler,
      notes,
      connector,
      membership: parts.membership,
      self,
      clock,
      timers,
      held,
      unclear,
      rules,
      isRelisting: () => this.importer.record.relisting,
      onRows: (keys) => this.#retry(keys),
      claimedElsewhere: parts.claimedElsewhere,
    })
    this.#loop = new ShopLoop({
      ledger,
      book,
      importer: this.importer,
      follower,
      connector,
      health: this.health,
      self,
      network: parts.network,
      isForked: parts.isForked,
      onAttached: parts.onAttached,
      onDetached: parts.onDetached,
      onBack: () => this.adjuster.tryAgain(),
      recovery,
      random,
      timers,
    })
    const unsubscribe = ledger.subscribe((committed) => this.#hear(committed))
    const undecide = ledger.decideWith((draft, keys) => this.adjuster.decide(draft, keys))
    this.#unsubscribe = () => {
      unsubscribe()
      undecide()
    }
    if (book.feed !== null) parts.onAttached(feedRid(self, book.feed))
    this.#work = new ShopWork([this.#loop, this.adjuster, this.undo], parts.onFailure)
    if (!this.#isAtRest) this.#work.start()
  }

  /** Whether baselines may be created and numbers written to the shop. */
  get writable(): boolean {
    return this.#store.writable && this.#mayWrite() && !this.recovery.isOpen && !this.undo.isInForce
  }

  /** Whether a SKU may be decided on: all that is known of it is held, and no story of it is about to come. */
  mayDecide(key: SkuKey): boolean {
    return this.writable && !this.#ledger.isDoubtful(key) && !this.#watch.isAwaited(key)
  }

  /** There may be something to read: a network was entered, an import begun, or the shop hints at a change. */
  wake(): void {
    this.#loop.wake()
    this.#connector.hint?.()
  }

  /** Where a person mends a product in the shop itself; null where no address is known. */
  adminUrlOf(productId: string): string | null {
    return this.#connector.adminUrl?.(productId) ?? null
  }

  /** Whether a person paused the shop: nothing is read from it or written to it. */
  get isPaused(): boolean {
    return this.#pauses.since !== null
  }

  /** Whether another process of this shop is its node: then this one neither reads the shop nor writes to it. */
  get isAside(): boolean {
    return this.#isAside
  }

  /** Resolves when no call to the shop is under way any more, or when they go on; with whether that is a change. */
  async standAside(isAside: boolean): Promise<boolean> {
    const isChange = isAside !== this.#isAside
    this.#isAside = isAside
    if (isChange) await this.#turns.run(() => this.#restOrWork())
    return isChange
  }

  /** In milliseconds since 1970; null while the shop takes part. */
  get pausedSince(): number | null {
    return this.#pauses.since
  }

  /** Durable first, so that a node that dies on the way stays paused; resolves when no call is under way any more. */
  async pause(): Promise<void> {
    await this.#turns.run(async () => {
      if (!this.isPaused) await this.#ledger.commit((draft) => this.#pauses.set(draft, this.#clock.now()))
      await this.#restOrWork()
      // A shop that is left alone cannot be out of reach.
      this.health.forget('read')
      this.health.forget('adjust')
    })
    this.#onChange()
  }

  /** The feed is followed from where it was left: what was sold meanwhile comes in row by row, each change once. */
  async resume(): Promise<void> {
    await this.#turns.run(async () => {
      if (this.isPaused) await this.#ledger.commit((draft) => this.#endPause(draft))
      await this.#restOrWork()
      this.#onRules()
    })
    this.#onChange()
  }

  /** What changed in the shop since the pause began; callers at the same time share one reading. */
  async previewResume(): Promise<ResumePreview> {
    this.#preview ??= readResumePreview(this.book, this.#connector, this.#work.life).finally(() => {
      this.#preview = null
    })
    return await this.#preview
  }

  /** These SKUs need not wait any more for what was to be told of them. */
  due(keys: readonly SkuKey[]): void {
    this.#onStates(keys)
    this.adjuster.mark(keys)
  }

  /** There may be something to decide about these SKUs: at the start, and when what this shop shows of a level changed. */
  decide(keys: Iterable<SkuKey>): void {
    this.adjuster.mark(keys)
  }

  /** Conditions of the import that lie outside the shop may have changed. */
  async advance(): Promise<void> {
    if (this.importer.record.state !== 'idle' && !this.#work.life.aborted) await this.importer.advance()
  }

  /** Waits until all that the shop did before now is read, and answers how far that was. Error: `shop-unreachable`. */
  async observe(): Promise<Result<Observed>> {
    return await this.#observation.observe(this.#work.stop)
  }

  /** "Use the network": the shop takes the network's numbers. `seen`: a difference that has changed since stays. */
  async useNetwork(seen: ReadonlyMap<SkuKey, Offset>): Promise<void> {
    await this.#ledger.commit((draft) => this.#held.reject(draft, seen))
  }

  /** "Count them in": the differences that waited are published as this shop's own changes; `seen` as above. */
  async countIn(seen: ReadonlyMap<SkuKey, Offset>): Promise<void> {
    await this.#ledger.commit((draft) => this.#held.approve(draft, seen))
  }

  /** This shop goes by a mass change of another one; `seen`: what has changed since stays withheld. */
  async approveMember(member: ShopId, seen: ReadonlyMap<SkuKey, WithheldSku>): Promise<void> {
    await this.#ledger.commit((draft) => this.#watch.approve(draft, member, seen))
  }

  /** What a person decided on is no reason to withhold what that shop does next. */
  forgetChangesOf(draft: Draft, member: ShopId): void {
    this.#watch.forget(draft, member)
  }

  /** The shop refused these SKUs, or is to be asked again. */
  retry(keys: readonly SkuKey[]): void {
    this.#retry(new Set(keys))
    this.#loop.wake()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unsubscribe()
    this.#watch[Symbol.dispose]()
    await this.recovery[Symbol.asyncDispose]()
    await this.#work[Symbol.asyncDispose]()
  }

  async #restOrWork(): Promise<void> {
    if (this.#isAtRest) await this.#work.rest()
    else this.#work.start()
  }

  /** A paused shop is left alone once all that an import did is taken back. */
  get #isAtRest(): boolean {
    return (this.isPaused && (!this.undo.isRunning || this.undo.isCancelling)) || this.#isAside
  }

  async #rest(): Promise<void> {
    await this.#inTurn(() => Promise.resolve())
    this.#tellRules()
  }

  async #inTurn<T>(step: () => Promise<T>): Promise<T> {
    return await this.#turns.run(async () => {
      const done = await step()
      await this.#restOrWork()
      return done
    })
  }

  #tellRules(): void {
    this.#onRules()
    this.#onChange()
  }

  /** A shop whose import was taken back takes the network's numbers once more, so that this can be undone as well. */
  #endPause(draft: Draft): void {
    this.#pauses.set(draft, null)
    if (this.#store.record.undo?.state !== 'done') return
    this.notes.forget(draft)
    this.importer.again(draft)
  }

  #retry(keys: ReadonlySet<SkuKey>): void {
    const freed = [...keys].filter((key) => this.adjuster.forgetRefusal(key))
    // Before anything else happens: what is not refused any more is open work, and the node is not in step.
    if (freed.length > 0) this.#onStates(freed)
    this.adjuster.mark(keys)
  }

  #hear(committed: Committed): void {
    this.adjuster.hear(committed.keys)
    const solved = this.unclear.solve(committed)
    if (solved.length > 0) this.retry(solved)
    this.importer.hear(committed)
    this.previews.hear(committed)
    this.undo.wake()
  }
}

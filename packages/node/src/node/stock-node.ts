/**
 * One life of a node in one network: everything between its database, its shop and the other shops. It ends when the
 * node stops, when this shop leaves or enters another network, or when memory may be ahead of the disk; its owner
 * then opens the next one.
 */
import { versions } from 'node:process'
import { type Membership, type NetworkId, type ShopId, shopOfRid, type SkuKey } from '@stockmesh/protocol'
import { type ClaimSeal, type Committed, Ledger } from '../ledger/ledger.ts'
import { HistorySweep } from '../ledger/history-sweep.ts'
import { Receipts } from '../ledger/receipts.ts'
import { NetworkSide } from '../network/network-side.ts'
import type { OwnPresence } from '../network/presence.ts'
import type { Clock } from '../ports.ts'
import { ClaimSignatures } from '../replication/claim-signatures.ts'
import { type ReplicationAlarm, Replicator } from '../replication/replicator.ts'
import { readFeed } from '../shop-sync/book.ts'
import { feedRid } from '../shop-sync/follower.ts'
import { forgetFeed } from '../shop-sync/forget-feed.ts'
import { MembersInReach } from '../shop-sync/members-in-reach.ts'
import { PartitionGuard } from '../shop-sync/partition-guard.ts'
import { ShopSide } from '../shop-sync/shop-side.ts'
import { guardedRules } from '../shop-sync/situation.ts'
import { readRestoredMark } from '../storage/restored-mark.ts'
import { LogReader } from '../views/log-reader.ts'
import { Problems, type WrongClock } from '../views/problems.ts'
import { StockIndex } from '../views/stock-index.ts'
import { AlarmBook, type Raised } from './alarm-book.ts'
import { AlarmLog } from './alarm-log.ts'
import { Goodbye } from './goodbye.ts'
import { answerMember } from './member-answers.ts'
import { CountedTogetherWatch } from './counted-together-watch.ts'
import { Dismissals } from './dismissals.ts'
import { bindToNetwork } from './network-binding.ts'
import { bindToPlatform } from './platform-binding.ts'
import { SharedEvents } from './shared-events.ts'
import { release } from './release.ts'
import type { AlertDesk, StockNodeParts } from './stock-node-parts.ts'

export class StockNode implements AsyncDisposable {
  readonly self: ShopId
  readonly ledger: Ledger
  readonly replicator: Replicator
  readonly network: NetworkSide
  readonly shop: ShopSide
  readonly guard: PartitionGuard
  readonly index: StockIndex
  readonly log: LogReader
  readonly problems: Problems
  readonly counted: CountedTogetherWatch
  readonly dismissals: Dismissals
  readonly alerts: AlertDesk
  readonly alarms: AlarmBook
  /** Answers of calls that must not happen twice, kept with what they did. */
  readonly receipts: Receipts
  readonly goodbye: Goodbye
  readonly #bind: () => Promise<unknown>
  readonly #membership: Membership
  readonly #clock: Clock
  readonly #events: SharedEvents
  readonly #sweep: HistorySweep
  readonly #onChange: () => void
  readonly #stateListeners = new Set<(keys: Iterable<SkuKey>) => void>()
  #lastChangeAt: number | null = null

  /** What was opened when something failed is closed again: nobody would, and it would go on talking to others. */
  static async open(parts: StockNodeParts): Promise<StockNode> {
    const opened: AsyncDisposable[] = []
    try {
      return await StockNode.#open(parts, opened)
    } catch (error) {
      for (const one of opened) await one[Symbol.asyncDispose]()
      throw error
    }
  }

  static async #open(parts: StockNodeParts, opened: AsyncDisposable[]): Promise<StockNode> {
    const { storage, identity, clock, timers, random, dial, readPage, openChannel } = parts
    const bound = await bind(parts)
    const self = identity.shopId
    const side: { network: NetworkSide | null } = { network: null }
    const signatures = new ClaimSignatures(identity, () => ({
      // A life in which another network is entered ends in the one that it began in.
      id: bound ?? side.network?.network ?? null,
      keyOf: (shop) => side.network?.membership.keyOf(shop) ?? null,
    }))
    const seal: ClaimSeal = { hashes: parts.hashes, sign: (rid, claim) => signatures.sign(rid, claim) }
    let ledger = await Ledger.open(storage, clock, random, self, seal)
    if (ledger.suspects.size > 0) parts.onAlarm('records-damaged', { replicas: [...ledger.suspects.keys()] })
    if (await forgetFeed(storage, self, ledger.suspects.keys(), clock, parts.hashes)) {
      ledger = await Ledger.open(storage, clock, random, self, seal)
    }
    ledger.failed.catch((error: unknown) => parts.onRenew(error))
    const { startedAt } = parts
    const hello = { release, unicode: versions.unicode ?? '', processId: random.bytes(16), startedAt }
    const restored = await readRestoredMark(storage)
    const alarms = new AlarmBook(ledger, clock)
    await alarms.load(storage)
    const life: { node: StockNode | null } = { node: null }
    const alarmLog = new AlarmLog(clock, parts.onAlarm)
    const raise = (alarm: Raised): void => {
      if (alarmLog.tell(alarm, alarms.note(alarm))) life.node?.changed()
    }
    const onAlarm = ({ code, peer, rid, doubtful = [] }: ReplicationAlarm): void => {
      // That others know more of this shop is what a restored node is told, and finds out by itself.
      const isRecovering = life.node === null ? restored !== null : life.node.shop.recovery.isOpen
      if (code === 'rolled-back' && isRecovering) return
      // Of an id of which others have more than was issued nobody would take what is written from now on.
      if (code === 'fork' || code === 'rolled-back') ledger.renewRid(rid)
      raise({ code, peer, shop: shopOfRid(rid), about: rid, keys: doubtful })
      if (shopOfRid(rid) === self) life.node?.shop.wake()
    }
    const replicator = await Replicator.open({ ledger, storage, clock, timers, self, hello, signatures, onAlarm })
    opened.unshift(replicator)
    ledger.onOwnRid((rid) => replicator.setWritten(rid))
    // Before anybody is connected: what others hold of the feed is read from the feed, never taken from them.
    const feed = await readFeed(storage)
    if (feed !== null) replicator.setWritten(feedRid(self, feed))
    const changed = (): void => life.node?.changed()
    const network = await NetworkSide.open({
      storage,
      identity,
      replicator,
      clock,
      timers,
      random,
      dial,
      readPage,
      openChannel,
      name: parts.name,
      url: parts.url,
      importDone: () => life.node?.shop.importer.record.state === 'done',
      onEntered: () => parts.onRenew(null),
      onChange: changed,
      onFailure: parts.onRenew,
      answer: async (asker, about, key) =>
        life.node === null ? '{}' : await answerMember(life.node, asker, about, key),
      startedAt,
      onTwoProcesses: (shop, by, earlier) => {
        raise({ code: 'runs-twice', peer: by, shop, about: `${shop} ${earlier}` })
      },
      onStanding: () => void life.node?.stand().catch(parts.onRenew),
      onStopAll: () => life.node?.decideAnew(),
      onGuardTerms: () => {
        life.node?.guard.wake()
        changed()
      },
      presence: () => life.node?.presence() ?? { import: { state: 'idle', done: 0, total: 0 }, shopState: 'idle' },
    })
    side.network = network
    opened.unshift(network)
    const members = (): readonly ShopId[] => network.members.map((member) => member.shopId)
    const others = (): readonly ShopId[] => members().filter((member) => member !== self)
    const membership = { members, inStepWithAll: () => others().every((member) => replicator.equals(member)) }
    const guard = await PartitionGuard.open({
      storage,
      ledger,
      timers,
      self,
      terms: () => network.guardTerms.inForce,
      members,
      inReach: new MembersInReach({
        hasHeard: (member) => network.link.connected().has(member) && replicator.hasHeard(member),
        holdsAllOf: (member) => replicator.holdsAllOf(member),
        claimsOf: (member) => replicator.claimsOf(member),
        held: () => replicator.held,
      }),
      onChange: () => {
        life.node?.decideAnew()
        changed()
      },
      onFailure: parts.onRenew,
    })
    opened.unshift(guard)
    const shop = await ShopSide.open({
      storage,
      ledger,
      connector: parts.connector,
      self,
      clock,
      timers,
      random,
      rules: guardedRules(parts.rules, guard),
      holds: parts.holds,
      membership,
      network: () => (network.isEvicted ? null : network.network),
      mayWrite: () => !network.isEvicted,
      isStopped: () => network.stopAll.isStopped,
      // Where the one that let this shop in is out, whatever it knew is held by one of the others, and by none for sure.
      holdsAllOf: (acceptor) => {
        const knowing = members().includes(acceptor) ? [acceptor] : others()
        return knowing.every((member) => replicator.holdsAllOf(member))
      },
      isForked: (rid) => alarms.isForked(rid),
      onAttached: (rid) => replicator.setWritten(rid),
      onDetached: (rid) => replicator.release(rid),
      witnesses: {
        others: () => others().length,
        heard: () => [...network.link.connected()].filter((member) => replicator.hasHeard(member)),
        holdsAllOf: (member) => replicator.holdsAllOf(member),
        holdsAllSentBy: (member) => replicator.holdsAllSentBy(member),
      },
      claimedElsewhere: (rid) => replicator.claimedOf(rid),
      onRecovered: () => life.node?.decideAnew(),
      onImported: (products) => network.document?.append({ at: clock.now(), kind: 'import', products }),
      onChange: changed,
      onStates: (keys) => life.node?.judge(keys),
      onFailure: parts.onRenew,
    })
    opened.unshift(shop)
    const node = new StockNode(
      parts,
      ledger,
      replicator,
      network,
      guard,
      shop,
      new LogReader({ storage, ledger }),
      membership,
      alarms,
    )
    life.node = node
    await node.counted.load(storage)
    await node.dismissals.load(storage)
    await node.#events.load(storage)
    await node.#begin()
    return node
  }

  private constructor(
    parts: StockNodeParts,
    ledger: Ledger,
    replicator: Replicator,
    network: NetworkSide,
    guard: PartitionGuard,
    shop: ShopSide,
    log: LogReader,
    membership: Membership,
    alarms: AlarmBook,
  ) {
    const { identity, clock, rules } = parts
    this.self = identity.shopId
    this.ledger = ledger
    this.replicator = replicator
    this.network = network
    this.guard = guard
    this.shop = shop
    this.log = log
    this.#bind = () => bind(parts)
    this.#membership = membership
    this.#clock = clock
    this.#onChange = parts.onChange
    this.goodbye = new Goodbye(this.self)
    this.receipts = new Receipts(parts.storage, clock)
    this.counted = new CountedTogetherWatch(ledger, log, this.self)
    this.#sweep = new HistorySweep({ ledger, storage: parts.storage, clock, timers: parts.timers })
    this.#events = new SharedEvents(ledger, () => network.document)
    this.index = new StockIndex({
      holdings: ledger.holdings,
      book: shop.book,
      self: this.self,
      rules: guardedRules(rules, guard),
      membership,
      writable: (key) => shop.mayDecide(key),
      isDoubtful: (key) => ledger.isDoubtful(key),
      refusal: (key) => shop.adjuster.refusals.get(key),
    })
    shop.decide(this.index.unsettled())
    this.dismissals = new Dismissals(ledger)
    this.alerts = parts.alerts
    this.alarms = alarms
    this.problems = new Problems({
      book: shop.book,
      index: this.index,
      log,
      health: shop.health,
      self: this.self,
      refusals: shop.adjuster.refusals,
      unclear: shop.unclear.open,
      countedTogether: this.counted.open,
      alarms: alarms.open,
      nameOf: (shop) => network.membership.member(shop)?.name ?? shop,
      dismissals: this.dismissals.open,
      wrongClocks: () => this.#wrongClocks(),
      failedAlerts: () => parts.alerts.failures,
      alone: () => shop.recovery.alone,
      damaged: () => ledger.suspects,
      isAsImported: (row) => row.version <= shop.importer.record.versionMax,
      now: () => clock.now(),
    })
    ledger.subscribe((committed) => this.#hear(committed))
    ledger.onWhole(() => this.decideAnew())
    network.membership.onChange(() => this.#tellStates(this.index.refreshMembers()))
  }

  get lastChangeAt(): number | null {
    return this.#lastChangeAt
  }

  /** Something outside the ledger changed: sessions, members, requests, the shop's health. */
  changed(): void {
    this.#events.notice()
    this.#shareAlarms()
    this.#endWaiting()
    void this.shop.advance().catch(() => undefined)
    this.#onChange()
  }

  /** A number that no member holds will not come: who waits for it decides anew. */
  #endWaiting(): void {
    const { awaitingKeys } = this.index
    if (awaitingKeys.size === 0 || !this.#membership.inStepWithAll()) return
    const keys = [...awaitingKeys]
    this.index.refresh(keys, null)
    this.shop.decide(keys.filter((key) => !awaitingKeys.has(key)))
  }

  /** While another process of this shop is its node, this one leaves the shop alone. */
  async stand(): Promise<void> {
    if (await this.shop.standAside(this.network.standing.isAside)) this.#onChange()
  }

  /** The rules by which this shop shows a level changed: every SKU is judged and decided on again. */
  decideAnew(): void {
    this.index.refreshAll()
    this.#tellStates(this.index.keys)
    this.shop.decide(this.index.unsettled())
    this.shop.adjuster.tryAgain()
  }

  /** These SKUs stand differently though nothing of them was committed. */
  judge(keys: readonly SkuKey[]): void {
    this.index.refresh(keys, null)
    this.#tellStates(keys)
    this.#onChange()
  }

  /** Hears of SKUs that stand differently though nothing of them was committed. */
  onStates(listener: (keys: Iterable<SkuKey>) => void): () => void {
    this.#stateListeners.add(listener)
    return () => this.#stateListeners.delete(listener)
  }

  /** Makes a network of this shop alone and begins its import. */
  async found(): Promise<void> {
    const founded = await this.network.found()
    if (!founded.ok) throw new Error(founded.message)
    await this.#bind()
    await this.#begin()
  }

  /** How the import stands and how this node reaches its shop: shown here, and told to the members. */
  presence(): OwnPresence {
    const { importer, health, isPaused, isAside } = this.shop
    const isIdle = isAside || importer.record.state === 'idle'
    const shopState = isPaused ? 'paused' : isIdle ? 'idle' : health.state
    return { import: importer.progress(), shopState }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shop[Symbol.asyncDispose]()
    await this.guard[Symbol.asyncDispose]()
    await this.network[Symbol.asyncDispose]()
    await this.replicator[Symbol.asyncDispose]()
    await this.#sweep[Symbol.asyncDispose]()
    await this.ledger.settle()
  }

  /** A shop that is in a network and has not begun its import begins it: after founding, and after being accepted. */
  async #begin(): Promise<void> {
    const me = this.network.membership.member(this.self)
    if (me === null) return
    void this.network.introduce(this.self).catch(() => undefined)
    if (this.shop.importer.record.state !== 'idle') return
    const { addedBy } = me
    const startWhenReady = addedBy !== null && this.network.outgoing.current?.importWhenAccepted === true
    await this.shop.importer.begin(addedBy === null ? 'found' : 'join', addedBy, startWhenReady)
    this.shop.wake()
  }

  #shareAlarms(): void {
    const { document } = this.network
    if (document === null) return
    this.alarms.hear(document.proofs())
    for (const [identity, proof] of this.alarms.shared()) document.putProof(identity, proof)
  }

  #tellStates(keys: Iterable<SkuKey>): void {
    for (const listener of this.#stateListeners) listener(keys)
  }

  #wrongClocks(): WrongClock[] {
    const { members, link, presence } = this.network
    const connected = link.connected()
    return members.flatMap(({ shopId: member, name }) => {
      const { clockAheadMs: aheadMs, clockWrong } = presence.of(member)
      return clockWrong && aheadMs !== null && connected.has(member) ? [{ member, name, aheadMs }] : []
    })
  }

  #hear(committed: Committed): void {
    const now = this.#clock.now()
    if (committed.lines.length > 0) this.#lastChangeAt = now
    this.index.refresh(committed.keys, now)
    this.counted.hear(committed)
    this.dismissals.hear(committed)
    this.network.cuts.hear(committed.claims)
    this.#onChange()
    void this.shop.advance().catch(() => undefined)
  }
}

/** The stock belongs to one network, which is answered, and to one shop. Error: `data-of-another-shop`. */
async function bind({ storage, connector, location }: StockNodeParts): Promise<NetworkId | null> {
  const network = await bindToNetwork(storage)
  if (network !== null) await bindToPlatform(storage, connector.name, location ?? null)
  return network
}

/**
 * How far a node that came out of a backup is with finding out what it did after it. While it is open nothing is written
 * to the shop; while it waits nothing is read from it either. The mark of the database goes in the commit that ends it,
 * so that one that is interrupted begins anew.
 */
import { limits, mayList, type RecoveryFacts, type RecoveryState, type ShopId, stepRecovery } from '@stockmesh/protocol'
import type { Draft, Ledger } from '../ledger/ledger.ts'
import { eventLine } from '../ledger/log-line.ts'
import type { Cancel, Clock, Timers } from '../ports.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey } from '../storage/key.ts'
import { clearRestored, markRestored, readRestoredMark, type RestoredMark } from '../storage/restored-mark.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { Book } from './book.ts'
import { holdDifference } from './hold-difference.ts'
import { unlist } from './settler.ts'
import type { GuardedRules } from './situation.ts'
import { Wakeup } from '../wakeup.ts'

/** What is to be known of the other members. */
export interface Witnesses {
  others(): number
  /** Connected members whose claims are all known. */
  heard(): readonly ShopId[]
  holdsAllOf(member: ShopId): boolean
  /** As above, but for the replicas that this process writes. */
  holdsAllSentBy(member: ShopId): boolean
}

interface Alone {
  /** When nobody could be asked, in milliseconds since 1970. */
  readonly since: number
  readonly backupAt: number
}

const aloneKey = encodeKey(tables.problem, 'restored-alone')
const stepMs = limits.haveIntervalMs

export interface RecoveryParts {
  readonly storage: Storage
  readonly ledger: Ledger
  readonly book: Book
  readonly self: ShopId
  readonly clock: Clock
  readonly timers: Timers
  readonly witnesses: Witnesses
  readonly rules: GuardedRules
  /** The shop may be written to again. */
  readonly onOver: () => void
}

export class Recovery implements AsyncDisposable {
  readonly #parts: Omit<RecoveryParts, 'storage'>
  readonly #wakeups = new Set<Wakeup>()
  #mark: RestoredMark | null
  #alone: Alone | null
  #state: RecoveryState
  #followed = false
  /** Since when no member that told its claims was connected. */
  #aloneSince: number
  #cancel: Cancel = () => undefined
  #stepping: Promise<void> = Promise.resolve()
  #closed = false

  static async open(parts: RecoveryParts): Promise<Recovery> {
    const alone = await parts.storage.get(aloneKey)
    return new Recovery(
      parts,
      await readRestoredMark(parts.storage),
      alone === undefined ? null : decodeJson<Alone>(alone),
    )
  }

  private constructor(parts: RecoveryParts, mark: RestoredMark | null, alone: Alone | null) {
    this.#parts = parts
    this.#mark = mark
    this.#alone = alone
    this.#state = mark === null ? 'over' : 'waiting'
    this.#aloneSince = parts.clock.now()
    if (mark !== null || alone !== null) this.#later()
  }

  /** Whether this node still finds out what it did: nothing is written to the shop. */
  get isOpen(): boolean {
    return this.#state !== 'over'
  }

  /** The shop came out of the same backup, and was not attached anew since. */
  get isShopRestored(): boolean {
    return this.isOpen && this.#mark?.shop === true
  }

  /** A member told its claims, there is none to ask, or nobody came in time. */
  get hasWitness(): boolean {
    return stepRecovery('waiting', this.#facts()).state !== 'waiting'
  }

  /** It turns out that this node was put back, though nothing said so: from here on it finds out what it did. */
  async reopen(): Promise<void> {
    const now = this.#parts.clock.now()
    const mark: RestoredMark = { backupAt: now, restoredAt: now, shop: false }
    await this.#parts.ledger.commit((draft) => draft.put(markRestored(mark)))
    const isStepping = this.#alone !== null
    this.#mark = mark
    this.#state = 'reading'
    this.#followed = false
    if (!isStepping) this.#later()
  }

  /** Nobody could be asked, and nobody has come since; null where that is not so. */
  get alone(): Alone | null {
    return this.#alone
  }

  /** Resolves when the shop may be read, or the signal aborts. */
  async untilReading(signal: AbortSignal): Promise<void> {
    await this.#until(() => this.#state !== 'waiting', signal)
  }

  /** Resolves when the shop may be written to, or the signal aborts. */
  async untilOver(signal: AbortSignal): Promise<void> {
    await this.#until(() => !this.isOpen, signal)
  }

  /**
   * Resolves when the shop's rows may be compared with the network, or the signal aborts. What this shop did under the
   * feed that it has, and forgot, is read only once they are.
   */
  async untilListable(signal: AbortSignal): Promise<void> {
    const { witnesses } = this.#parts
    const isListable = (): boolean => {
      const caughtUp = witnesses.heard().every((member) => witnesses.holdsAllSentBy(member))
      return mayList({ ...this.#facts(), caughtUp })
    }
    await this.#until(() => !this.isOpen || isListable(), signal)
  }

  /** The shop is attached anew: from here on its feed is the one that is followed. */
  attach(draft: Draft): void {
    if (this.#mark?.shop !== true) return
    this.#mark = { ...this.#mark, shop: false }
    draft.put(markRestored(this.#mark))
  }

  /** The feed was read to its end, with nothing left to be listed. */
  follow(): void {
    this.#followed = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#cancel()
    await this.#stepping
  }

  #later(): void {
    this.#cancel = this.#parts.timers.after(stepMs, () => {
      // A failed write ends the ledger, which tells its owner.
      this.#stepping = this.#step().catch(() => undefined)
    })
  }

  async #step(): Promise<void> {
    const facts = this.#facts()
    const next = stepRecovery(this.#state, facts)
    if (this.isOpen && next.state === 'over') await this.#end(next.alone)
    else this.#state = next.state
    if (this.#alone !== null && facts.heard > 0 && facts.caughtUp) await this.#endAlone()
    for (const wakeup of this.#wakeups) wakeup.wake()
    if (!this.#closed && (this.isOpen || this.#alone !== null)) this.#later()
  }

  #facts(): RecoveryFacts {
    const { witnesses, clock } = this.#parts
    const heard = witnesses.heard()
    const now = clock.now()
    // A clock that was set back begins the wait anew, and one that was set ahead ends it early, which is only less polite.
    if (heard.length > 0 || now < this.#aloneSince) this.#aloneSince = now
    return {
      others: witnesses.others(),
      heard: heard.length,
      aloneMs: now - this.#aloneSince,
      followed: this.#followed,
      caughtUp: heard.every((member) => witnesses.holdsAllOf(member)),
    }
  }

  /** An adjustment of the backup that the feed does not tell of was never made; what is to be done is decided anew. */
  async #end(alone: boolean): Promise<void> {
    const { ledger, book, self, clock, rules, onOver } = this.#parts
    const since = clock.now()
    const backupAt = this.#mark?.backupAt ?? since
    await ledger.commit((draft) => {
      for (const stockId of book.intents.keys()) book.closeIntent(draft, stockId)
      // What waited for a person in the backup may be decided on since: the two numbers are compared anew.
      for (const key of book.offsets.keys()) holdDifference(draft, { key, book, rules, now: since })
      // What it had said in the life that it forgot may have come back to it after its rows were looked at.
      for (const key of draft.holdings.skus.keys()) {
        if (book.rowsOf(key).length === 0) unlist(draft, key, self, since)
      }
      draft.put(clearRestored())
      if (alone) draft.put(put(aloneKey, encodeJson({ since, backupAt } satisfies Alone)))
      draft.log(eventLine(since, self, 'restored', { result: alone ? 'alone' : 'in-step' }))
    })
    if (alone) this.#alone = { since, backupAt }
    this.#mark = null
    this.#state = 'over'
    onOver()
  }

  async #endAlone(): Promise<void> {
    await this.#parts.ledger.commit((draft) => draft.put(del(aloneKey)))
    this.#alone = null
  }

  async #until(holds: () => boolean, signal: AbortSignal): Promise<void> {
    const wakeup = new Wakeup(this.#parts.timers)
    this.#wakeups.add(wakeup)
    while (!signal.aborted && !holds()) await wakeup.wait(null, signal)
    this.#wakeups.delete(wakeup)
  }
}

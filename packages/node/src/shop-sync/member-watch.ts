/**
 * Watches what other shops change by hand, so that a mass change of one of them does not empty this shop: it is withheld
 * here in the batch that tells of it, until a person has decided. Levels come before the movements that explain them, so
 * SKUs that one shop takes to zero by the dozen wait some seconds for their story before this shop follows.
 */
import {
  type Applied,
  isByHand,
  judgeMemberChanges,
  inLevel,
  levelIn,
  limits,
  type MemberChange,
  recordsOf,
  type Rid,
  type ShopId,
  shopOfRid,
  type SkuKey,
  totalsOf,
  type WithheldSku,
} from '@stockmesh/protocol'
import type { Draft, Ledger, ToldMovements } from '../ledger/ledger.ts'
import { eventLine } from '../ledger/log-line.ts'
import type { Cancel, Clock, Timers } from '../ports.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, firstText, prefixRange } from '../storage/key.ts'
import { put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { Book } from './book.ts'
import { shopCatalogue } from './held-changes.ts'
import type { HoldRules } from './hold-rules.ts'

export interface MemberWatchParts {
  readonly storage: Pick<Storage, 'scan'>
  readonly ledger: Ledger
  readonly book: Book
  readonly self: ShopId
  readonly clock: Clock
  readonly timers: Timers
  readonly holds: Pick<HoldRules, 'membersFromSkus'>
  /** Whether this shop goes by the network's numbers: what there was before, its import approves. */
  readonly isImported: () => boolean
  /** These SKUs do not wait for their story any more. */
  readonly onDue: (keys: readonly SkuKey[]) => void
}

/** SKUs that a shop took to zero, and no movement has told by what, each with its replica and seq. */
interface Untold {
  readonly skus: Map<SkuKey, { readonly rid: Rid; readonly seq: number }>
  /** Ends the wait; null where they are too few to wait. */
  cancel: Cancel | null
}

export class MemberWatch implements Disposable {
  readonly #parts: MemberWatchParts
  readonly #recent: Map<ShopId, readonly MemberChange[]>
  readonly #approved: Map<Rid, number>
  readonly #untold = new Map<ShopId, Untold>()
  readonly #unsubscribe: readonly (() => void)[]

  static async open(parts: MemberWatchParts): Promise<MemberWatch> {
    const recent = new Map<ShopId, readonly MemberChange[]>()
    for await (const [key, value] of parts.storage.scan(prefixRange(tables.memberChanges))) {
      recent.set(firstText(key) as ShopId, decodeJson<MemberChange[]>(value))
    }
    const approved = new Map<Rid, number>()
    for await (const [key, value] of parts.storage.scan(prefixRange(tables.approved))) {
      approved.set(firstText(key) as Rid, decodeJson<number>(value))
    }
    return new MemberWatch(parts, recent, approved)
  }

  private constructor(
    parts: MemberWatchParts,
    recent: Map<ShopId, readonly MemberChange[]>,
    approved: Map<Rid, number>,
  ) {
    this.#parts = parts
    this.#recent = recent
    this.#approved = approved
    const { ledger } = parts
    this.#unsubscribe = [
      ledger.hearWith((draft, applied) => this.#hear(draft, applied)),
      ledger.hearMovementsWith((draft, told) => this.#hearMovements(draft, told)),
      ledger.decideWith(() => this.#await()),
    ]
  }

  /** Whether what became of the SKU is about to be told. */
  isAwaited(key: SkuKey): boolean {
    for (const { skus, cancel } of this.#untold.values()) if (cancel !== null && skus.has(key)) return true
    return false
  }

  /** This shop goes by what the member changed. `seen`: of a SKU of which something else is withheld by now all stays. */
  approve(draft: Draft, member: ShopId, seen: ReadonlyMap<SkuKey, WithheldSku>): void {
    const { withheld } = this.#parts.book
    for (const [key, sku] of seen) {
      if (withheld.of(key) !== sku) continue
      for (const [rid, seq] of withheld.release(draft, key, member)) this.#approve(draft, rid, seq)
    }
    this.forget(draft, member)
  }

  /** What was decided on is no reason to withhold what comes after it. */
  forget(draft: Draft, member: ShopId): void {
    if ((this.#recent.get(member)?.length ?? 0) > 0) this.#keep(draft, member, [])
  }

  /** This shop has taken the network's numbers as they are. */
  approveAll(draft: Draft): void {
    for (const { rid, high } of draft.holdings.replicas.values()) {
      if (shopOfRid(rid) !== this.#parts.self) this.#approve(draft, rid, high)
    }
  }

  [Symbol.dispose](): void {
    for (const end of this.#unsubscribe) end()
    for (const { cancel } of this.#untold.values()) cancel?.()
    this.#untold.clear()
  }

  #hear(draft: Draft, applied: readonly Applied[]): void {
    const { self, book, holds, isImported } = this.#parts
    if (holds.membersFromSkus === null || !isImported()) return
    for (const { held, before } of applied) {
      const { rid, record } = held
      const member = shopOfRid(rid)
      if (record.kind !== 'totals' || member === self || book.rowsOf(record.key).length === 0) continue
      const was = before?.kind === 'totals' ? before.added - before.removed : 0
      const net = record.added - record.removed - was
      const level = levelIn(draft.holdings, record.key)
      if (level === null || level > 0 || level - net <= 0) continue
      const untold = this.#untold.get(member) ?? { skus: new Map(), cancel: null }
      this.#untold.set(member, untold)
      untold.skus.set(record.key, { rid, seq: record.seq })
    }
  }

  /** A few sales that empty SKUs are followed at once, whoever tells of them when. */
  #await(): void {
    const { timers, holds } = this.#parts
    for (const [member, untold] of this.#untold) {
      const fromSkus = Math.min(limits.gatheredSkusMin, holds.membersFromSkus ?? Number.POSITIVE_INFINITY)
      if (untold.cancel !== null) continue
      if (untold.skus.size < fromSkus) this.#untold.delete(member)
      else untold.cancel = timers.after(limits.storyMsMax, () => this.#endWait(member))
    }
  }

  #endWait(member: ShopId): void {
    const keys = [...(this.#untold.get(member)?.skus.keys() ?? [])]
    this.#untold.delete(member)
    this.#parts.onDue(keys)
  }

  #hearMovements(draft: Draft, { rid, rows, complete }: ToldMovements): void {
    const { self, book, ledger, isImported } = this.#parts
    const member = shopOfRid(rid)
    if (member === self || !isImported()) return
    const read: MemberChange[] = []
    const approved = this.#approved.get(rid) ?? 0
    for (const { row } of rows) {
      const { key, seq, net, movement } = row
      this.#tellUntold(draft, member, key, { rid, seq })
      const { delta, at, cause } = movement
      const takesBack = cause === 'undo'
      if (!(isByHand(cause) || takesBack) || seq <= approved || book.rowsOf(key).length === 0) continue
      read.push({ key: ledger.holdings.sharedKey(key), rid, seq, at, delta, net, isWithheld: false, takesBack })
    }
    const withheld = read.length === 0 ? [] : this.#judge(draft, member, read)
    const known = new Map<SkuKey, { readonly seq: number; readonly net: number }>()
    for (const { key, seq, net, rid: of } of withheld) if (of === rid) known.set(key, { seq, net })
    for (const { row } of rows) known.set(row.key, { seq: row.seq, net: row.net })
    for (const [key, { seq, net }] of known) {
      const record = totalsOf(draft.holdings, rid, key)
      const isAll = record !== null && record.seq <= complete
      const through = isAll ? { seq: record.seq, net: record.added - record.removed } : { seq, net }
      book.withheld.tell(draft, key, { rid, ...through })
    }
  }

  #tellUntold(draft: Draft, member: ShopId, key: SkuKey, told: { readonly rid: Rid; readonly seq: number }): void {
    const untold = this.#untold.get(member)
    const one = untold?.skus.get(key)
    if (untold === undefined || one === undefined || one.rid !== told.rid || one.seq > told.seq) return
    untold.skus.delete(key)
    draft.touch(key)
    if (untold.skus.size > 0) return
    untold.cancel?.()
    this.#untold.delete(member)
  }

  /** Answers what is withheld from now on. */
  #judge(draft: Draft, member: ShopId, read: readonly MemberChange[]): readonly MemberChange[] {
    const { book, clock, holds } = this.#parts
    const present = (changes: readonly MemberChange[]): MemberChange[] =>
      changes.filter((change) => inLevel([change], recordsOf(draft.holdings, change.key).baselines).length > 0)
    const { withheld, recent } = judgeMemberChanges({
      recent: present(this.#recent.get(member) ?? []),
      read: present(read),
      isWithheld: (key) => book.withheld.hasOf(key, member),
      levelOf: (key) => draft.level(key),
      catalogue: () => shopCatalogue(book),
      fromSkus: holds.membersFromSkus,
    })
    const now = clock.now()
    const begins = withheld.length > 0 && book.withheld.byMember().get(member) === undefined
    for (const change of withheld) book.withheld.add(draft, change.key, change, now)
    if (begins) draft.log(eventLine(now, member, 'manual', { result: 'withheld-here' }))
    // What was let through because nobody wanted it withheld is no reason to withhold what comes later.
    if (holds.membersFromSkus === null) this.forget(draft, member)
    else this.#keep(draft, member, recent)
    return withheld
  }

  #approve(draft: Draft, rid: Rid, seq: number): void {
    if ((this.#approved.get(rid) ?? 0) >= seq) return
    this.#approved.set(rid, seq)
    draft.put(put(encodeKey(tables.approved, rid), encodeJson(seq)))
  }

  #keep(draft: Draft, member: ShopId, recent: readonly MemberChange[]): void {
    this.#recent.set(member, recent)
    draft.put(put(encodeKey(tables.memberChanges, member), encodeJson(recent)))
  }
}

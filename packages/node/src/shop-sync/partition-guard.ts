/**
 * The partition guard: who is out of reach, and what this side may show meanwhile. The rights to sell are computed at
 * the parting, become durable in one batch with it, and from then on move with what this side sells and receives, each
 * in the batch of its cause. So a node that is killed goes on with what it had.
 */
import {
  type Applied,
  ceilingOf,
  levelIn,
  type LevelMove,
  levelMoves,
  limits,
  type Parting,
  type Reach,
  recordsOf,
  type Rid,
  rightAtParting,
  sellersOf,
  type ShopId,
  shopOfRid,
  type SkuKey,
  stepReach,
  type TermsInForce,
  weightsOf,
} from '@stockmesh/protocol'
import type { Draft, Ledger } from '../ledger/ledger.ts'
import type { Cancel, Timers } from '../ports.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, firstText, prefixRange } from '../storage/key.ts'
import { put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'
import type { MembersInReach } from './members-in-reach.ts'
import { UnclaimedMoves } from './unclaimed-moves.ts'

const reachRow = encodeKey(tables.meta, 'reach')

interface KeptReach {
  readonly out: readonly ShopId[]
  readonly partings: readonly { readonly out: readonly ShopId[]; readonly side: readonly ShopId[] }[]
}

interface PartitionGuardParts {
  readonly storage: Storage
  readonly ledger: Ledger
  readonly timers: Timers
  readonly self: ShopId
  readonly terms: () => TermsInForce | null
  readonly members: () => readonly ShopId[]
  readonly inReach: MembersInReach
  /** What may be shown of any SKU is something else. */
  readonly onChange: () => void
  readonly onFailure: (error: unknown) => void
}

export class PartitionGuard implements AsyncDisposable {
  readonly #parts: PartitionGuardParts
  readonly #unclaimed = new UnclaimedMoves()
  /** For each parting, in their order, what may still be sold; what lies beyond the last parting is over. */
  readonly #rights: Map<SkuKey, readonly number[]>
  #reach: Reach
  /** Who is out of reach by the last look, while that is not durable. */
  #due: { readonly out: ReadonlySet<ShopId>; readonly shops: ReadonlySet<ShopId> } | null = null
  #side: ReadonlySet<ShopId> | null
  /** null while nobody ever turned the guard on. */
  #cancel: Cancel | null = null
  readonly #unsubscribe: () => void
  #isClosed = false

  static async open(parts: PartitionGuardParts): Promise<PartitionGuard> {
    const row = await parts.storage.get(reachRow)
    const kept = row === undefined ? { out: [], partings: [] } : decodeJson<KeptReach>(row)
    const partings = kept.partings.map(({ out, side }): Parting => ({ out: new Set(out), side: new Set(side) }))
    const rights = new Map<SkuKey, readonly number[]>()
    if (partings.length > 0) {
      for await (const [key, value] of parts.storage.scan(prefixRange(tables.guardRight))) {
        rights.set(firstText(key) as SkuKey, decodeJson<number[]>(value))
      }
    }
    return new PartitionGuard(parts, { out: new Set(kept.out), partings }, rights)
  }

  private constructor(parts: PartitionGuardParts, reach: Reach, rights: Map<SkuKey, readonly number[]>) {
    this.#parts = parts
    this.#reach = reach
    this.#side = sideOf(reach)
    this.#rights = rights
    const unhear = parts.ledger.hearWith((draft, applied) => this.#hear(draft, applied))
    const undecide = parts.ledger.decideWith((draft) => this.#decide(draft))
    this.#unsubscribe = () => {
      unhear()
      undecide()
    }
    this.wake()
  }

  /** Somebody may have turned it on. */
  wake(): void {
    if (this.#cancel === null && !this.#isClosed && this.#parts.terms() !== null) this.#cancel = this.#schedule()
  }

  /** Units that may be shown, not negative; null: all. */
  ceilingOf(key: SkuKey): number | null {
    const count = this.#reach.partings.length
    return count === 0 ? null : ceilingOf(this.#rights.get(key)?.[count - 1] ?? 0)
  }

  /** Shops that are out of reach and have a share. */
  get out(): ReadonlySet<ShopId> {
    return this.#reach.out
  }

  /** null while everything is shown, once that is durable. */
  get side(): ReadonlySet<ShopId> | null {
    return this.#side
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#cancel?.()
    this.#unsubscribe()
    await this.#parts.ledger.settle()
  }

  get #weights(): ReturnType<typeof weightsOf> {
    const terms = this.#parts.terms()
    return terms === null ? [] : weightsOf(terms)
  }

  #schedule(): Cancel {
    return this.#parts.timers.after(limits.guardLookMs, () => {
      this.#look()
      if (!this.#isClosed) this.#cancel = this.#schedule()
    })
  }

  /** Who has a share is looked for; time is what passes between two looks, whatever any clock says. */
  #look(): void {
    const { self, inReach, members } = this.#parts
    const weights = this.#weights
    if (weights.length === 0 && this.#reach.out.size === 0 && this.#reach.partings.length === 0) {
      this.#unclaimed.clear()
      return
    }
    const present = new Set(members())
    const weighted = weights.flatMap((each) => [...each].flatMap(([shop, weight]) => (weight > 0 ? [shop] : [])))
    const shops = new Set([self, ...weighted])
    const outOfReachMs = this.#parts.terms()?.at(-1)?.outOfReachMs ?? limits.guardOutOfReachMsMin
    const out = new Set<ShopId>()
    for (const shop of shops) {
      if (shop === self || !present.has(shop)) continue
      if (inReach.isOut(shop, this.#reach.out.has(shop), outOfReachMs)) out.add(shop)
    }
    this.#unclaimed.forget((rid) => this.#claimedByAll(rid, shops))
    const isSame = out.size === this.#reach.out.size && [...out].every((shop) => this.#reach.out.has(shop))
    const isSettled = isSame && (out.size > 0 || this.#reach.partings.length === 0)
    if (isSettled || this.#due !== null) return
    this.#due = { out, shops }
    void this.#parts.ledger
      .commit(() => undefined)
      .then(
        () => {
          this.#side = sideOf(this.#reach)
          if (!this.#isClosed) this.#parts.onChange()
        },
        (error: unknown) => this.#parts.onFailure(error),
      )
  }

  /** What all members that have a share and are in reach claim of a replica. */
  #claimedByAll(rid: Rid, shops: ReadonlySet<ShopId>): number {
    let claimed = Number.POSITIVE_INFINITY
    for (const shop of shops) {
      if (shop === this.#parts.self || this.#reach.out.has(shop)) continue
      claimed = Math.min(claimed, this.#parts.inReach.claimOf(shop, rid))
    }
    return claimed
  }

  /** Before anything is decided on what came: a sale that is still in the right would be shown once more. */
  #hear(draft: Draft, applied: readonly Applied[]): void {
    if (this.#reach.partings.length === 0 && this.#weights.length === 0) return
    const perKey = new Map<SkuKey, Applied[]>()
    for (const one of applied) {
      const list = perKey.get(one.held.record.key)
      if (list === undefined) perKey.set(one.held.record.key, [one])
      else list.push(one)
    }
    for (const [key, those] of perKey) {
      for (const move of levelMoves(key, recordsOf(draft.holdings, key), those)) this.#move(draft, move)
    }
  }

  #decide(draft: Draft): void {
    const due = this.#due
    if (due === null) return
    this.#due = null
    // Turned off since the last look, which the next one sees.
    if (due.out.size > 0 && this.#weights.length === 0) return
    const before = this.#reach
    const { reach, step } = stepReach(before, due.out, due.shops)
    if (step.type === 'part') this.#part(draft, before, reach.partings, step.isAgain, due.shops)
    if (step.type === 'part-again') this.#part(draft, before, before.partings, true, due.shops)
    this.#reach = reach
    draft.put(put(reachRow, encodeJson(keptReach(reach))))
  }

  /** Computes the rights of the last of these partings, from those of `before`. */
  #part(draft: Draft, before: Reach, partings: readonly Parting[], isAgain: boolean, shops: ReadonlySet<ShopId>): void {
    const parting = partings.at(-1)
    if (parting === undefined) return
    const last = before.partings.at(-1)
    const terms = { side: parting.side, sideBefore: last?.side ?? null, isAgain, weights: this.#weights }
    const all = new Set([...shops, ...parting.side, ...parting.out])
    // Most SKUs are listed by the same few replicas.
    const known = new Map<Rid, number>()
    const claimed = (rid: Rid): number => {
      const high = known.get(rid) ?? this.#claimedByAll(rid, shops)
      known.set(rid, high)
      return high
    }
    for (const key of draft.holdings.skus.keys()) {
      const held = this.#rights.get(key) ?? []
      const sku = {
        level: levelIn(draft.holdings, key) ?? 0,
        right: last === undefined ? null : (held[before.partings.length - 1] ?? 0),
        unclaimed: this.#unclaimed.unitsOf(key, parting.side),
        ...sellersOf(recordsOf(draft.holdings, key), all, claimed),
      }
      const earlier = partings.slice(0, -1).map((_, index) => held[index] ?? 0)
      this.#keep(draft, key, [...earlier, rightAtParting(sku, terms)])
    }
  }

  #move(draft: Draft, move: LevelMove): void {
    this.#unclaimed.add(move)
    const { partings } = this.#reach
    if (partings.length === 0) return
    const held = this.#rights.get(move.key) ?? []
    const shop = shopOfRid(move.rid)
    const rights = partings.map(({ side }, index) => (held[index] ?? 0) + (side.has(shop) ? move.units : 0))
    this.#keep(draft, move.key, rights)
    draft.touch(move.key)
  }

  #keep(draft: Draft, key: SkuKey, rights: readonly number[]): void {
    this.#rights.set(key, rights)
    draft.put(put(encodeKey(tables.guardRight, key), encodeJson(rights)))
  }
}

function sideOf({ partings }: Reach): ReadonlySet<ShopId> | null {
  return partings.at(-1)?.side ?? null
}

function keptReach({ out, partings }: Reach): KeptReach {
  return {
    out: [...out],
    partings: partings.map((parting) => ({ out: [...parting.out], side: [...parting.side] })),
  }
}

/**
 * What this shop does not go by of other shops' changes, by SKU: durable, changed only through a draft. An entry whose
 * changes a baseline covers withholds nothing; it goes when the SKU is written next.
 */
import {
  type Holdings,
  inLevel,
  isOfShop,
  recordsOf,
  type Rid,
  type ShopId,
  shopOfRid,
  type SkuKey,
  tellThrough,
  type ToldThrough,
  withheldUnits,
  withhold,
  type WithheldChange,
  type WithheldSku,
} from '@stockmesh/protocol'
import type { Draft } from '../ledger/ledger.ts'
import { decodeJson, encodeJson } from '../storage/json.ts'
import { encodeKey, firstText, prefixRange } from '../storage/key.ts'
import { del, put, type Storage } from '../storage/storage.ts'
import { tables } from '../storage/tables.ts'

export class Withheld {
  readonly #skus: Map<SkuKey, WithheldSku>
  readonly #holdings: Holdings

  static async open(storage: Pick<Storage, 'scan'>, holdings: Holdings): Promise<Withheld> {
    const skus = new Map<SkuKey, WithheldSku>()
    for await (const [key, value] of storage.scan(prefixRange(tables.withheld))) {
      skus.set(holdings.sharedKey(firstText(key) as SkuKey), decodeJson<WithheldSku>(value))
    }
    return new Withheld(skus, holdings)
  }

  private constructor(skus: Map<SkuKey, WithheldSku>, holdings: Holdings) {
    this.#skus = skus
    this.#holdings = holdings
  }

  /** Units by which the level would be higher without what is withheld; 0 for none. */
  unitsOf(key: SkuKey): number {
    const sku = this.#skus.get(key)
    return sku === undefined ? 0 : withheldUnits(sku, recordsOf(this.#holdings, key))
  }

  /** Whether anything is withheld for the SKU. */
  has(key: SkuKey): boolean {
    return this.#present(key).length > 0
  }

  /** Whether anything of that shop is withheld for the SKU. */
  hasOf(key: SkuKey, member: ShopId): boolean {
    return this.#present(key).some(({ rid }) => isOfShop(rid, member))
  }

  /** What is withheld of each shop; an entry stays the same object until something of it changes. */
  byMember(): ReadonlyMap<ShopId, ReadonlyMap<SkuKey, WithheldSku>> {
    const members = new Map<ShopId, Map<SkuKey, WithheldSku>>()
    for (const [key, sku] of this.#skus) {
      for (const { rid } of this.#present(key)) {
        const member = shopOfRid(rid)
        const skus = members.get(member) ?? new Map<SkuKey, WithheldSku>()
        members.set(member, skus.set(key, sku))
      }
    }
    return members
  }

  of(key: SkuKey): WithheldSku | null {
    return this.#skus.get(key) ?? null
  }

  /** One change more that this shop does not go by; changes that come to nothing end it. */
  add(draft: Draft, key: SkuKey, change: WithheldChange, now: number): void {
    const before = this.#skus.get(key)
    const changes = withhold(this.#present(key), change)
    this.#set(draft, key, { since: before?.since ?? now, told: before?.told ?? [], changes: withoutNothing(changes) })
  }

  /** Movements of the SKU were told through to there. */
  tell(draft: Draft, key: SkuKey, through: ToldThrough): void {
    const sku = this.#skus.get(key)
    if (sku === undefined || !sku.changes.some(({ rid }) => rid === through.rid)) return
    const told = tellThrough(sku.told, through)
    if (told !== sku.told) this.#set(draft, key, { ...sku, told })
  }

  /** This shop goes by all that the member changed; answers how far that was of each replica. */
  release(draft: Draft, key: SkuKey, member: ShopId): ReadonlyMap<Rid, number> {
    const released = new Map<Rid, number>()
    const sku = this.#skus.get(key)
    if (sku === undefined) return released
    for (const { rid, seq } of sku.changes) {
      if (isOfShop(rid, member)) released.set(rid, Math.max(seq, released.get(rid) ?? 0))
    }
    this.#set(draft, key, { ...sku, changes: sku.changes.filter(({ rid }) => !isOfShop(rid, member)) })
    return released
  }

  #present(key: SkuKey): readonly WithheldChange[] {
    const changes = this.#skus.get(key)?.changes ?? []
    return changes.length === 0 ? changes : inLevel(changes, recordsOf(this.#holdings, key).baselines)
  }

  #set(draft: Draft, key: SkuKey, sku: WithheldSku): void {
    const row = encodeKey(tables.withheld, key)
    if (sku.changes.length === 0) {
      this.#skus.delete(key)
      draft.put(del(row))
    } else {
      this.#skus.set(key, sku)
      draft.put(put(row, encodeJson(sku)))
    }
    draft.touch(key)
  }
}

/** Of a replica whose changes come to nothing none is withheld any more. */
function withoutNothing(changes: readonly WithheldChange[]): readonly WithheldChange[] {
  const nets = new Map<ShopId, number>()
  for (const { rid, delta } of changes) nets.set(shopOfRid(rid), (nets.get(shopOfRid(rid)) ?? 0) + delta)
  return changes.filter(({ rid }) => nets.get(shopOfRid(rid)) !== 0)
}

/**
 * Cuts: how far the replicas of a shop go that is out. What it sold before a member knew of its removal still counts, so
 * each member says, once it knows, up to where it holds them. When all have, nothing above the highest of what they said is
 * taken from anyone: the shop can feed nothing in through others any more.
 *
 *   C1  Records alone decide: whoever has the same ones has the same cuts, in whatever order they came.
 *   C2  What was said is not taken back by the removal of who said it, if one of those who removed it had heard it. What
 *       nobody of them had heard does not count: two shops that are out could tell of each other for ever.
 *   C3  Who holds more than it said, since it heard of it before all had spoken, says so again. So what a member took
 *       because of a word that does not count is named by its own.
 *   C4  Out is also who is pending: let in by a shop that others removed meanwhile. Some took it for a member and hold what
 *       it did, and others never heard of it. Of one of which nobody holds anything nothing is said, so that a key that is
 *       out can let in as many as it likes and costs nobody a word.
 */
import { type Rid, type ShopId, shopOfRid } from './ids.ts'
import { cutReplicasMax } from './limits.ts'
import type { MembershipChange, MembershipRecord } from './membership-record.ts'

export interface Cut {
  /** The highest that anybody said, by replica. */
  readonly highs: ReadonlyMap<Rid, number>
  /** What each shop said that has said all of it. */
  readonly by: ReadonlyMap<ShopId, ReadonlyMap<Rid, number>>
  /** Whether every present member has said it: then nothing above `highs` is taken. */
  readonly isFinal: boolean
}

export type CutChange = Extract<MembershipChange, { kind: 'cut' }>

/** Of a view of the membership. */
interface Former {
  readonly removed: readonly ShopId[]
  readonly pending: readonly ShopId[]
  readonly cuts: ReadonlyMap<ShopId, Cut>
}

/** `records`: the valid ones that count. */
export function cutsOf(records: Iterable<MembershipRecord>, members: readonly ShopId[]): ReadonlyMap<ShopId, Cut> {
  const said = new Map<ShopId, { highs: Map<Rid, number>; by: Map<ShopId, Map<Rid, number>>; whole: Set<ShopId> }>()
  for (const { by: signer, change } of records) {
    if (change.kind !== 'cut') continue
    const { subject, highs, more } = change
    const cut = said.get(subject) ?? { highs: new Map(), by: new Map(), whole: new Set() }
    said.set(subject, cut)
    const own = cut.by.get(signer) ?? new Map<Rid, number>()
    cut.by.set(signer, own)
    if (!more) cut.whole.add(signer)
    for (const [rid, high] of highs)
      for (const each of [cut.highs, own]) each.set(rid, Math.max(each.get(rid) ?? 0, high))
  }
  return new Map(
    [...said].map(([subject, { highs, by, whole }]) => {
      const isFinal = members.every((member) => whole.has(member))
      return [subject, { highs, by: new Map([...by].filter(([signer]) => whole.has(signer))), isFinal }]
    }),
  )
}

/** Whether a claim of a replica reaches above where its removed shop was cut off. */
export function isAboveCut(cuts: ReadonlyMap<ShopId, Cut>, rid: Rid, high: number): boolean {
  const cut = cuts.get(shopOfRid(rid))
  return cut !== undefined && cut.isFinal && high > (cut.highs.get(rid) ?? 0)
}

/** Who is out and whose replicas count all the same, as far as somebody held them. */
export function formerShops({ removed, pending, cuts }: Former): readonly ShopId[] {
  return [...removed, ...pending.filter((shop) => cuts.has(shop))]
}

/** What `self` has to say of the shops that are out, given how far it holds each replica; nothing where it has said so. */
export function dueCuts(
  view: Former,
  self: ShopId,
  held: ReadonlyMap<Rid, { readonly high: number }>,
): readonly CutChange[] {
  // Looked through once: a key that is out may have let in thousands.
  const byShop = new Map<ShopId, [Rid, number][]>()
  for (const [rid, { high }] of held) {
    if (high === 0) continue
    const shop = shopOfRid(rid)
    const known = byShop.get(shop)
    if (known === undefined) byShop.set(shop, [[rid, high]])
    else known.push([rid, high])
  }
  const subjects = new Set([...formerShops(view), ...view.pending.filter((shop) => byShop.has(shop))])
  return [...subjects].flatMap((subject) => dueCut(view.cuts, self, subject, byShop.get(subject) ?? []))
}

/** `held`: of the subject alone. */
function dueCut(
  cuts: ReadonlyMap<ShopId, Cut>,
  self: ShopId,
  subject: ShopId,
  held: readonly (readonly [Rid, number])[],
): CutChange[] {
  const said = cuts.get(subject)?.by.get(self)
  const more = held.filter(([rid, high]) => high > (said?.get(rid) ?? 0))
  if (said !== undefined && more.length === 0) return []
  const parts: CutChange[] = []
  for (let start = 0; start === 0 || start < more.length; start += cutReplicasMax) {
    const highs = new Map(more.slice(start, start + cutReplicasMax))
    parts.push({ kind: 'cut', subject, highs, more: start + cutReplicasMax < more.length })
  }
  return parts
}

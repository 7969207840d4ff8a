/**
 * Mass changes of other shops, as one shop guards itself against them: a stolen or broken node that sets hundreds of
 * SKUs to zero must not empty the others. What was changed there is in every total; a shop that withholds it goes on
 * showing what the level would be without it, until a person has decided.
 *
 *   W1  Nothing that travels is refused or altered: the levels of all nodes are equal, whoever withholds what.
 *   W2  Sales, cancellations, returns and what a person at the other node decided on are never withheld.
 *   W3  A change is withheld by its replica and seq. Once the baseline that counts covers it, it is in no level, and
 *       nothing is withheld for it.
 *   W4  A change by hand of a SKU of which something of the same shop is withheld belongs to it, and what that shop's own
 *       node takes back does: so whoever puts the number right there ends it.
 *   W5  Withheld by nobody any more, a number is what it would have been, had it never been withheld.
 *   W6  What is taken back for all is what is withheld, and no sale with it: a movement that is on its way is waited for.
 */
import type { Cause } from './api.ts'
import type { Rid } from './ids.ts'
import { type Issued, levelOf, type SkuRecords, winningBaseline } from './level.ts'
import { takenBackKept, withheldPerSkuMax } from './limits.ts'
import { type Catalogue, massAmong, newestChanges, type Unexplained } from './mass-change.ts'
import type { BaselineRecord } from './record.ts'
import type { SkuKey } from './sku.ts'

/** A change by hand of another shop that this shop does not go by. */
export interface WithheldChange {
  readonly rid: Rid
  readonly seq: number
  /** Signed units. */
  readonly delta: number
}

/** Up to where the movements of a replica have told what became of a SKU. */
export interface ToldThrough {
  readonly rid: Rid
  readonly seq: number
  /** What the replica had added to the SKU less what it had removed, by then. */
  readonly net: number
}

/** What this shop does not go by of one SKU. */
export interface WithheldSku {
  /** In milliseconds since 1970, by this node's clock. */
  readonly since: number
  readonly changes: readonly WithheldChange[]
  /** Of each replica that they are of. */
  readonly told: readonly ToldThrough[]
}

/** One change by hand of another shop, by its movement. */
export interface MemberChange extends WithheldChange {
  readonly key: SkuKey
  /** What its replica had added to the SKU less what it had removed, after it. */
  readonly net: number
  /** By that shop's clock, in milliseconds since 1970. */
  readonly at: number
  readonly isWithheld: boolean
  /** It takes back what its own node told a moment earlier: no change by hand, and part of one. */
  readonly takesBack: boolean
}

/** Whether nothing but a person's hand explains a movement; a cause that only a newer release knows does not. */
export function isByHand(cause: Cause): boolean {
  return cause === 'manual' || cause === 'unknown'
}

/** The changes that are in the level. */
export function inLevel<Change extends Pick<WithheldChange, 'rid' | 'seq'>>(
  changes: readonly Change[],
  baselines: readonly Issued<BaselineRecord>[],
): readonly Change[] {
  const covers = winningBaseline(baselines)?.record.baseline.covers ?? []
  if (covers.length === 0) return changes
  const covered = new Map(covers.map(({ rid, seq }) => [rid, seq]))
  return changes.filter(({ rid, seq }) => seq > (covered.get(rid) ?? 0))
}

/**
 * Units by which the level would be higher without what is withheld. What came to the SKU since, and no movement has told
 * by what, may be the number that was put right there: it is not shown on top.
 */
export function withheldUnits({ changes, told }: WithheldSku, { baselines, totals }: SkuRecords): number {
  const present = inLevel(changes, baselines)
  if (present.length === 0) return 0
  const units = present.reduce((sum, { delta }) => sum - delta, 0)
  return told.reduce((sum, { rid, seq, net }) => {
    const record = totals.find((one) => one.rid === rid)?.record
    return record === undefined || record.seq <= seq ? sum : sum - Math.max(0, record.added - record.removed - net)
  }, units)
}

/**
 * The level with what is withheld taken back. Null while a movement of the same replicas is on its way: it may be a sale,
 * which counts, or the number that was put right there. `told`: up to where all movements of a replica are known.
 */
export function levelTakenBack(sku: WithheldSku, records: SkuRecords, told: (rid: Rid) => number): number | null {
  const level = levelOf(records)
  const rids = new Set(inLevel(sku.changes, records.baselines).map(({ rid }) => rid))
  const isTold = records.totals.every(({ rid, record }) => !rids.has(rid) || record.seq <= told(rid))
  return level !== null && isTold ? level + withheldUnits(sku, records) : null
}

/** A replica is told through to there; what is known already stays. */
export function tellThrough(told: readonly ToldThrough[], through: ToldThrough): readonly ToldThrough[] {
  const known = told.find(({ rid }) => rid === through.rid)
  if (known !== undefined && known.seq >= through.seq) return told
  return [...told.filter((one) => one !== known), through]
}

/** One change more; of very many the oldest of a replica become one. */
export function withhold(changes: readonly WithheldChange[], change: WithheldChange): readonly WithheldChange[] {
  const all = [...changes, { rid: change.rid, seq: change.seq, delta: change.delta }]
  if (all.length <= withheldPerSkuMax) return all
  const [first, ...others] = all
  const next = others.find(({ rid }) => rid === first?.rid)
  if (first === undefined || next === undefined) return all
  return others.map((one) => (one === next ? { ...next, delta: first.delta + next.delta } : one))
}

export interface MemberVerdict {
  /** What is withheld from now on, what was let through a moment earlier among it. */
  readonly withheld: readonly MemberChange[]
  /** What the next changes are judged with. */
  readonly recent: readonly MemberChange[]
}

/**
 * `recent`: what was kept of this shop the last time; `read`: its changes by hand after them, of SKUs that this shop
 * sells. All are in the level. They are judged by any few minutes of their own times, so that a long absence is no mass
 * change. `fromSkus`: fewer SKUs are none; null where nothing new is withheld at all.
 */
export function judgeMemberChanges({
  recent,
  read,
  isWithheld,
  levelOf,
  catalogue,
  fromSkus,
}: {
  readonly recent: readonly MemberChange[]
  readonly read: readonly MemberChange[]
  /** Whether something of the same shop is withheld for the SKU. */
  readonly isWithheld: (key: SkuKey) => boolean
  /** With all of the changes. */
  readonly levelOf: (key: SkuKey) => number | null
  readonly catalogue: () => Catalogue
  readonly fromSkus: number | null
}): MemberVerdict {
  const differencesOf = (window: readonly MemberChange[]): Unexplained => differences(window, levelOf)
  const all = [...recent, ...read]
  const mass = massAmong(all, { differencesOf, catalogue, fromSkus })
  const isNew = new Set(read)
  const withheld = all.filter(
    (change) => !change.isWithheld && (mass.has(change) || (isNew.has(change) && isWithheld(change.key))),
  )
  const taken = new Set(withheld)
  const told = all.map((change) => (taken.has(change) ? { ...change, isWithheld: true } : change))
  // A history is heard replica by replica: what is taken back may come long before what was told.
  const [back, byHand] = [told.filter(({ takesBack }) => takesBack), told.filter(({ takesBack }) => !takesBack)]
  return { withheld, recent: [...newestChanges(byHand), ...back.slice(-takenBackKept)] }
}

/** What a SKU has now, less what the changes did to it, is what it had. */
function differences(window: readonly MemberChange[], levelOf: (key: SkuKey) => number | null): Unexplained {
  const nets = new Map<SkuKey, number>()
  for (const { key, delta } of window) nets.set(key, (nets.get(key) ?? 0) + delta)
  const byHand = new Set(window.flatMap(({ key, takesBack }) => (takesBack ? [] : [key])))
  const differing = [...nets].filter(([key, net]) => net !== 0 && byHand.has(key))
  return {
    differing: differing.length,
    toZero: differing.filter(([key, net]) => {
      const level = levelOf(key) ?? 0
      return level <= 0 && level - net > 0
    }).length,
    unitsDiffering: differing.reduce((units, [, net]) => units + Math.abs(net), 0),
  }
}

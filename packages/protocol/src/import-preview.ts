/**
 * What an import will do to each SKU of the shop, before anything is written, and whether what a person saw of that
 * still holds. What was sold since changes the numbers and not the decision, so sales never make a preview stale.
 */
import { previewChangedShareMax } from './limits.ts'
import { decide, shownLevel, type Situation } from './reconcile.ts'

export type PreviewedSku =
  /** The shop's number becomes the network's. */
  | { readonly type: 'matched'; readonly from: number; readonly to: number }
  /** The network does not know it: it begins with this shop's number. */
  | { readonly type: 'only-here' }
  /** Nothing is written: it stands twice, is not tracked, cannot be read, or its number is still on the way. */
  | { readonly type: 'left-out' }

export function previewSku(situation: Situation): PreviewedSku {
  const decision = decide({ ...situation, writable: true })
  if (decision.type === 'create-baseline' || decision.type === 'count-again') return { type: 'only-here' }
  const { level, shadow } = situation
  if (decision.type === 'rest' && decision.why !== 'equal') return { type: 'left-out' }
  if (level === null || shadow === null) return { type: 'left-out' }
  return { type: 'matched', from: shadow, to: shownLevel({ ...situation, level }) }
}

/** What a SKU is decided on by: this shop's number and the network's. */
export interface PreviewBasis {
  /** null: there is none, or not one that is synchronised. */
  readonly shop: number | null
  readonly level: number | null
}

/** How far a SKU moved by something else than sales. */
export interface OtherChange {
  readonly shop: number
  readonly level: number
  /** How often a number came or went altogether. */
  readonly facts: number
}

export const noOtherChange: OtherChange = { shop: 0, level: 0, facts: 0 }

/**
 * Adds to what moved by something else than sales. `sold`: what orders moved meanwhile, in this shop and in all of them.
 * A movement that comes after the change that it explains takes it back.
 */
export function otherwiseChanged(
  known: OtherChange,
  before: PreviewBasis,
  now: PreviewBasis,
  sold: { readonly here: number; readonly everywhere: number },
): OtherChange {
  const isOther = (was: number | null, is: number | null): boolean => (was === null) !== (is === null)
  const facts = Number(isOther(before.shop, now.shop)) + Number(isOther(before.level, now.level))
  const moved = (was: number | null, is: number | null, by: number): number =>
    was === null || is === null ? 0 : is - was - by
  return {
    shop: known.shop + moved(before.shop, now.shop, sold.here),
    level: known.level + moved(before.level, now.level, sold.everywhere),
    facts: known.facts + facts,
  }
}

export function isSameChange(one: OtherChange, other: OtherChange): boolean {
  return one.shop === other.shop && one.level === other.level && one.facts === other.facts
}

/** Whether so many SKUs changed otherwise than by sales that a person should look again. */
export function isPreviewStale(changed: number, skus: number): boolean {
  return changed > previewChangedShareMax * skus
}

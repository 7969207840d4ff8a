/**
 * Who is out of reach, over time. Each parting makes the side of those that stay smaller; what each had before is kept
 * beside it, so that a side that meets again goes on with what it had together.
 *
 *      whole --lost--> [ out: C ] --lost--> [ out: C ] [ out: B, C ] --B is back--> [ out: C ] --C is back--> whole
 *
 * A parting ends only when exactly the shops of an earlier one are still out, or nobody is: what others agreed on among
 * themselves meanwhile is not known, and a part of it is never more than they all had.
 */
import type { ShopId } from './ids.ts'

export interface Parting {
  readonly out: ReadonlySet<ShopId>
  /** Shops that share what is left; this one is among them. */
  readonly side: ReadonlySet<ShopId>
}

export interface Reach {
  /** Shops that are out of reach now. */
  readonly out: ReadonlySet<ShopId>
  /** The first parting first; each has all that are out in the one before it. */
  readonly partings: readonly Parting[]
}

export const inReach: Reach = { out: new Set(), partings: [] }

/** What the change of reach asks for. */
export type ReachStep =
  | { readonly type: 'nothing' }
  /** The rights of the earlier parting, or of none, hold again. */
  | { readonly type: 'meet' }
  /** A parting was added, and its rights are to be computed. */
  | { readonly type: 'part'; readonly isAgain: boolean }
  /** The rights of the last parting are to be computed once more: whoever was back may have sold. */
  | { readonly type: 'part-again' }

/** `shops`: all that have a share, and this one; `out`: those of them that are out of reach now. */
export function stepReach(
  { out: before, partings }: Reach,
  out: ReadonlySet<ShopId>,
  shops: ReadonlySet<ShopId>,
): { readonly reach: Reach; readonly step: ReachStep } {
  const lost = [...out].filter((shop) => !before.has(shop))
  const last = partings.at(-1)
  if (lost.length === 0) {
    const kept = out.size === 0 ? 0 : partings.findIndex((parting) => isEqual(parting.out, out)) + 1
    const isBack = out.size === 0 || kept > 0
    const isShorter = isBack && kept < partings.length
    return {
      reach: { out, partings: isShorter ? partings.slice(0, kept) : partings },
      step: { type: isShorter ? 'meet' : 'nothing' },
    }
  }
  if (last !== undefined && [...out].every((shop) => last.out.has(shop))) {
    return { reach: { out, partings }, step: { type: 'part-again' } }
  }
  const all = new Set([...(last?.out ?? []), ...out])
  const side = new Set([...(last?.side ?? shops)].filter((shop) => !all.has(shop)))
  const isAgain = lost.some((shop) => last?.out.has(shop) === true)
  return { reach: { out, partings: [...partings, { out: all, side }] }, step: { type: 'part', isAgain } }
}

function isEqual(a: ReadonlySet<ShopId>, b: ReadonlySet<ShopId>): boolean {
  return a.size === b.size && [...a].every((shop) => b.has(shop))
}

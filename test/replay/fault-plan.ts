/**
 * What goes wrong and when, from a seed. The orders are placed in segments; each segment may begin with a cut, and in
 * each a process may be killed once a seeded share of its orders was answered.
 */
import type { Random } from './random.ts'

export interface Kill {
  readonly what: 'node' | 'shop'
  readonly member: number
  /** Share of the segment's orders that are answered before. */
  readonly after: number
  readonly downMs: number
}

export interface Cut {
  /** Pairs of members that do not hear each other. */
  readonly links: readonly (readonly [number, number])[]
  /** The member whose node does not reach its shop; null: all do. */
  readonly shop: number | null
  readonly lastsMs: number
}

export interface Segment {
  readonly kill: Kill | null
  readonly cut: Cut | null
}

export interface FaultPlanOptions {
  readonly members: number
  readonly kills: number
  readonly cuts: number
  readonly cutMsMax: number
}

const downMsMin = 100
const downMsMax = 2_500
const cutMsMin = 1_000

export function planFaults({ members, kills, cuts, cutMsMax }: FaultPlanOptions, random: Random): readonly Segment[] {
  const programs = Array.from({ length: members }, (_, member) => [
    { what: 'node' as const, member },
    { what: 'shop' as const, member },
  ]).flat()
  const victims: { readonly what: 'node' | 'shop'; readonly member: number }[] = []
  while (victims.length < kills) victims.push(...random.shuffle(programs))
  return Array.from({ length: Math.max(kills, cuts, 1) }, (_, index): Segment => {
    const victim = index < kills ? victims[index] : undefined
    return {
      kill:
        victim === undefined
          ? null
          : { ...victim, after: random.between(5, 50) / 100, downMs: random.between(downMsMin, downMsMax) },
      cut: index < cuts ? planCut(members, cutMsMax, random) : null,
    }
  })
}

function planCut(members: number, cutMsMax: number, random: Random): Cut {
  const lastsMs = random.between(cutMsMin, cutMsMax)
  const [one = 0, ...others] = random.shuffle(Array.from({ length: members }, (_, member) => member))
  const [other = 0] = others
  switch (random.pick(['link', 'member', 'shop'] as const)) {
    case 'link':
      return { links: [[one, other]], shop: null, lastsMs }
    case 'member':
      return { links: others.map((each) => [one, each] as const), shop: null, lastsMs }
    case 'shop':
      return { links: [], shop: one, lastsMs }
  }
}

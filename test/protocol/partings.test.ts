/** Who is out of reach, over time: a side that meets again goes on with what it had together, and never with more. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ShopId } from '../../packages/protocol/src/ids.ts'
import { inReach, type Reach, type ReachStep, stepReach } from '../../packages/protocol/src/partings.ts'
import { check, shopAt } from './arbitraries.ts'

const [A, B, C, D] = [shopAt(1), shopAt(2), shopAt(3), shopAt(4)] as const
const shops = new Set([A, B, C, D])

/** Plays a story at A: who is out, look by look. */
function play(...looks: readonly (readonly ShopId[])[]): { reach: Reach; steps: ReachStep['type'][] } {
  let reach = inReach
  const steps: ReachStep['type'][] = []
  for (const out of looks) {
    const next = stepReach(reach, new Set(out), shops)
    reach = next.reach
    steps.push(next.step.type)
  }
  return { reach, steps }
}

describe('partings', () => {
  it('end where they began, in turn', () => {
    const { reach, steps } = play([C], [B, C], [C], [])
    expect(steps).toEqual(['part', 'part', 'meet', 'meet'])
    expect(reach.partings).toEqual([])
  })

  it('keep the side of each: those that stay share what the side before had', () => {
    const { partings } = play([C], [B, C]).reach
    expect(partings.map(({ side }) => [...side])).toEqual([
      [A, B, D],
      [A, D],
    ])
  })

  it('do not end while other shops are out than at any of them', () => {
    const { reach, steps } = play([C], [B, C], [B])
    expect(steps).toEqual(['part', 'part', 'nothing'])
    expect(reach.partings).toHaveLength(2)
  })

  it('are computed once more when one that was back is out again', () => {
    expect(play([B, C], [B], [B, C]).steps).toEqual(['part', 'nothing', 'part-again'])
    const { steps, reach } = play([B, C], [B], [B, C, D])
    expect(steps).toEqual(['part', 'nothing', 'part'])
    expect(reach.partings).toHaveLength(2)
  })

  it('whatever happens: a side never grows from one to the next, has this shop, and nobody that is out', () => {
    const anyOut = fc.subarray([B, C, D])
    check(
      fc.property(fc.array(anyOut, { maxLength: 12 }), (looks) => {
        const { partings, out } = play(...looks).reach
        for (const [index, { side, out: gone }] of partings.entries()) {
          expect(side.has(A)).toBe(true)
          expect([...side].filter((shop) => gone.has(shop))).toEqual([])
          const before = partings[index - 1]
          if (before !== undefined) expect([...side].every((shop) => before.side.has(shop))).toBe(true)
        }
        const last = partings.at(-1)
        expect([...out].every((shop) => last?.out.has(shop))).toBe(true)
        if (out.size === 0) expect(partings).toEqual([])
      }),
    )
  })
})

/**
 * Worlds in which the partition guard is on: shops part and meet, nodes die, and buyers buy no more than is shown.
 * `npm run sim -- --parted` runs many more.
 */
import { expect, it } from 'vitest'
import { bundle } from './bundle.ts'
import { runSeeds, seedsFrom } from './crew.ts'

/** A tenth of the worlds of other faults: each of these lasts longer. */
const count = Math.ceil(Number(process.env['STOCKMESH_SIM_COUNT'] ?? 40) / 10)
const from = Number(process.env['STOCKMESH_SEED'] ?? 1)

it(
  `no SKU is oversold by more than was sold before a parting was known: ${count} seeds from ${from}`,
  async () => {
    const failures: string[] = []
    const done = ({ failure }: { readonly failure: string | null }): boolean => {
      if (failure !== null) failures.push(failure)
      return false
    }
    const work = { file: await bundle(null), seeds: seedsFrom(from, count), jobs: 1, story: false, parted: true, done }
    await runSeeds(work, new AbortController().signal)
    expect(failures).toEqual([])
  },
  5_000 + 20_000 * count,
)

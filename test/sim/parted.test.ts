/**
 * Worlds in which the partition guard is on: shops part and meet, nodes die, and buyers buy no more than is shown.
 * `npm run sim -- --parted` runs many more.
 */
import { expect, it } from 'vitest'
import { seedsFrom } from './crew.ts'
import { failuresOf } from './failures.ts'

/** A tenth of the worlds of other faults: each of these lasts longer. */
const count = Math.ceil(Number(process.env['STOCKMESH_SIM_COUNT'] ?? 40) / 10)
const from = Number(process.env['STOCKMESH_SEED'] ?? 1)

it(
  `no SKU is oversold by more than was sold before a parting was known: ${count} seeds from ${from}`,
  async () => expect(await failuresOf('parted', seedsFrom(from, count))).toEqual([]),
  5_000 + 20_000 * count,
)

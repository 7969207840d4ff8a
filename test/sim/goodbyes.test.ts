/**
 * Worlds in which shops leave, often several at once, amid whatever else goes on: nothing is lost that one of them knew.
 * `npm run sim -- --goodbyes` runs many more.
 */
import { expect, it } from 'vitest'
import { seedsFrom } from './crew.ts'
import { failuresOf } from './failures.ts'

/** Half as many as of the worlds of other faults. */
const count = Math.ceil(Number(process.env['STOCKMESH_SIM_COUNT'] ?? 40) / 2)
const from = Number(process.env['STOCKMESH_SEED'] ?? 1)

it(
  `who stays holds all that those knew who left: ${count} seeds from ${from}`,
  async () => expect(await failuresOf('goodbyes', seedsFrom(from, count))).toEqual([]),
  5_000 + 5_000 * count,
)

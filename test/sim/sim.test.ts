/**
 * Whole nodes in simulated worlds: the real host, ledger, replication, membership, import and shop over disks, lines
 * and clocks that fail by seed. `npm run sim` runs many more; a seed that fails is replayed by its number.
 */
import { describe, expect, it } from 'vitest'
import './seeded-crypto.ts'
import { runSeed } from './run.ts'

/** Worlds in one test run, and the first of them; a nightly run sets more. */
const count = Number(process.env['STOCKMESH_SIM_COUNT'] ?? 60)
const from = Number(process.env['STOCKMESH_SEED'] ?? 1)

/**
 * Seeds that failed while what they showed was not mended: a join write that failed on a full disk left the node unusable; a clock that had been
 * ten years ahead kept claims from being told; a join request that had expired for a moment was never asked about
 * again; a member that found a request expired did not tell the shop that waited; a refusal that a new row made moot
 * was forgotten, and the node said it was in step before the row was adjusted; what a shop had sold before a count was
 * taken off the count. A change of how worlds are made gives each seed another story.
 */
const once = [1, 4, 31, 64, 189, 245, 267, 333, 356]

describe('any world of faults', () => {
  it(
    `comes to rest with every number right: ${count} seeds from ${from}`,
    async () => {
      const failed: string[] = []
      for (let seed = from; seed < from + count; seed += 1) {
        await runSeed(seed).catch((error: unknown) => failed.push(String(error)))
      }
      expect(failed).toEqual([])
    },
    5_000 + 3_000 * count,
  )

  it.each(once)('a seed that once failed: %i', async (seed) => {
    await runSeed(seed)
  })

  it('the same seed is the same world, to the last note', async () => {
    const [first, second] = [await runSeed(7), await runSeed(7)]
    expect(second.notes).toEqual(first.notes)
    expect(second.time.now).toBe(first.time.now)
    expect(second.nodes.map(({ disk }) => [...disk.rows])).toEqual(first.nodes.map(({ disk }) => [...disk.rows]))
  })
})

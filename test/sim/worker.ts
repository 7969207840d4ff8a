/**
 * A process that runs the seeds it is told, one after the other, and answers what became of each. It ends with the one
 * who started it.
 */
import './seeded-crypto.ts'
import { SimFailure } from './check.ts'
import { runParted } from './parted.ts'
import { runGoodbyes, runSeed } from './run.ts'
import { trace } from './trace.ts'

const runs = { faults: runSeed, goodbyes: runGoodbyes, parted: runParted }

/** Worlds of all faults; such in which shops leave, often together; such in which the partition guard is on. */
export type WorldKind = keyof typeof runs

/** What became of a seed. A story comes with a failure, and where it was asked for. */
export interface Outcome {
  readonly seed: number
  readonly failure: string | null
  readonly story: string
}

const told = process.argv.includes('--story')
const runWorld = runs[process.argv[2] as WorldKind]
// Ctrl-C reaches the whole group; the one who hands out the seeds says what was done.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => process.exit())

let turn = Promise.resolve()
process.on('message', (seed: number) => {
  turn = turn.then(async () => {
    const outcome = await run(seed)
    process.send?.(outcome)
  })
})

async function run(seed: number): Promise<Outcome> {
  try {
    const world = await runWorld(seed)
    return { seed, failure: null, story: told ? trace(world, null) : '' }
  } catch (error) {
    if (error instanceof SimFailure) return { seed, failure: error.message, story: trace(error.world, error.key) }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { seed, failure: `seed ${seed}: ${text}`, story: '' }
  }
}

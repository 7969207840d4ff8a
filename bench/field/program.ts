/**
 * One contender in one workload: `program.ts NAME WORKLOAD FOLDER SKUS CHANGES` prints what was measured as JSON.
 */
import { counters, ours } from './ours.ts'
import type { Contender } from './pair.ts'
import { workloads, type WorkloadName } from './workloads.ts'
import { yjs } from './yjs.ts'

/** Rivals are installed by `npm ci --prefix bench` alone, so nothing here may import them by name. */
async function contenderCalled(name: string): Promise<Contender> {
  if (name === 'ours') return ours
  if (name === 'counters') return counters
  if (name === 'yjs') return yjs
  const module = (await import(`../rivals/${name}.ts`)) as Record<string, Contender>
  const contender = module[name]
  if (contender === undefined) throw new Error(`There is no contender ${name}.`)
  return contender
}

const [, , name = '', workload = '', folder = '', skus, changes] = process.argv
const run = workloads[workload as WorkloadName]
const size = { skus: Number(skus), changes: Number(changes) }
const measured = await run({ contender: await contenderCalled(name), folder, size })
process.stdout.write(JSON.stringify(measured))
// Node 20 can spin over handles of reset sockets when its loop has ended by itself.
process.exit()

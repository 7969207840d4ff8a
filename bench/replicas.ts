/**
 * A ledger that has grown: 1,000,000 SKUs of five shops with 1,700,000 records, and a node that was started 400 times
 * and each time decided on 500 SKUs, so that 400 replicas of its own are kept.
 */
import { fileURLToPath } from 'node:url'
import { Owned } from '../test/harness/owned.ts'
import type { Benchmark, Report, Scale } from './benchmark.ts'
import { runNode } from './child.ts'
import { openFolder } from './programs.ts'

interface Loaded {
  readonly seconds: number
  readonly megabytes: number
  readonly resident: number
  readonly records: number
}

export const replicas: Benchmark = {
  name: 'replicas',
  about: 'a ledger of 1,000,000 SKUs in five shops, and one after 400 starts: loading and memory',
  async run({ short }: Scale, say: (line: string) => void): Promise<Report> {
    const [skus, starts] = short ? [500, 4] : [1_000_000, 400]
    say(`${skus} SKUs of five shops`)
    const five = await measure('five-shops', skus)
    say(`${starts} starts that decide on 500 SKUs each`)
    const restarted = await measure('starts', starts)
    const none = { beside: [], target: null }
    return {
      name: 'replicas (each loaded in a process of its own that does nothing else)',
      columns: [],
      figures: [
        {
          ...none,
          measure: `five shops: ${five.records} records loaded`,
          unit: 's',
          ours: five.seconds,
          target: '<= 20',
        },
        { ...none, measure: 'five shops: memory', unit: 'MB', ours: five.megabytes },
        { ...none, measure: 'five shops: resident', unit: 'MB', ours: five.resident, target: '<= 450' },
        {
          ...none,
          measure: `${starts} starts: ${restarted.records} records loaded`,
          unit: 's',
          ours: restarted.seconds,
        },
        { ...none, measure: `${starts} starts: memory`, unit: 'MB', ours: restarted.megabytes, target: '<= 50' },
      ],
    }
  },
}

async function measure(kind: string, size: number): Promise<Loaded> {
  await using owned = new Owned()
  const folder = await openFolder(owned)
  await run(`write-${kind}`, folder, size)
  return JSON.parse(await run('load', folder, size)) as Loaded
}

async function run(what: string, folder: string, size: number): Promise<string> {
  const file = fileURLToPath(new URL('field/grown-ledger.ts', import.meta.url))
  const args = ['--expose-gc', '--import', 'tsx', file, what, folder, String(size)]
  const { text, code } = await runNode(args)
  if (code !== 0) throw new Error(`${what} failed.`)
  return text
}

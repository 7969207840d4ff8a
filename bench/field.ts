/**
 * Ours beside the field: the same stream of changes, the same numbers in memory and the same re-sync in Yjs, Automerge,
 * Loro and PouchDB, each in a process of its own. The three that the product does not need are installed by
 * `npm ci --prefix bench`; without them their columns are empty, and the report says so.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Benchmark, Column, Figure, Report, Scale } from './benchmark.ts'
import { runNode } from './child.ts'
import type { Measured, Size, WorkloadName } from './field/workloads.ts'

const contenders: readonly Column[] = [
  { name: 'yjs', about: 'a number for each SKU in a flat Y.Map, in memory; of two changes at once one is lost' },
  { name: 'automerge', about: 'a counter for each SKU, in memory' },
  { name: 'loro', about: 'a counter for each SKU, in memory' },
  {
    name: 'pouchdb',
    about: 'a document for each SKU over LevelDB, unflushed; of two changes at once one is set aside',
  },
]
const packages: Readonly<Record<string, string>> = {
  automerge: '@automerge/automerge',
  loro: 'loro-crdt',
  pouchdb: 'pouchdb-core',
}

interface Measure {
  readonly workload: WorkloadName
  readonly unit: Figure['unit']
  readonly target: string | null
}

/** Rows of the table by the names of what the workloads measure. */
const measures: Readonly<Record<string, Measure>> = {
  'changes a second': { workload: 'stream', unit: '/s', target: '>= 12000' },
  'changes one by one, a second': { workload: 'singles', unit: '/s', target: null },
  'the same, counters alone, a second': { workload: 'singles', unit: '/s', target: '4 x Yjs' },
  'bytes of a change alone': { workload: 'stream', unit: 'B', target: null },
  'bytes of a change among 64': { workload: 'stream', unit: 'B', target: null },
  'bytes of counters that push a change': { workload: 'stream', unit: 'B', target: '<= 200' },
  'bytes of counters that push each of 64': { workload: 'stream', unit: 'B', target: '<= 30' },
  'memory of a number each': { workload: 'heap', unit: 'MB', target: '<= 50' },
  'the same, resident': { workload: 'heap', unit: 'MB', target: null },
  'growth over the changes': { workload: 'heap', unit: 'MB', target: 'flat' },
  'loaded after': { workload: 'heap', unit: 's', target: null },
  'kept in files': { workload: 'heap', unit: 'MB', target: null },
  'in step again after': { workload: 'resync', unit: 'ms', target: null },
  'bytes that took': { workload: 'resync', unit: 'B', target: null },
}

const sizes: Readonly<Record<WorkloadName, Size>> = {
  stream: { skus: 20_000, changes: 200_000 },
  singles: { skus: 20_000, changes: 200_000 },
  heap: { skus: 500_000, changes: 1_000_000 },
  resync: { skus: 20_000, changes: 2_500 },
}
const shortSize: Size = { skus: 1_100, changes: 1_000 }
/** Who takes longer is left out of that workload. */
const secondsMax = 250

export const field: Benchmark = {
  name: 'field',
  about: 'the same changes in ours, Yjs, Automerge, Loro and PouchDB: speed, bytes, memory, loading, re-sync',
  async run({ short }: Scale, say: (line: string) => void): Promise<Report> {
    const about: Column[] = []
    const all = new Map<string, Measured>()
    for (const { name, about: what } of [{ name: 'ours', about: '' }, ...contenders]) {
      const notes: string[] = []
      const measured: Record<string, number | null> = {}
      if (isInstalled(name)) {
        for (const workload of Object.keys(sizes) as WorkloadName[]) {
          say(`${name}: ${workload}`)
          const figures = await measure(name, workload, short ? shortSize : sizes[workload])
          if (figures === null) notes.push(`${workload} did not end within ${secondsMax} s`)
          else {
            Object.assign(measured, figures)
            // A run that is stopped half way has said what it found.
            say(`${name}: ${workload}: ${JSON.stringify(figures)}`)
          }
        }
      } else notes.push('not installed: npm ci --prefix bench')
      if (name === 'ours') {
        say('counters: singles')
        const bare = await measure('counters', 'singles', short ? shortSize : sizes.singles)
        measured['the same, counters alone, a second'] = bare?.['changes one by one, a second'] ?? null
        say(`counters: singles: ${JSON.stringify(bare)}`)
      } else measured['the same, counters alone, a second'] = measured['changes one by one, a second'] ?? null
      all.set(name, measured)
      if (name !== 'ours') about.push({ name, about: [what, ...notes].join('; ') })
    }
    const { stream, singles, heap, resync } = sizes
    return {
      name: `field (stream: ${stream.changes} changes of ${stream.skus} SKUs, in batches of 64, from one copy to another; singles: ${singles.changes} one by one, and with our counters alone, without digests, signatures and history, durable at both ends; memory: one copy of ${heap.skus} SKUs, then ${heap.changes} changes; re-sync: ${resync.skus} SKUs, of which 500 on each side moved ${resync.changes / 500} times while apart). Ours is two nodes without shops, durable at both ends, with digests and the history of every change`,
      columns: about,
      figures: Object.entries(measures).map(([name, { workload, unit, target }]) => ({
        measure: `${workload}: ${name}`,
        unit,
        target,
        ours: all.get('ours')?.[name] ?? null,
        beside: contenders.map((contender) => all.get(contender.name)?.[name] ?? null),
      })),
    }
  },
}

function isInstalled(name: string): boolean {
  const needed = packages[name]
  return needed === undefined || existsSync(new URL(`node_modules/${needed}`, import.meta.url))
}

/** null where it took too long. */
async function measure(name: string, workload: WorkloadName, { skus, changes }: Size): Promise<Measured | null> {
  const folder = await mkdtemp(join(tmpdir(), 'stockmesh-field-'))
  const file = fileURLToPath(new URL('field/program.ts', import.meta.url))
  const args = ['--expose-gc', '--max-old-space-size=6000', '--import', 'tsx', file]
  const what = [name, workload, folder, String(skus), String(changes)]
  const { text, code, signal } = await runNode([...args, ...what], secondsMax)
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  if (signal === 'SIGKILL') return null
  if (code !== 0) throw new Error(`${name} failed in ${workload}.`)
  return JSON.parse(text) as Measured
}

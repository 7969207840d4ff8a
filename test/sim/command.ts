/**
 * `npm run sim`: seeded worlds, several beside each other. `--seed 17` replays one and prints what happened to the SKU
 * that went wrong; `--count 1000` runs that many, from `--from` on; `--mutant all` looks for planted bugs.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { bundle } from './bundle.ts'
import { runSeeds, seedsFrom, type Work } from './crew.ts'
import { type Mutant, mutants } from './mutants.ts'
import { openFailures } from './open-failures.ts'
import type { Outcome, WorldKind } from './worker.ts'

const help = `npm run sim -- [--seed N] [--from N] [--count N] [--minutes N] [--jobs N] [--trace] [--first] [--parted] [--goodbyes] [--mutant NAME]

  --seed N    run one seed and print what happened if it fails
  --from N    the first seed of many (1)
  --count N   how many (1,000)
  --minutes N end after so long, at the seed that it has come to
  --jobs N    how many run beside each other (one a core); the result is the same
  --trace     print what happened in a run that holds, too
  --first     end at the first seed that fails
  --parted    worlds in which the partition guard is on; theirs are other seeds
  --goodbyes  worlds in which shops leave, often several at once; theirs are other seeds, too
  --mutant M  plant a known bug and look for it in its window of seeds, or in --from and --count; "all" for each of them
`

/** Failing seeds of which the story is printed; what happened in the others is asked with --seed. */
const storiesMax = 1

interface Range {
  readonly from: number
  readonly count: number
}

interface Order extends Range {
  /** Infinity: as long as it takes. */
  readonly minutes: number
  readonly jobs: number
  readonly trace: boolean
  readonly first: boolean
  readonly kind: WorldKind
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      from: { type: 'string' },
      count: { type: 'string' },
      minutes: { type: 'string' },
      jobs: { type: 'string' },
      trace: { type: 'boolean', default: false },
      first: { type: 'boolean', default: false },
      parted: { type: 'boolean', default: false },
      goodbyes: { type: 'boolean', default: false },
      mutant: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const from = Number(values.seed ?? values.from ?? 1)
  const count = values.seed === undefined ? Number(values.count ?? 1_000) : 1
  const jobs = Number(values.jobs ?? availableParallelism())
  const minutes = Number(values.minutes ?? Infinity)
  if (![from, count, jobs].every(Number.isSafeInteger) || from < 0 || count < 1 || jobs < 1 || !(minutes > 0)) {
    process.stderr.write(help)
    return 2
  }
  const stopping = new AbortController()
  process.once('SIGINT', () => stopping.abort())
  const { mutant, trace, first, parted, goodbyes } = values
  const kind = parted ? 'parted' : goodbyes ? 'goodbyes' : 'faults'
  if (mutant === undefined) return runMany({ from, count, minutes, jobs, trace, first, kind }, stopping.signal)
  const own = values.seed ?? values.from ?? values.count
  return findMutants(mutant, own === undefined ? null : { from, count }, jobs, stopping.signal)
}

/** 0 if every seed holds, 1 if one fails, 130 if it was interrupted before that could be said. */
async function runMany(order: Order, interrupted: AbortSignal): Promise<number> {
  const { from, count, minutes, jobs, trace, first, kind } = order
  // Not AbortSignal.timeout: what only a signal of several signals holds may be collected before it is over.
  const over = new AbortController()
  if (Number.isFinite(minutes)) setTimeout(() => over.abort(), minutes * 60_000).unref()
  const signal = AbortSignal.any([interrupted, over.signal])
  const failed: number[] = []
  const open: number[] = []
  let through = from - 1
  const began = performance.now()
  const perSecond = (): string => ((1_000 * (through - from + 1)) / (performance.now() - began)).toFixed(1)
  const done = ({ seed, failure, story }: Outcome): boolean => {
    through = seed
    if (failure === null) process.stdout.write(story)
    else if (count > 1 && kind === 'faults' && openFailures.has(seed)) open.push(seed)
    else {
      failed.push(seed)
      process.stdout.write(`${failure}\n${failed.length <= storiesMax ? story : ''}`)
    }
    if (process.stderr.isTTY && seed % 20 === 0) {
      process.stderr.write(`\r${seed - from + 1} of ${count}, ${failed.length} failed, ${perSecond()} a second `)
    }
    return first && failed.length > 0
  }
  await runSeeds({ file: await bundle(null), seeds: seedsFrom(from, count), jobs, story: trace, kind, done }, signal)
  const seconds = (performance.now() - began) / 1_000
  process.stdout.write(
    `${through - from + 1} seeds from ${from} in ${seconds.toFixed(1)} s (${perSecond()} a second): ${failed.length} failed ${failed.slice(0, 50).join(' ')}\n`,
  )
  if (open.length > 0) {
    process.stdout.write(
      `${open.length} more fail that are known to: see test/sim/open-failures.ts, and --seed ${open[0]}\n`,
    )
  }
  if (through < from + count - 1) process.stdout.write(`Go on with --from ${through + 1}\n`)
  if (failed.length > 0) return 1
  return interrupted.aborted ? 130 : 0
}

/** 0 if every one of them was found. */
async function findMutants(name: string, window: Range | null, jobs: number, signal: AbortSignal): Promise<number> {
  const wanted = mutants.filter((mutant) => name === 'all' || mutant.name === name)
  if (wanted.length === 0) {
    process.stderr.write(`There is no mutant ${name}: ${mutants.map((mutant) => mutant.name).join(', ')}\n`)
    return 2
  }
  // Who cannot be planted any more is known before anything is looked for.
  for (const mutant of wanted) await bundle(mutant)
  // Many mutants are looked for beside each other, one alone by the whole crew.
  const lanes = Math.min(jobs, wanted.length)
  const found: Promise<number | null>[] = []
  const waiting = [...wanted.entries()]
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, mutant] = next
      found[index] = findMutant(mutant, window, Math.ceil(jobs / wanted.length), signal)
      await found[index]
    }
  }
  const lines = Promise.all(Array.from({ length: lanes }, lane))
  await lines
  let hidden = 0
  for (const [index, mutant] of wanted.entries()) {
    const seed = await found[index]
    if (seed == null) hidden += 1
    const verdict =
      seed == null
        ? 'NOT FOUND'
        : `found by seed ${seed}${isIn(seed, window ?? mutant.window) ? '' : ', outside its window'}`
    process.stdout.write(`${mutant.name}: ${mutant.says}: ${verdict}\n`)
  }
  return hidden === 0 ? 0 : 1
}

/** Any change of how worlds are made moves a bug out of a narrow window: it must still be found in as many seeds. */
const wide: Range = { from: 1, count: 10_000 }

const isIn = (seed: number, { from, count }: Range): boolean => seed >= from && seed < from + count

/** The first seed that finds it, in the range asked for, or else in its window and then the wide one; null if none does. */
async function findMutant(
  mutant: Mutant,
  range: Range | null,
  jobs: number,
  signal: AbortSignal,
): Promise<number | null> {
  if (range !== null) return findWithin(mutant, range, jobs, signal)
  return (await findWithin(mutant, mutant.window, jobs, signal)) ?? findWithin(mutant, wide, jobs, signal)
}

/** A world that fails without the mutant proves nothing: where one fails with it, it must hold without. */
async function findWithin(mutant: Mutant, window: Range, jobs: number, signal: AbortSignal): Promise<number | null> {
  const { kind = 'faults' } = mutant
  const end = window.from + window.count
  for (let { from } = window; from < end; ) {
    const range = seedsFrom(from, end - from)
    const failing = await firstFailing({ file: await bundle(mutant), seeds: range, jobs, kind }, signal)
    if (failing === null) return null
    const without = { file: await bundle(null), seeds: [failing], jobs: 1, kind }
    if ((await firstFailing(without, signal)) === null && !signal.aborted) return failing
    from = failing + 1
  }
  return null
}

async function firstFailing(work: Omit<Work, 'story' | 'done'>, signal: AbortSignal): Promise<number | null> {
  let first: number | null = null
  const done = ({ seed, failure }: Outcome): boolean => {
    if (failure !== null) first = seed
    return first !== null
  }
  await runSeeds({ ...work, story: false, done }, signal)
  return first
}

process.exit(await main())

/**
 * `npm run sim`: seeded worlds, one after the other. `--seed 17` replays one and prints what happened to the SKU that
 * went wrong; `--count 1000` runs that many, from `--from` on.
 */
import { parseArgs } from 'node:util'
import './seeded-crypto.ts'
import { SimFailure } from './check.ts'
import { findMutant } from './mutant-command.ts'
import { mutants } from './mutants.ts'
import { runSeed } from './run.ts'
import { trace } from './trace.ts'

const help = `npm run sim -- [--seed N] [--from N] [--count N] [--trace] [--first] [--mutant NAME]

  --seed N    run one seed and print its trace if it fails
  --from N    the first seed of many (1)
  --count N   how many (1,000)
  --trace     print the trace of a run that holds, too
  --first     end at the first seed that fails
  --mutant M  plant a known bug in a copy of the source and look for it; "all" for each of them in turn
`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      from: { type: 'string', default: '1' },
      count: { type: 'string', default: '1000' },
      trace: { type: 'boolean', default: false },
      first: { type: 'boolean', default: false },
      mutant: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  if (values.mutant !== undefined) return findMutants(values.mutant)
  const from = Number(values.seed ?? values.from)
  const count = values.seed === undefined ? Number(values.count) : 1
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(count) || from < 0 || count < 1) {
    process.stderr.write(help)
    return 2
  }
  const failed: number[] = []
  const began = performance.now()
  for (let seed = from; seed < from + count; seed += 1) {
    try {
      const world = await runSeed(seed)
      if (values.trace) process.stdout.write(trace(world, null))
    } catch (error) {
      if (!(error instanceof SimFailure)) throw new Error(`seed ${seed}`, { cause: error })
      failed.push(seed)
      process.stdout.write(`${error.message}\n`)
      if (values.seed !== undefined) process.stdout.write(trace(error.world, error.key))
      if (values.first) break
    }
    const done = seed - from + 1
    if (process.stderr.isTTY && done % 20 === 0) {
      process.stderr.write(
        `\r${done} of ${count}, ${failed.length} failed, ${((1_000 * done) / (performance.now() - began)).toFixed(1)} a second `,
      )
    }
  }
  const seconds = (performance.now() - began) / 1_000
  process.stdout.write(
    `${count} seeds from ${from} in ${seconds.toFixed(1)} s: ${failed.length} failed ${failed.slice(0, 50).join(' ')}\n`,
  )
  return failed.length === 0 ? 0 : 1
}

/** 0 if every one of them was found. */
function findMutants(name: string): number {
  const wanted = mutants.filter((mutant) => name === 'all' || mutant.name === name)
  if (wanted.length === 0) {
    process.stderr.write(`There is no mutant ${name}: ${mutants.map((mutant) => mutant.name).join(', ')}\n`)
    return 2
  }
  let hidden = 0
  for (const mutant of wanted) {
    const seed = findMutant(mutant)
    if (seed === null) hidden += 1
    process.stdout.write(`${mutant.name}: ${mutant.says}: ${seed === null ? 'NOT FOUND' : `found by seed ${seed}`}\n`)
  }
  return hidden === 0 ? 0 : 1
}

process.exit(await main())

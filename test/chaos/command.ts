/**
 * `npm run chaos`: seeds one after the other until the time is over, each on real processes; exit code 1 when the
 * checker finds anything, 2 when an option is wrong. The history of a seed that fails is kept in `build/chaos`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '../replay/random.ts'
import { faultNames, type TroubleName, troubleNames } from './faults.ts'
import type { Ground } from './ground.ts'
import { NamespaceGround } from './namespace-ground.ts'
import { type Mutant, mutants } from './mutants.ts'
import { planRun } from './plan.ts'
import { findMutant } from './planting.ts'
import { RelayGround } from './relay-ground.ts'
import { run, type RunReport } from './run.ts'
import { canSlowDisk } from './slow-disk.ts'

const findingsShown = 40
const folder = resolve(import.meta.dirname, '../../build/chaos')
const names = ['One', 'Two', 'Three', 'Four', 'Five'] as const

const help = `npm run chaos -- [options]
  --minutes N    seeds are begun for so long (2)
  --seed N       the first seed (1); the plan of operations and faults follows from it
  --nodes N      3 to 5 (3, 4 and 5 by the seed)
  --rounds N     rounds of a seed, each with faults and a check (2)
  --seconds N    how long the faults of a round go on (25)
  --only FAULT   this fault alone, or several with commas: ${troubleNames.join(', ')}
  --lines KIND   relays or namespaces (by the seed, where the machine has both)
  --first        end at the first seed that fails
  --mutant NAME  plant a known bug in a copy of the source and look for it, or "all" of them: ${mutants.map(({ name }) => name).join(', ')}
  --json         one line of JSON for each seed instead of words
`

interface Options {
  readonly minutes: number
  readonly seed: number
  readonly nodes: number | null
  readonly rounds: number
  readonly seconds: number
  readonly only: readonly TroubleName[]
  /** null: by the seed. */
  readonly lines: Ground['kind'] | null
  readonly first: boolean
  readonly mutants: readonly Mutant[]
  readonly json: boolean
}

/** A sentence where an option is wrong. */
function parseOptions(): Options | string {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: 'string', default: '2' },
        seed: { type: 'string', default: '1' },
        nodes: { type: 'string' },
        rounds: { type: 'string', default: '2' },
        seconds: { type: 'string', default: '25' },
        only: { type: 'string' },
        lines: { type: 'string' },
        first: { type: 'boolean', default: false },
        mutant: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    const { nodes, only, lines = null, first, mutant, json, ...rest } = values
    const numbers = { ...rest, nodes: nodes ?? '3' }
    for (const [name, text] of Object.entries(numbers)) {
      if (!/^\d{1,6}(\.\d+)?$/.test(text)) return `--${name} "${text}" is not a number.`
    }
    if (!/^[345]$/.test(numbers.nodes)) return `--nodes ${numbers.nodes} is not 3, 4 or 5.`
    const wanted = only?.split(',') ?? troubleNames
    const unknown = wanted.filter((name) => !troubleNames.includes(name as TroubleName))
    if (unknown.length > 0) return `There is no fault ${unknown.join(', ')}: ${troubleNames.join(', ')}.`
    const planted = mutant === undefined ? [] : mutants.filter(({ name }) => mutant === 'all' || name === mutant)
    if (mutant !== undefined && planted.length === 0) {
      return `There is no mutant ${mutant}: ${mutants.map(({ name }) => name).join(', ')}.`
    }
    if (lines !== null && lines !== 'relays' && lines !== 'namespaces')
      return `--lines ${lines} is not relays or namespaces.`
    return {
      minutes: Number(rest.minutes),
      seed: Math.trunc(Number(rest.seed)),
      nodes: nodes === undefined ? null : Number(nodes),
      rounds: Math.trunc(Number(rest.rounds)),
      seconds: Number(rest.seconds),
      only: wanted as readonly TroubleName[],
      lines,
      first,
      mutants: planted,
      json,
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function runSeed(seed: number, options: Options, say: (line: string) => void): Promise<RunReport> {
  const members = options.nodes ?? 3 + (seed % 3)
  await using ground = await openGround(seed, names.slice(0, members), options)
  say(`seed ${seed}: ${members} nodes and shops; lines: ${ground.says}`)
  const possible = options.only.filter((name) => {
    if (name === 'rejoin') return true
    return name === 'slow-disk' ? canSlowDisk() : ground.possible.includes(name)
  })
  const left = options.only.filter((name) => !possible.includes(name))
  if (left.length > 0) say(`seed ${seed}: not possible here: ${left.join(', ')}`)
  const plan = planRun({
    seed,
    members,
    skus: 24,
    rounds: options.rounds,
    roundMs: options.seconds * 1_000,
    operationsPerSecond: 20,
    faults: faultNames.filter((name) => possible.includes(name)),
    rejoins: possible.includes('rejoin'),
  })
  return await run(plan, ground, say)
}

/** Where both are possible, odd seeds run in namespaces and even ones with relays. */
async function openGround(seed: number, members: readonly string[], { lines, only }: Options): Promise<Ground> {
  const isFit = NamespaceGround.isInside && only.some((name) => name !== 'delay' && name !== 'rejoin')
  if (lines === 'namespaces' || (lines === null && isFit && seed % 2 === 1)) return NamespaceGround.open(members)
  const random = createRandom(seed)
  return await RelayGround.open(members, () => random.between(0, 999) / 1_000)
}

async function main(options: Options): Promise<number> {
  if (NamespaceGround.isInside) NamespaceGround.becomeRouter()
  const from = performance.now()
  const say = (line: string): void => {
    if (!options.json) console.log(`${((performance.now() - from) / 1_000).toFixed(1).padStart(6)} s  ${line}`)
  }
  let failed = 0
  let seed = options.seed
  do {
    const report = await runSeed(seed, options, say)
    tell(report, options, say)
    if (report.findings.length > 0) failed += 1
    seed += 1
    if (options.first && failed > 0) break
  } while (performance.now() - from < options.minutes * 60_000)
  say(`${seed - options.seed} seeds from ${options.seed}: ${failed} failed`)
  return failed === 0 ? 0 : 1
}

/** 0 when each of them was found. */
function findMutants({ mutants: wanted, minutes, seed }: Options): number {
  const found = wanted.map((mutant) => ({ mutant, isFound: findMutant(mutant, minutes, seed) }))
  for (const { mutant, isFound } of found) {
    console.log(`${mutant.name.padEnd(24)}${isFound ? 'found' : 'NOT FOUND'}: ${mutant.says}`)
  }
  return found.every(({ isFound }) => isFound) ? 0 : 1
}

function tell(report: RunReport, options: Options, say: (line: string) => void): void {
  const { history, outputs, findings, ...figures } = report
  const file = join(folder, `seed-${report.seed}.jsonl`)
  if (findings.length > 0) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, history.map((line) => `${JSON.stringify(line)}\n`).join(''))
    writeFileSync(join(folder, `seed-${report.seed}.log`), outputs)
  }
  if (options.json) {
    console.log(JSON.stringify({ ...figures, findings, history: findings.length > 0 ? file : null }))
    return
  }
  const { acknowledged, unknown, refused, reads, faults } = figures
  const counts = Object.entries(faults).map(([name, count]) => `${name} ${count}`)
  say(
    `seed ${report.seed}: ${acknowledged} adds acknowledged, ${unknown} unanswered, ${refused} refused, ${reads} reads`,
  )
  say(`seed ${report.seed}: faults ${counts.join(', ')}`)
  if (findings.length === 0) return
  for (const { code, says } of findings.slice(0, findingsShown)) say(`  ${code}: ${says}`)
  if (findings.length > findingsShown) say(`  and ${findings.length - findingsShown} more`)
  say(`seed ${report.seed} FAILED; its history: ${file}`)
}

const options = parseOptions()
if (process.argv.includes('--help')) console.log(help)
else if (typeof options === 'string') {
  console.error(options)
  process.exitCode = 2
} else if (options.mutants.length > 0) process.exitCode = findMutants(options)
else if (options.lines === 'relays' || NamespaceGround.isInside) process.exitCode = await main(options)
else if (NamespaceGround.isPossible) process.exitCode = await NamespaceGround.runInside()
else if (options.lines === 'namespaces') {
  console.error('This machine does not let this user make network namespaces. Leave --lines out to use relays.')
  process.exitCode = 2
} else process.exitCode = await main(options)
// Node 20 can spin over handles of reset sockets when its loop has ended by itself.
process.exit()

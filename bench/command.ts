/**
 * `npm run bench`: our code, its peers and the limit of this machine in one run, as a table or as JSON.
 */
import { parseArgs } from 'node:util'
import { absence } from './absence.ts'
import type { Benchmark, Report } from './benchmark.ts'
import { connectors } from './connectors.ts'
import { durableChanges } from './durable-changes.ts'
import { field } from './field.ts'
import { importing } from './import.ts'
import { describeMachine } from './machine.ts'
import { replicas } from './replicas.ts'
import { formatMachine, formatReport, toJson } from './report.ts'
import { saleLatency } from './sale-latency.ts'
import { sockets } from './sockets.ts'
import { start } from './start.ts'

const benchmarks: readonly Benchmark[] = [
  saleLatency,
  importing,
  start,
  absence,
  connectors,
  durableChanges,
  replicas,
  field,
  sockets,
]

const help = `npm run bench -- [options]
  --only NAME  one benchmark instead of all; may be given several times
  --short      a run that proves that the benchmarks work; its figures mean nothing
  --json       for machines
  --help       this text

${benchmarks.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join('\n')}
`

interface Options {
  readonly chosen: readonly Benchmark[]
  readonly short: boolean
  readonly json: boolean
  readonly help: boolean
}

function parseOptions(): Options | string {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        short: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const unknown = values.only.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name))
    if (unknown.length > 0) return `There is no benchmark ${unknown.join(', ')}. See: npm run bench -- --help`
    const chosen = benchmarks.filter(({ name }) => values.only.length === 0 || values.only.includes(name))
    return { chosen, short: values.short, json: values.json, help: values.help }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function run({ chosen, short, json }: Options): Promise<void> {
  const machine = describeMachine()
  const from = performance.now()
  const say = (line: string): void =>
    console.error(`${((performance.now() - from) / 1_000).toFixed(1).padStart(6)} s  ${line}`)
  if (!json) console.log(formatMachine(machine))
  const reports: Report[] = []
  for (const benchmark of chosen) {
    say(benchmark.name)
    const report = await benchmark.run({ short }, say)
    reports.push(report)
    if (!json) console.log(formatReport(report))
  }
  if (json) console.log(toJson(machine, reports))
}

const options = parseOptions()
if (typeof options === 'string') {
  console.error(options)
  process.exitCode = 2
} else if (options.help) console.log(help)
else {
  try {
    await run(options)
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}
// Node 20 can spin over handles of reset sockets when its loop has ended by itself.
process.exit()

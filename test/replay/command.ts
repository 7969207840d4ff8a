/**
 * `npm run replay -- [--lines N] [--seed N] [--kills N] [--cuts N] [--all]`: the real replay with its progress and its
 * report; exit code 1 when any number differs, 2 when an option is wrong.
 */
import { parseArgs } from 'node:util'
import { replay } from './replay.ts'
import { formatReport } from './report.ts'

const allLines = 28_492
const help = `npm run replay -- [options]
  --lines N  order lines of the real data to place (all: ${allLines})
  --seed N   which faults happen when (1)
  --kills N  processes killed while orders are in flight (8)
  --cuts N   links cut by dropping bytes (8)
  --all      add up the movements of every SKU, not of a sample
`

function parseOptions(): { lines: number; seed: number; kills: number; cuts: number; all: boolean } | string {
  try {
    const { values } = parseArgs({
      options: {
        lines: { type: 'string', default: String(allLines) },
        seed: { type: 'string', default: '1' },
        kills: { type: 'string', default: '8' },
        cuts: { type: 'string', default: '8' },
        all: { type: 'boolean', default: false },
      },
    })
    const numbers = { lines: values.lines, seed: values.seed, kills: values.kills, cuts: values.cuts }
    const wrong = Object.entries(numbers).filter(([, text]) => !/^\d{1,9}$/.test(text))
    if (wrong.length > 0) return wrong.map(([name, text]) => `--${name} "${text}" is not a whole number.`).join(' ')
    return {
      lines: Number(numbers.lines),
      seed: Number(numbers.seed),
      kills: Number(numbers.kills),
      cuts: Number(numbers.cuts),
      all: values.all,
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const options = parseOptions()
if (process.argv.includes('--help')) console.log(help)
else if (typeof options === 'string') {
  console.error(options)
  process.exitCode = 2
} else {
  const from = performance.now()
  const say = (line: string) => console.log(`${((performance.now() - from) / 1_000).toFixed(1).padStart(6)} s  ${line}`)
  try {
    const report = await replay({ ...options, ordersPerShop: 16, segmentMs: 4_000, cutMsMax: 15_000, say })
    console.log(`\n${formatReport(report)}`)
    if (report.differences.length > 0) process.exitCode = 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
// Node 20 can spin over handles of reset sockets when its loop has ended by itself.
process.exit()

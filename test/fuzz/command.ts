/**
 * `npm run fuzz`: what nobody should send, sent for as long as is said, to the codec, to a node as one of its members,
 * and to a node's HTTP interface. It ends with the first thing that goes wrong, and its seed.
 */
import { inspect, parseArgs } from 'node:util'
import { SeededRandom } from '../protocol/random.ts'
import { openCodecTarget } from './codec-target.ts'
import { openHttpTarget } from './http-target.ts'
import { openMemberTarget } from './member-target.ts'
import { Finding, type OpenTarget } from './target.ts'

const help = `npm run fuzz -- [--minutes N] [--seed N] [--only NAME]

  --minutes N  for how long in all (1)
  --seed N     of what is sent (by the clock)
  --only NAME  codec, member or http
`

const targets: Readonly<Record<string, OpenTarget>> = {
  codec: openCodecTarget,
  member: openMemberTarget,
  http: openHttpTarget,
}
const sayEveryMs = 10_000

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const minutes = Number(values.minutes ?? 1)
  const seed = Number(values.seed ?? Date.now() % 2 ** 31)
  const chosen = Object.entries(targets).filter(([name]) => values.only === undefined || values.only === name)
  if (values.help || !(minutes > 0) || !Number.isSafeInteger(seed) || chosen.length === 0) {
    process.stdout.write(help)
    return values.help ? 0 : 2
  }
  const unhandled: unknown[] = []
  process.on('unhandledRejection', (reason) => unhandled.push(reason))
  process.on('uncaughtException', (error) => unhandled.push(error))
  for (const [name, open] of chosen) {
    try {
      await run(name, open, seed, (minutes * 60_000) / chosen.length, unhandled)
    } catch (error) {
      const what = error instanceof Finding ? error.message : ((error as Error).stack ?? String(error))
      process.stdout.write(`FOUND in ${name}, seed ${seed}: ${what}\n`)
      return 1
    }
  }
  return 0
}

async function run(name: string, open: OpenTarget, seed: number, ms: number, unhandled: unknown[]): Promise<void> {
  const random = new SeededRandom(seed)
  await using target = await open(random)
  const began = performance.now()
  let tries = 0
  let said = began
  const say = (now: number): void => {
    const seconds = (now - began) / 1_000
    const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20)
    process.stdout.write(
      `${name}, seed ${seed}: ${tries} tries in ${seconds.toFixed(0)} s (${Math.round(tries / seconds)} a second), ${megabytes} MB resident\n`,
    )
  }
  while (performance.now() - began < ms) {
    tries += await target.round(random)
    if (unhandled.length > 0) throw new Finding(`nobody took an error: ${inspect(unhandled[0])}`)
    if (performance.now() - said < sayEveryMs) continue
    said = performance.now()
    say(said)
  }
  await target.end()
  say(performance.now())
}

process.exitCode = await main()

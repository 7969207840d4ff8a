/**
 * `npm run fuzz`: what nobody should send, sent for as long as is said, to the codec, to a node as one of its members,
 * and to a node's HTTP interface. It ends with the first thing that goes wrong, and its seed.
 */
import { inspect, parseArgs } from 'node:util'
import { Growth } from './growth.ts'
import { SeededRandom } from '../protocol/random.ts'
import { openCodecTarget } from './codec-target.ts'
import { openDocumentTarget } from './document-target.ts'
import { openHttpTarget } from './http-target.ts'
import { openMemberTarget } from './member-target.ts'
import { Finding, type OpenTarget } from './target.ts'

const help = `npm run fuzz -- [--minutes N] [--tries N] [--seed N] [--only NAME]

  --minutes N  for how long in all (1)
  --tries N    until so many were made of each instead, however long that takes
  --seed N     of what is sent (by the clock)
  --only NAME  codec, document, member or http
`

const targets: Readonly<Record<string, OpenTarget>> = {
  codec: openCodecTarget,
  document: openDocumentTarget,
  member: openMemberTarget,
  http: openHttpTarget,
}
const sayEveryMs = 10_000

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string' },
      tries: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const minutes = Number(values.minutes ?? 1)
  const tries = Number(values.tries ?? Infinity)
  const seed = Number(values.seed ?? Date.now() % 2 ** 31)
  const chosen = Object.entries(targets).filter(([name]) => values.only === undefined || values.only === name)
  if (values.help || !(minutes > 0) || !(tries > 0) || !Number.isSafeInteger(seed) || chosen.length === 0) {
    process.stdout.write(help)
    return values.help ? 0 : 2
  }
  const unhandled: unknown[] = []
  process.on('unhandledRejection', (reason) => unhandled.push(reason))
  process.on('uncaughtException', (error) => unhandled.push(error))
  for (const [name, open] of chosen) {
    try {
      const ms = values.tries === undefined ? (minutes * 60_000) / chosen.length : Infinity
      await run(name, open, seed, { ms, tries }, unhandled)
    } catch (error) {
      const what = error instanceof Finding ? storyOf(error) : inspect(error)
      process.stdout.write(`FOUND in ${name}, seed ${seed}: ${what}\n`)
      return 1
    }
  }
  return 0
}

/** With what lies behind it: a connection that was refused, reset or closed says no more than that it failed. */
function storyOf({ message, cause }: Finding): string {
  return cause === undefined ? message : `${message}: ${inspect(cause, { depth: 4 })}`
}

/** Where it ends: whichever comes first. */
interface End {
  readonly ms: number
  readonly tries: number
}

async function run(name: string, open: OpenTarget, seed: number, end: End, unhandled: unknown[]): Promise<void> {
  const random = new SeededRandom(seed)
  await using target = await open(random)
  const began = performance.now()
  let tries = 0
  let said = began
  const say = (now: number, more: string): void => {
    const seconds = (now - began) / 1_000
    const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20)
    process.stdout.write(
      `${name}, seed ${seed}: ${tries} tries in ${seconds.toFixed(0)} s (${Math.round(tries / seconds)} a second), ${megabytes} MB resident${more}\n`,
    )
  }
  const growth = new Growth()
  for (;;) {
    const passed = performance.now() - began
    const done = Math.max(passed / end.ms, tries / end.tries)
    await growth.look(done)
    if (done >= 1) break
    tries += await target.round(random)
    if (unhandled.length > 0) throw new Finding(`nobody took an error: ${inspect(unhandled[0])}`)
    if (performance.now() - said < sayEveryMs) continue
    said = performance.now()
    say(said, '')
  }
  await target.end()
  say(performance.now(), `; ${growth.story}`)
}

process.exitCode = await main()

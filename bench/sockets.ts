/**
 * Sales while strangers hold the port: 10,000 sockets that say nothing, slowly, or too much, each opened anew when the
 * node has closed it. The same sales before, without them, are what it is compared with.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Owned } from '../test/harness/owned.ts'
import type { Benchmark, Figure, Report, Scale } from './benchmark.ts'
import { residentMegabytes } from './process-figures.ts'
import { openFolder, pidOf } from './programs.ts'
import { openNetwork, Sales } from './sales.ts'
import { percentile } from './samples.ts'
import { steadyLoad } from './steady-load.ts'

const perSecond = 20

export const sockets: Benchmark = {
  name: 'sockets',
  about: 'sales while strangers hold 10,000 sockets of the node open',
  async run({ short }: Scale, say: (line: string) => void): Promise<Report> {
    const { skus, seconds, strangers } = short
      ? { skus: 40, seconds: 1, strangers: 300 }
      : { skus: 1_000, seconds: 20, strangers: 10_000 }
    await using owned = new Owned()
    const pairs = await openNetwork(['DK', 'SE'], await openFolder(owned), skus, owned)
    const [first] = pairs
    if (first === undefined) throw new Error('There are two.')
    const sales = await Sales.watch(pairs, owned)
    const measure = async (): Promise<readonly number[]> => {
      sales.forget()
      await steadyLoad({ perSecond, count: seconds * perSecond }, (index, at) => sales.place(index % skus, at))
      await sales.untilAllSeen()
      return [...sales.latencies]
    }
    if (!short) await measure()
    say('sales alone')
    const alone = await measure()
    const memory = residentMegabytes(pidOf(first.node)).now
    say(`${strangers} strangers come`)
    await using flood = await Flood.open(Number(new URL(first.node.url).port), strangers)
    say('sales beside them')
    const beside = await measure()
    const flooded = residentMegabytes(pidOf(first.node)).now
    const { opened, closed } = await flood.end()
    const line = (name: string, share: number, target: string | null): Figure => ({
      measure: name,
      unit: 'ms',
      ours: percentile(beside, share),
      beside: [percentile(alone, share)],
      target,
    })
    return {
      name: `sockets (${strangers} strangers, ${beside.length} sales, ${perSecond} a second)`,
      columns: [{ name: 'alone', about: 'the same sales before the strangers came' }],
      figures: [
        line('half of the sales', 0.5, null),
        line('99 of 100', 0.99, '<= 250'),
        line('slowest', 1, null),
        { measure: 'resident', unit: 'MB', ours: flooded, beside: [memory], target: null },
        { measure: 'sockets opened', unit: '1', ours: opened, beside: [null], target: null },
        { measure: 'of them closed by the node', unit: '1', ours: closed, beside: [null], target: null },
      ],
    }
  },
}

/** The strangers, in a process of their own. */
class Flood implements AsyncDisposable {
  readonly #child: ChildProcess
  #text = ''

  private constructor(child: ChildProcess) {
    this.#child = child
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      this.#text += part
    })
  }

  /** Resolves when all of them have been there once. */
  static async open(port: number, count: number): Promise<Flood> {
    const file = fileURLToPath(new URL('./bare/flood.mjs', import.meta.url))
    const child = spawn(process.execPath, [file, String(port), String(count)], { stdio: ['ignore', 'pipe', 'inherit'] })
    const flood = new Flood(child)
    await once(child.stdout, 'data')
    return flood
  }

  async end(): Promise<{ readonly opened: number; readonly closed: number }> {
    await this[Symbol.asyncDispose]()
    return JSON.parse(this.#text.trim().split('\n').at(-1) ?? '') as { opened: number; closed: number }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'close')
    this.#child.kill('SIGTERM')
    await gone
  }
}

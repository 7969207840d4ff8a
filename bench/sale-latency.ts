/**
 * From the moment a buyer's order is sent to one shop until the other two shops show the new number: three shops and
 * three nodes as six processes, 100 sales a second. A sale counts when the last shop shows it.
 */
import { Owned } from '../test/harness/owned.ts'
import { type Benchmark, besidePeerAndLimit, type FigureOfTwo, type Report, type Scale } from './benchmark.ts'
import { measureWay } from './limits/sale-way.ts'
import { measureYjs } from './peers/yjs-map.ts'
import { cpuSeconds } from './process-figures.ts'
import { openFolder, pidOf } from './programs.ts'
import { openNetwork, Sales } from './sales.ts'
import { percentile } from './samples.ts'
import { steadyLoad } from './steady-load.ts'

const perSecond = 100
/** Sales at the beginning that are not counted: the processes are still being compiled. */
const warmSeconds = 5

interface Sizes {
  readonly skus: number
  readonly seconds: number
  readonly warm: number
}

export const saleLatency: Benchmark = {
  name: 'sale-latency',
  about: 'from an order in one shop to the number in the other two, 100 sales a second',
  async run({ short }: Scale, say: (line: string) => void): Promise<Report> {
    const sizes = short ? { skus: 60, seconds: 1, warm: 0 } : { skus: 3_000, seconds: 30, warm: warmSeconds }
    const count = sizes.seconds * perSecond
    say('three shops and three nodes')
    const ours = await measureOurs(sizes, say)
    say('the bare way: 5 loopback messages and 5 flushes')
    const limit = await measureWay({ perSecond, count })
    say('Yjs over y-websocket')
    const peer = await measureYjs({ perSecond, count, skus: sizes.skus })
    const line = (measure: string, share: number, target: string | null): FigureOfTwo => ({
      measure,
      unit: 'ms',
      ours: percentile(ours.latencies, share),
      peer: percentile(peer, share),
      limit: percentile(limit, share),
      target,
    })
    return besidePeerAndLimit({
      name: `sale-latency (${ours.latencies.length} sales, ${perSecond} a second)`,
      peer: 'a Y.Map of numbers in three Yjs documents over the y-websocket protocol, one process, nothing on disk',
      limit:
        'per sale 5 messages over loopback WebSockets and 5 fdatasync of 300 bytes one after the other, nothing else',
      figures: [
        line('half of the sales', 0.5, null),
        line('95 of 100', 0.95, null),
        line('99 of 100', 0.99, '<= 100'),
        line('slowest', 1, null),
        { measure: 'CPU per sale, all 6', unit: 'ms', ours: ours.cpuMs, peer: null, limit: null, target: null },
      ],
    })
  },
}

async function measureOurs(
  { skus, seconds, warm }: Sizes,
  say: (line: string) => void,
): Promise<{ readonly latencies: readonly number[]; readonly cpuMs: number }> {
  await using owned = new Owned()
  const folder = await openFolder(owned)
  const pairs = await openNetwork(['DK', 'SE', 'NO'], folder, skus, owned)
  const sales = await Sales.watch(pairs, owned)
  const sell = (index: number, intendedAt: number): void => sales.place(index % skus, intendedAt)
  await steadyLoad({ perSecond, count: warm * perSecond }, sell)
  await sales.untilAllSeen()
  sales.forget()
  say(`selling for ${seconds} s`)
  const programs = pairs.flatMap(({ shop, node }) => [pidOf(shop), pidOf(node)])
  const cpuOf = (): number => programs.reduce((sum, pid) => sum + cpuSeconds(pid), 0)
  const before = cpuOf()
  const count = seconds * perSecond
  await steadyLoad({ perSecond, count }, sell)
  await sales.untilAllSeen()
  return { latencies: sales.latencies, cpuMs: ((cpuOf() - before) * 1_000) / count }
}

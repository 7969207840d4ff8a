/**
 * From the moment a buyer's order is sent to one shop until the other two shops show the new number: three shops and
 * three nodes as six processes, at a few sales a second, at 100 and at 200. A sale counts when the last shop shows it.
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

/** Sales a second, and the targets that the product sets itself at it. At a few no sale waits for another one. */
const loads = [
  { perSecond: 5, half: '<= 3 x limit', slowest: null },
  { perSecond: 100, half: null, slowest: '<= 100' },
  { perSecond: 200, half: null, slowest: '<= 100' },
] as const
/** Sales at the beginning that are not counted: the processes are still being compiled. */
const warm = { perSecond: 100, seconds: 5 } as const

interface Sizes {
  readonly skus: number
  readonly seconds: number
  readonly isWarm: boolean
}

interface Measured {
  readonly latencies: readonly number[]
  readonly cpuMs: number
}

export const saleLatency: Benchmark = {
  name: 'sale-latency',
  about: 'from an order in one shop to the number in the other two, 5, 100 and 200 sales a second',
  async run({ short }: Scale, say: (line: string) => void): Promise<Report> {
    const sizes = short ? { skus: 60, seconds: 1, isWarm: false } : { skus: 3_000, seconds: 30, isWarm: true }
    say('three shops and three nodes')
    const ours = await measureOurs(sizes, say)
    const figures: FigureOfTwo[] = []
    for (const [index, { perSecond, half, slowest }] of loads.entries()) {
      const count = sizes.seconds * perSecond
      const measured = ours[index]
      if (measured === undefined) continue
      say(`${perSecond} a second: the bare way: 5 loopback messages and 5 flushes`)
      const limit = await measureWay({ perSecond, count })
      say(`${perSecond} a second: Yjs over y-websocket`)
      const peer = await measureYjs({ perSecond, count, skus: sizes.skus })
      const line = (measure: string, share: number, target: string | null): FigureOfTwo => ({
        measure: `${perSecond} a second: ${measure}`,
        unit: 'ms',
        ours: percentile(measured.latencies, share),
        peer: percentile(peer, share),
        limit: percentile(limit, share),
        target,
      })
      figures.push(
        line('half of the sales', 0.5, half),
        line('95 of 100', 0.95, null),
        line('99 of 100', 0.99, slowest),
        line('slowest', 1, null),
        {
          measure: `${perSecond} a second: CPU per sale, all 6`,
          unit: 'ms',
          ours: measured.cpuMs,
          peer: null,
          limit: null,
          target: null,
        },
      )
    }
    return besidePeerAndLimit({
      name: `sale-latency (${sizes.seconds} s at each rate)`,
      peer: 'a Y.Map of numbers in three Yjs documents over the y-websocket protocol, one process, nothing on disk',
      limit:
        'per sale 5 messages over loopback WebSockets and 5 fdatasync of 300 bytes one after the other, nothing else',
      figures,
    })
  },
}

/** In the order of the loads. */
async function measureOurs(
  { skus, seconds, isWarm }: Sizes,
  say: (line: string) => void,
): Promise<readonly Measured[]> {
  await using owned = new Owned()
  const folder = await openFolder(owned)
  const pairs = await openNetwork(['DK', 'SE', 'NO'], folder, skus, owned)
  const sales = await Sales.watch(pairs, owned)
  let sold = 0
  const sell = async (perSecond: number, during: number): Promise<number> => {
    const count = during * perSecond
    const first = sold
    sold += count
    sales.forget()
    await steadyLoad({ perSecond, count }, (index, intendedAt) => sales.place((first + index) % skus, intendedAt))
    await sales.untilAllSeen()
    return count
  }
  if (isWarm) await sell(warm.perSecond, warm.seconds)
  const programs = pairs.flatMap(({ shop, node }) => [pidOf(shop), pidOf(node)])
  const cpuOf = (): number => programs.reduce((sum, pid) => sum + cpuSeconds(pid), 0)
  const measured: Measured[] = []
  for (const { perSecond } of loads) {
    say(`${perSecond} sales a second for ${seconds} s`)
    const before = cpuOf()
    const count = await sell(perSecond, seconds)
    measured.push({ latencies: [...sales.latencies], cpuMs: ((cpuOf() - before) * 1_000) / count })
  }
  return measured
}

/**
 * A node with 100,000 SKUs: how long it takes from its start until it serves and follows its shop, and how much memory
 * it holds then, after all its pages were read, and after 1,000 sales. The shop is a process of its own.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Level } from 'level'
import { encodeStateAsUpdate } from 'yjs'
import { eventually } from '../test/harness/eventually.ts'
import { Owned } from '../test/harness/owned.ts'
import { type Benchmark, besidePeerAndLimit, type FigureOfTwo, type Report, type Scale } from './benchmark.ts'
import { catalogue, skuOf } from './catalogue.ts'
import { runNode } from './child.ts'
import { documentOf } from './peers/yjs-import.ts'
import { cpuSeconds, residentMegabytes } from './process-figures.ts'
import { found, makeShop, openFolder, openPair, type Pair, pidOf } from './programs.ts'
import { median } from './samples.ts'

interface Loaded {
  readonly seconds: number
  readonly cpu: number
  readonly megabytes: number
}

export const start: Benchmark = {
  name: 'start',
  about: 'a node with 100,000 SKUs: its start, and its memory',
  async run({ short }: Scale, say: (line: string) => void): Promise<Report> {
    const skus = short ? 200 : 100_000
    const runs = short ? 1 : 5
    await using owned = new Owned()
    const folder = await openFolder(owned)
    say(`a shop with ${skus} SKUs, imported`)
    const pair = await openPair('DK', folder, await makeShop(folder, skus), owned)
    const empty = residentMegabytes(pidOf(pair.node)).now
    await found(pair)
    say(`${runs} starts`)
    const starts: Loaded[] = []
    for (let run = 0; run < runs; run += 1) starts.push(await restart(pair))
    const started = residentMegabytes(pidOf(pair.node))
    say('all pages, then 1,000 sales')
    await pair.api.stock()
    const paged = residentMegabytes(pidOf(pair.node))
    await sell(pair, short ? 20 : 1_000, skus)
    const sold = residentMegabytes(pidOf(pair.node))
    say('the rows in level, and in Yjs')
    const limits = await loads('level-load.mjs', await writeLevel(folder, skus), runs)
    const peers = await loads('yjs-load.mjs', await writeYjs(folder, skus), runs)
    const memory = (measure: string, ours: number, target: string | null): FigureOfTwo => {
      const [peer, limit] = [peers, limits].map((side) => median(side.map(({ megabytes }) => megabytes)))
      return { measure, unit: 'MB', ours, peer: peer ?? null, limit: limit ?? null, target }
    }
    const time = (
      measure: string,
      of: (loaded: Loaded) => number,
      pick: (all: number[]) => number,
      target: string | null,
    ) =>
      ({
        measure,
        unit: 's',
        ours: pick(starts.map(of)),
        peer: pick(peers.map(of)),
        limit: pick(limits.map(of)),
        target,
      }) as const
    const fastest = (all: number[]): number => Math.min(...all)
    return besidePeerAndLimit({
      name: `start (${skus} SKUs, ${runs} starts)`,
      peer: 'a process that loads one stored Yjs update with a number and a name for each SKU',
      limit: 'a process that reads a JSON row for each SKU from level and parses it',
      figures: [
        time('serves and follows its shop, half', ({ seconds }) => seconds, median, '<= 3'),
        time('the fastest', ({ seconds }) => seconds, fastest, null),
        time('CPU of a start, half', ({ cpu }) => cpu, median, null),
        memory('resident after the start', started.now, '< 250'),
        memory('after all pages', paged.now, '< 250'),
        memory('after 1,000 sales', sold.now, '< 250'),
        memory('the most it ever was', sold.peak, null),
        {
          measure: 'a SKU in this one shop',
          unit: 'B',
          ours: ((started.now - empty) * 1_048_576) / skus,
          peer: null,
          limit: null,
          target: null,
        },
      ],
    })
  },
}

/** Starts the node again on the same folder, until it serves and has heard from its shop. */
async function restart({ node, api, name }: Pair): Promise<Loaded> {
  await node.stop()
  const from = performance.now()
  await node.start()
  await eventually(`${name} follows its shop`, async () => (await api.status()).shop.lastContactAt !== null, {
    deadlineMs: 60_000,
    every: 10,
  })
  const pid = pidOf(node)
  return { seconds: (performance.now() - from) / 1_000, cpu: cpuSeconds(pid), megabytes: residentMegabytes(pid).now }
}

async function sell({ shopApi, api }: Pair, count: number, skus: number): Promise<void> {
  const orders = Array.from({ length: count }, (_, index) => skuOf((index * 97) % skus)).values()
  async function place(): Promise<void> {
    for (const sku of orders) await shopApi.placeOrder({ lines: [{ sku, quantity: 1 }] })
  }
  await Promise.all(Array.from({ length: 8 }, place))
  await eventually('the node knows every sale', async () => {
    const { items } = await api.call<{ items: { delta: number | null }[] }>('GET', '/log?limit=1000')
    return items.filter(({ delta }) => delta === -1).length >= count
  })
}

async function writeLevel(folder: string, skus: number): Promise<string> {
  const directory = join(folder, 'bare-level')
  const level = new Level<string, string>(directory)
  await level.open()
  let batch: { type: 'put'; key: string; value: string }[] = []
  for (const product of catalogue(skus)) {
    batch.push({ type: 'put', key: product.sku ?? '', value: JSON.stringify(product) })
    if (batch.length < 1_000) continue
    await level.batch(batch)
    batch = []
  }
  await level.batch(batch, { sync: true })
  await level.close()
  return directory
}

async function writeYjs(folder: string, skus: number): Promise<string> {
  const file = join(folder, 'bare-yjs')
  await writeFile(file, encodeStateAsUpdate(documentOf(catalogue(skus))))
  return file
}

/** Starts a bare program on what was written: it prints its memory when it has loaded everything. */
async function loads(program: string, path: string, runs: number): Promise<readonly Loaded[]> {
  const all: Loaded[] = []
  for (let run = 0; run < runs; run += 1) {
    const from = performance.now()
    const file = fileURLToPath(new URL(`./bare/${program}`, import.meta.url))
    const { text } = await runNode([file, path])
    const { megabytes, cpu, loadedAfter } = JSON.parse(text) as { megabytes: number; cpu: number; loadedAfter: number }
    // The end of the process is not part of loading.
    const seconds = Math.min((performance.now() - from) / 1_000, loadedAfter)
    all.push({ seconds, cpu, megabytes })
  }
  return all
}

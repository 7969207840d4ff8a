/**
 * A shop's first import: from the call that begins it until the node says that it is done, for the shop that founds the
 * network and for one that joins it with the same goods.
 */
import { Owned } from '../test/harness/owned.ts'
import { type Benchmark, besidePeerAndLimit, type FigureOfTwo, type Report, type Scale } from './benchmark.ts'
import { type Goods, measureLevelWrites } from './limits/level-writes.ts'
import { measureYjsImport } from './peers/yjs-import.ts'
import { cpuSeconds } from './process-figures.ts'
import { enter, found, imported, makeShop, openFolder, openPair, pidOf } from './programs.ts'

/** Goods of a shop, and the target in seconds for either import. */
const sizes = [
  { skus: 20_000, target: '<= 10' },
  { skus: 100_000, target: null },
] as const

export const importing: Benchmark = {
  name: 'import',
  about: '20,000 and 100,000 SKUs into a new network, and into a shop that joins',
  async run({ short }: Scale, say: (line: string) => void): Promise<Report> {
    const figures: FigureOfTwo[] = []
    for (const { skus, target } of short ? [{ skus: 200, target: null }] : sizes) {
      figures.push(...(await measure(skus, target, say)))
    }
    return besidePeerAndLimit({
      name: 'import',
      peer: 'the listing of the same shop, put into a Y.Map and written to level as one update',
      limit: 'the listing of the same shop page by page, and its rows and records written to level as bare bytes',
      figures,
    })
  },
}

async function measure(
  skus: number,
  target: string | null,
  say: (line: string) => void,
): Promise<readonly FigureOfTwo[]> {
  await using owned = new Owned()
  const folder = await openFolder(owned)
  say(`a shop with ${skus} SKUs`)
  const made = await makeShop(folder, skus)
  const first = await openPair('DK', folder, made, owned)
  say('founding')
  const idle = cpuSeconds(pidOf(first.node))
  const founding = await seconds(() => found(first))
  const cpu = cpuSeconds(pidOf(first.node)) - idle
  say('joining')
  const second = await openPair('SE', folder, made, owned)
  await enter(second, first)
  const joining = await seconds(() => imported(second.api, 'SE'))
  say('the same rows with nothing around them')
  const listed: Goods[] = []
  const listing = await seconds(async () => {
    let after: string | null = null
    do {
      const cursor: string = after === null ? '' : `&after=${after}`
      const page: { items: Goods[]; next: string | null } = await first.shopApi.call(
        'GET',
        `/stock-rows?limit=500${cursor}`,
      )
      listed.push(...page.items)
      after = page.next
    } while (after !== null)
  })
  const limit = listing + (await measureLevelWrites(listed))
  const peer = listing + (await measureYjsImport(listed))
  const of = (what: string): string => `${skus} SKUs: ${what}`
  return [
    { measure: of('founding a network'), unit: 's', ours: founding, peer, limit, target },
    { measure: of('joining one'), unit: 's', ours: joining, peer: null, limit, target },
    { measure: of('CPU of the founding node'), unit: 's', ours: cpu, peer: null, limit: null, target: null },
  ]
}

async function seconds(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await act()
  return (performance.now() - from) / 1_000
}

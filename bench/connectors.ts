/**
 * Shops that are only observed, as most platforms are: how soon a sale in one is in the other, with a hint and without;
 * a listing whose pages are slow; what is written after an absence; and the memory of a listing of a million rows.
 */
import { Owned } from '../test/harness/owned.ts'
import type { Benchmark, Figure, Report, Scale } from './benchmark.ts'
import { measureBacklog } from './connectors/backlog.ts'
import { measureLatency } from './connectors/latency.ts'
import { measureListing } from './connectors/listing.ts'
import { measureMillion } from './connectors/million.ts'
import { openFolder } from './programs.ts'
import { median, percentile } from './samples.ts'

export const connectors: Benchmark = {
  name: 'connectors',
  about: 'observed shops: a hint until the other shop has it, a slow listing, an absence, a million rows',
  async run({ short }: Scale, say: (line: string) => void): Promise<Report> {
    await using owned = new Owned()
    const folder = await openFolder(owned)
    const figures: Figure[] = []
    const add = (figure: Omit<Figure, 'beside' | 'target'>, limit: number | null, target: string | null): void =>
      void figures.push({ ...figure, beside: [limit], target })

    say('a sale until the other shop has it')
    const { hinted, polled, limit } = await measureLatency(
      folder,
      short ? { hinted: 5, polled: 2, isHurried: true } : { hinted: 100, polled: 30, isHurried: false },
    )
    add({ measure: 'with a hint: half', unit: 'ms', ours: median(hinted) }, median(limit), null)
    const late = percentile(limit, 0.99)
    add({ measure: 'with a hint: 99 of 100', unit: 'ms', ours: percentile(hinted, 0.99) }, late, '<= 1000')
    add({ measure: 'without, asked every 10 s: half', unit: 'ms', ours: median(polled) }, median(limit), null)
    add({ measure: 'without: all', unit: 'ms', ours: Math.max(...polled) }, late, '<= 11000')

    const listing = short ? { products: 300, pageMs: 20 } : { products: 20_000, pageMs: 300 }
    say(`${listing.products} products, ${listing.pageMs} ms a page`)
    const listed = await measureListing(folder, listing)
    add(
      { measure: `listing ${listing.products} products`, unit: 's', ours: listed.seconds },
      listed.pageSeconds,
      '<= 1.05 of the limit',
    )

    const changes = short ? 60 : 5_000
    say(`${changes} changes while a shop is away`)
    const backlog = await measureBacklog(folder, changes)
    add({ measure: `${changes} changes while away: in step`, unit: 's', ours: backlog.seconds }, null, null)
    add({ measure: 'adjustments a SKU', unit: '1', ours: backlog.adjustmentsPerSku }, 1, '<= 1.01')
    add({ measure: 'calls that write', unit: '1', ours: backlog.writes }, backlog.writesMin, null)

    const rows = short ? 2_000 : 1_000_000
    say(`a shop with ${rows} rows`)
    const million = await measureMillion(folder, rows)
    add({ measure: `listing ${rows} rows`, unit: 's', ours: million.seconds }, null, null)
    add({ measure: 'memory after a tenth of them', unit: 'MB', ours: million.early }, null, null)
    add({ measure: 'memory after all of them', unit: 'MB', ours: million.late }, million.early, '<= 1.1 of the limit')
    return {
      name: 'connectors (shops that are only observed)',
      columns: [
        {
          name: 'limit',
          about:
            'the calls of one sale over loopback, one after the other; the pages alone; one adjustment a SKU in full batches; the memory after a tenth',
        },
      ],
      figures,
    }
  },
}

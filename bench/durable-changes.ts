/**
 * Durable changes a second in one ledger, with its counters, digests and history, by 1, 64 and 1,024 writers who each
 * wait until their own change is on disk.
 */
import type { SkuKey } from '@stockmesh/protocol'
import { Owned } from '../test/harness/owned.ts'
import type { Benchmark, Figure, Report, Scale } from './benchmark.ts'
import { skuOf } from './catalogue.ts'
import { openLedger } from './field/ours.ts'
import { measureFlushes, measureLevel, rate } from './limits/durable-writes.ts'
import { openFolder } from './programs.ts'

export const durableChanges: Benchmark = {
  name: 'durable-changes',
  about: 'changes that are on disk, a second, by 1, 64 and 1,024 writers at once',
  async run({ short }: Scale, say: (line: string) => void): Promise<Report> {
    const seconds = short ? 0.2 : 5
    const skus = short ? 100 : 20_000
    const figures: Figure[] = []
    for (const writers of [1, 64, 1_024]) {
      say(`${writers} writers`)
      const ours = await measureLedger(seconds, writers, skus)
      const level = await measureLevel(seconds, writers)
      const flushes = writers === 1 ? await measureFlushes(seconds) : null
      const target = writers === 1 ? '>= 90 % of the flushes' : null
      figures.push({ measure: `${writers} writers`, unit: '/s', ours, beside: [level, flushes], target })
    }
    return {
      name: `durable-changes (one ledger, ${skus} SKUs)`,
      columns: [
        { name: 'level', about: 'a flushed put of 400 bytes for each change, nothing else' },
        { name: 'fdatasync', about: '400 bytes appended to a file and flushed, by one writer' },
      ],
      figures,
    }
  },
}

async function measureLedger(seconds: number, writers: number, skus: number): Promise<number> {
  await using owned = new Owned()
  const { ledger, close } = await openLedger(await openFolder(owned))
  owned.defer(close)
  let next = 0
  return await rate(seconds, writers, () => {
    next += 1
    const key = skuOf(next % skus) as SkuKey
    return ledger.commit((draft) => draft.change(key, -1, 'manual', null))
  })
}

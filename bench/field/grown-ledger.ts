/**
 * Writes a ledger that has grown, or loads one: `grown-ledger.ts WHAT FOLDER SIZE`.
 */
import { type Rid, ridOf, shopIdOfKey, type SkuKey } from '@stockmesh/protocol'
import { skuOf } from '../catalogue.ts'
import { memory } from './memory.ts'
import { openLedger } from './ours.ts'

const [, , what = '', folder = '', sizeText = ''] = process.argv
const size = Number(sizeText)
const perCommit = 2_000

/** Each SKU with a baseline, and 7 of 10 with what the feed of one of five shops sold. */
async function writeFiveShops(): Promise<void> {
  const { ledger, close } = await openLedger(folder)
  const feeds = [1, 2, 3, 4, 5].map((shop) => feedOf(shop))
  const ends = feeds.map(() => 0)
  for (let from = 0; from < size; from += perCommit) {
    const indexes = Array.from({ length: Math.min(perCommit, size - from) }, (_, index) => from + index)
    await ledger.commit((draft) => {
      for (const index of indexes) {
        const text = skuOf(index)
        const baseline = { kind: 'first', quantity: 100, stamp: 1_700_000_000_000, covers: [] } as const
        draft.issue({
          kind: 'baseline',
          key: text as SkuKey,
          text,
          name: `Brass candle holder, no. ${index}`,
          baseline,
        })
      }
      for (const [shop, feed] of feeds.entries()) {
        const sold = indexes.filter((index) => index % 5 === shop && (index / 5) % 10 < 7)
        const rows = sold.map((index) => {
          const seq = (ends[shop] ?? 0) + 1
          ends[shop] = seq
          const row = { key: skuOf(index) as SkuKey, seq, at: 1_700_000_000_000, delta: -1 }
          return { ...row, cause: 'sale', reference: String(seq) } as const
        })
        draft.fold(feed, rows)
      }
    })
  }
  await close()
}

/** Each start takes a replica id of its own and decides on the same 500 SKUs. */
async function writeStarts(): Promise<void> {
  for (let start = 0; start < size; start += 1) {
    const { ledger, close } = await openLedger(folder)
    await ledger.commit((draft) => {
      for (let index = 0; index < 500; index += 1) draft.change(skuOf(index) as SkuKey, 1, 'manual', null)
    })
    await close()
  }
}

async function load(): Promise<void> {
  const before = memory()
  const from = performance.now()
  const { ledger } = await openLedger(folder)
  const seconds = (performance.now() - from) / 1_000
  const megabytes = (memory() - before) / 1_048_576
  const resident = process.memoryUsage().rss / 1_048_576
  let records = 0
  for (const rid of ledger.claims().keys()) for (const _ of ledger.holdings.above(rid, 0)) records += 1
  process.stdout.write(JSON.stringify({ seconds, megabytes, resident, records }))
}

function feedOf(shop: number): Rid {
  return ridOf(shopIdOfKey(new Uint8Array(32).fill(shop)), new Uint8Array(8).fill(1))
}

switch (what) {
  case 'write-five-shops':
    await writeFiveShops()
    break
  case 'write-starts':
    await writeStarts()
    break
  default:
    await load()
}
process.exit()

/** The state of each SKU as this shop sees it. */
import { shopIdOfKey, type SkuKey } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { Book, bookRow } from '../../packages/node/src/shop-sync/book.ts'
import { StockIndex } from '../../packages/node/src/views/stock-index.ts'
import { anySeal } from '../harness/claim-seal.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { ManualTime } from '../network/manual-time.ts'

const self = shopIdOfKey(new Uint8Array(32).fill(1))
const key = 'kop' as SkuKey

test('a SKU that stands twice waits for nothing but the adjustment that was asked for before it did', async () => {
  const disk = new MemoryStorage()
  const time = new ManualTime()
  const ledger = await Ledger.open(disk, time, systemRandom, self, anySeal)
  const book = await Book.open(disk, ledger.holdings)
  const index = new StockIndex({
    holdings: ledger.holdings,
    book,
    self,
    rules: { buffer: 0, floor: 0, ceilingOf: () => null },
    membership: { members: () => [self], inStepWithAll: () => true },
    writable: () => true,
    isDoubtful: () => false,
    refusal: () => undefined,
  })
  const seen = (): unknown => {
    index.refresh([key], null)
    return { state: index.item(key).state, waiting: index.waiting }
  }
  const rowOf = (stockId: string) =>
    bookRow({ stockId, sku: 'KOP', name: 'Kop', stock: 3, version: 0, createdAt: 1, products: [] }, false, time.now())
  await ledger.commit((draft) => {
    const baseline = { kind: 'first', quantity: 5, stamp: 1, covers: [] } as const
    draft.issue({ kind: 'baseline', key, text: 'KOP', name: 'Kop', baseline })
    book.setRow(draft, rowOf('1'))
    book.openIntent(draft, { opId: 'a', stockId: '1', key, delta: 2 })
  })
  expect(seen()).toEqual({ state: 'only-here', waiting: 1 })
  await ledger.commit((draft) => book.setRow(draft, rowOf('2')))
  expect(seen()).toEqual({ state: 'duplicate', waiting: 1 })
  await ledger.commit((draft) => book.closeIntent(draft, '1'))
  expect(seen()).toEqual({ state: 'duplicate', waiting: 0 })
})

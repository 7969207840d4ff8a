/** SKUs of which nobody can know what moved them: what a connector says of them stands until a person has counted. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countBaseline, type FeedRow, recordsOf, shopIdOfKey, type SkuKey } from '@stockmesh/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { openObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { Book, bookRow } from '../../packages/node/src/shop-sync/book.ts'
import { UnclearSkus } from '../../packages/node/src/shop-sync/unclear-skus.ts'
import { FastTime } from '../connectors/fast-time.ts'
import { FeedReader, never } from '../connectors/feed-reader.ts'
import { MemoryShop } from '../connectors/memory-shop.ts'
import { anySeal } from '../harness/claim-seal.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { ManualTime } from '../network/manual-time.ts'
import { SeededRandom } from '../protocol/random.ts'

const self = shopIdOfKey(new Uint8Array(32).fill(1))
const key = 'kop' as SkuKey
const row = { stockId: '1', sku: 'KOP', name: 'Kop', stock: 10, version: 0, createdAt: 1, products: [] }

async function openNotes() {
  const disk = new MemoryStorage()
  const time = new ManualTime()
  const ledger = await Ledger.open(disk, time, systemRandom, self, anySeal)
  const book = await Book.open(disk, ledger.holdings)
  const unclear = await UnclearSkus.open(disk, ledger, book)
  await ledger.commit((draft) => book.setRow(draft, bookRow(row, false, time.now())))
  const count = async (): Promise<void> => {
    await ledger.commit((draft) => {
      const counted = { quantity: 7, covers: [], now: time.now() }
      const baseline = countBaseline(recordsOf(draft.holdings, key), counted)
      draft.issue({ kind: 'baseline', key, text: 'KOP', name: 'Kop', baseline })
    })
  }
  const reopened = async (): Promise<readonly SkuKey[]> => {
    await ledger.settle()
    return [...(await UnclearSkus.open(disk, ledger, book)).open.keys()]
  }
  return { disk, time, ledger, book, unclear, count, reopened }
}

test('what is noted outlives the node, and ends with a count that is made after it', async () => {
  const { time, ledger, unclear, count, reopened } = await openNotes()
  await count()
  await time.advance(5_000)
  await ledger.commit((draft) => unclear.note(draft, key, time.now()))
  expect(unclear.solve({ keys: new Set([key]) })).toEqual([])
  expect(await reopened()).toEqual([key])
  await time.advance(5_000)
  await count()
  expect(unclear.solve({ keys: new Set([key]) })).toEqual([key])
  expect(await reopened()).toEqual([])
  expect(unclear.open.size).toBe(0)
})

test('it also ends when a person puts it aside, and when the shop has the SKU no more', async () => {
  const { time, ledger, book, unclear, reopened } = await openNotes()
  const note = (): Promise<void> => ledger.commit((draft) => unclear.note(draft, key, time.now()))
  await note()
  await unclear.dismiss(key)
  expect(await reopened()).toEqual([])
  await note()
  await ledger.commit((draft) => book.deleteRow(draft, '1'))
  expect(unclear.solve({ keys: new Set([key]) })).toEqual([key])
  expect(await reopened()).toEqual([])
})

test('a number that is typed beside a sale and a write is told with the word that nobody can know what moved', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'stockmesh-unclear-'))
  const time = new FastTime(100)
  const random = new SeededRandom(1)
  const traps = { writing: 'absolute', hasOrders: true, tellsStock: true, stockMin: null, readLagMs: 0 } as const
  const shop = new MemoryShop({ ...traps, clock: time, random: () => random.next(), staleness: 0 })
  const stockId = shop.create('KOP', 10)
  let isWritten = false
  const line = {
    before: () => Promise.resolve(),
    async after() {
      if (isWritten) shop.type(stockId, 40)
      isWritten = false
    },
  }
  const parts = { directory, clock: time, timers: time, random: systemRandom }
  const connector = await openObservedConnector(shop.connect(line), parts)
  onTestFinished(async () => {
    await connector[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })
  const feed = new FeedReader(
    () => connector,
    await connector.attach({ network: 'n', node: 'dk', fresh: false }, never),
  )
  for (let after: string | null = null, isLast = false; !isLast; ) {
    const { next } = await connector.list({ after, limit: 10 }, never)
    after = next
    isLast = next === null
  }
  shop.beforeNextWrite(async () => {
    shop.sell(stockId, 1)
    isWritten = true
  })
  await connector.adjust([{ opId: '0'.repeat(32), stockId, key, delta: -2 }], never)
  await feed.read()
  const isDoubted = ({ isUnclear }: FeedRow): boolean => isUnclear === true
  expect([shop.stockOf(stockId), feed.stock(stockId), feed.rowsOf(stockId).some(isDoubted)]).toEqual([40, 40, true])
})

/**
 * Adjusting the shop: what a change asks of it becomes durable with the change, and is sent only then.
 */
import { ridOf, shopIdOfKey, type SkuKey } from '@stockmesh/protocol'
import { expect, test } from 'vitest'
import {
  type Adjustment,
  type AdjustmentResult,
  ConnectorError,
  type LedgerConnector,
} from '../../packages/node/src/connectors/connector.ts'
import { Ledger } from '../../packages/node/src/ledger/ledger.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { Adjuster } from '../../packages/node/src/shop-sync/adjuster.ts'
import { Book, bookRow } from '../../packages/node/src/shop-sync/book.ts'
import { ShopHealth } from '../../packages/node/src/shop-sync/health.ts'
import { ImportNotes } from '../../packages/node/src/shop-sync/import-notes.ts'
import { Settler } from '../../packages/node/src/shop-sync/settler.ts'
import { UnclearSkus } from '../../packages/node/src/shop-sync/unclear-skus.ts'
import { ShopWork } from '../../packages/node/src/shop-sync/shop-work.ts'
import type { Operation } from '../../packages/node/src/storage/storage.ts'
import { tables } from '../../packages/node/src/storage/tables.ts'
import { eventually } from '../harness/eventually.ts'
import { MemoryStorage } from '../http/memory-storage.ts'
import { ManualTime } from '../network/manual-time.ts'
import { anySeal } from '../harness/claim-seal.ts'

const self = shopIdOfKey(new Uint8Array(32).fill(1))
const feed = ridOf(self, new Uint8Array(8).fill(2))
const key = 'kop' as SkuKey
const row = { stockId: '1', sku: 'KOP', name: 'Kop', stock: 10, version: 0, createdAt: 1, products: [] }

/** A disk that tells what it is to write, and writes it when it is let. */
class HeldDisk extends MemoryStorage {
  readonly waiting: { readonly operations: readonly Operation[]; readonly release: () => void }[] = []
  isHeld = false

  override async write(operations: readonly Operation[]): Promise<void> {
    if (this.isHeld) await new Promise<void>((release) => void this.waiting.push({ operations, release }))
    await super.write(operations)
  }
}

class RecordingShop implements Pick<LedgerConnector, 'adjust'> {
  readonly calls: (readonly Adjustment[])[] = []
  /** Why it does not answer; null: it does. */
  failure: ConnectorError | null = null

  adjust(adjustments: readonly Adjustment[]): Promise<readonly AdjustmentResult[]> {
    this.calls.push(adjustments)
    if (this.failure !== null) return Promise.reject(this.failure)
    return Promise.resolve(adjustments.map(({ opId }) => ({ opId, status: 'applied', stock: 7, feedId: 1 })))
  }
}

async function openNode() {
  const disk = new HeldDisk()
  const time = new ManualTime()
  const ledger = await Ledger.open(disk, time, systemRandom, self, anySeal)
  const book = await Book.open(disk, ledger.holdings)
  const shop = new RecordingShop()
  const health = new ShopHealth(time, () => undefined)
  const gate = { feedRid: () => feed, writable: () => true, importing: () => false, isOfImport: () => false }
  const rules = { buffer: 0, floor: 0, ceilingOf: () => null }
  const notes = await ImportNotes.open(disk, () => 0, false)
  const membership = { members: () => [self], inStepWithAll: () => true }
  const settler = new Settler({ book, self, clock: time, random: systemRandom, rules, membership, gate, notes })
  const connector = shop as unknown as LedgerConnector
  const recovery = { untilOver: () => Promise.resolve() }
  const unclear = await UnclearSkus.open(disk, ledger, book)
  const ports = { isStopped: () => false, random: systemRandom, timers: time, clock: time, unclear }
  const adjuster = new Adjuster({ ledger, book, settler, notes, connector, health, recovery, ...ports })
  ledger.subscribe(({ keys }) => adjuster.hear(keys))
  ledger.decideWith((draft, keys) => adjuster.decide(draft, keys))
  const work = new ShopWork([adjuster], (error) => {
    throw error
  })
  return { disk, time, ledger, book, shop, adjuster, work, [Symbol.asyncDispose]: () => work[Symbol.asyncDispose]() }
}

test('an adjustment is noted in the batch of the change that asks for it, and sent when that is on disk', async () => {
  await using node = await openNode()
  const { disk, time, ledger, book, shop, adjuster, work } = node
  work.start()
  await ledger.commit((draft) => book.setRow(draft, bookRow(row, false, time.now())))
  disk.isHeld = true
  const changed = ledger.commit((draft) => draft.change(key, -3, 'manual', null))
  const [batch] = await eventually('a batch waits for the disk', () => disk.waiting.length > 0 && disk.waiting)
  expect(batch?.operations.map((operation) => operation.key[0])).toContain(tables.intent)
  expect([...book.intents.values()]).toMatchObject([{ key, delta: -3 }])
  // Something else wakes the loop while the batch is on its way.
  adjuster.mark([key])
  await new Promise((resolve) => setImmediate(resolve))
  expect(shop.calls).toEqual([])
  disk.isHeld = false
  batch?.release()
  await changed
  const [call] = await eventually('the shop is told', () => shop.calls.length > 0 && shop.calls)
  expect(call).toMatchObject([{ stockId: '1', delta: -3 }])
  expect(shop.calls).toHaveLength(1)
})

test('what piles up for a SKU while the shop is out of reach becomes one adjustment', async () => {
  await using node = await openNode()
  const { time, ledger, book, shop, adjuster, work } = node
  work.start()
  const rows = ['1', '2', '3'].map((stockId) => ({ ...row, stockId, sku: `KOP-${stockId}` }))
  await ledger.commit((draft) => {
    for (const each of rows) book.setRow(draft, bookRow(each, false, time.now()))
  })
  shop.failure = new ConnectorError('shop-unreachable', 'The line is down.')
  await ledger.commit((draft) => draft.change('kop-1' as SkuKey, -1, 'manual', null))
  await eventually('the shop is asked in vain', () => shop.calls.length > 0)
  for (let sale = 0; sale < 5; sale += 1) {
    await ledger.commit((draft) => {
      for (const sku of ['kop-2', 'kop-3']) draft.change(sku as SkuKey, -1, 'manual', null)
    })
  }
  const before = shop.calls.length
  shop.failure = null
  adjuster.tryAgain()
  await eventually('the shop is told of the rest', async () => {
    // Calls begin at their pace.
    await time.advance(20)
    return shop.calls.length > before + 1
  })
  expect(shop.calls.slice(before).map((call) => call.map(({ stockId, delta }) => [stockId, delta]))).toEqual([
    [['1', -1]],
    [
      ['2', -5],
      ['3', -5],
    ],
  ])
})

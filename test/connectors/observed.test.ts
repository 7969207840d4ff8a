/** An observed shop of each class, with its journal on a real disk and another time of day, as every connector is tried. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { SeededRandom } from '../protocol/random.ts'
import { conformance } from './conformance.ts'
import { FastTime } from './fast-time.ts'
import { type Line, MemoryShop, type MemoryShopOptions } from './memory-shop.ts'
import { ShopTime, skewMs } from './shop-time.ts'
import type { ShopUnderTest } from './shop-under-test.ts'

type Traps = Pick<MemoryShopOptions, 'writing' | 'hasOrders' | 'tellsStock' | 'stockMin' | 'readLagMs'>

const untroubled: Line = { before: () => Promise.resolve(), after: () => Promise.resolve() }

async function open(traps: Traps, aheadMs: number): Promise<ShopUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'stockmesh-observed-'))
  const time = new FastTime(100)
  const random = new SeededRandom(1)
  const shopTime = new ShopTime(time, aheadMs)
  const shop = new MemoryShop({ ...traps, clock: shopTime, random: () => random.next(), staleness: 0.3 })
  const connect = () =>
    openObservedConnector(shop.connect(untroubled), { directory, clock: time, timers: time, random: systemRandom })
  let connector = await connect()
  return {
    get connector() {
      return connector
    },
    create: async ({ sku, stock }) => shop.create(sku, stock),
    stockOf: async (id) => shop.stockOf(id),
    sell: async (id, units) => shop.sell(id, units),
    cancel: async (order) => shop.cancel(order),
    type: async (id, stock) => shop.type(id, stock),
    typeFraction: async (id) => shop.typeFraction(id),
    rename: async (id, sku) => shop.rename(id, sku),
    remove: async (id) => shop.remove(id),
    createTwin: async (sku, stock) => shop.create(sku, stock),
    createBundle: async (sku, stock) => shop.createBundle(sku, stock),
    createPool: async (skus, stock) => shop.create(skus[0], stock, skus),
    breakNext: (fault, call) => shop.breakNext(fault, call),
    ...(traps.writing === 'absolute' && !traps.hasOrders
      ? {}
      : { beforeNextWrite: (run: () => Promise<void>) => shop.beforeNextWrite(run) }),
    hint: () => connector.hint?.(),
    reopen: async () => {
      await connector[Symbol.asyncDispose]()
      connector = await connect()
    },
    stopClock: (stands) => shopTime.stop(stands),
    stockMin: traps.stockMin,
    cannot: {
      ...(traps.writing === 'idempotent'
        ? { 'silent-no-op': 'a shop that takes operation ids says yes to nothing that it did not do' }
        : {}),
      signedHint: 'a hint comes to the connector without its signature',
      hintSwitch: 'a shop in memory sends no hints',
      copy: 'nothing of ours lies in the shop',
      beforeNextWrite: 'without order lines nobody can know of the sale that is overwritten',
    },
    patienceMs: 5_000,
    async [Symbol.asyncDispose]() {
      await connector[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

conformance('an observed shop that takes operation ids', () =>
  open({ writing: 'idempotent', hasOrders: false, tellsStock: false, stockMin: null, readLagMs: 0 }, 0),
)
conformance('an observed shop that is written relatively, has order lines and a minimum, and whose clock is fast', () =>
  open({ writing: 'relative', hasOrders: true, tellsStock: false, stockMin: 0, readLagMs: 0 }, skewMs),
)
conformance('an observed shop that is written relatively, may answer with old numbers, and whose clock is slow', () =>
  open({ writing: 'relative', hasOrders: false, tellsStock: true, stockMin: null, readLagMs: 3_000 }, -skewMs),
)
conformance('an observed shop that is written absolutely, has order lines, and whose clock is slow', () =>
  open({ writing: 'absolute', hasOrders: true, tellsStock: true, stockMin: null, readLagMs: 0 }, -skewMs),
)

/** A real Vendure, with the companion and by its Admin API alone, as every connector is tried. */
import { createHmac } from 'node:crypto'
import { it } from 'vitest'
import { vendurePlatform } from '../../packages/node/src/connectors/vendure/platform.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { conformance } from './conformance.ts'
import { openFaultyLine } from './faulty-line.ts'
import type { ShopUnderTest } from './shop-under-test.ts'
import { openPolledShop } from './vendure-polled-shop.ts'
import { vendureKey, VendureShop, withoutVendure } from './vendure-shop.ts'

/** `isPicked`: the stock of another location than the default one is kept in step. */
async function open(isPicked: boolean): Promise<ShopUnderTest> {
  const shop = await VendureShop.open()
  if (isPicked) shop.location = await shop.openLocation('Warehouse')
  const location = isPicked ? shop.location : null
  const line = await openFaultyLine(shop.url, ({ method, url }) =>
    url.includes('/adjust') ? 'write' : method === 'GET' ? 'read' : null,
  )
  const parts = { directory: '', clock: systemClock, timers: systemTimers, random: systemRandom, hookUrl: null }
  const connector = await vendurePlatform.open({ url: line.url, key: vendureKey, location }, parts)
  const stockIdOf = (id: string): string => id.padStart(12, '0')
  const idOf = (stockId: string): string => String(Number(stockId))
  return {
    connector,
    create: async ({ sku, stock }) => stockIdOf(await shop.create(sku, stock)),
    stockOf: (stockId) => shop.stockOf(idOf(stockId)),
    sell: (stockId, quantity) => shop.sell(idOf(stockId), quantity),
    cancel: (order) => shop.cancel(order),
    type: (stockId, stock) => shop.type(idOf(stockId), stock),
    rename: (stockId, sku) => shop.change(idOf(stockId), { sku: sku ?? '' }),
    remove: (stockId) => shop.remove(idOf(stockId)),
    createTwin: async (sku, stock) => stockIdOf(await shop.create(sku, stock)),
    breakNext: (fault, call) => line.breakNext(fault, call),
    signedHint: {
      request() {
        const body = Buffer.from('{}')
        const signature = createHmac('sha256', vendureKey).update(body).digest('hex')
        return { body, headers: { 'stockmesh-signature': `v1=${signature}` }, now: systemClock.now() }
      },
      check: (hint) =>
        vendurePlatform.checkHint?.({ url: shop.url, key: vendureKey, location: null }, hint) ?? 'signature-invalid',
    },
    copy: {
      async begin() {
        await shop.kill()
        await shop.start('https://copy.example')
      },
      async claim() {
        const headers = { authorization: `Bearer ${shop.adminToken}` }
        await fetch(`${shop.url}/stockmesh/v1/claim`, { method: 'POST', headers })
      },
    },
    stockMin: null,
    cannot: {
      typeFraction: 'Vendure takes whole units only',
      createPool: 'each variant of Vendure has a stock number of its own',
      createBundle: 'Vendure has no bundles of its own',
      beforeNextWrite: 'an adjustment is one transaction: nothing comes between its reading and its writing',
      hint: 'a hint makes the node read sooner and never reaches the connector',
      hintSwitch: 'its hints are not switched off',
      stopClock: 'the clock of the shop is that of the machine',
      reopen: 'the connector has nothing on disk',
      'silent-no-op': 'this shop never says yes to what it did not do',
    },
    patienceMs: 10_000,
    async [Symbol.asyncDispose]() {
      await connector[Symbol.asyncDispose]()
      await line[Symbol.asyncDispose]()
      await shop[Symbol.asyncDispose]()
    },
  }
}

/** The companion in the shop is not asked. */
async function openPolled(): Promise<ShopUnderTest> {
  const polled = await openPolledShop()
  const { shop } = polled
  return {
    get connector() {
      return polled.connector
    },
    create: ({ sku, stock }) => shop.create(sku, stock),
    stockOf: (stockId) => shop.stockOf(stockId),
    sell: (stockId, quantity) => shop.sell(stockId, quantity),
    cancel: (order) => shop.cancel(order),
    type: (stockId, stock) => shop.type(stockId, stock),
    rename: (stockId, sku) => shop.change(stockId, { sku: sku ?? '' }),
    createTwin: (sku, stock) => shop.create(sku, stock),
    breakNext: (fault, call) => polled.breakNext(fault, call),
    beforeNextWrite: (run) => polled.beforeNextWrite(run),
    reopen: () => polled.reopen(),
    stockMin: null,
    cannot: {
      remove: 'the Admin API tells nothing of a deleted variant, so the daily listing finds it',
      typeFraction: 'Vendure takes whole units only',
      createPool: 'each variant of Vendure has a stock number of its own',
      createBundle: 'Vendure has no bundles of its own',
      hint: 'without the companion the shop sends no hints',
      signedHint: 'without the companion the shop sends no hints',
      hintSwitch: 'without the companion the shop sends no hints',
      stopClock: 'the clock of the shop is that of the machine',
      copy: 'nothing of ours lies in the shop',
      'silent-no-op': 'this shop never says yes to what it did not do',
    },
    patienceMs: 15_000,
    [Symbol.asyncDispose]: () => polled[Symbol.asyncDispose](),
  }
}

if (withoutVendure === null) {
  conformance('Vendure with the companion', () => open(false))
  conformance('Vendure with the companion, at the second of two stock locations', () => open(true))
  conformance('Vendure by its Admin API', openPolled)
} else it.skip(`conformance of Vendure (${withoutVendure})`, () => undefined)

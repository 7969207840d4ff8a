/**
 * The connector to a WooCommerce shop without the companion, before a stand-in of its REST interface. The suite's sales
 * come with their orders; how long after the stock the order tells of it is left to the clock.
 */
import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wooCommercePlatform } from '../../packages/node/src/connectors/woocommerce/platform.ts'
import { hookKeyOf, type WooCommerceSettings } from '../../packages/node/src/connectors/woocommerce/settings.ts'
import { systemRandom } from '../../packages/node/src/ports.ts'
import { conformance } from '../connectors/conformance.ts'
import { eventually } from '../harness/eventually.ts'
import { FastTime } from '../connectors/fast-time.ts'
import { ShopTime, skewMs } from '../connectors/shop-time.ts'
import type { Fault, ShopUnderTest } from '../connectors/shop-under-test.ts'
import type { RestSwitches } from './rest-interface.ts'
import { consumerKey, consumerSecret, type RestFault, RestStandIn } from './rest-stand-in.ts'

const faults: Readonly<Record<Fault, RestFault>> = {
  'lost-answer': 'lose',
  'lost-question': 'drop',
  throttled: { status: 429, body: '{}' },
  'server-error': { status: 503, body: '<h1>503</h1>' },
  html: { status: 200, body: '<h1>Vedligehold</h1>' },
  'empty-list': { status: 200, body: '[]' },
  'silent-no-op': { status: 200, body: '{"id":1,"manage_stock":true}' },
  'token-expired': { status: 401, body: '{"code":"woocommerce_rest_cannot_view"}' },
}
const hookUrl = 'https://node.example/hooks/woocommerce'

async function open(switches: Partial<RestSwitches>, aheadMs: number, lateMs: number): Promise<ShopUnderTest> {
  const shop = await RestStandIn.open(switches)
  const { stock, rest } = shop
  const time = new FastTime(200)
  const shopTime = new ShopTime(time, aheadMs)
  stock.now = () => shopTime.now()
  stock.beforeNote = (note) => void time.after(lateMs, note)
  const settings: WooCommerceSettings = { url: shop.url, consumerKey, consumerSecret, companion: 'no' }
  const directory = await mkdtemp(join(tmpdir(), 'stockmesh-woocommerce-'))
  const connect = () => {
    return wooCommercePlatform.open(settings, { directory, clock: time, timers: time, random: systemRandom, hookUrl })
  }
  let connector = await connect()
  const broken = new Map<'read' | 'write', Fault>()
  let beforeWrite: (() => Promise<void>) | null = null
  stock.window = async () => {
    const run = beforeWrite
    beforeWrite = null
    await run?.()
  }
  shop.fault = ({ method, path }) => {
    const isStock = path.includes('/products') || path.includes('/variations')
    const kind = !isStock ? null : method === 'GET' ? 'read' : 'write'
    const fault = kind === null ? undefined : broken.get(kind)
    if (kind === null || fault === undefined) return null
    broken.delete(kind)
    return faults[fault]
  }
  const create = async (sku: string | null, quantity: number | null) =>
    String(stock.create({ sku: sku ?? '', quantity }))
  return {
    get connector() {
      return connector
    },
    create: ({ sku, stock: units }) => create(sku, units),
    stockOf: async (id) => stock.stockOf(id),
    sell: async (id, units) => String(stock.sell(stock.idOf(id), units)),
    cancel: async (order) => {
      // Before its note is there, WooCommerce knows of nothing to give back.
      await eventually('the order tells what it took', () => stock.order(Number(order)).lines[0]?.reduced !== null)
      stock.cancel(Number(order))
    },
    type: async (id, units) => stock.type(id, units),
    typeFraction: async (id) => stock.set(stock.product(stock.idOf(id)), 2.5),
    rename: async (id, sku) => {
      const product = stock.product(stock.idOf(id))
      product.sku = sku ?? ''
      stock.touch(product)
    },
    createTwin: (sku, units) => create(sku, units),
    createBundle: async (sku, quantity) => String(stock.create({ sku, quantity, type: 'bundle' })),
    createPool: async ([first, second], units) => {
      const id = stock.create({ sku: first, quantity: units, type: 'variable' })
      stock.create({ sku: second, quantity: null, manages: 'parent', parentId: id, type: 'variation' })
      stock.create({ sku: '', quantity: null, manages: 'parent', parentId: id, type: 'variation' })
      return String(id)
    },
    breakNext: (fault, call) => void broken.set(call, fault),
    beforeNextWrite: (run) => {
      beforeWrite = run
    },
    hint: () => connector.hint?.(),
    hintSwitch: {
      switchOff: async () => {
        for (const webhook of rest.webhooks) webhook.status = 'disabled'
      },
      areOn: async () => rest.webhooks.some(({ status }) => status === 'active'),
    },
    signedHint: {
      request() {
        const body = Buffer.from('{"id":7}')
        const signature = createHmac('sha256', hookKeyOf(settings)).update(body).digest('base64')
        return { body, headers: { 'x-wc-webhook-signature': signature }, now: time.now() }
      },
      check: (hint) => wooCommercePlatform.checkHint?.(settings, hint) ?? 'signature-invalid',
    },
    reopen: async () => {
      await connector[Symbol.asyncDispose]()
      connector = await connect()
    },
    stopClock: (stands) => shopTime.stop(stands),
    stockMin: null,
    cannot: {
      remove: 'the platform tells nothing of a deleted product, so the daily listing finds it',
      copy: 'nothing of ours lies in the shop',
    },
    patienceMs: 10_000,
    async [Symbol.asyncDispose]() {
      await connector[Symbol.asyncDispose]()
      await shop[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

conformance('WooCommerce without the companion, whose clock is fast', () => open({}, skewMs, 0))
conformance('WooCommerce before 10.3 without the companion, whose clock is slow and whose orders tell late', () =>
  open({ listsVariations: false, batchMax: 2 }, -skewMs, 1_000),
)

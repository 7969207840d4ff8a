/**
 * An OpenBizBox shop as a connector, in the settings of the stand-in between which a real shop may lie. What the trial
 * of the writing finds in each is what the connector is opened with, as for a merchant.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
import { openBizBoxPlatform, openShop } from '../../packages/node/src/connectors/openbizbox/platform.ts'
import { partsOfStockId } from '../../packages/node/src/connectors/openbizbox/stock-id.ts'
import { systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { conformance } from '../connectors/conformance.ts'
import { FastTime } from '../connectors/fast-time.ts'
import { ShopTime, skewMs } from '../connectors/shop-time.ts'
import type { Fault as NamedFault, ShopUnderTest } from '../connectors/shop-under-test.ts'
import { clientId, clientSecret, type Fault, type SeenCall, StandIn, type Switches, webhookSecret } from './stand-in.ts'

const { schema } = openBizBoxPlatform
const never = new AbortController().signal

const isWrite = ({ method, path }: SeenCall): boolean => method === 'PUT' || path === '/api/batches.json'
const isRead = ({ method, path }: SeenCall): boolean => method === 'GET' && path.startsWith('/api/v3/products')

function faultOf(fault: NamedFault, shop: StandIn): Fault | null {
  switch (fault) {
    case 'lost-answer':
      return 'lose'
    case 'lost-question':
      return 'drop'
    case 'throttled':
      return { status: 429, body: '{}' }
    case 'server-error':
      return { status: 503, body: '<h1>503</h1>' }
    case 'html':
      return { status: 200, body: '<h1>Vedligehold</h1>' }
    case 'empty-list':
      return { status: 200, body: '[]' }
    case 'silent-no-op':
      return { status: 200, body: '{}' }
    case 'token-expired':
      shop.endTokens()
      return { status: 401, body: '{}' }
  }
}

async function open(switches: Partial<Switches>, { isTried }: { readonly isTried: boolean }): Promise<ShopUnderTest> {
  const shop = await StandIn.open(switches)
  const trialSku = 'TRIAL'
  shop.addProduct({ variants: [{ model: trialSku, quantity: 20 }] })
  const entered = { url: shop.url, clientId, clientSecret, webhookSecret, ...(isTried ? { trialSku } : {}) }
  const { learned } = await openBizBoxPlatform.test(schema.parse(entered), never)
  const settings = schema.parse({ ...entered, ...learned })
  const time = new FastTime(100)
  const shopTime = new ShopTime(time, 0)
  shop.useClock(() => shopTime.now())
  const directory = await mkdtemp(join(tmpdir(), 'stockmesh-openbizbox-'))
  let stockMin: number | null = null
  const connect = async () => {
    const port = await openShop(settings, { directory, clock: time, timers: systemTimers })
    stockMin = port.stockMin
    return openObservedConnector(port, { directory, clock: time, timers: time, random: systemRandom })
  }
  let connector = await connect()
  const broken = new Map<'read' | 'write', NamedFault>()
  let beforeWrite: (() => Promise<void>) | null = null
  shop.fault = (call) => {
    const kind = isWrite(call) ? 'write' : isRead(call) ? 'read' : null
    const fault = kind === null ? undefined : broken.get(kind)
    if (kind === 'write') {
      void beforeWrite?.()
      beforeWrite = null
    }
    if (kind === null || fault === undefined) return null
    broken.delete(kind)
    return faultOf(fault, shop)
  }
  const at = (stockId: string): { productId: number; index: number } => {
    const productId = partsOfStockId(stockId)?.productId ?? 0
    return { productId, index: 0 }
  }
  const create = async (sku: string | null, stock: number | null): Promise<string> =>
    shop.stockId(shop.addProduct({ variants: [{ model: sku ?? '', quantity: stock }] }))
  return {
    get connector() {
      return connector
    },
    create: ({ sku, stock }) => create(sku, stock),
    stockOf: async (id) => shop.stock(at(id).productId) as number | null,
    sell: async (id, units) => String(shop.sell(at(id).productId, units)),
    cancel: async (order) => shop.cancel(Number(order)),
    type: async (id, stock) => shop.typeStock(at(id).productId, stock),
    typeFraction: async (id) => shop.typeStock(at(id).productId, 2.5),
    rename: async (id, sku) => {
      shop.variant(at(id).productId).model = sku ?? ''
      shop.typeStock(at(id).productId, shop.stock(at(id).productId))
    },
    createTwin: (sku, stock) => create(sku, stock),
    createBundle: async (sku, stock) =>
      shop.stockId(shop.addProduct({ isSet: true, variants: [{ model: sku, quantity: stock }] })),
    breakNext: (fault, call) => void broken.set(call, fault),
    beforeNextWrite: (run) => {
      beforeWrite = run
    },
    hint: () => connector.hint?.(),
    reopen: async () => {
      await connector[Symbol.asyncDispose]()
      connector = await connect()
    },
    stopClock: (stands) => shopTime.stop(stands),
    signedHint: {
      request() {
        const body = '{"event":"order.created"}'
        return { body: Buffer.from(body), headers: shop.hint(body), now: time.now() }
      },
      check: (hint) => openBizBoxPlatform.checkHint?.(settings, hint) ?? 'signature-invalid',
    },
    get stockMin() {
      return stockMin
    },
    cannot: {
      remove: 'the platform tells nothing of a deleted product, so the daily listing finds it',
      hintSwitch: 'how the platform switches hints off is not published; without any the shop is polled',
      copy: 'nothing of ours lies in the shop',
      createPool: 'a stock number of this platform belongs to one variant',
    },
    patienceMs: 8_000,
    async [Symbol.asyncDispose]() {
      await connector[Symbol.asyncDispose]()
      await shop[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

conformance('OpenBizBox as documented, with a trial and a clock that is fast', () =>
  open({ clockAheadMs: skewMs }, { isTried: true }),
)
conformance('OpenBizBox that stops at zero, counts pages its own way and has a clock that is slow', () =>
  open(
    { stopsAtZero: true, pageItemsMax: 20, fromIncludesItsId: false, zoneMinutes: 0, clockAheadMs: -skewMs },
    { isTried: true },
  ),
)

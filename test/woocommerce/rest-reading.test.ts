/** Listing, reading and writing a stand-in WooCommerce without the companion, one trap at a time. */
import { onTestFinished, expect, test } from 'vitest'
import type { ObservedRow } from '../../packages/node/src/connectors/observed/observed-shop.ts'
import { WooCommerceClient } from '../../packages/node/src/connectors/woocommerce/client.ts'
import { RestShop } from '../../packages/node/src/connectors/woocommerce/rest-shop.ts'
import { wooCommercePlatform } from '../../packages/node/src/connectors/woocommerce/platform.ts'
import { checkWebhook } from '../../packages/node/src/connectors/woocommerce/rest-webhook.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import type { RestSwitches } from './rest-interface.ts'
import { consumerKey, consumerSecret, RestStandIn } from './rest-stand-in.ts'

const { signal } = new AbortController()
const hook = { url: 'https://node.example/hooks/woocommerce', key: 'secret' }

async function open(switches: Partial<RestSwitches> = {}, hookUrl = hook.url) {
  const standIn = await RestStandIn.open(switches)
  const ports = { clock: systemClock, timers: systemTimers, random: systemRandom }
  const client = new WooCommerceClient({ url: standIn.url, consumerKey, consumerSecret }, ports)
  const shop = new RestShop(client, { ...ports, hook: { ...hook, url: hookUrl }, shopUrl: standIn.url })
  onTestFinished(async () => {
    await shop[Symbol.asyncDispose]()
    await standIn[Symbol.asyncDispose]()
  })
  return { standIn, stock: standIn.stock, shop, client }
}

async function listAll(shop: RestShop, between: (page: number) => void = () => undefined): Promise<ObservedRow[]> {
  const rows: ObservedRow[] = []
  let after: string | null = null
  for (let page = 1; ; page += 1) {
    const { items, next } = await shop.list({ after, limit: 500 }, signal)
    rows.push(...items)
    if (next === null) return rows
    after = next
    between(page)
  }
}

test('products that go while the shop is listed cost no other product its place', async () => {
  const { stock, shop } = await open()
  const ids = Array.from({ length: 250 }, (_, index) => stock.create({ sku: `P${index}`, quantity: index }))
  const rows = await listAll(shop, (page) => {
    for (const id of ids.slice(page * 20, page * 20 + 15)) stock.products.delete(id)
  })
  const listed = new Set(rows.map(({ stockId }) => stockId))
  expect(ids.filter((id) => stock.products.has(id) && !listed.has(`${id}`))).toEqual([])
  expect(listed.size).toBe(rows.length)
})

test.for([true, false])(
  'variations are rows of their own, and a pool is one (a list of variations: %s)',
  async (lists) => {
    const { stock, shop } = await open({ listsVariations: lists })
    const pool = stock.create({ sku: 'POOL', quantity: 9, type: 'variable' })
    const shared = stock.create({ sku: 'B', quantity: null, manages: 'parent', parentId: pool, type: 'variation' })
    const parent = stock.create({ sku: 'SHIRT', quantity: null, manages: false, type: 'variable' })
    const own = stock.create({ sku: 'SHIRT-L', quantity: 4, parentId: parent, type: 'variation' })
    const bare = stock.create({ sku: '', quantity: 5, parentId: parent, type: 'variation' })
    const untracked = stock.create({ sku: 'U', quantity: null, manages: false, parentId: parent, type: 'variation' })
    const set = stock.create({ sku: 'SET', quantity: 3, type: 'bundle' })
    const rows = await listAll(shop)
    const facts = rows.map(({ stockId, sku, stock: units, fault }) => [stockId, sku, units, fault])
    const expected = [
      [`${pool}`, 'POOL', 9, undefined],
      [`${parent}-${own}`, 'SHIRT-L', 4, undefined],
      // It shows its parent's SKU, which is not its own.
      [`${parent}-${bare}`, null, 5, undefined],
      [`${parent}-${untracked}`, 'U', null, undefined],
      [`${set}`, 'SET', null, 'bundle'],
    ]
    expect(new Set(facts)).toEqual(new Set(expected))
    expect(facts.length).toBe(expected.length)
    expect(rows.find(({ stockId }) => stockId === `${pool}`)?.products.map(({ id }) => id)).toEqual([
      `${pool}`,
      `${shared}`,
    ])
    const read = await shop.read(rows.map(({ stockId }) => stockId).concat('999', `${parent}-998`), signal)
    expect(new Map(read.map((row) => [row.stockId, row]))).toEqual(new Map(rows.map((row) => [row.stockId, row])))
  },
)

test('variations that share the stock of their products are asked for many products at once', async () => {
  const { standIn, stock, shop } = await open()
  const pools = Array.from({ length: 120 }, (_, index) => {
    const type = index === 0 ? 'variable-subscription' : 'variable'
    const pool = stock.create({ sku: `POOL-${index}`, quantity: index, type })
    for (const size of ['S', 'L']) {
      const sku = `POOL-${index}-${size}`
      stock.create({ sku, quantity: null, manages: 'parent', parentId: pool, type: 'variation' })
    }
    return pool
  })
  const rows = await listAll(shop)
  const skus = rows.map(({ products }) => products.map(({ sku }) => sku))
  expect(skus).toEqual(pools.map((_, index) => [`POOL-${index}`, `POOL-${index}-S`, `POOL-${index}-L`]))
  const asked = standIn.calls.map(({ path, query }) => [path, query.get('include')?.split(',').length ?? 'page'])
  // Which has named none of them.
  const one = [`/wc/v3/products/${pools[0]}/variations`, 'page']
  const pagesOfVariations = asked.filter(([path, of]) => path === '/wc/v3/variations' && of === 'page')
  expect(asked.filter(([path]) => String(path).endsWith('/variations') && path !== '/wc/v3/variations')).toEqual([one])
  expect(asked.filter(([path, of]) => path === '/wc/v3/variations' && of !== 'page')).toEqual([
    ['/wc/v3/variations', 100],
    ['/wc/v3/variations', 98],
    ['/wc/v3/variations', 40],
  ])
  expect(pagesOfVariations.length).toBeLessThanOrEqual(4)
})

test('a change is told within the same second, and one of a shared variation as its pool', async () => {
  const { stock, shop } = await open()
  const at = Math.floor(Date.now() / 1_000) * 1_000
  stock.now = () => at
  const simple = stock.create({ sku: 'S', quantity: 5 })
  const { cursor } = await shop.changes(null, signal)
  stock.sell(simple, 1)
  const first = await shop.changes(cursor, signal)
  stock.sell(simple, 1)
  const second = await shop.changes((await shop.changes(first.cursor, signal)).cursor, signal)
  expect([first.stockIds, second.stockIds]).toEqual([[`${simple}`], [`${simple}`]])
})

test('each write is answered for itself, in batches that the shop takes, and a yes to nothing is none', async () => {
  const { standIn, stock, shop } = await open({ batchMax: 2 })
  const ids = [5, 6, 7].map((units) => stock.create({ sku: `P${units}`, quantity: units }))
  const untracked = stock.create({ sku: 'U', quantity: null })
  const stockIds = [...ids.map(String), `${untracked}`, '999', 'no id']
  const writes = stockIds.map((stockId, index) => ({ opId: `${index}`, stockId, delta: 2, expected: 0 }))
  const results = await shop.write(writes, signal)
  expect(results.map((result) => (result.status === 'refused' ? result.code : result.status))).toEqual([
    'applied',
    'applied',
    'applied',
    'untracked',
    'row-gone',
    'row-gone',
  ])
  expect(ids.map((id) => stock.stockOf(`${id}`))).toEqual([7, 8, 9])
  standIn.fault = ({ method }) => (method === 'PUT' ? { status: 429, body: '{}' } : null)
  const [busy] = await shop.write(writes.slice(0, 1), signal)
  expect([busy?.status, stock.stockOf(`${ids[0]}`)]).toEqual(['not-made', 7])
})

test('the webhook is made where the shop can reach the node, and its ping is not signed', async () => {
  const { standIn, shop } = await open()
  await shop.changes(null, signal)
  expect(standIn.rest.webhooks).toMatchObject([{ topic: 'product.updated', delivery_url: hook.url, status: 'active' }])
  const local = await open({}, 'http://127.0.0.1:7400/hooks/woocommerce')
  await local.shop.changes(null, signal)
  expect(local.standIn.rest.webhooks).toEqual([])
  const verdict = (text: string) => checkWebhook('key', { body: Buffer.from(text), headers: {}, now: 0 })
  expect([verdict('webhook_id=12'), verdict('{"id":12}')]).toEqual(['ping', 'signature-invalid'])
})

const tried = { consumerKey, consumerSecret, companion: null }

test('a trial shows a product, promises its best, and says what the plugin would give', async () => {
  const { standIn, stock } = await open()
  stock.create({ sku: 'APRON', quantity: 4 })
  const trial = () => wooCommercePlatform.test({ url: standIn.url, ...tried }, signal)
  expect(await trial()).toMatchObject({
    release: 'WooCommerce, without the plugin Stockmesh',
    promise: 'best-effort',
    mayWrite: true,
    sample: { sku: 'APRON', stock: 4 },
    learned: { companion: 'no' },
    warnings: [expect.stringContaining('plugin')],
  })
  standIn.fault = ({ method }) => (method === 'POST' ? { status: 401, body: '{"code":"x"}' } : null)
  await expect(trial()).rejects.toMatchObject({ code: 'not-writable' })
})

test('a trial without the plugin knows a WordPress without WooCommerce, and a release that is too old', async () => {
  const { standIn } = await open()
  const trial = () => wooCommercePlatform.test({ url: standIn.url, ...tried }, signal)
  const version = (text: string) => JSON.stringify({ environment: { version: text } })
  standIn.fault = ({ path }) => (path.endsWith('/system_status') ? { status: 200, body: version('5.2.1') } : null)
  await expect(trial()).rejects.toMatchObject({
    code: 'release-unknown',
    message: 'The shop runs WooCommerce 5.2.1, and Stockmesh needs 8.0 or later. Update WooCommerce.',
  })
  standIn.fault = ({ path }) => (path.endsWith('/system_status') ? { status: 200, body: version('9.1.0') } : null)
  expect(await trial()).toMatchObject({ release: 'WooCommerce 9.1.0, without the plugin Stockmesh' })
  standIn.fault = ({ path }) => (path.startsWith('/wc/') ? { status: 404, body: '{"code":"rest_no_route"}' } : null)
  await expect(trial()).rejects.toMatchObject({
    code: 'not-this-platform',
    message: expect.stringMatching(/activate or update WooCommerce/) as string,
  })
})

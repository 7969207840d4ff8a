/** How a node comes to a WooCommerce shop: the trial's one sentence for each mistake, the signature, and the hints. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { PlatformParts } from '../../packages/node/src/connectors/platform.ts'
import { wooCommercePlatform } from '../../packages/node/src/connectors/woocommerce/platform.ts'
import { hookKeyOf, schema, type WooCommerceSettings } from '../../packages/node/src/connectors/woocommerce/settings.ts'
import { signCall } from '../../packages/node/src/connectors/woocommerce/signing.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { never } from '../connectors/feed-reader.ts'
import { eventually } from '../harness/eventually.ts'
import { serveShop } from '../shop/served-shop.ts'
import { consumerKey, consumerSecret, type FrontSwitches, WordPressFront } from './wordpress-front.ts'

const keys = { consumerKey, consumerSecret, companion: null }
const parts: PlatformParts = {
  directory: '',
  clock: systemClock,
  timers: systemTimers,
  random: systemRandom,
  hookUrl: 'http://127.0.0.1:7400/hooks/woocommerce',
}

async function openFront(shop: string | null = null): Promise<WordPressFront> {
  const front = await WordPressFront.open(shop)
  onTestFinished(() => front[Symbol.asyncDispose]())
  return front
}

test('a trial shows the release and a product, promises exactness, and remembers the companion', async () => {
  const front = await openFront()
  expect(await wooCommercePlatform.test({ url: front.url, ...keys }, never)).toEqual({
    release: 'WooCommerce 11.0.1, with the plugin Stockmesh 0.2.0',
    promise: 'exact',
    mayWrite: true,
    sample: { sku: 'A', name: 'Apron', stock: 4 },
    locations: [],
    warnings: [],
    learned: { companion: 'yes' },
  })
})

const mistakes: readonly [string, Partial<FrontSwitches>, Partial<WooCommerceSettings>, string, RegExp][] = [
  ['a wrong key', {}, { consumerKey: 'ck_00000000' }, 'key-rejected', /does not accept the key/],
  ['a wrong secret', {}, { consumerSecret: 'cs_00000000' }, 'key-rejected', /copy both of its texts/],
  ['a key that may only read', { permissions: 'read' }, {}, 'not-writable', /may only read.*Read\/Write/],
  ['plain permalinks', { permalinks: 'plain' }, {}, 'permalinks-plain', /Settings > Permalinks/],
  ['a shop that had the plugin', { hasCompanion: false }, { companion: 'yes' }, 'companion-missing', /Install it/],
  ['an old release', { about: { version: '7.9.0' } }, {}, 'release-unknown', /runs WooCommerce 7\.9\.0/],
  ['a release without a number', { about: { version: 'trunk' } }, {}, 'release-unknown', /runs WooCommerce trunk/],
  ['a copied shop', { about: { isCopy: true } }, {}, 'shop-copied', /administrator claim it/],
  ['stock that nobody manages', { about: { faults: ['stock-not-managed'] } }, {}, 'stock-not-managed', /Inventory/],
  ['tables without transactions', { about: { faults: ['not-transactional'] } }, {}, 'not-transactional', /InnoDB/],
]

test.for(mistakes)('a trial with %s ends with one sentence', async ([, switches, given, code, sentence]) => {
  const front = await openFront()
  Object.assign(front.switches, switches)
  const trial = wooCommercePlatform.test({ url: front.url, ...keys, ...given }, never)
  await expect(trial).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) as string })
})

test('a trial of an address with another kind of shop, with one that leads elsewhere, and with nobody says so', async () => {
  const server = createServer((request, response) => {
    const isMoved = request.url?.startsWith('/moved/') ?? false
    if (isMoved) response.writeHead(301, { location: 'https://www.shop.example/wp-json/' }).end()
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>')
  })
  server.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const trial = (address: string): Promise<unknown> => wooCommercePlatform.test({ url: address, ...keys }, never)
  await expect(trial(url)).rejects.toMatchObject({
    code: 'not-this-platform',
    message: `What answers at ${url} is not WooCommerce. Correct the address.`,
  })
  await expect(trial(`${url}/moved`)).rejects.toMatchObject({
    code: 'address-elsewhere',
    message: `The shop leads from ${url}/moved to https://www.shop.example. Enter that address.`,
  })
  await expect(trial('http://127.0.0.1:9')).rejects.toMatchObject({ code: 'shop-unreachable' })
})

test('what a merchant should know is a warning', async () => {
  const front = await openFront()
  front.switches.about = { faults: ['ascii-skus-only'], shopUrl: 'https://shop.example/' }
  expect((await wooCommercePlatform.test({ url: front.url, ...keys }, never)).warnings).toEqual([
    expect.stringContaining('PHP lacks intl or mbstring'),
    'WordPress says that its address is https://shop.example/. If the keys are refused, enter that one.',
  ])
})

test('an address is taken as people copy it, and keys are not mixed up', () => {
  const given = { consumerKey, consumerSecret }
  const urlOf = (url: string): string => schema.parse({ ...given, url }).url
  expect(urlOf(' shop.example/ ')).toBe('https://shop.example')
  expect(urlOf('https://shop.example/da/wp-admin/admin.php?page=wc-settings')).toBe('https://shop.example/da')
  expect(schema.safeParse({ ...given, url: 'ftp://shop.example' }).success).toBe(false)
  expect(schema.safeParse({ url: 'shop.example', consumerKey: consumerSecret, consumerSecret }).success).toBe(false)
})

test('over https the keys are Basic, and nothing of them stands in the address', () => {
  const url = new URL('https://shop.example/wp-json/wc/v3/products?per_page=1')
  expect(signCall({ consumerKey: 'ck', consumerSecret: 'cs' }, 'GET', url, { now: 0, nonce: 'n' })).toEqual({
    headers: { authorization: `Basic ${Buffer.from('ck:cs').toString('base64')}` },
    search: '?per_page=1',
  })
})

test('the shop is told once where to send hints, and its hints are known by their signature', async () => {
  await using served = await serveShop()
  const front = await openFront(served.server.url)
  const settings: WooCommerceSettings = { url: front.url, ...keys }
  await using connector = await wooCommercePlatform.open(settings, parts)
  const { epoch, start } = await connector.attach({ network: 'n', node: 'dk', fresh: false }, never)
  const waiting = connector.feed({ epoch, after: start, tag: null, limit: 10, waitMs: 20_000 }, never)
  await eventually('the shop knows', () => front.hook !== null)
  const key = hookKeyOf(settings)
  expect(front.hook).toEqual({ url: parts.hookUrl, key })
  expect(JSON.stringify(front.hook)).not.toContain(consumerSecret)

  await served.server.shop.createProduct({ sku: 'A', name: 'Apron', stock: 3 })
  const body = Buffer.from('{"at":1}')
  const check = (secret: string): unknown =>
    wooCommercePlatform.checkHint?.(settings, {
      body,
      headers: { 'stockmesh-signature': `v1=${createHmac('sha256', secret).update(body).digest('hex')}` },
      now: 0,
    })
  expect([check(key), check('other')]).toEqual(['hint', 'signature-invalid'])
  connector.hint?.()
  expect((await waiting).rows.at(-1)).toMatchObject({ kind: 'row', sku: 'A', stock: 3 })
})

test('at most 100 adjustments go in one call', async () => {
  await using served = await serveShop()
  const front = await openFront(served.server.url)
  await using connector = await wooCommercePlatform.open({ url: front.url, ...keys }, parts)
  await connector.attach({ network: 'n', node: 'dk', fresh: false }, never)
  const { stockId } = (await served.server.shop.createProduct({ sku: 'A', name: '', stock: 0 })).body
  const operations = Array.from({ length: 250 }, (_, index) => {
    return { opId: index.toString(16).padStart(32, '0'), stockId, key: 'a', delta: 1 }
  })
  const results = await connector.adjust(operations, never)
  expect(results.at(-1)).toMatchObject({ status: 'applied', stock: 250 })
  expect(front.operationCounts).toEqual([100, 100, 50])
})

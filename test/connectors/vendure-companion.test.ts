/** What only a real Vendure with the companion shows: fulfilment, tracking, a copy, its permission, and being killed. */
import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { limits, skuKey } from '@stockmesh/protocol'
import type { OpenConnector } from '../../packages/node/src/connectors/platform.ts'
import { ConnectorError, type Adjustment } from '../../packages/node/src/connectors/connector.ts'
import { vendurePlatform } from '../../packages/node/src/connectors/vendure/platform.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { eventually } from '../harness/eventually.ts'
import { FeedReader, never } from './feed-reader.ts'
import { vendureKey, VendureShop, withoutVendure } from './vendure-shop.ts'

describe.skipIf(withoutVendure !== null)(`Vendure with the companion (${withoutVendure ?? 'installed'})`, () => {
  let shop: VendureShop
  let connector: OpenConnector
  let feed: FeedReader
  const hints: boolean[] = []
  const node = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const signature = createHmac('sha256', vendureKey).update(Buffer.concat(chunks)).digest('hex')
      hints.push(request.url === '/hooks/vendure' && request.headers['stockmesh-signature'] === `v1=${signature}`)
      response.writeHead(202).end('{}')
    })
  })
  const stockIdOf = (id: string): string => id.padStart(12, '0')

  beforeAll(async () => {
    node.listen(0, '127.0.0.1')
    await once(node, 'listening')
    shop = await VendureShop.open({ nodeUrl: nodeUrl() })
    const parts = { directory: '', clock: systemClock, timers: systemTimers, random: systemRandom, hookUrl: null }
    connector = await vendurePlatform.open({ url: shop.url, key: vendureKey, location: null }, parts)
    feed = new FeedReader(() => connector, await connector.attach({ network: 'n', node: 'dk', fresh: false }, never))
  })
  afterAll(async () => {
    node.close()
    await shop?.[Symbol.asyncDispose]()
  })

  const nodeUrl = (): string => `http://127.0.0.1:${(node.address() as AddressInfo).port}`

  async function inStep(id: string, moved: number): Promise<void> {
    const truth = await shop.stockOf(id)
    await eventually(`${id} has ${truth} and moved ${moved}`, async () => {
      await feed.read()
      return feed.stock(stockIdOf(id)) === truth && feed.moved(stockIdOf(id)) === moved
    })
  }

  const adjustment = (id: string, sku: string, delta: number): Adjustment => {
    return { opId: randomBytes(16).toString('hex'), stockId: stockIdOf(id), key: skuKey(sku) ?? '', delta }
  }

  /** As the engine does: the same operation until the shop has answered. */
  async function adjust(operation: Adjustment): Promise<void> {
    const ask = async (): Promise<boolean> => {
      try {
        const [result] = await connector.adjust([operation], never)
        return result?.status !== 'refused'
      } catch (error) {
        if (error instanceof ConnectorError) return false
        throw error
      }
    }
    await eventually('the adjustment is answered', ask, { deadlineMs: 40_000, every: 50 })
  }

  it('a sale moves the stock when it is paid, and its fulfilment moves nothing more', async () => {
    const id = await shop.create('FULFIL', 10)
    const order = await shop.sell(id, 3)
    await inStep(id, -3)
    const sale = feed.rowsOf(stockIdOf(id)).at(-1)
    expect([sale?.kind, sale?.reference]).toEqual(['sale', expect.stringMatching(/^[A-Z0-9]{16}$/)])
    await shop.fulfil(order)
    await inStep(id, -3)
    expect(await shop.stockOf(id)).toBe(7)
  })

  it('a hint follows each sale, signed with the key', async () => {
    const id = await shop.create('HINT', 10)
    hints.length = 0
    await shop.sell(id, 1)
    await eventually('the node is told', () => hints.length > 0)
    expect(hints).not.toContain(false)
  })

  it('what is tracked by the global setting follows it, without a delta', async () => {
    const id = await shop.create('GLOBAL', 5)
    await inStep(id, 0)
    await shop.trackByDefault(false)
    await eventually('it is not tracked', async () => {
      await feed.read()
      return feed.stock(stockIdOf(id)) === null
    })
    expect(await connector.adjust([adjustment(id, 'GLOBAL', 1)], never)).toMatchObject([{ code: 'untracked' }])
    await shop.trackByDefault(true)
    await inStep(id, 0)
  })

  it('another key is refused, an administrator with the permission is not, and neither is nobody', async () => {
    const ask = async (token: string): Promise<number> =>
      (await fetch(`${shop.url}/stockmesh/v1/stock-rows`, { headers: { authorization: `Bearer ${token}` } })).status
    expect(await ask('x'.repeat(40))).toBe(401)
    expect(await ask('')).toBe(401)
    expect(await ask(shop.adminToken)).toBe(200)
    const trial = vendurePlatform.test({ url: shop.url, key: 'x'.repeat(40), location: null }, never)
    await expect(trial).rejects.toMatchObject({ code: 'key-rejected' })
  })

  it('a trial of the settings shows one product and the release', async () => {
    expect(await vendurePlatform.test({ url: shop.url, key: vendureKey, location: null }, never)).toMatchObject({
      release: expect.stringMatching(/^Vendure 3\./),
      promise: 'exact',
      mayWrite: true,
      sample: { sku: 'FULFIL', stock: 7 },
      warnings: [],
    })
  })

  it('the address of the node is found under the shop', async () => {
    const answer = await fetch(`${shop.url}/.well-known/stockmesh`)
    expect(await answer.json()).toEqual({ url: nodeUrl() })
  })

  it('the companion knows goods by the same keys as the node', () => {
    const require = createRequire(import.meta.url)
    const plugin = require('../../integrations/vendure-plugin/dist/sku-key.js') as { skuKey: typeof skuKey }
    for (const sku of ['', ' Ab-1 ', 'ÆØÅ', 'e\u0301', 'İ', 'x'.repeat(501), '\uD800', 'ǅ 1']) {
      expect(plugin.skuKey(sku), sku).toBe(skuKey(sku))
    }
  })

  it('a database is told from its copy, wherever the configuration names it', () => {
    const require = createRequire(import.meta.url)
    const { identityOf } = require('../../integrations/vendure-plugin/dist/identity.js') as {
      identityOf: (shopUrl: string, options: object) => string
    }
    const identity = (options: object): string => identityOf('https://shop.example', { type: 'postgres', ...options })
    const shop = identity({ host: 'db', port: 5432, database: 'shop' })
    expect(identity({ url: 'postgres://user:secret@db:5432/shop' })).toBe(shop)
    expect(identity({ url: 'postgres://user:secret@db:5432/copy' })).not.toBe(shop)
    const master = { url: 'postgres://other:secret@db:5432/shop' }
    expect(identity({ replication: { master, slaves: [] } })).toBe(shop)
  })

  it('killed while customers buy and the node adjusts, it has each of them once', async () => {
    const id = await shop.create('KILLED', 10_000)
    await inStep(id, 0)
    const operations = Array.from({ length: 40 }, (_, index) => adjustment(id, 'KILLED', index % 2 === 0 ? 5 : -2))
    let sold = 0
    const customers = Array.from({ length: 4 }, async () => {
      for (let order = 0; order < 5; order += 1) {
        // An order whose answer was lost in the kill may be there or not: the shop's own number tells.
        await shop
          .sell(id, 1)
          .then(() => (sold += 1))
          .catch(() => undefined)
      }
    })
    const adjusted = Array.from({ length: 4 }, async (_, lane) => {
      for (const operation of operations.filter((_operation, index) => index % 4 === lane)) await adjust(operation)
    })
    await eventually('some was sold', () => sold >= 3)
    await shop.kill()
    await shop.start()
    await Promise.all([...customers, ...adjusted])
    await shop.sell(id, 1)
    const truth = (await shop.stockOf(id)) ?? 0
    const moved = truth - 10_000 - operations.reduce((sum, { delta }) => sum + delta, 0)
    const bought = await shop.boughtOf(id)
    expect(bought).toBeGreaterThanOrEqual(sold + 1)
    expect(-moved).toBe(bought)
    await inStep(id, moved)
    expect(feed.adjusted(stockIdOf(id))).toBe(60)
    const rows = feed.rowsOf(stockIdOf(id))
    expect(new Set(rows.flatMap(({ opId }) => opId ?? [])).size).toBe(40)
    // The sum of what is told leads to the shop's own number, row by row.
    expect(rows.slice(1).every((row, index) => row.stock === (rows[index]?.stock ?? 0) + row.delta)).toBe(true)
  })

  it('what was read long ago is kept no longer, and a reader from before it is told so', async () => {
    const id = await shop.create('LONG-AGO', 10)
    await inStep(id, 0)
    const operation = adjustment(id, 'LONG-AGO', 2)
    await adjust(operation)
    await inStep(id, 0)
    await shop.kill()
    await shop.start(undefined, limits.feedKeptMs + 3_600_000)
    await inStep(id, 0)
    const query = { epoch: feed.attachment.epoch, after: feed.attachment.start, tag: null, limit: 10, waitMs: 0 }
    await expect(connector.feed(query, never)).rejects.toMatchObject({ code: 'feed-rolled-back' })
    expect(await connector.adjust([operation], never)).toMatchObject([{ status: 'repeated' }])
    await shop.sell(id, 1)
    await inStep(id, -1)
  })

  it('a copy of the shop stops, and only an administrator makes a shop of its own of it', async () => {
    await shop.kill()
    await shop.start('https://copy.example')
    const query = { epoch: feed.attachment.epoch, ...feed.position, limit: 10, waitMs: 0 }
    await expect(connector.feed(query, never)).rejects.toMatchObject({ code: 'shop-copied' })
    await expect(connector.list({ after: null, limit: 1 }, never)).rejects.toMatchObject({ code: 'shop-copied' })
    await expect(connector.adjust([adjustment('1', 'FULFIL', 1)], never)).rejects.toMatchObject({ code: 'shop-copied' })
    const trial = vendurePlatform.test({ url: shop.url, key: vendureKey, location: null }, never)
    await expect(trial).rejects.toMatchObject({ code: 'shop-copied' })
    const claim = async (token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` }
      return (await fetch(`${shop.url}/stockmesh/v1/claim`, { method: 'POST', headers })).status
    }
    expect(await claim(vendureKey)).toBe(403)
    expect(await claim(shop.adminToken)).toBe(200)
    await expect(connector.feed(query, never)).rejects.toMatchObject({ code: 'feed-epoch-changed' })
    const fresh = await connector.attach({ network: 'n', node: 'copy', fresh: false }, never)
    expect(fresh.epoch).not.toBe(feed.attachment.epoch)
  })
})

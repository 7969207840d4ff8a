/**
 * A real Vendure with two stock locations and the companion: the merchant picks one of them at the node, the node keeps its
 * stock in step and no other, and another one is another stock, with a preview of its own.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectorAnswer, ConnectorTrial, ImportPreviewItem, List } from '@stockmesh/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenConnector } from '../../packages/node/src/connectors/platform.ts'
import { vendurePlatform } from '../../packages/node/src/connectors/vendure/platform.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { codeOf } from '../e2e/refusal.ts'
import { createNodeClient, type NodeClient } from '../harness/client.ts'
import { eventually } from '../harness/eventually.ts'
import { fillShop, type Member, Network } from '../harness/network.ts'
import { pickPort } from '../harness/port.ts'
import { adminToken, Program } from '../harness/process.ts'
import { FeedReader, never } from './feed-reader.ts'
import { vendureKey, VendureShop, withoutVendure } from './vendure-shop.ts'

const patience = { deadlineMs: 30_000, every: 50 }

describe.skipIf(withoutVendure !== null)(`Vendure with two stock locations (${withoutVendure ?? 'installed'})`, () => {
  let shop: VendureShop
  let warehouse: string
  let mug: string
  let cup: string

  beforeAll(async () => {
    shop = await VendureShop.open()
    mug = await shop.create('MUG', 5)
    cup = await shop.create('CUP', 0)
    warehouse = await shop.openLocation('Warehouse')
    await typeAt(warehouse, mug, 40)
    await typeAt(warehouse, cup, 60)
  }, 120_000)
  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]()
  })

  async function typeAt(location: string, id: string, stock: number): Promise<void> {
    shop.location = location
    await shop.type(id, stock)
  }

  describe('at the connector', () => {
    const open = (location: string | null): Promise<OpenConnector> => {
      const parts = { directory: '', clock: systemClock, timers: systemTimers, random: systemRandom, hookUrl: null }
      return vendurePlatform.open({ url: shop.url, key: vendureKey, location }, parts)
    }
    const stockIdOf = (id: string): string => id.padStart(12, '0')
    const stocksOf = async (connector: OpenConnector): Promise<unknown> => {
      const { items } = await connector.list({ after: null, limit: 10 }, never)
      return items.map(({ sku, stock }) => [sku, stock])
    }
    const attach = async (connector: OpenConnector): Promise<FeedReader> =>
      new FeedReader(() => connector, await connector.attach({ network: 'n', node: 'dk', fresh: false }, never))

    it('a trial and a look at the catalogue show the asked location, and no feed ends by them', async () => {
      const own = await open(null)
      const feed = await attach(own)
      const trial = vendurePlatform.test({ url: shop.url, key: vendureKey, location: warehouse }, never)
      expect(await trial).toMatchObject({
        sample: { sku: 'MUG', stock: 40 },
        locations: [{ id: '1' }, { id: warehouse, name: 'Warehouse' }],
      })
      expect(await stocksOf(await open(warehouse))).toEqual([
        ['MUG', 40],
        ['CUP', 60],
      ])
      expect(await stocksOf(own)).toEqual([
        ['MUG', 5],
        ['CUP', 0],
      ])
      await typeAt('1', mug, 4)
      await eventually('the feed goes on', async () => {
        await feed.read()
        return feed.stock(stockIdOf(mug)) === 4
      })
    })

    it('another location ends the epoch, and what moves at the first one is told no more', async () => {
      const before = await attach(await open('1'))
      const picked = await open(warehouse)
      const feed = await attach(picked)
      expect(feed.attachment.epoch).not.toBe(before.attachment.epoch)
      expect(await stocksOf(picked)).toEqual([
        ['MUG', 40],
        ['CUP', 60],
      ])
      await typeAt('1', mug, 9)
      await typeAt(warehouse, mug, 38)
      await shop.sell(cup, 2)
      await eventually(
        'what moved in the warehouse is told',
        async () => {
          await feed.read()
          return feed.moved(stockIdOf(mug)) === -2 && feed.moved(stockIdOf(cup)) === -2
        },
        patience,
      )
      expect(feed.rowsOf(stockIdOf(mug)).map(({ kind, delta, stock }) => [kind, delta, stock])).toEqual([
        ['manual', -2, 38],
      ])
    })

    it('a node that means the first location still reads and writes nothing', async () => {
      const first = await open('1')
      const query = { epoch: '0'.repeat(16), after: 0, tag: null, limit: 1, waitMs: 0 }
      const operation = { opId: 'a'.repeat(32), stockId: stockIdOf(cup), key: 'cup', delta: 1 }
      await expect(first.feed(query, never)).rejects.toMatchObject({ code: 'feed-epoch-changed' })
      await expect(first.adjust([operation], never)).rejects.toMatchObject({ code: 'feed-epoch-changed' })
      shop.location = '1'
      expect(await shop.stockOf(cup)).toBe(0)
    })

    it('the location stays the one that was picked when the shop is killed and started again', async () => {
      const picked = await open(warehouse)
      const { attachment } = await attach(picked)
      await shop.kill()
      await shop.start()
      expect(await stocksOf(picked)).toEqual([
        ['MUG', 38],
        ['CUP', 58],
      ])
      expect((await attach(picked)).attachment).toEqual(attachment)
      const operation = { opId: 'b'.repeat(32), stockId: stockIdOf(cup), key: 'cup', delta: -3 }
      expect(await picked.adjust([operation], never)).toMatchObject([{ status: 'applied', stock: 55 }])
      shop.location = warehouse
      expect(await shop.stockOf(cup)).toBe(55)
    })

    it('a location that is not there begins no feed', async () => {
      const nowhere = await open('77')
      const attached = nowhere.attach({ network: 'n', node: 'dk', fresh: false }, never)
      await expect(attached).rejects.toMatchObject({ code: 'not-writable' })
      await expect(nowhere.list({ after: null, limit: 1 }, never)).rejects.toThrow()
    })
  })

  describe('at the node', () => {
    let network: Network
    let other: Member
    let node: Program
    let api: NodeClient
    let folder: string
    beforeAll(async () => {
      network = await Network.open({ names: ['DK'] })
      other = network.member('DK')
      folder = await mkdtemp(join(tmpdir(), 'stockmesh-locations-'))
      const port = await pickPort()
      const args = ['start', '--name', 'SE', '--url', `http://127.0.0.1:${port}`, '--allow-private-peers']
      node = await Program.start({ name: 'node SE', args, folder, port, env: {} })
      api = createNodeClient(node.url, adminToken)
      await fillShop(other, [{ sku: 'MUG', name: 'Mug', stock: 100 }])
      await other.api.startImport()
      await eventually('the network is founded', async () => (await other.api.importState()).state === 'done')
    })
    afterAll(async () => {
      await node?.[Symbol.asyncDispose]()
      await network?.[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    })

    /** Of what the import will do. */
    async function previewOfJoining(): Promise<unknown> {
      await api.join(other.link.url, { importWhenAccepted: false })
      const { id, code } = await eventually('the request is seen', async () => {
        const join = await api.joinState()
        return join.state === 'seen' && join.code !== null ? { id: join.id, code: join.code } : null
      })
      await other.api.accept(id, code)
      await eventually('the preview is there', async () => (await api.importState()).state === 'ready', patience)
      const { items } = await api.call<List<ImportPreviewItem>>('GET', '/import/preview/items')
      return items.map(({ sku, from, to }) => [sku, from, to])
    }
    const choose = (location: string | null): Promise<ConnectorAnswer> =>
      api.call('POST', '/connector', {
        body: {
          platform: 'vendure',
          settings: { url: shop.url, key: vendureKey, ...(location === null ? {} : { location }) },
        },
      })

    it('one of several must be picked, and the overview shows it', async () => {
      const settings = { url: shop.url, key: vendureKey }
      const trial = await api.call<ConnectorTrial>('POST', '/connector/test', {
        body: { platform: 'vendure', settings },
      })
      expect(trial.locations).toHaveLength(2)
      expect(await codeOf(choose(null))).toBe('422 location-needed')
      expect((await choose(warehouse)).location).toEqual({ id: warehouse, name: 'Warehouse' })
      expect((await api.status()).shop).toMatchObject({ connector: 'vendure', location: { name: 'Warehouse' } })
      expect(await previewOfJoining()).toEqual([['MUG', 38, 100]])
    })

    it('another one is picked outside the network alone, and shows a preview of its own before anything is written', async () => {
      await api.startImport()
      shop.location = warehouse
      await eventually(
        'the warehouse has the stock of the network',
        async () => (await shop.stockOf(mug)) === 100,
        patience,
      )
      expect(await codeOf(choose('1'))).toBe('409 leave-first')
      await api.call('POST', '/leave')
      await eventually('the network was left', async () => (await api.status()).network === null, patience)
      expect((await choose('1')).location).toMatchObject({ id: '1' })
      // The network has the cup from the warehouse by now.
      expect(await previewOfJoining()).toEqual([
        ['MUG', 9, 100],
        ['CUP', 0, 55],
      ])
      shop.location = '1'
      expect(await shop.stockOf(mug)).toBe(9)
      await api.startImport()
      await eventually('the first location has it', async () => (await shop.stockOf(mug)) === 100, patience)
      shop.location = warehouse
      expect(await shop.stockOf(mug)).toBe(100)
    })
  })
})

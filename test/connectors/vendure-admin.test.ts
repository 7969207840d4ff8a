/** What only a real Vendure without the companion shows: what comes between the reading and the writing of its numbers. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { skuKey } from '@stockmesh/protocol'
import { ConnectorError } from '../../packages/node/src/connectors/connector.ts'
import { vendurePlatform } from '../../packages/node/src/connectors/vendure/platform.ts'
import { eventually } from '../harness/eventually.ts'
import { FeedReader, never } from './feed-reader.ts'
import { openPolledShop, type PolledShop } from './vendure-polled-shop.ts'
import { withoutVendure } from './vendure-shop.ts'

describe.skipIf(withoutVendure !== null)(`Vendure by its Admin API (${withoutVendure ?? 'installed'})`, () => {
  let polled: PolledShop
  let feed: FeedReader

  beforeAll(async () => {
    polled = await openPolledShop()
    const { connector } = polled
    feed = new FeedReader(
      () => polled.connector,
      await connector.attach({ network: 'n', node: 'dk', fresh: false }, never),
    )
    for (let after: string | null = null, isLast = false; !isLast; ) {
      const { next } = await connector.list({ after, limit: 100 }, never)
      after = next
      isLast = next === null
    }
  })
  afterAll(async () => {
    await polled?.[Symbol.asyncDispose]()
  })

  async function product(sku: string, stock: number): Promise<string> {
    const id = await polled.shop.create(sku, stock)
    await comesTo(id, stock, 0)
    return id
  }

  async function comesTo(id: string, stock: number, moved: number): Promise<void> {
    await eventually(`${id} has ${stock} and moved ${moved}`, async () => {
      await feed.read()
      return feed.stock(id) === stock && feed.moved(id) === moved
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; the feed: ${JSON.stringify(feed.rowsOf(id))}`)
    })
    expect(await polled.shop.stockOf(id)).toBe(stock)
  }

  /** As the engine does: the same operation until the shop has answered. */
  async function adjust(id: string, sku: string, delta: number): Promise<unknown> {
    const operation = { opId: randomBytes(16).toString('hex'), stockId: id, key: skuKey(sku) ?? '', delta }
    const results = await eventually('the shop answers', async () => {
      try {
        return await polled.connector.adjust([operation], never)
      } catch (error) {
        if (error instanceof ConnectorError) return null
        throw error
      }
    })
    return results[0]?.status
  }

  it('goods that leave the house between the reading and the writing are not counted again', async () => {
    const id = await product('LEAVES', 10)
    const order = await polled.shop.sell(id, 3)
    await comesTo(id, 7, -3)
    polled.beforeNextWrite(() => polled.shop.fulfil(order))
    expect(await adjust(id, 'LEAVES', -2)).toBe('applied')
    await comesTo(id, 5, -3)
  })

  it('goods that come back between the reading and the writing are not lost', async () => {
    const id = await product('BACK', 10)
    const order = await polled.shop.sell(id, 3)
    await polled.shop.fulfil(order)
    await comesTo(id, 7, -3)
    polled.beforeNextWrite(() => polled.shop.cancel(order))
    expect(await adjust(id, 'BACK', -2)).toBe('applied')
    await comesTo(id, 8, 0)
  })

  it('a number that is typed between the reading and the writing is told as what it changed', async () => {
    const id = await product('TYPED', 10)
    polled.beforeNextWrite(() => polled.shop.type(id, 25))
    expect(await adjust(id, 'TYPED', 4)).toBe('applied')
    await comesTo(id, 29, 15)
  })

  it('a lost answer where goods left the house meanwhile is made once, or said to be unclear', async () => {
    const id = await product('LOST', 10)
    const order = await polled.shop.sell(id, 3)
    await comesTo(id, 7, -3)
    polled.beforeNextWrite(() => polled.shop.fulfil(order))
    polled.breakNext('lost-answer', 'write')
    const status = await adjust(id, 'LOST', -2)
    const stock = await polled.shop.stockOf(id)
    await comesTo(id, stock ?? Number.NaN, -3)
    expect([status, stock]).toEqual(status === 'refused' ? ['refused', 8] : ['applied', 5])
  })

  it('a trial shows a product and the stock location, and keeps which one it is', async () => {
    const { url } = polled.shop
    const settings = vendurePlatform.schema.parse({ url: `${url}/admin-api`, username: 'admin', password: 'admin' })
    expect(await vendurePlatform.test(settings, never)).toMatchObject({
      promise: 'best-effort',
      mayWrite: true,
      sample: { sku: 'LEAVES' },
      locations: [{ id: '1' }],
      learned: { location: '1' },
    })
    const wrong = vendurePlatform.schema.parse({ url, username: 'admin', password: 'wrong' })
    await expect(vendurePlatform.test(wrong, never)).rejects.toMatchObject({ code: 'key-rejected' })
  })
})

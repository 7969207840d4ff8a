/**
 * Many who do something in the same moment to a real Vendure with the companion. What was bought, Vendure's own level, its
 * own book of movements and the companion's feed say the same, and nobody's payment fails.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { skuKey } from '@stockmesh/protocol'
import type { OpenConnector } from '../../packages/node/src/connectors/platform.ts'
import { vendurePlatform } from '../../packages/node/src/connectors/vendure/platform.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { eventually } from '../harness/eventually.ts'
import { FeedReader, never } from './feed-reader.ts'
import { vendureKey, VendureShop, withoutVendure } from './vendure-shop.ts'

const opening = 1_000
/** More than Vendure has connections to its database. */
const customers = 24

describe.skipIf(withoutVendure !== null)(`Vendure in one moment (${withoutVendure ?? 'installed'})`, () => {
  let shop: VendureShop
  let connector: OpenConnector
  let feed: FeedReader

  beforeAll(async () => {
    shop = await VendureShop.open()
    const parts = { directory: '', clock: systemClock, timers: systemTimers, random: systemRandom, hookUrl: null }
    connector = await vendurePlatform.open({ url: shop.url, key: vendureKey, location: null }, parts)
    feed = new FeedReader(() => connector, await connector.attach({ network: 'n', node: 'dk', fresh: false }, never))
  })
  afterAll(async () => {
    await connector?.[Symbol.asyncDispose]()
    await shop?.[Symbol.asyncDispose]()
  })

  /** The order of each cart, and the node's `adjustments` of 3 units, all of it begun at once. */
  async function pay(
    carts: readonly (readonly (readonly [string, number])[])[],
    node: readonly [string, string] | null,
  ) {
    const payments: (() => Promise<string>)[] = []
    for (const cart of carts) payments.push(await shop.checkOut(cart))
    const operation = (id: string, sku: string) => {
      return { opId: randomBytes(16).toString('hex'), stockId: id.padStart(12, '0'), key: skuKey(sku) ?? '', delta: 3 }
    }
    const adjusted = Array.from({ length: node === null ? 0 : 5 }, async () => {
      const [id = '', sku = ''] = node ?? []
      return connector.adjust([operation(id, sku)], never)
    })
    const orders = await Promise.all(payments.map((payment) => payment()))
    for (const [result] of await Promise.all(adjusted)) expect(result?.status).toBe('applied')
    return orders
  }

  /** Everything that Vendure and the companion know of this variant agrees; answers it. */
  async function agreed(id: string) {
    const { onHand, allocated, moved } = await shop.bookOf(id)
    const { ADJUSTMENT = 0, ALLOCATION = 0, SALE = 0, CANCELLATION = 0, RELEASE = 0, ...others } = moved
    expect(others).toEqual({})
    expect({ onHand, allocated }).toEqual({
      onHand: ADJUSTMENT + SALE + CANCELLATION,
      allocated: ALLOCATION + SALE - RELEASE,
    })
    const stockId = id.padStart(12, '0')
    await eventually('the feed has told it', async () => {
      await feed.read()
      return feed.stock(stockId) === onHand - allocated
    })
    const rows = feed.rowsOf(stockId)
    expect(rows.slice(1).every((row, index) => row.stock === (rows[index]?.stock ?? 0) + row.delta)).toBe(true)
    expect(rows[0]?.stock).toBe(opening)
    return { onHand, allocated, moved: feed.moved(stockId), adjusted: feed.adjusted(stockId) }
  }

  it('customers who pay at once are all in the level and in the feed, and so is what the node adjusts', async () => {
    const id = await shop.create('AT-ONCE', opening)
    const carts = Array.from({ length: customers }, () => [[id, 1] as const])
    await pay(carts, [id, 'AT-ONCE'])
    expect(await shop.boughtOf(id)).toBe(customers)
    expect(await agreed(id)).toEqual({
      onHand: opening + 15,
      allocated: customers,
      moved: -customers,
      adjusted: 15,
    })
  })

  it('those whose carts have the same goods in another order do not stop each other', async () => {
    const [first, second] = [await shop.create('FIRST', opening), await shop.create('SECOND', opening)]
    const carts = Array.from({ length: customers }, (_, index) => {
      const goods = [[first, 1] as const, [second, 2] as const]
      return index % 2 === 0 ? goods : goods.toReversed()
    })
    await pay(carts, [second, 'SECOND'])
    expect([await shop.boughtOf(first), await shop.boughtOf(second)]).toEqual([customers, 2 * customers])
    expect(await agreed(first)).toMatchObject({ allocated: customers, moved: -customers, adjusted: 0 })
    expect(await agreed(second)).toMatchObject({ allocated: 2 * customers, moved: -2 * customers, adjusted: 15 })
  })

  it('goods that leave the house, orders that are cancelled and a number that is typed at once all count', async () => {
    const [id, beside] = [await shop.create('LEAVES', opening), await shop.create('BESIDE', opening)]
    const carts = Array.from({ length: 12 }, () => [[id, 2] as const, [beside, 1] as const])
    const orders = await pay(carts, null)
    await Promise.all([
      ...orders.slice(0, 5).map((order) => shop.fulfil(order)),
      ...orders.slice(5, 10).map((order) => shop.cancel(order)),
      shop.type(id, opening + 100),
    ])
    const { onHand, allocated, moved } = await agreed(id)
    // Two orders are left, and what was typed is a difference from the number of that moment.
    expect(allocated).toBe(4)
    expect(onHand - allocated).toBe(opening + moved)
    expect(await agreed(beside)).toEqual({ onHand: opening - 5, allocated: 2, moved: -7, adjusted: 0 })
  })
})

/** Orders: all lines or none, one movement for each stock row and kind, cancelled once. */
import { describe, expect, it } from 'vitest'
import { movementsOf, openTestShop, readFeed, stockOf, type TestShop } from './open-test-shop.ts'

async function shopWith(stocks: Record<string, number | null>): Promise<TestShop> {
  const test = await openTestShop()
  for (const [sku, stock] of Object.entries(stocks)) await test.shop.createProduct({ sku, name: sku, stock })
  return test
}

describe('orders', () => {
  it('sells all lines in one transaction, one movement for each stock row', async () => {
    await using test = await shopWith({ A: 10, B: 5 })
    const lines = [
      { sku: 'A', quantity: 2 },
      { sku: 'b', quantity: 1 },
      { sku: 'a', quantity: 3 },
    ]
    const { status, body } = await test.shop.placeOrder({ lines })
    expect(status).toBe(201)
    expect(body.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ['A', 2],
      ['B', 1],
      ['A', 3],
    ])
    const rows = await readFeed(test.shop)
    expect(movementsOf(rows)).toEqual([
      ['sale', 'A', -5, 5],
      ['sale', 'B', -1, 4],
    ])
    expect(rows.filter(({ kind }) => kind === 'sale').map(({ reference }) => reference)).toEqual([body.id, body.id])
  })

  it('takes no line of an order that it cannot take whole', async () => {
    await using test = await shopWith({ A: 10, B: 1 })
    const order = (second: object) => ({
      lines: [
        { sku: 'A', quantity: 2 },
        { quantity: 2, ...second },
      ],
    })
    await expect(test.shop.placeOrder(order({ sku: 'B' }))).rejects.toMatchObject({
      status: 409,
      code: 'insufficient-stock',
      details: { lines: [{ sku: 'B', requested: 2, available: 1 }] },
    })
    await expect(test.shop.placeOrder(order({ sku: 'C' }))).rejects.toMatchObject({
      status: 422,
      code: 'sku-unknown',
      details: { path: 'lines.1.sku', sku: 'C' },
    })
    await expect(test.shop.placeOrder(order({ productId: 'nej' }))).rejects.toMatchObject({ code: 'product-unknown' })
    expect([await stockOf(test.shop, 'A'), await stockOf(test.shop, 'B')]).toEqual([10, 1])
    expect(movementsOf(await readFeed(test.shop))).toEqual([])
    expect((await test.shop.orders({ after: null, limit: 10 })).total).toBe(0)
  })

  it('sells below zero where a backorder is allowed, and undoes everything when a later line is out of range', async () => {
    await using test = await shopWith({ A: 1, B: -999_999_999 })
    await test.shop.placeOrder({ lines: [{ sku: 'A', quantity: 3 }], allowBackorder: true })
    expect(await stockOf(test.shop, 'A')).toBe(-2)
    const both = [
      { sku: 'A', quantity: 1 },
      { sku: 'B', quantity: 2 },
    ]
    await expect(test.shop.placeOrder({ lines: both, allowBackorder: true })).rejects.toMatchObject({
      code: 'stock-out-of-range',
    })
    expect([await stockOf(test.shop, 'A'), await stockOf(test.shop, 'B')]).toEqual([-2, -999_999_999])
    const next = await test.shop.placeOrder({ lines: [{ sku: 'A', quantity: 1 }], allowBackorder: true })
    expect(next.body.id).toBe('00000002')
    const rows = await readFeed(test.shop)
    expect(rows.map(({ id }) => id)).toEqual(rows.map((_, index) => index + 1))
  })

  it('takes goods back with a negative quantity, as a return', async () => {
    await using test = await shopWith({ A: 0 })
    const lines = [
      { sku: 'A', quantity: -2 },
      { sku: 'A', quantity: 1 },
    ]
    await test.shop.placeOrder({ lines })
    expect(movementsOf(await readFeed(test.shop))).toEqual([
      ['sale', 'A', -1, -1],
      ['return', 'A', 2, 1],
    ])
  })

  it('accepts an order for what is not tracked, without a movement', async () => {
    await using test = await shopWith({ A: null })
    const { body } = await test.shop.placeOrder({ lines: [{ sku: 'A', quantity: 500 }] })
    const [product] = (await test.shop.stockRows({ after: null, limit: 1 })).items
    await test.shop.changeProduct(product?.products[0]?.id ?? '', { stock: 4 })
    const cancelled = (await test.shop.cancelOrder(body.id)).body
    expect(cancelled.skipped).toMatchObject([{ sku: 'A', reason: 'untracked' }])
    expect(await stockOf(test.shop, 'A')).toBe(4)
    expect(movementsOf(await readFeed(test.shop))).toEqual([])
  })

  it('cancels once, however often and at the same time it is asked to', async () => {
    await using test = await shopWith({ A: 10 })
    const { id } = (await test.shop.placeOrder({ lines: [{ sku: 'A', quantity: 4 }] })).body
    const answers = await Promise.all([1, 2, 3].map(() => test.shop.cancelOrder(id)))
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body)
    await test.reopen()
    expect((await test.shop.cancelOrder(id)).body).toEqual(answers[0]?.body)
    expect(await stockOf(test.shop, 'A')).toBe(10)
    expect(movementsOf(await readFeed(test.shop))).toEqual([
      ['sale', 'A', -4, 6],
      ['cancel', 'A', 4, 10],
    ])
    await expect(test.shop.cancelOrder('00000099')).rejects.toMatchObject({ status: 404, code: 'order-unknown' })
  })

  it('skips a product that was deleted since, and says so', async () => {
    await using test = await shopWith({ A: 10, B: 10 })
    const lines = [
      { sku: 'A', quantity: 1 },
      { sku: 'B', quantity: 2 },
    ]
    const { id, lines: placed } = (await test.shop.placeOrder({ lines })).body
    await test.shop.deleteProduct(placed[0]?.productId ?? '')
    await test.shop.createProduct({ sku: 'A', name: 'A', stock: 5 })
    const { restocked, skipped, state } = (await test.shop.cancelOrder(id)).body
    expect(state).toBe('cancelled')
    expect(skipped).toMatchObject([{ sku: 'A', quantity: 1, reason: 'product-deleted' }])
    expect(restocked).toMatchObject([{ sku: 'B', quantity: 2 }])
    expect([await stockOf(test.shop, 'A'), await stockOf(test.shop, 'B')]).toEqual([5, 10])
  })

  it('lists orders newest first', async () => {
    await using test = await shopWith({ A: 10 })
    for (let index = 0; index < 5; index += 1) await test.shop.placeOrder({ lines: [{ sku: 'A', quantity: 1 }] })
    const first = await test.shop.orders({ after: null, limit: 3 })
    const rest = await test.shop.orders({ after: first.next, limit: 3 })
    expect([...first.items, ...rest.items].map(({ id }) => Number(id))).toEqual([5, 4, 3, 2, 1])
    expect([rest.next, rest.total]).toEqual([null, 5])
  })
})

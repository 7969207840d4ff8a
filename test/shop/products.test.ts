/** Products, variants and pools: which stock row they share, what is a movement, and what the feed says of them. */
import { describe, expect, it } from 'vitest'
import { listStocks, movementsOf, openTestShop, productQuery, readFeed, stockOf } from './open-test-shop.ts'

const plain = (sku: string | null, stock: number | null) => ({ sku, name: `Vare ${sku}`, stock })

describe('products of the built-in shop', () => {
  it('gives a new product its opening stock without a movement', async () => {
    await using test = await openTestShop()
    const { status, body } = await test.shop.createProduct(plain('KOP-1', 12))
    expect(status).toBe(201)
    expect(body).toMatchObject({ parentId: null, sku: 'KOP-1', stock: 12, variants: [] })
    const rows = await readFeed(test.shop)
    expect(rows.map(({ kind }) => kind)).toEqual(['row', 'attached'])
    expect(rows[0]).toMatchObject({ id: 1, delta: 0, stock: 12, unique: true, row: { stock: 12, version: 1 } })
    expect(body.version).toBe(1)
  })

  it('keeps each variant as a row of its own under its parent', async () => {
    await using test = await openTestShop()
    const variants = [
      { sku: 'T-S', name: 'S', stock: 3 },
      { sku: 'T-M', name: 'M', stock: null },
    ]
    const { body } = await test.shop.createProduct({ sku: 'T', name: 'T-shirt', variants })
    expect(body.stock).toBeNull()
    expect(body.variants.map(({ sku, stock, parentId }) => [sku, stock, parentId])).toEqual([
      ['T-S', 3, body.id],
      ['T-M', null, body.id],
    ])
    expect((await test.shop.stockRows({ after: null, limit: 10 })).items.map(({ sku }) => sku)).toEqual([
      'T',
      'T-S',
      'T-M',
    ])
  })

  it('writes a typed number and a change as manual movements, and refuses on a stock that has changed', async () => {
    await using test = await openTestShop()
    const { id } = (await test.shop.createProduct(plain('KOP-1', 12))).body
    await test.shop.changeProduct(id, { stock: 10, ifStock: 12 })
    await test.shop.changeProduct(id, { stockChange: 5 })
    await test.shop.changeProduct(id, { stock: 15 })
    await expect(test.shop.changeProduct(id, { stock: 99, ifStock: 12 })).rejects.toMatchObject({
      status: 409,
      code: 'stock-changed',
      details: { stock: 15 },
    })
    expect(movementsOf(await readFeed(test.shop))).toEqual([
      ['manual', 'KOP-1', -2, 10],
      ['manual', 'KOP-1', 5, 15],
    ])
    expect(await stockOf(test.shop, 'kop-1')).toBe(15)
  })

  it('calls a change from or to "not tracked" a new start, not a movement', async () => {
    await using test = await openTestShop()
    const { id } = (await test.shop.createProduct(plain('KOP-1', 12))).body
    await test.shop.changeProduct(id, { stock: null })
    await expect(test.shop.changeProduct(id, { stockChange: 1 })).rejects.toMatchObject({ code: 'stock-untracked' })
    await test.shop.changeProduct(id, { stock: 7 })
    const rows = await readFeed(test.shop)
    expect(movementsOf(rows)).toEqual([])
    expect(rows.filter(({ kind }) => kind === 'row').map(({ row }) => row?.stock)).toEqual([12, null, 7])
  })

  it('takes a new number under a new SKU as a new start of it, and a new spelling as the same SKU', async () => {
    await using test = await openTestShop()
    const { id } = (await test.shop.createProduct(plain('KOP-1', 12))).body
    await test.shop.changeProduct(id, { sku: ' kop-1 ', stock: 11 })
    await test.shop.changeProduct(id, { sku: 'KOP-2', stock: 30 })
    const rows = await readFeed(test.shop)
    expect(rows.map(({ kind, sku, delta, stock }) => [kind, sku, delta, stock]).slice(1, -1)).toEqual([
      ['row', ' kop-1 ', 0, 12],
      ['manual', ' kop-1 ', -1, 11],
      ['row', 'KOP-2', 0, 30],
    ])
  })

  it('refuses a stock beyond what a stock number may be, and changes nothing', async () => {
    await using test = await openTestShop()
    const { id } = (await test.shop.createProduct(plain('KOP-1', 999_999_999))).body
    await expect(test.shop.changeProduct(id, { name: 'Ny', stockChange: 2 })).rejects.toMatchObject({
      status: 422,
      code: 'stock-out-of-range',
    })
    expect(await test.shop.product(id)).toMatchObject({ name: 'Vare KOP-1', stock: 999_999_999, version: 1 })
    expect(await readFeed(test.shop)).toHaveLength(2)
  })

  it('deletes a product with its variants, and never gives an id away again', async () => {
    await using test = await openTestShop()
    const variants = [{ sku: 'T-S', name: 'S', stock: 3 }]
    const parent = (await test.shop.createProduct({ sku: 'T', name: 'T-shirt', stock: 1, variants })).body
    await test.shop.deleteProduct(parent.id)
    await expect(test.shop.product(parent.id)).rejects.toMatchObject({ status: 404, code: 'product-unknown' })
    expect(movementsOf(await readFeed(test.shop))).toEqual([
      ['deleted', 'T', 0, null],
      ['deleted', 'T-S', 0, null],
    ])
    const shop = await test.reopen()
    const next = (await shop.createProduct(plain('T', 5))).body
    expect(next.id > (parent.variants[0]?.id ?? '')).toBe(true)
    expect(next.stockId > (parent.variants[0]?.stockId ?? '')).toBe(true)
    expect((await shop.stockRows({ after: null, limit: 10 })).total).toBe(1)
  })
})

describe('pools', () => {
  it('lets products share one stock number under the smallest SKU', async () => {
    await using test = await openTestShop()
    const b = (await test.shop.createProduct({ ...plain('B', 10), pool: 'poster' })).body
    const a = (await test.shop.createProduct({ ...plain('A', 99), pool: 'poster' })).body
    expect([a.stockId, a.stock, a.pool]).toEqual([b.stockId, 10, 'poster'])
    await test.shop.placeOrder({
      lines: [
        { sku: 'A', quantity: 2 },
        { sku: 'B', quantity: 1 },
      ],
    })
    const [row, ...others] = (await test.shop.stockRows({ after: null, limit: 10 })).items
    expect(others).toEqual([])
    expect(row).toMatchObject({ sku: 'A', stock: 7, products: [{ sku: 'B' }, { sku: 'A' }] })
    expect(movementsOf(await readFeed(test.shop))).toEqual([['sale', 'A', -3, 7]])
    await test.shop.deleteProduct(a.id)
    expect((await test.shop.stockRows({ after: null, limit: 10 })).items[0]).toMatchObject({ sku: 'B', stock: 7 })
    await test.shop.deleteProduct(b.id)
    expect((await listStocks(test.shop)).size).toBe(0)
    expect((await test.shop.createProduct({ ...plain('A', 1), pool: 'poster' })).body.stock).toBe(1)
  })

  it("goes by the parent's SKU where variants share the product's own stock, also after a restart", async () => {
    await using test = await openTestShop()
    const variants = [
      { sku: 'A-1', name: 'Rød' },
      { sku: 'A-2', name: 'Blå' },
    ]
    const parent = (await test.shop.createProduct({ sku: 'Z', name: 'Kop', stock: 8, variants, pool: true })).body
    expect(new Set([parent, ...parent.variants].map(({ stockId }) => stockId)).size).toBe(1)
    const before = await test.shop.stockRows({ after: null, limit: 10 })
    expect(before.items).toMatchObject([{ sku: 'Z', name: 'Kop', stock: 8 }])
    expect(await (await test.reopen()).stockRows({ after: null, limit: 10 })).toEqual(before)
    await test.shop.changeProduct(parent.id, { sku: '' })
    expect((await test.shop.stockRows({ after: null, limit: 10 })).items[0]?.sku).toBe('A-1')
  })
})

describe('model/varenr.', () => {
  it('DOBB-28 lists what is not unique, variants and products together, and nothing else', async () => {
    await using test = await openTestShop()
    const variants = [{ sku: ' dobb-28', name: 'Variant', stock: 9 }]
    await test.shop.createProduct(plain('DOBB-28', 7))
    await test.shop.createProduct({ sku: 'P', name: 'P', stock: null, variants })
    await test.shop.createProduct(plain('ENE', 1))
    await test.shop.createProduct(plain('', 1))
    await test.shop.createProduct(plain(null, 1))
    await test.shop.createProduct({ ...plain('POOL', 1), pool: 'p' })
    await test.shop.createProduct({ ...plain('POOL', 1), pool: 'p' })
    const query = { ...productQuery, duplicates: true, limit: 1 }
    const first = await test.shop.products(query)
    const second = await test.shop.products({ ...query, after: first.next })
    expect([first.total, second.total, second.next]).toEqual([2, 2, null])
    expect([...first.items, ...second.items].map(({ sku }) => sku)).toEqual(['DOBB-28', ' dobb-28'])
    expect((await readFeed(test.shop)).filter(({ unique }) => !unique).map(({ sku }) => sku)).toEqual([' dobb-28'])
    await expect(test.shop.placeOrder({ lines: [{ sku: 'Dobb-28', quantity: 1 }] })).rejects.toMatchObject({
      status: 409,
      code: 'sku-ambiguous',
    })
    const id = first.items[0]?.id ?? ''
    await test.shop.placeOrder({ lines: [{ productId: id, quantity: 1 }] })
    expect((await test.shop.product(id)).stock).toBe(6)
  })

  it('29: odd SKUs are kept as they are spelled and do not talk across', async () => {
    await using test = await openTestShop()
    const odd = [
      ' ABC-29 ',
      'Æ-29',
      '__proto__',
      'constructor',
      'a!b',
      'a/b',
      'x'.repeat(500),
      'y'.repeat(1_000),
      '\ud800',
    ]
    for (const [index, sku] of odd.entries()) await test.shop.createProduct(plain(sku, 10 + index))
    await test.reopen()
    await test.shop.placeOrder({
      lines: ['abc-29', 'Æ-29'.normalize('NFD'), '__PROTO__', 'a/b', 'X'.repeat(500)].map((sku) => ({
        sku,
        quantity: 1,
      })),
    })
    const { items } = await test.shop.products(productQuery)
    expect(items.map(({ sku }) => sku)).toEqual(odd)
    expect(items.map(({ stock }) => stock)).toEqual([9, 10, 11, 13, 14, 14, 15, 17, 18])
    for (const sku of ['', 'toString', 'y'.repeat(1_000)]) {
      await expect(test.shop.placeOrder({ lines: [{ sku, quantity: 1 }] })).rejects.toMatchObject({
        code: 'sku-unknown',
      })
    }
  })

  it('finds products by text and by SKU, page by page', async () => {
    await using test = await openTestShop()
    for (let index = 0; index < 25; index += 1) await test.shop.createProduct(plain(`KOP-${index}`, index))
    await test.shop.createProduct({ sku: 'TALL', name: 'Tallerken', stock: 1 })
    const names: string[] = []
    let after: string | null = null
    do {
      const page = await test.shop.products({ ...productQuery, q: 'kop-', limit: 10, after })
      expect(page.total).toBe(25)
      names.push(...page.items.map(({ sku }) => sku ?? ''))
      after = page.next
    } while (after !== null)
    expect(names).toEqual(Array.from({ length: 25 }, (_, index) => `KOP-${index}`))
    expect((await test.shop.products({ ...productQuery, sku: ' tall ' })).items).toHaveLength(1)
    expect(await test.shop.products({ ...productQuery, sku: 'TAL' })).toEqual({ items: [], next: null, total: 0 })
  })
})

/** Stock of an OpenBizBox shop is changed exactly, or the write says that it was not, whatever the shop does with it. */
import { expect, test } from 'vitest'
import { OpenedShop, untroubled } from './opened-shop.ts'

const op = (stockId: string, delta: number, expected: number) => ({
  opId: `${stockId}/${delta}`,
  stockId,
  delta,
  expected,
})

test.each(['stay', 'go'] as const)(
  'a diff reaches its variant, and variants that get none %s',
  async (omittedVariants) => {
    const shop = await OpenedShop.forThisTest({ omittedVariants })
    const id = shop.standIn.addProduct({
      variants: [
        { model: 'A', quantity: 10 },
        { model: 'B', quantity: 20 },
        { model: 'C', quantity: 30 },
      ],
    })
    const port = await shop.connect({ probe: untroubled })
    expect(port.writing).toBe('relative')
    const results = await port.write([op(shop.standIn.stockId(id, 1), -3, 20)], shop.signal)
    expect(results).toMatchObject([{ status: 'applied', stock: 17 }])
    expect(shop.standIn.products.get(id)?.variants.map(({ quantity }) => quantity)).toEqual([10, 17, 30])
  },
)

test('several products and variants are written in one call, and a bad one holds up none', async () => {
  const shop = await OpenedShop.forThisTest()
  const { standIn } = shop
  const shirt = standIn.addProduct({
    variants: [
      { model: 'S', quantity: 10 },
      { model: 'M', quantity: null },
      { model: 'L', quantity: 12 },
    ],
  })
  const set = standIn.addProduct({ isSet: true, variants: [{ model: 'SET', quantity: 5 }] })
  const mug = standIn.addProduct({ variants: [{ model: 'MUG', quantity: 0 }] })
  const port = await shop.connect({ probe: untroubled })
  const results = await port.write(
    [
      op(standIn.stockId(shirt, 0), -1, 10),
      op('4711-4711', 1, 1),
      op(standIn.stockId(shirt, 1), 1, 0),
      op(standIn.stockId(set), 1, 5),
      op(standIn.stockId(shirt, 2), 2, 12),
      op(standIn.stockId(mug), -1, 0),
    ],
    shop.signal,
  )
  expect(
    results.map((result) => ('code' in result ? result.code : 'stock' in result ? result.stock : result.status)),
  ).toEqual([9, 'row-gone', 'untracked', 'not-writable', 14, -1])
  expect([standIn.stock(shirt, 1), standIn.stock(set)]).toEqual([null, 5])
})

test.each(['adds', 'position'] as const)(
  'a shop that goes by something else than the id (%s) is exact, or is written to no more, also after a restart',
  async (variantBy) => {
    const shop = await OpenedShop.forThisTest({ variantBy })
    const { standIn } = shop
    const id = standIn.addProduct({
      variants: [
        { model: 'A', quantity: 10 },
        { model: 'B', quantity: 20 },
      ],
    })
    const port = await shop.connect({ probe: untroubled })
    const [result] = await port.write([op(standIn.stockId(id, 1), -3, 20)], shop.signal)
    if (variantBy === 'position') return expect(result).toMatchObject({ status: 'applied', stock: 17 })
    expect(result).toMatchObject({ status: 'refused', code: 'not-writable' })
    expect([standIn.stock(id, 0), standIn.stock(id, 1)]).toEqual([10, 20])
    expect(port.writeStop).toMatch(/nothing more is written to the shop: delete that variant and try/)
    const puts = (): number => standIn.calls.filter(({ method }) => method === 'PUT').length
    expect(puts()).toBe(1)
    for (const again of [port, await shop.connect({ probe: untroubled })]) {
      const results = await again.write([op(standIn.stockId(id, 0), -1, 10)], shop.signal)
      expect(results).toMatchObject([{ status: 'refused', code: 'not-writable' }])
    }
    expect(puts()).toBe(1)
    standIn.switches = { ...standIn.switches, variantBy: 'id' }
    const tried = await shop.connect({ probe: { ...untroubled, at: Number.MAX_SAFE_INTEGER } })
    expect(tried.writeStop).toBeNull()
    expect(await tried.write([op(standIn.stockId(id, 0), -1, 10)], shop.signal)).toMatchObject([{ status: 'applied' }])
  },
)

test('without a trial a number is set, from the stock of just before, and a sale in between is not undone', async () => {
  const shop = await OpenedShop.forThisTest()
  const id = shop.standIn.addProduct({ variants: [{ model: 'A', quantity: 10 }] })
  const port = await shop.connect()
  expect([port.writing, port.stockMin]).toEqual(['absolute', 0])
  shop.standIn.sell(id, 4)
  const results = await port.write([op(shop.standIn.stockId(id), 5, 10)], shop.signal)
  expect(results).toMatchObject([{ status: 'applied', stock: 11 }])
  expect(shop.standIn.stock(id)).toBe(11)
})

test('the stock of one place is set and the other places are left as they are', async () => {
  const shop = await OpenedShop.forThisTest()
  const id = shop.standIn.addProduct({ variants: [{ model: 'A', quantity: 9, places: { 1: 5, 2: 4 } }] })
  const port = await shop.connect({ place: 2, probe: untroubled })
  expect(port.writing).toBe('absolute')
  const results = await port.write([op(shop.standIn.stockId(id), -1, 4)], shop.signal)
  expect(results).toMatchObject([{ status: 'applied', stock: 3 }])
  expect([...shop.standIn.variant(id).places]).toEqual([
    [1, 5],
    [2, 3],
  ])
})

test.each([
  ['relative', untroubled],
  ['absolute', null],
] as const)('a lost answer and an error in the middle are unknown, not done twice (%s)', async (_way, probe) => {
  const shop = await OpenedShop.forThisTest()
  const ids = [10, 20, 30].map((quantity) => shop.standIn.addProduct({ variants: [{ model: 'A', quantity }] }))
  const port = await shop.connect({ probe })
  shop.standIn.fault = ({ method, path }) => {
    if (method !== 'PUT') return null
    const isOf = (id: number): boolean => path.includes(`/products/${id}.`) || path.includes(`/products/${id}/`)
    if (isOf(ids[0]!)) return 'lose'
    return isOf(ids[1]!) ? { status: 500, body: '<h1>Error</h1>' } : null
  }
  const writes = ids.map((id, index) => op(shop.standIn.stockId(id), -1, 10 * (index + 1)))
  const results = await port.write(writes, shop.signal)
  expect(results.map(({ status }) => status)).toEqual(['unknown', 'unknown', 'applied'])
  expect(ids.map((id) => shop.standIn.stock(id))).toEqual([9, 20, 29])
})

test('an answer of 200 that changed nothing tells no stock', async () => {
  const shop = await OpenedShop.forThisTest()
  const id = shop.standIn.addProduct({ variants: [{ model: 'A', quantity: 10 }] })
  shop.standIn.fault = ({ method }) => (method === 'PUT' ? { status: 200, body: '{}' } : null)
  for (const probe of [untroubled, null]) {
    const port = await shop.connect({ probe })
    const results = await port.write([op(shop.standIn.stockId(id), -1, 10)], shop.signal)
    expect(results).toMatchObject([{ status: 'applied', stock: null }])
  }
})

test('a key that may not write is an error with what to do', async () => {
  const shop = await OpenedShop.forThisTest()
  const id = shop.standIn.addProduct({ variants: [{ model: 'A', quantity: 10 }] })
  shop.standIn.mayWrite = false
  const port = await shop.connect({ probe: untroubled })
  const written = port.write([op(shop.standIn.stockId(id), -1, 10)], shop.signal)
  await expect(written).rejects.toMatchObject({
    code: 'not-writable',
    message: expect.stringContaining('right to read and write'),
  })
  expect(shop.standIn.stock(id)).toBe(10)
})

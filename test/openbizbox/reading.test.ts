/** What an OpenBizBox shop has is read whole, whatever its documents leave open about pages, times and lists. */
import { expect, test } from 'vitest'
import { OpenedShop } from './opened-shop.ts'

test.each([
  ['pages of one product', { pageItemsMax: 1 }],
  ['pages of two, and from leaves out its id', { pageItemsMax: 2, fromIncludesItsId: false }],
  ['pages of one, and from leaves out its id', { pageItemsMax: 1, fromIncludesItsId: false }],
  ['pages of three', { pageItemsMax: 3 }],
  ['more on a page than was asked for is never given', { pageItemsMax: 1_000 }],
] as const)('every product is listed once: %s', async (_title, switches) => {
  const shop = await OpenedShop.forThisTest(switches)
  const ids = Array.from({ length: 11 }, (_, index) =>
    shop.standIn.addProduct({ variants: [{ model: `M${index}`, quantity: index }] }),
  )
  const rows = await shop.listAll(await shop.connect(), 3)
  expect(rows.map(({ stockId }) => stockId)).toEqual(ids.map((id) => shop.standIn.stockId(id)))
  expect(rows.map(({ stock }) => stock)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('a listing goes on where it was interrupted, also where its last product is gone by then', async () => {
  const shop = await OpenedShop.forThisTest({ pageItemsMax: 4 })
  const ids = Array.from({ length: 10 }, () => shop.standIn.addProduct({ variants: [{ model: 'M', quantity: 1 }] }))
  const first = await (await shop.connect()).list({ after: null, limit: 4 }, shop.signal)
  shop.standIn.products.delete(ids[3]!)
  shop.standIn.products.delete(ids[0]!)
  const again = await shop.connect()
  const rest: string[] = []
  for (let after = first.next; after !== null; ) {
    const page = await again.list({ after, limit: 4 }, shop.signal)
    rest.push(...page.items.map(({ stockId }) => stockId.split('-')[0] ?? ''))
    after = page.next
  }
  expect(rest).toEqual(ids.slice(4).map(String))
})

test('each variant is a row; a set is a fault, and a disabled product and one offered with others are rows like any', async () => {
  const shop = await OpenedShop.forThisTest()
  shop.standIn.addProduct({
    title: 'Shirt',
    model: 'SHIRT',
    variants: [
      { model: 'S', quantity: 3 },
      { model: '', quantity: '4' },
    ],
  })
  shop.standIn.addProduct({ title: 'Mug', model: 'MUG', variants: [{ quantity: 5 }] })
  shop.standIn.addProduct({ title: 'Set', isSet: true, variants: [{ model: 'SET', quantity: 9 }] })
  shop.standIn.addProduct({ title: 'Old', isEnabled: false, variants: [{ model: 'OLD', quantity: -2 }] })
  shop.standIn.addProduct({ title: 'Cloth', variants: [{ model: 'CLOTH', quantity: 2.5 }] })
  shop.standIn.addProduct({ title: 'Gift card', variants: [{ model: 'GIFT', quantity: null }] })
  const rows = await shop.listAll(await shop.connect())
  expect(rows.map(({ sku, stock, fault }) => [sku, stock, fault])).toEqual([
    ['S', 3, undefined],
    [null, 4, undefined],
    ['MUG', 5, undefined],
    ['SET', null, 'bundle'],
    ['OLD', -2, undefined],
    ['CLOTH', null, 'stock-fraction'],
    ['GIFT', null, undefined],
  ])
  expect(rows[0]?.name).toMatch(/^Shirt \(Size \d+\)$/)
  expect(rows[2]?.name).toBe('Mug')
})

test('what is read is read whole from short pages, and only what is gone is left out', async () => {
  const shop = await OpenedShop.forThisTest({ pageItemsMax: 2 })
  const ids = Array.from({ length: 7 }, (_, index) =>
    shop.standIn.addProduct({ variants: [{ model: `M${index}`, quantity: index }] }),
  )
  const wanted = ids.map((id) => shop.standIn.stockId(id))
  shop.standIn.products.delete(ids[2]!)
  const rows = await (await shop.connect()).read([...wanted, 'nonsense', '4711-1'], shop.signal)
  expect(rows.map(({ stockId }) => stockId).sort()).toEqual(wanted.filter((_, index) => index !== 2).sort())
})

test('the stock of one place is read where the merchant picked one, and a variant that is not there is not tracked', async () => {
  const shop = await OpenedShop.forThisTest()
  shop.standIn.placeNames.set(2, 'Kolding')
  shop.standIn.addProduct({
    variants: [
      { model: 'A', quantity: 9, places: { 1: 5, 2: 4 } },
      { model: 'B', quantity: 9, places: { 1: 9 } },
    ],
  })
  const rows = await shop.listAll(await shop.connect({ place: 2 }))
  expect(rows.map(({ sku, stock }) => [sku, stock])).toEqual([
    ['A', 4],
    ['B', null],
  ])
})

test.each([
  ['a sale changes the product', { saleMovesUpdated: true }],
  ['a sale does not change the product', { saleMovesUpdated: false }],
  [
    'orders are listed newest first, in short pages',
    { saleMovesUpdated: false, ordersNewestFirst: true, pageItemsMax: 2 },
  ],
  ['orders are listed oldest first, in pages of one', { saleMovesUpdated: false, pageItemsMax: 1 }],
  [
    'the shop is two hours ahead and writes in UTC',
    { saleMovesUpdated: false, clockAheadMs: 7_200_000, zoneMinutes: 0 },
  ],
  ['the shop is a day behind', { clockAheadMs: -86_400_000 }],
] as const)('what was sold, typed and cancelled is found: %s', async (_title, switches) => {
  const shop = await OpenedShop.forThisTest(switches)
  const { standIn } = shop
  const ids = Array.from({ length: 6 }, () => standIn.addProduct({ variants: [{ model: 'M', quantity: 10 }] }))
  const early = standIn.sell(ids[5]!, 1)
  shop.advance(3_600_000)
  const port = await shop.connect()
  const start = await port.changes(null, shop.signal)
  shop.advance(60_000)
  for (const id of ids.slice(0, 3)) standIn.sell(id, 1)
  standIn.typeStock(ids[3]!, 4)
  const second = await shop.changedAfter(port, start.cursor)
  expect(second.stockIds).toEqual(expect.arrayContaining(ids.slice(0, 4).map((id) => standIn.stockId(id))))
  expect(second.stockIds).not.toContain(standIn.stockId(ids[4]!))
  shop.advance(30 * 24 * 3_600_000)
  standIn.cancel(early)
  const third = await shop.changedAfter(port, second.cursor)
  expect(third.stockIds).toContain(standIn.stockId(ids[5]!))
})

test('changes are found where our own clock was set back between two questions', async () => {
  const shop = await OpenedShop.forThisTest()
  const id = shop.standIn.addProduct({ variants: [{ model: 'M', quantity: 10 }] })
  shop.advance(3_600_000)
  let off = 0
  const port = await shop.connect({}, () => off)
  const { cursor } = await port.changes(null, shop.signal)
  shop.advance(1_000)
  shop.standIn.typeStock(id, 3)
  shop.advance(600_000)
  off = -3_600_000
  const { stockIds } = await shop.changedAfter(port, cursor)
  expect(stockIds).toEqual([shop.standIn.stockId(id)])
})

test('changes of the same second as the question before are found', async () => {
  const shop = await OpenedShop.forThisTest()
  const id = shop.standIn.addProduct({ variants: [{ model: 'M', quantity: 10 }] })
  shop.advance(3_600_000)
  const port = await shop.connect()
  const { cursor } = await port.changes(null, shop.signal)
  shop.standIn.typeStock(id, 3)
  expect((await shop.changedAfter(port, cursor)).stockIds).toEqual([shop.standIn.stockId(id)])
})

test('order lines tell what was sold, refunded with and without the goods, and cancelled, each once', async () => {
  const shop = await OpenedShop.forThisTest({ pageItemsMax: 2 })
  const { standIn } = shop
  const id = standIn.addProduct({ variants: [{ model: 'M', quantity: 100 }] })
  for (let count = 0; count < 40; count += 1) standIn.sell(id, 1)
  const port = await shop.connect()
  const start = await port.orderLines!(null, shop.signal)
  expect(start.lines).toEqual([])
  shop.advance(1_000)
  const first = standIn.sell(id, 5)
  const second = standIn.sell(id, 3)
  standIn.refund(first, 2)
  standIn.refund(first, 1, false)
  shop.advance(1_000)
  standIn.cancel(first)
  const { lines, cursor } = await port.orderLines!(start.cursor, shop.signal)
  const fresh = lines.filter(({ reference }) => [first, second].map(String).includes(reference))
  expect(fresh.map(({ kind, delta }) => [kind, delta])).toEqual([
    ['sale', -5],
    ['return', 2],
    ['cancel', 2],
    ['sale', -3],
  ])
  const again = await port.orderLines!(cursor, shop.signal)
  const known = new Set(lines.map((line) => line.id))
  expect(again.lines.filter((line) => !known.has(line.id))).toEqual([])
})

test('no orders yet is a beginning like any other', async () => {
  const shop = await OpenedShop.forThisTest()
  const id = shop.standIn.addProduct({ variants: [{ model: 'M', quantity: 100 }] })
  const port = await shop.connect()
  const { cursor } = await port.orderLines!(null, shop.signal)
  shop.standIn.sell(id, 2)
  const { lines } = await port.orderLines!(cursor, shop.signal)
  expect(lines.map(({ delta, kind, stockId }) => [delta, kind, stockId])).toEqual([
    [-2, 'sale', shop.standIn.stockId(id)],
  ])
})

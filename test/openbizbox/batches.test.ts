/** Many writes go to an OpenBizBox shop as one batch, which it works off at its own time. */
import { expect, test } from 'vitest'
import type { StockWrite } from '../../packages/node/src/connectors/observed/observed-shop.ts'
import { OpenedShop, untroubled } from './opened-shop.ts'
import type { Switches } from './stand-in.ts'

const inBatches = { ...untroubled, worksInBatch: true }

async function open(
  switches: Partial<Switches> = {},
): Promise<{ shop: OpenedShop; ids: number[]; writes: StockWrite[] }> {
  const shop = await OpenedShop.forThisTest(switches)
  const ids = Array.from({ length: 20 }, (_, index) =>
    shop.standIn.addProduct({ variants: [{ model: `M${index}`, quantity: 50 }] }),
  )
  const writes = ids.map((id, index) => ({
    opId: `${index}`,
    stockId: shop.standIn.stockId(id),
    delta: -index - 1,
    expected: 50,
  }))
  return { shop, ids, writes }
}

test.each([0, 1] as const)(
  'every item has its result, whatever the errors are counted from (%s)',
  async (batchCountsFrom) => {
    const { shop, ids, writes } = await open({ batchCountsFrom, pageItemsMax: 7 })
    const port = await shop.connect({ probe: inBatches })
    shop.standIn.fault = ({ method, path }) => {
      if (method === 'POST' && path === '/api/batches.json') shop.standIn.products.delete(ids[9]!)
      return null
    }
    const results = await port.write(writes, shop.signal)
    expect(results.map(({ opId }) => opId)).toEqual(writes.map(({ opId }) => opId))
    expect(results.map(({ status }) => status)).toEqual(ids.map((_, index) => (index === 9 ? 'unknown' : 'applied')))
    for (const [index, id] of ids.entries()) if (index !== 9) expect(shop.standIn.stock(id)).toBe(50 - index - 1)
    const calls = shop.standIn.calls.filter(({ method }) => method === 'PUT' || method === 'POST')
    expect(calls.map(({ method }) => method)).toEqual(['PUT', 'POST'])
  },
)

test('a shop that adds variants is noticed before a batch is sent', async () => {
  const { shop, ids, writes } = await open({ variantBy: 'adds' })
  const results = await (await shop.connect({ probe: inBatches })).write(writes, shop.signal)
  expect(results.every((result) => result.status === 'refused' && result.code === 'not-writable')).toBe(true)
  expect(ids.map((id) => shop.standIn.products.get(id)?.variants.length)).toEqual([
    2,
    ...Array.from({ length: 19 }, () => 1),
  ])
})

test('a batch of which the answer is lost makes its products wait, and is not sent again', async () => {
  const { shop, ids, writes } = await open()
  const port = await shop.connect({ probe: inBatches })
  const isBatch = ({ method }: { method: string }): boolean => method === 'POST'
  shop.standIn.fault = (call) => (isBatch(call) ? 'lose' : null)
  const results = await port.write(writes, shop.signal)
  expect(results.map(({ status }) => status)).toEqual(['applied', ...Array.from({ length: 19 }, () => 'unknown')])
  shop.standIn.fault = () => null
  for (const again of [port, await shop.connect({ probe: inBatches })]) {
    await expect(shop.listAll(again)).rejects.toMatchObject({ code: 'shop-error' })
    await expect(again.read([shop.standIn.stockId(ids[3]!)], shop.signal)).rejects.toMatchObject({ code: 'shop-error' })
    expect(await again.read([shop.standIn.stockId(ids[0]!)], shop.signal)).toMatchObject([{ stock: 49 }])
    expect((await again.write(writes.slice(4), shop.signal)).every(({ status }) => status === 'unknown')).toBe(true)
  }
  expect(shop.standIn.calls.filter(isBatch)).toHaveLength(1)
  shop.advance(6 * 60_000)
  expect((await shop.listAll(port)).map(({ fault, stock }) => [fault, stock])).toContainEqual([undefined, 50])
})

test('a batch that was under way when the node stopped is followed to its end before its products have a number', async () => {
  const { shop, ids, writes } = await open()
  const port = await shop.connect({ probe: inBatches })
  const stop = new AbortController()
  shop.standIn.fault = ({ path }) => {
    if (path.startsWith('/api/batches/')) stop.abort(new Error('stopped'))
    return null
  }
  await expect(port.write(writes, stop.signal)).rejects.toThrow('stopped')
  shop.standIn.fault = () => null
  const again = await shop.connect({ probe: inBatches })
  const stockId = shop.standIn.stockId(ids[19]!)
  const seen: (number | null)[] = []
  for (let count = 0; count < 4; count += 1) {
    const rows = await again.read([stockId], shop.signal).catch(() => [])
    seen.push(rows[0]?.stock ?? null)
  }
  expect(seen.filter((stock) => stock !== null && stock !== 30)).toEqual([])
  expect(seen.at(-1)).toBe(30)
})

test('a batch that is refused changed nothing', async () => {
  const { shop, writes } = await open()
  const port = await shop.connect({ probe: inBatches })
  shop.standIn.fault = ({ method }) => (method === 'POST' ? { status: 422, body: '{"error":"no"}' } : null)
  const results = await port.write(writes, shop.signal)
  expect(results.slice(1).every((result) => result.status === 'refused')).toBe(true)
})

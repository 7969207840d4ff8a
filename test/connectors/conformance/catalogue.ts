/** Which stock rows there are, under which SKU, and what becomes of them. */
import { expect, it } from 'vitest'
import { skuKey } from '@stockmesh/protocol'
import { eventually } from '../../harness/eventually.ts'
import { never } from '../feed-reader.ts'
import type { Ground } from './ground.ts'

export function catalogue(ground: Ground): void {
  const { product, known, seen, inStep, adjust, list, hook, nextSku, nextOperation } = ground

  it('lists every stock row once, with its number and the feed position at which it was so', async () => {
    const products = [await product(3), await product(0), await product(null)]
    const rows = await list()
    expect(new Set(rows.map(({ stockId }) => stockId)).size).toBe(rows.length)
    expect(products.map(({ id }) => rows.find(({ stockId }) => stockId === id)?.stock)).toEqual([3, 0, null])
    for (const { id, sku } of products) {
      const row = rows.find(({ stockId }) => stockId === id)
      expect(row?.sku).toBe(sku)
      expect(row?.version).toBe(ground.feed.rowsOf(id).at(-1)?.id)
      expect(row?.products.length).toBeGreaterThan(0)
    }
  })

  it('another SKU is told with the whole row, and an adjustment under the old one is refused', async (context) => {
    const rename = hook(context, 'rename')
    const { id, key } = await product(4)
    const sku = nextSku()
    await rename(id, sku)
    await seen('the new SKU is told', () => ground.feed.rowsOf(id).at(-1)?.row?.sku === sku)
    expect(await adjust([{ opId: nextOperation(), stockId: id, key, delta: 1 }])).toMatchObject([
      { status: 'refused', code: 'sku-changed' },
    ])
    expect([await ground.shop.stockOf(id), ground.feed.moved(id)]).toEqual([4, 0])
  })

  it('a product that went is told as gone, without a delta', async (context) => {
    const remove = hook(context, 'remove')
    const { id, key } = await product(4)
    await remove(id)
    await seen('the row is told as deleted', () => ground.feed.rowsOf(id).at(-1)?.kind === 'deleted')
    expect(ground.feed.moved(id)).toBe(0)
    expect(await adjust([{ opId: nextOperation(), stockId: id, key, delta: 1 }])).toMatchObject([
      { status: 'refused', code: 'row-gone' },
    ])
  })

  it('8: a SKU that stands twice is not written, and what it sells is not counted as the one or the other', async (context) => {
    const createTwin = hook(context, 'createTwin')
    const { id, sku, key } = await product(4)
    const twin = await createTwin(sku.toLowerCase(), 9)
    await known(twin, 9)
    expect(await adjust([{ opId: nextOperation(), stockId: id, key, delta: 1 }])).toMatchObject([
      { status: 'refused', code: 'ambiguous' },
    ])
    await ground.shop.sell(twin, 1)
    await known(twin, 8)
    expect(ground.feed.rowsOf(twin).at(-1)).toMatchObject({ delta: -1, unique: false })
  })

  it('several SKUs on one stock number are one stock row', async (context) => {
    const createPool = hook(context, 'createPool')
    const skus = [nextSku(), nextSku()] as const
    const id = await createPool(skus, 12)
    await known(id, 12)
    const row = (await list()).find(({ stockId }) => stockId === id)
    expect(row?.products.map(({ sku }) => sku)).toEqual(expect.arrayContaining([...skus]))
    await ground.shop.sell(id, 2)
    await inStep(id, -2)
  })

  it("a bundle sells other products' stock: it is a fault of that row, is not written and moves nothing", async (context) => {
    const createBundle = hook(context, 'createBundle')
    const sku = nextSku()
    const id = await createBundle(sku, 7)
    const row = await eventually(
      'the bundle is listed',
      async () => (await list()).find(({ stockId }) => stockId === id),
      ground.patience(),
    )
    expect(row).toMatchObject({ sku, stock: null, fault: 'bundle' })
    const operation = { opId: nextOperation(), stockId: id, key: skuKey(sku) ?? '', delta: 1 }
    expect(await adjust([operation])).toMatchObject([{ status: 'refused' }])
    expect([await ground.shop.stockOf(id), ground.feed.moved(id)]).toEqual([7, 0])
  })

  it.for([
    ['small and capital letters', (sku: string) => `${sku}-aBc`],
    ['Danish letters', (sku: string) => `${sku}-æØå`],
    ['a composed accent', (sku: string) => `${sku}-é`],
    ['inner white space and quotes', (sku: string) => `${sku} 'A' "b" & <c>`],
    ['64 characters', (sku: string) => sku.padEnd(64, 'x')],
  ] as const)('a SKU with %s is spelled as the shop spells it', async ([, spell]) => {
    const { id, sku } = await product(5, spell(nextSku()))
    expect((await list()).find(({ stockId }) => stockId === id)?.sku).toBe(sku)
    await adjust([{ opId: nextOperation(), stockId: id, key: skuKey(sku) ?? '', delta: 1 }])
    await inStep(id, 0)
    expect(await ground.shop.stockOf(id)).toBe(6)
  })

  it('products that come and go while the shop is listed cost no other product its place', async (context) => {
    const remove = hook(context, 'remove')
    const products = await Promise.all(
      Array.from({ length: 12 }, (_, index) => ground.shop.create({ sku: nextSku(), stock: index })),
    )
    for (const id of products) await seen(`${id} is told`, () => ground.feed.stock(id) !== undefined)
    const first = await ground.shop.connector.list({ after: null, limit: 5 }, never)
    const gone = products[0] ?? ''
    await remove(gone)
    const seenIds = first.items.map(({ stockId }) => stockId)
    for (let { next } = first; next !== null; ) {
      const page = await ground.shop.connector.list({ after: next, limit: 5 }, never)
      seenIds.push(...page.items.map(({ stockId }) => stockId))
      next = page.next
    }
    for (const id of products) if (id !== gone) expect(seenIds).toContain(id)
  })
}

/** The movement feed: dense, tagged, in commit order, and enough to know every stock number of the shop. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Shop } from '../../packages/node/src/shop/shop.ts'
import { foldFeed, listStocks, openTestShop, productQuery, readFeed } from './open-test-shop.ts'

const never = new AbortController().signal
const random = (): string => crypto.randomUUID().replaceAll('-', '')

async function attach(shop: Shop, fresh = false, node = 'dk') {
  return (await shop.attach({ network: 'n', node, fresh })).body
}

describe('attaching a node', () => {
  it('answers the same epoch to the same node, over restarts, and a new one to another', async () => {
    await using test = await openTestShop()
    const first = await attach(test.shop)
    expect(first).toEqual({ epoch: expect.stringMatching(/^[0-9a-f]{16}$/), start: 1 })
    expect(await attach(test.shop)).toEqual(first)
    expect(await attach(await test.reopen())).toEqual(first)
    const fresh = await attach(test.shop, true)
    const other = await attach(test.shop, false, 'se')
    expect([fresh.start, other.start]).toEqual([2, 3])
    expect(new Set([first.epoch, fresh.epoch, other.epoch]).size).toBe(3)
    const read = { epoch: first.epoch, position: 0, tag: null, after: null, limit: 10, waitMs: 0 }
    await expect(test.shop.feed(read, never)).rejects.toMatchObject({ status: 409, code: 'feed-epoch-changed' })
    const { rows } = await test.shop.feed({ ...read, epoch: other.epoch }, never)
    expect(rows.map(({ kind, stockId }) => [kind, stockId])).toEqual(Array(3).fill(['attached', '']))
    expect((await test.shop.stockRows({ after: null, limit: 1 })).epoch).toBe(other.epoch)
  })
})

describe('reading the feed', () => {
  it('goes on after a row, and tells a feed that is not the one that was read', async () => {
    await using test = await openTestShop()
    const { epoch } = await attach(test.shop)
    for (const sku of ['A', 'B', 'C']) await test.shop.createProduct({ sku, name: sku, stock: 1 })
    const read = { epoch, after: null, waitMs: 0 }
    const page = await test.shop.feed({ ...read, position: 0, tag: null, limit: 2 }, never)
    expect([page.rows.map(({ id }) => id), page.end]).toEqual([[1, 2], 4])
    const tag = page.rows[1]?.tag ?? ''
    const rest = await test.shop.feed({ ...read, position: 2, tag, limit: 10 }, never)
    expect(rest.rows.map(({ sku }) => sku)).toEqual(['B', 'C'])
    expect(new Set([...page.rows, ...rest.rows].map((row) => row.tag)).size).toBe(4)
    for (const query of [
      { position: 2, tag: '0000000000000000' },
      { position: 5, tag: null },
    ]) {
      await expect(test.shop.feed({ ...read, ...query, limit: 10 }, never)).rejects.toMatchObject({
        status: 409,
        code: 'feed-rolled-back',
      })
    }
  })

  it('wakes on every append, at the end of its time, and frees its waiter when the request is aborted', async () => {
    await using test = await openTestShop()
    const { epoch } = await attach(test.shop)
    const wait = (signal = never) =>
      test.shop.feed({ epoch, position: 1, tag: null, after: null, limit: 10, waitMs: 25_000 }, signal)
    const untilWaiting = (count: number) => expect.poll(() => test.shop.waiting).toBe(count)
    const late = wait()
    await untilWaiting(1)
    test.clock.advance(25_000)
    expect(await late).toEqual({ rows: [], end: 1 })
    const gone = new AbortController()
    const aborted = wait(gone.signal)
    const woken = wait()
    await untilWaiting(2)
    gone.abort()
    expect((await aborted).rows).toEqual([])
    await untilWaiting(1)
    await test.shop.createProduct({ sku: 'A', name: 'A', stock: 1 })
    expect((await woken).rows.map(({ sku }) => sku)).toEqual(['A'])
    expect(test.shop.waiting).toBe(0)
  })

  it('tells a waiting reader that another node was attached', async () => {
    await using test = await openTestShop()
    const { epoch } = await attach(test.shop)
    const read = { epoch, position: 1, tag: null, after: null, limit: 10, waitMs: 25_000 }
    const waiting = expect(test.shop.feed(read, never)).rejects.toMatchObject({ code: 'feed-epoch-changed' })
    await expect.poll(() => test.shop.waiting).toBe(1)
    await attach(test.shop, false, 'clone')
    await waiting
  })
})

describe('adjustments of the node', () => {
  const rowOf = async (shop: Shop) => {
    const [row] = (await shop.stockRows({ after: null, limit: 1 })).items
    return row!
  }

  it('applies each operation once: twice in one call, at the same time, and after a restart', async () => {
    await using test = await openTestShop()
    await test.shop.createProduct({ sku: 'KOP', name: 'Kop', stock: 3 })
    const { stockId } = await rowOf(test.shop)
    const operation = { opId: random(), stockId, key: 'kop', delta: -5 }
    const [first, second] = await Promise.all([
      test.shop.adjust({ operations: [operation, operation] }),
      test.shop.adjust({ operations: [operation] }),
    ])
    const after = (await (await test.reopen()).adjust({ operations: [operation] })).body
    const done = { opId: operation.opId, stock: -2, feedId: 2 }
    expect(first.body.results).toEqual([
      { ...done, status: 'applied' },
      { ...done, status: 'repeated' },
    ])
    expect([second.body.results, after.results]).toEqual([
      [{ ...done, status: 'repeated' }],
      [{ ...done, status: 'repeated' }],
    ])
    const rows = await readFeed(test.shop)
    expect(rows.filter(({ kind }) => kind === 'adjust')).toMatchObject([{ opId: operation.opId, delta: -5, stock: -2 }])
    expect((await rowOf(test.shop)).stock).toBe(-2)
  })

  it('refuses what it cannot apply with a code, and holds up nothing else', async () => {
    await using test = await openTestShop()
    const rows = [
      { sku: 'A', stock: 1 },
      { sku: 'DUP', stock: 1 },
      { sku: 'dup', stock: 1 },
      { sku: 'NULL', stock: null },
      { sku: 'MAX', stock: 1_000_000_000 },
    ]
    const ids: string[] = []
    for (const row of rows) ids.push((await test.shop.createProduct({ ...row, name: '' })).body.stockId)
    const operation = (stockId: string | undefined, key: string) => ({
      opId: random(),
      stockId: stockId ?? '',
      key,
      delta: 1,
    })
    const operations = [
      operation('99999999', 'a'),
      operation(ids[0], 'b'),
      operation(ids[1], 'dup'),
      operation(ids[3], 'null'),
      operation(ids[4], 'max'),
      operation(ids[0], 'a'),
    ]
    const { results } = (await test.shop.adjust({ operations })).body
    expect(results.map((result) => (result.status === 'refused' ? result.code : result.status))).toEqual([
      'row-gone',
      'sku-changed',
      'ambiguous',
      'untracked',
      'out-of-range',
      'applied',
    ])
    expect((await readFeed(test.shop)).filter(({ kind }) => kind === 'adjust')).toHaveLength(1)
    await test.shop.changeProduct((await test.shop.products({ ...productQuery, sku: 'NULL' })).items[0]?.id ?? '', {
      stock: 4,
    })
    const retried = await test.shop.adjust({ operations: operations.slice(3, 4) })
    expect(retried.body.results).toMatchObject([{ status: 'applied', stock: 5 }])
  })
})

describe('the law of the feed', () => {
  const sku = fc.constantFrom('A', 'a ', 'B', 'C', '', '__proto__')
  const stock = fc.option(fc.integer({ min: -5, max: 20 }), { nil: null })
  const command = fc.oneof(
    fc.record({
      do: fc.constant('create' as const),
      sku,
      stock,
      pool: fc.constantFrom(undefined, 'p', 'q', true as const),
      variants: fc.array(fc.record({ sku, stock }), { maxLength: 2 }),
    }),
    fc.record({
      do: fc.constant('change' as const),
      at: fc.nat(),
      sku: fc.option(sku, { nil: undefined }),
      stock: fc.option(stock, { nil: undefined }),
    }),
    fc.record({ do: fc.constant('delete' as const), at: fc.nat() }),
    fc.record({
      do: fc.constant('order' as const),
      at: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      quantity: fc.integer({ min: -3, max: 6 }),
      backorder: fc.boolean(),
    }),
    fc.record({ do: fc.constant('cancel' as const), at: fc.nat() }),
    fc.record({ do: fc.constant('adjust' as const), at: fc.nat(), delta: fc.integer({ min: -9, max: 9 }) }),
    fc.record({ do: fc.constant('reopen' as const) }),
  )

  it('folded from zero, it gives every stock number, and each row the number it left behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 40 }), async (commands) => {
        await using test = await openTestShop()
        let orders = 0
        for (const step of commands) {
          const { shop } = test
          const { items } = await shop.products(productQuery)
          const rows = (await shop.stockRows({ after: null, limit: 1_000 })).items
          const pick = <T>(from: readonly T[], at: number): T | undefined => from[at % Math.max(1, from.length)]
          // A refusal is an answer like any other here: whatever it left behind shows in the fold.
          const refused = () => null
          if (step.do === 'create') {
            const variants = step.variants.map((variant) => ({ ...variant, name: '' }))
            await shop.createProduct({ ...step, name: '', variants }).catch(refused)
          } else if (step.do === 'change') {
            await shop
              .changeProduct(pick(items, step.at)?.id ?? '', { sku: step.sku, stock: step.stock })
              .catch(refused)
          } else if (step.do === 'delete') await shop.deleteProduct(pick(items, step.at)?.id ?? '').catch(refused)
          else if (step.do === 'order') {
            const lines = step.at.map((at, index) => ({
              productId: pick(items, at)?.id ?? '',
              quantity: (step.quantity || 1) - 2 * index || 1,
            }))
            if ((await shop.placeOrder({ lines, allowBackorder: step.backorder }).catch(refused)) !== null) orders += 1
          } else if (step.do === 'cancel') {
            await shop.cancelOrder(String((step.at % Math.max(1, orders)) + 1).padStart(8, '0')).catch(refused)
          } else if (step.do === 'adjust') {
            const row = pick(rows, step.at)
            const key = (row?.sku ?? '').trim().toLowerCase()
            await shop.adjust({ operations: [{ opId: random(), stockId: row?.stockId ?? '', key, delta: step.delta }] })
          } else await test.reopen()
        }
        const feed = await readFeed(test.shop)
        expect(feed.map(({ id }) => id)).toEqual(feed.map((_, index) => index + 1))
        expect(foldFeed(feed)).toEqual(await listStocks(test.shop))
        for (const [index, row] of feed.entries()) {
          if (row.kind === 'attached' || row.kind === 'deleted') continue
          expect(foldFeed(feed.slice(0, index + 1)).get(row.stockId)).toBe(row.stock)
        }
        const before = await test.shop.stockRows({ after: null, limit: 1_000 })
        expect(await (await test.reopen()).stockRows({ after: null, limit: 1_000 })).toEqual(before)
      }),
      { numRuns: 60 },
    )
  })
})

/**
 * What every connector must do, checked at the port that the engine knows and against the shop's own word. A connector
 * calls `conformance('name', open)` in a test file of its own; the shop is opened once, and each case makes its own
 * products in it. Sums are compared, never guesses: what the network learned of a shop equals what moved there, and
 * each operation was made once.
 */
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { limits, skuKey, type StockRow } from '@stockmesh/protocol'
import { type Adjustment, type AdjustmentResult, ConnectorError } from '../../packages/node/src/connectors/connector.ts'
import { eventually } from '../harness/eventually.ts'
import { FeedReader, never } from './feed-reader.ts'
import type { Fault, FaultyCall, ShopUnderTest } from './shop-under-test.ts'

export function conformance(name: string, open: () => Promise<ShopUnderTest>): void {
  describe(`conformance of ${name}`, () => {
    let shop: ShopUnderTest
    let feed: FeedReader
    let made = 0

    beforeAll(async () => {
      shop = await open()
      const attachment = await shop.connector.attach({ network: 'n', node: 'dk', fresh: false }, never)
      feed = new FeedReader(() => shop.connector, attachment)
      // As the engine does: the feed is followed once the shop was listed.
      await list()
    }, 180_000)
    afterAll(async () => {
      await shop?.[Symbol.asyncDispose]()
    })

    const nextSku = (): string => `CF-${(made += 1)}`
    const nextOperation = (): string => (made += 1).toString(16).padStart(32, '0')
    const patience = (): { deadlineMs: number; every: number } => ({ deadlineMs: shop.patienceMs, every: 20 })

    /** A product of this case, known to the feed. */
    async function product(stock: number | null, sku = nextSku()): Promise<{ id: string; sku: string; key: string }> {
      const id = await shop.create({ sku, stock })
      await known(id, stock)
      return { id, sku, key: skuKey(sku) ?? '' }
    }

    async function known(id: string, stock: number | null): Promise<void> {
      await seen(`the feed tells of ${id} with ${stock}`, () => feed.stock(id) === stock)
    }

    async function seen(what: string, condition: () => boolean): Promise<void> {
      const look = async (): Promise<boolean> => {
        await feed.read()
        return condition()
      }
      await eventually(what, look, patience()).catch((error: unknown) => {
        throw new Error(`${String(error)}; the feed: ${JSON.stringify(feed.rows.slice(-12))}`)
      })
    }

    /** The feed has come to the shop's own number, and the shop's sales moved by so many units in all. */
    async function inStep(id: string, moved: number): Promise<void> {
      const truth = await shop.stockOf(id)
      await seen(`${id} has ${truth} and moved ${moved}`, () => feed.stock(id) === truth && feed.moved(id) === moved)
    }

    /** As the engine does: the same operations until the shop has answered. */
    async function adjust(adjustments: readonly Adjustment[]): Promise<readonly AdjustmentResult[]> {
      return eventually(
        'the shop answers the adjustments',
        async () => {
          try {
            return await shop.connector.adjust(adjustments, never)
          } catch (error) {
            if (error instanceof ConnectorError) return null
            throw error
          }
        },
        patience(),
      )
    }

    async function list(): Promise<StockRow[]> {
      const rows: StockRow[] = []
      let after: string | null = null
      do {
        const page = await shop.connector.list({ after, limit: 10 }, never)
        rows.push(...page.items)
        after = page.next
      } while (after !== null)
      return rows
    }

    const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
      promise.then(
        () => 'answered',
        (error: unknown) => (error instanceof ConnectorError ? error.code : error),
      )

    /** The hook, or a skip that says why this shop cannot show the case. */
    function hook<Name extends keyof ShopUnderTest>(
      context: TestContext,
      name: Name,
    ): NonNullable<ShopUnderTest[Name]> {
      const found = shop[name]
      if (found !== undefined && found !== null) {
        return (typeof found === 'function' ? found.bind(shop) : found) as NonNullable<ShopUnderTest[Name]>
      }
      return skip(context, name)
    }

    function skip(context: TestContext, name: keyof ShopUnderTest | Fault): never {
      const why = shop.cannot[name]
      if (why === undefined) throw new Error(`the shop says neither how to show "${String(name)}" nor why it cannot`)
      return context.skip(why)
    }

    function breakNext(context: TestContext, fault: Fault, call: FaultyCall): void {
      if (!shop.faults.includes(fault)) skip(context, fault)
      hook(context, 'breakNext')(fault, call)
    }

    it('lists every stock row once, with its number and the feed position at which it was so', async () => {
      const products = [await product(3), await product(0), await product(null)]
      const rows = await list()
      expect(new Set(rows.map(({ stockId }) => stockId)).size).toBe(rows.length)
      expect(products.map(({ id }) => rows.find(({ stockId }) => stockId === id)?.stock)).toEqual([3, 0, null])
      for (const { id, sku } of products) {
        const row = rows.find(({ stockId }) => stockId === id)
        expect(row?.sku).toBe(sku)
        expect(row?.version).toBe(feed.rowsOf(id).at(-1)?.id)
        expect(row?.products.length).toBeGreaterThan(0)
      }
    })

    it('a sale is told as what it moved, and a feed read that waits hears of it', async () => {
      const { id } = await product(10)
      const waiting = feed.read(20_000)
      await shop.sell(id, 3)
      await waiting
      await inStep(id, -3)
      expect(await shop.stockOf(id)).toBe(7)
    })

    it('two sales in the same second are both told', async () => {
      const { id } = await product(10)
      await shop.sell(id, 1)
      await inStep(id, -1)
      await shop.sell(id, 1)
      await shop.sell(id, 2)
      await inStep(id, -4)
    })

    it('a cancelled order gives its goods back', async (context) => {
      const cancel = hook(context, 'cancel')
      const { id } = await product(10)
      const order = await shop.sell(id, 4)
      await inStep(id, -4)
      await cancel(order)
      await inStep(id, 0)
      expect(await shop.stockOf(id)).toBe(10)
    })

    it('a typed number is a difference and never an absolute number', async (context) => {
      const type = hook(context, 'type')
      const { id } = await product(10)
      await type(id, 25)
      await inStep(id, 15)
      expect(feed.rowsOf(id).at(-1)?.kind).toBe('manual')
    })

    it('an adjustment is made once, is told with its operation, and does not come back as a local change', async () => {
      const { id, key } = await product(10)
      const operation = { opId: nextOperation(), stockId: id, key, delta: -4 }
      expect(await adjust([operation])).toMatchObject([{ opId: operation.opId, status: 'applied', stock: 6 }])
      expect(await adjust([operation])).toMatchObject([{ opId: operation.opId, status: 'repeated' }])
      await shop.sell(id, 1)
      await inStep(id, -1)
      expect([await shop.stockOf(id), feed.adjusted(id, operation.opId)]).toEqual([5, -4])
    })

    it('many adjustments are answered in their order, and one that is refused holds up none of the others', async () => {
      const tracked = [await product(10), await product(20), await product(30)]
      const untracked = await product(null)
      const gone = { opId: nextOperation(), stockId: 'no-such-row', key: 'x', delta: 1 }
      const operations = [untracked, ...tracked].map(({ id, key }) => {
        return { opId: nextOperation(), stockId: id, key, delta: 5 }
      })
      const results = await adjust([...operations.slice(0, 2), gone, ...operations.slice(2)])
      expect(results.map((result) => (result.status === 'refused' ? result.code : result.stock))).toEqual([
        'untracked',
        15,
        'row-gone',
        25,
        35,
      ])
      for (const { id } of tracked) await inStep(id, 0)
      expect(await shop.stockOf(untracked.id)).toBeNull()
    })

    it('sales while an adjustment is made are neither lost nor told twice', async () => {
      const { id, key } = await product(100)
      const operations = Array.from({ length: 6 }, (_, index) => {
        return { opId: nextOperation(), stockId: id, key, delta: index % 2 === 0 ? 3 : -2 }
      })
      const customers = (async (): Promise<void> => {
        for (let sale = 0; sale < 8; sale += 1) await shop.sell(id, 1)
      })()
      for (const operation of operations) await adjust([operation])
      await customers
      await settled(id, { moved: -8, level: 100 - 8 + 3 })
      expect(feed.adjusted(id)).toBe(3)
    })

    /**
     * A sale that a write of ours overwrote is found and told, and the engine then takes it off the shop's number: here
     * the suite does what the engine would do, until the shop is at the network's level.
     */
    async function settled(id: string, { moved, level }: { moved: number; level: number }): Promise<void> {
      const key = skuKey(feed.rowsOf(id)[0]?.sku ?? '') ?? ''
      const step = async (): Promise<boolean> => {
        await feed.read()
        const stock = feed.stock(id) ?? 0
        if (feed.moved(id) !== moved) return false
        if (stock === level) return (await shop.stockOf(id)) === level
        await adjust([{ opId: nextOperation(), stockId: id, key, delta: level - stock }])
        return false
      }
      await eventually(`${id} comes to ${level}`, step, patience()).catch((error: unknown) => {
        throw new Error(`${String(error)}; the feed: ${JSON.stringify(feed.rowsOf(id))}`)
      })
    }

    it('a sale between the reading and the writing is not lost', async (context) => {
      const beforeNextWrite = hook(context, 'beforeNextWrite')
      const { id, key } = await product(10)
      beforeNextWrite(async () => void (await shop.sell(id, 1)))
      await adjust([{ opId: nextOperation(), stockId: id, key, delta: 5 }])
      await settled(id, { moved: -1, level: 14 })
    })

    it.for(['lost-answer', 'lost-question'] as const)('a write with a %s is made once', async (fault, context) => {
      const { id, key } = await product(10)
      const operation = { opId: nextOperation(), stockId: id, key, delta: -3 }
      breakNext(context, fault, 'write')
      await adjust([operation])
      await inStep(id, 0)
      expect([await shop.stockOf(id), feed.adjusted(id, operation.opId)]).toEqual([7, -3])
    })

    it.for(['throttled', 'server-error', 'html', 'token-expired', 'silent-no-op'] as const)(
      'a write that meets "%s" is made in the end, and once',
      async (fault, context) => {
        const { id, key } = await product(10)
        breakNext(context, fault, 'write')
        const operation = { opId: nextOperation(), stockId: id, key, delta: 2 }
        const [result] = await adjust([operation])
        if (result?.status === 'refused') expect(await shop.stockOf(id)).toBe(10)
        else await seen('the adjustment is told', () => feed.rowsOf(id).some(({ opId }) => opId === operation.opId))
        // What the shop did not make stays open for the engine, which decides again.
        const open = 12 - (feed.stock(id) ?? 0)
        if (open !== 0) await adjust([{ ...operation, opId: nextOperation(), delta: open }])
        await inStep(id, 0)
        expect(await shop.stockOf(id)).toBe(12)
      },
    )

    it.for(['throttled', 'server-error', 'html', 'token-expired', 'lost-answer', 'empty-list'] as const)(
      '31: a reading that meets "%s" is an error or nothing, and never a number',
      async (fault, context) => {
        const { id } = await product(10)
        await feed.read()
        const before = feed.rows.length
        breakNext(context, fault, 'read')
        const code = await codeOf(shop.connector.list({ after: null, limit: 10 }, never))
        if (code !== 'answered') expect(code).toMatch(/^(shop-|key-)/)
        await shop.sell(id, 2)
        await inStep(id, -2)
        expect(feed.rows.slice(before).filter(({ stockId }) => stockId !== id)).toEqual([])
      },
    )

    it('a product that is not tracked has no number, and gets one without a delta', async (context) => {
      const type = hook(context, 'type')
      const { id } = await product(10)
      await type(id, null)
      await known(id, null)
      await type(id, 6)
      await known(id, 6)
      expect(feed.moved(id)).toBe(0)
    })

    it('32: half a unit is a fault of that row, never a delta', async (context) => {
      const typeFraction = hook(context, 'typeFraction')
      const { id } = await product(10)
      await typeFraction(id)
      await eventually(
        'the listing tells of the fault',
        async () => (await list()).find(({ stockId }) => stockId === id)?.fault !== undefined,
        patience(),
      )
      await feed.read()
      expect(feed.moved(id)).toBe(0)
    })

    it('a number below zero is a number', async (context) => {
      const type = hook(context, 'type')
      if (shop.stockMin !== null) context.skip(`this shop does not go below ${shop.stockMin}`)
      const { id, key } = await product(2)
      await type(id, -3)
      await inStep(id, -5)
      await adjust([{ opId: nextOperation(), stockId: id, key, delta: -1 }])
      await inStep(id, -5)
      expect(await shop.stockOf(id)).toBe(-4)
    })

    it('what would go below the minimum is neither lost nor counted twice', async (context) => {
      if (shop.stockMin === null) context.skip('this shop has no minimum')
      const { id, key } = await product(2)
      const operation = { opId: nextOperation(), stockId: id, key, delta: -5 }
      const [result] = await adjust([operation])
      await inStep(id, 0)
      // The feed tells how much of it was made; the rest is the engine's to decide on.
      expect(await shop.stockOf(id)).toBe(2 + feed.adjusted(id, operation.opId))
      if (result?.status === 'refused') expect([result.code, await shop.stockOf(id)]).toEqual(['out-of-range', 2])
    })

    it('another SKU is told with the whole row, and an adjustment under the old one is refused', async (context) => {
      const rename = hook(context, 'rename')
      const { id, key } = await product(4)
      const sku = nextSku()
      await rename(id, sku)
      await seen('the new SKU is told', () => feed.rowsOf(id).at(-1)?.row?.sku === sku)
      expect(await adjust([{ opId: nextOperation(), stockId: id, key, delta: 1 }])).toMatchObject([
        { status: 'refused', code: 'sku-changed' },
      ])
      expect([await shop.stockOf(id), feed.moved(id)]).toEqual([4, 0])
    })

    it('a product that went is told as gone, without a delta', async (context) => {
      const remove = hook(context, 'remove')
      const { id, key } = await product(4)
      await remove(id)
      await seen('the row is told as deleted', () => feed.rowsOf(id).at(-1)?.kind === 'deleted')
      expect(feed.moved(id)).toBe(0)
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
      await shop.sell(twin, 1)
      await known(twin, 8)
      expect(feed.rowsOf(twin).at(-1)).toMatchObject({ delta: -1, unique: false })
    })

    it('several SKUs on one stock number are one stock row', async (context) => {
      const createPool = hook(context, 'createPool')
      const skus = [nextSku(), nextSku()] as const
      const id = await createPool(skus, 12)
      await known(id, 12)
      const row = (await list()).find(({ stockId }) => stockId === id)
      expect(row?.products.map(({ sku }) => sku)).toEqual(expect.arrayContaining([...skus]))
      await shop.sell(id, 2)
      await inStep(id, -2)
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
      expect(await shop.stockOf(id)).toBe(6)
    })

    it('products that come and go while the shop is listed cost no other product its place', async (context) => {
      const remove = hook(context, 'remove')
      const products = await Promise.all(
        Array.from({ length: 12 }, (_, index) => shop.create({ sku: nextSku(), stock: index })),
      )
      for (const id of products) await seen(`${id} is told`, () => feed.stock(id) !== undefined)
      const first = await shop.connector.list({ after: null, limit: 5 }, never)
      const gone = products[0] ?? ''
      await remove(gone)
      const seenIds = first.items.map(({ stockId }) => stockId)
      for (let { next } = first; next !== null; ) {
        const page = await shop.connector.list({ after: next, limit: 5 }, never)
        seenIds.push(...page.items.map(({ stockId }) => stockId))
        next = page.next
      }
      for (const id of products) if (id !== gone) expect(seenIds).toContain(id)
    })

    it('hints that are doubled, late or made up change nothing but the speed', async (context) => {
      const hint = hook(context, 'hint')
      const { id } = await product(10)
      hint()
      await shop.sell(id, 1)
      hint()
      hint()
      await inStep(id, -1)
      hint()
      await feed.read()
      expect(feed.moved(id)).toBe(-1)
    })

    it('a connector that was killed goes on where it was, with every row as it told it', async (context) => {
      const reopen = hook(context, 'reopen')
      const { id, key } = await product(10)
      const operation = { opId: nextOperation(), stockId: id, key, delta: -1 }
      await adjust([operation])
      await seen('the adjustment is told', () => feed.adjusted(id) === -1)
      const rows = [...feed.rows]
      await reopen()
      await shop.sell(id, 2)
      expect(await shop.connector.attach({ network: 'n', node: 'dk', fresh: false }, never)).toEqual(feed.attachment)
      await inStep(id, -2)
      expect(await adjust([operation])).toMatchObject([{ status: 'repeated' }])
      const again = new FeedReader(() => shop.connector, feed.attachment)
      await again.read()
      expect(again.rows.slice(0, rows.length)).toEqual(rows)
    })

    it('a connector that was killed with a write under way does not make it twice', async (context) => {
      const reopen = hook(context, 'reopen')
      const { id, key } = await product(10)
      const operation = { opId: nextOperation(), stockId: id, key, delta: -3 }
      breakNext(context, 'lost-answer', 'write')
      const first = shop.connector.adjust([operation], never).catch(() => undefined)
      await reopen()
      await first
      await adjust([operation])
      await inStep(id, 0)
      expect([await shop.stockOf(id), feed.adjusted(id, operation.opId)]).toEqual([7, -3])
    })

    it('an abort is handed back as it is', async () => {
      const stop = new AbortController()
      await feed.read()
      const query = { epoch: feed.attachment.epoch, ...feed.position, limit: 1, waitMs: 20_000 }
      const waiting = shop.connector.feed(query, stop.signal)
      stop.abort(new Error('enough'))
      await expect(waiting.then(() => undefined)).rejects.toThrow('enough')
    })

    it('a feed that is not the one that was read is told from it, and a new epoch ends the old one', async () => {
      await feed.read()
      const { after, tag } = feed.position
      const query = { epoch: feed.attachment.epoch, limit: 10, waitMs: 0 }
      expect(await codeOf(shop.connector.feed({ ...query, after: after + 1_000, tag }, never))).toBe('feed-rolled-back')
      expect(await codeOf(shop.connector.feed({ ...query, after, tag: '0'.repeat(16) }, never))).toBe(
        'feed-rolled-back',
      )
      const fresh = await shop.connector.attach({ network: 'n', node: 'dk', fresh: true }, never)
      expect(fresh.epoch).not.toBe(feed.attachment.epoch)
      expect(fresh.start).toBeGreaterThan(after)
      expect(await codeOf(shop.connector.feed({ ...query, after, tag }, never))).toBe('feed-epoch-changed')
      feed = new FeedReader(() => shop.connector, fresh)
      await list()
      const { id } = await product(10)
      await shop.sell(id, 1)
      await inStep(id, -1)
    })

    it('no number in the feed is out of range', async () => {
      await feed.read()
      for (const row of feed.rows) {
        expect(Number.isInteger(row.delta) && Math.abs(row.delta) <= limits.deltaUnitsMax).toBe(true)
        expect(row.stock === null || Number.isInteger(row.stock)).toBe(true)
      }
    })
  })
}

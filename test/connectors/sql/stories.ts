/** What a database can do to a connector beside what every shop can: told once, run on each kind of server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { limits, skuKey } from '@stockmesh/protocol'
import type { SqlConnector } from '../../../packages/node/src/connectors/sql/sql-connector.ts'
import { ConnectorError } from '../../../packages/node/src/connectors/connector.ts'
import type { Session } from '../../../packages/node/src/connectors/sql/database.ts'
import { FeedReader, never } from '../feed-reader.ts'
import { SqlShop, type SqlServer } from './sql-shop.ts'

/** `hasParallel`: whether two transactions can be open beside each other. */
export function sqlStories(name: string, open: () => Promise<SqlServer>, hasParallel: boolean): void {
  describe(`SQL stories on ${name}`, () => {
    let server: SqlServer
    let shop: SqlShop
    let connector: SqlConnector
    let feed: FeedReader
    let made = 0

    beforeAll(async () => {
      server = await open()
      shop = await SqlShop.open(server)
      await shop.create('BEFORE', 4)
      connector = await shop.connect()
      feed = new FeedReader(() => connector, await connector.attach({ network: 'n', node: 'dk', fresh: false }, never))
    }, 120_000)
    afterAll(async () => {
      await connector?.[Symbol.asyncDispose]()
      await shop?.[Symbol.asyncDispose]()
      await server?.[Symbol.asyncDispose]()
    })

    const operation = (): string => (made += 1).toString(16).padStart(32, '0')
    const codeOf = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => 'answered',
        (error: unknown) => (error instanceof ConnectorError ? error.code : error),
      )
    const adjust = (id: string, sku: string, delta: number) =>
      connector.adjust([{ opId: operation(), stockId: id, key: skuKey(sku) ?? '', delta }], never)

    it('what was there before the first epoch is listed', async () => {
      const { items, total } = await connector.list({ after: null, limit: 10 }, never)
      expect(items.find(({ sku }) => sku === 'BEFORE')?.stock).toBe(4)
      expect(total).toBe(1)
    })

    it('a fall without a word is a sale, a rise is typed, and a word of the shop stands', async () => {
      const id = await shop.create('CAUSE', 10)
      await shop.sell(id, 2)
      await shop.sell(id, -1)
      const isPostgres = shop.database.dialect.family === 'postgres'
      await shop.database.transaction('read committed', async (session) => {
        if (isPostgres) {
          await session.query("SELECT set_config('stockmesh.cause', 'return', true)")
          await session.query("SELECT set_config('stockmesh.reference', 'R-7', true)")
        } else await session.query("SET @stockmesh_cause = 'return', @stockmesh_reference = 'R-7'")
        await session.query('UPDATE products SET in_stock = in_stock + 2 WHERE id = ?', [id])
        if (!isPostgres) await session.query('SET @stockmesh_cause = NULL, @stockmesh_reference = NULL')
      })
      await feed.read()
      const told = feed.rowsOf(id).slice(1)
      expect(told.map(({ kind, delta, reference }) => [kind, delta, reference])).toEqual([
        ['sale', -2, null],
        ['manual', 1, null],
        ['return', 2, 'R-7'],
      ])
    })

    it('a lower id that commits last is not skipped', async (context) => {
      if (!hasParallel) context.skip('this server makes one transaction at a time: npm run test:databases')
      const [slow, fast] = [await shop.create('SLOW', 10), await shop.create('FAST', 10)]
      const noted = gate()
      const go = gate()
      const late = shop.database.transaction('read committed', async (session: Session) => {
        await session.query('UPDATE products SET in_stock = in_stock - 1 WHERE id = ?', [slow])
        noted.open()
        await go.opened
      })
      await noted.opened
      for (let sale = 0; sale < 6; sale += 1) await shop.sell(fast, 1)
      await feed.read()
      expect([feed.stock(slow), feed.stock(fast)]).toEqual([10, 4])
      go.open()
      await late
      await feed.read()
      expect([feed.moved(slow), feed.moved(fast)]).toEqual([-1, -6])
    })

    it('what is rolled back is never told', async () => {
      const id = await shop.create('ROLLED', 10)
      const sale = shop.database.transaction('read committed', async (session) => {
        await session.query('UPDATE products SET in_stock = in_stock - 3 WHERE id = ?', [id])
        throw new ConnectorError('shop-error', 'the customer went away')
      })
      await expect(sale).rejects.toThrow('went away')
      await feed.read()
      expect(feed.moved(id)).toBe(0)
    })

    it('eight buyers and the node on one row lose not one unit', async () => {
      const id = await shop.create('BUSY', 1_000)
      const buyer = async (): Promise<void> => {
        for (let sale = 0; sale < 10; sale += 1) await shop.sell(id, 1)
      }
      const node = async (): Promise<void> => {
        for (let turn = 0; turn < 10; turn += 1) await adjust(id, 'BUSY', turn % 2 === 0 ? 5 : -3)
      }
      await Promise.all([node(), ...Array.from({ length: 8 }, buyer)])
      await feed.read()
      expect(await shop.stockOf(id)).toBe(1_000 - 80 + 10)
      expect([feed.moved(id), feed.adjusted(id), feed.stock(id)]).toEqual([-80, 10, 930])
    })

    it('a row that leaves the condition is gone, and comes back as a new start', async () => {
      const id = await shop.create('HIDDEN', 7)
      await shop.run('UPDATE products SET deleted = 1, in_stock = 3 WHERE id = ?', [id])
      await shop.run('UPDATE products SET deleted = 0, in_stock = 5 WHERE id = ?', [id])
      await feed.read()
      expect(feed.rowsOf(id).map(({ kind, delta, stock }) => [kind, delta, stock])).toEqual([
        ['row', 0, 7],
        ['deleted', 0, null],
        ['row', 0, 5],
      ])
    })

    it('the ids that the shop gets for its own new rows are its own', async () => {
      const isPostgres = shop.database.dialect.family === 'postgres'
      const last = await shop.database.transaction('read committed', async (session) => {
        await session.query("INSERT INTO products (model, title, in_stock) VALUES ('LAST', 'x', 1)")
        const [row] = await session.query(`SELECT ${isPostgres ? 'lastval()' : 'LAST_INSERT_ID()'} AS id`)
        return String(row?.['id'])
      })
      const [row] = await shop.run('SELECT model FROM products WHERE id = ?', [last])
      expect(row?.['model']).toBe('LAST')
    })

    it('a shop that clips is not told to have done what it did not', async () => {
      const id = await shop.create('CLIP', 2)
      await shop.run('ALTER TABLE products ADD CONSTRAINT whole CHECK (in_stock >= 0)')
      expect(await adjust(id, 'CLIP', -5)).toMatchObject([{ status: 'refused', code: 'out-of-range' }])
      await shop.run('ALTER TABLE products DROP CONSTRAINT whole')
      expect(await shop.stockOf(id)).toBe(2)
    })

    it('adjustments of one call are made together, and one that the table refuses holds up none of the others', async () => {
      const ids = [await shop.create('TOGETHER-1', 5), await shop.create('TOGETHER-2', 5)]
      await shop.run('ALTER TABLE products ADD CONSTRAINT whole CHECK (in_stock >= 0)')
      const operations = ids.map((stockId, index) => {
        return { opId: operation(), stockId, key: `together-${index + 1}`, delta: index === 0 ? -9 : -2 }
      })
      const results = await connector.adjust(operations, never)
      await shop.run('ALTER TABLE products DROP CONSTRAINT whole')
      expect(results).toMatchObject([
        { status: 'refused', code: 'out-of-range' },
        { status: 'applied', stock: 3 },
      ])
      expect(await connector.adjust([operations[1]!], never)).toMatchObject([{ status: 'repeated', stock: 3 }])
      expect(await Promise.all(ids.map((id) => shop.stockOf(id)))).toEqual([5, 3])
    })

    it('what was read long ago is kept no longer, nor its operations, and a reader from before it is told so', async () => {
      const id = await shop.create('LONG-AGO', 5)
      expect(await adjust(id, 'LONG-AGO', 2)).toMatchObject([{ status: 'applied' }])
      await feed.read()
      const later = await shop.connect(undefined, limits.feedKeptMs + 3_600_000)
      const query = { epoch: feed.attachment.epoch, limit: 10, waitMs: 0 }
      await later.feed({ ...query, ...feed.position }, never)
      await later[Symbol.asyncDispose]()
      const count = async (table: 'feed' | 'applied'): Promise<number> => {
        const [row] = await shop.run(`SELECT COUNT(*) AS total FROM ${shop.database.dialect.own(table)}`)
        return Number(row?.['total'])
      }
      expect([await count('feed'), await count('applied')]).toEqual([1, 1])
      expect(await codeOf(connector.feed({ ...query, after: feed.attachment.start, tag: null }, never))).toBe(
        'feed-rolled-back',
      )
      await shop.sell(id, 1)
      await feed.read()
      expect([feed.moved(id), feed.stock(id)]).toEqual([-1, 6])
    })

    it('an emptied table has no rows any more', async () => {
      await shop.run('TRUNCATE TABLE products')
      const again = await shop.connect()
      const attachment = await again.attach({ network: 'n', node: 'dk', fresh: false }, never)
      await again.feed({ epoch: attachment.epoch, ...feed.position, limit: 1, waitMs: 0 }, never)
      expect((await again.list({ after: null, limit: 10 }, never)).items).toEqual([])
      await again[Symbol.asyncDispose]()
      await feed.read()
      expect(feed.rows.filter(({ kind }) => kind === 'deleted').length).toBeGreaterThan(3)
    })

    it('lost triggers stop the shop before anything is written', async () => {
      const id = await shop.create('LOST', 5)
      await feed.read()
      const isPostgres = shop.database.dialect.family === 'postgres'
      await shop.run(`DROP TRIGGER ${isPostgres ? 'stockmesh_rows ON products' : 'stockmesh_update'}`)
      expect(await codeOf(adjust(id, 'LOST', 1))).toBe('shop-error')
      expect(await shop.stockOf(id)).toBe(5)
      await shop.install()
      expect(
        await codeOf(connector.feed({ epoch: feed.attachment.epoch, ...feed.position, limit: 1, waitMs: 0 }, never)),
      ).toBe('feed-rolled-back')
      await connector.attach({ network: 'n', node: 'dk', fresh: true }, never)
      expect(await adjust(id, 'LOST', 1)).toMatchObject([{ status: 'applied', stock: 6 }])
    })

    it('a copied database stops, until it is installed in again', async () => {
      const state = shop.database.dialect.own('state')
      await shop.run(`UPDATE ${state} SET identity = 'another database'`)
      expect(await codeOf(connector.list({ after: null, limit: 1 }, never))).toBe('shop-copied')
      await shop.install()
      await connector.attach({ network: 'n', node: 'dk', fresh: true }, never)
      expect((await connector.list({ after: null, limit: 1 }, never)).items.length).toBe(1)
    })
  })
}

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

/**
 * A shop of its own making on a database: one table of products, and code that sells from it without a word to
 * Stockmesh. What the conformance suite and the stories of the SQL connector try.
 */
import { ConnectorError } from '../../../packages/node/src/connectors/connector.ts'
import { openDatabase } from '../../../packages/node/src/connectors/sql/platform.ts'
import { type Database, type SqlRow, type SqlValue } from '../../../packages/node/src/connectors/sql/database.ts'
import { grants, installPlan } from '../../../packages/node/src/connectors/sql/install-sql.ts'
import { settings, type SqlSettings } from '../../../packages/node/src/connectors/sql/settings.ts'
import { readShopTable } from '../../../packages/node/src/connectors/sql/shop-table.ts'
import { SqlConnector } from '../../../packages/node/src/connectors/sql/sql-connector.ts'
import { systemClock, systemRandom, systemTimers } from '../../../packages/node/src/ports.ts'
import { ShopTime, skewMs } from '../shop-time.ts'
import type { Fault, FaultyCall, ShopUnderTest } from '../shop-under-test.ts'

export interface SqlServer extends AsyncDisposable {
  /** Of its owner, who may do everything in it. */
  readonly url: string
  /** Of a user who may do what the grants say; null: the owner is the only one. */
  readonly nodeUrl: string | null
}

/** What its developer enters beside the address. */
export const productsMapping = {
  table: 'products',
  idColumn: 'id',
  skuColumn: 'model',
  stockColumn: 'in_stock',
  nameColumn: 'title',
  parentColumn: 'parent_id',
  where: 'deleted = 0',
} as const

export function settingsFor(url: string, more: Record<string, unknown> = {}): SqlSettings {
  return settings.parse({ url, ...productsMapping, ...more })
}

const productsTable = {
  postgres: `CREATE TABLE products (id bigserial PRIMARY KEY, parent_id bigint, model text, title text NOT NULL,
    in_stock numeric(12, 2), deleted integer NOT NULL DEFAULT 0)`,
  mariadb: `CREATE TABLE products (id bigint AUTO_INCREMENT PRIMARY KEY, parent_id bigint, model varchar(190),
    title varchar(190) NOT NULL, in_stock decimal(12, 2), deleted int NOT NULL DEFAULT 0)
    ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4`,
} as const

/** The shop's own code, and what its developer does once. */
export class SqlShop implements AsyncDisposable {
  readonly database: Database
  readonly #settings: SqlSettings
  readonly #nodeSettings: SqlSettings
  #server: SqlServer

  private constructor(database: Database, server: SqlServer) {
    this.database = database
    this.#server = server
    this.#settings = settingsFor(server.url)
    this.#nodeSettings = settingsFor(server.nodeUrl ?? server.url)
  }

  static async open(server: SqlServer): Promise<SqlShop> {
    const database = await openDatabase(settingsFor(server.url).server)
    const shop = new SqlShop(database, server)
    await shop.run(productsTable[database.dialect.family])
    await shop.install()
    return shop
  }

  async run(text: string, values: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return await this.database.transaction('read committed', (session) => session.query(text, values))
  }

  async install(): Promise<void> {
    const { dialect } = this.database
    const { mapping } = await readShopTable(this.database, this.#settings.mapping)
    const user = this.#server.nodeUrl === null ? null : 'stockmesh_node'
    const rights =
      user === null ? [] : grants(dialect, mapping, dialect.family === 'mariadb' ? `${user}@localhost` : user)
    for (const statement of [...installPlan(dialect, mapping), ...rights]) await this.run(statement)
  }

  /** As a node has it whose clock is fast, with a database that breaks when it is told to. */
  async connect(faults = new Faults(), aheadMs = skewMs): Promise<SqlConnector> {
    const database = faults.around(await openDatabase(this.#nodeSettings.server))
    const table = await readShopTable(database, this.#nodeSettings.mapping)
    const clock = new ShopTime(systemClock, aheadMs)
    const ports = { clock, timers: systemTimers, random: systemRandom }
    return new SqlConnector({ database, table, shopUrl: null, ...ports })
  }

  async create(model: string | null, stock: number | null): Promise<string> {
    return await this.database.transaction('read committed', async (session) => {
      await session.query('INSERT INTO products (model, title, in_stock) VALUES (?, ?, ?)', [model, 'Vare', stock])
      const last = this.database.dialect.family === 'postgres' ? 'lastval()' : 'LAST_INSERT_ID()'
      const [row] = await session.query(`SELECT ${last} AS id`)
      return String(row?.['id'])
    })
  }

  async sell(id: string, units: number): Promise<void> {
    await this.run('UPDATE products SET in_stock = in_stock - ? WHERE id = ?', [units, id])
  }

  async stockOf(id: string): Promise<number | null> {
    const [row] = await this.run('SELECT in_stock FROM products WHERE id = ?', [id])
    return row?.['in_stock'] == null ? null : Number(row['in_stock'])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database[Symbol.asyncDispose]()
  }
}

/** Breaks the line to a database around one transaction. */
class Faults {
  readonly #next = new Map<FaultyCall, Fault>()

  breakNext(fault: Fault, call: FaultyCall): void {
    this.#next.set(call, fault)
  }

  around(database: Database): Database {
    const lost = (): ConnectorError => new ConnectorError('shop-unreachable', 'the line is down')
    return {
      dialect: database.dialect,
      identity: database.identity,
      release: () => database.release(),
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
      transaction: async (isolation, run) => {
        const seen = new Set<FaultyCall>()
        let isMeant = false
        const result = await database.transaction(isolation, async (session) => {
          const answer = await run({
            query: (text, values) => {
              seen.add(/^UPDATE \S*products/.test(text) ? 'write' : 'read')
              return session.query(text, values)
            },
          })
          isMeant = true
          const fault = this.#met(seen)
          if (fault === 'lost-question') throw lost()
          if (fault === 'server-error') throw new ConnectorError('shop-error', 'the database is shutting down')
          return answer
        })
        if (isMeant && this.#take(seen) === 'lost-answer') throw lost()
        return result
      },
    }
  }

  #met(seen: ReadonlySet<FaultyCall>): Fault | undefined {
    for (const call of seen) {
      const fault = this.#next.get(call)
      if (fault === undefined || fault === 'lost-answer') continue
      this.#next.delete(call)
      return fault
    }
    return undefined
  }

  #take(seen: ReadonlySet<FaultyCall>): Fault | undefined {
    for (const call of seen) {
      const fault = this.#next.get(call)
      if (fault === undefined) continue
      this.#next.delete(call)
      return fault
    }
    return undefined
  }
}

export async function openShopUnderTest(server: SqlServer): Promise<ShopUnderTest> {
  const shop = await SqlShop.open(server)
  const faults = new Faults()
  let connector = await shop.connect(faults)
  const orders: { id: string; units: number }[] = []
  const set = (column: string, value: SqlValue, id: string) =>
    shop.run(`UPDATE products SET ${column} = ? WHERE id = ?`, [value, id])
  return {
    get connector() {
      return connector
    },
    create: ({ sku, stock }) => shop.create(sku, stock),
    stockOf: (id) => shop.stockOf(id),
    async sell(id, units) {
      await shop.sell(id, units)
      return String(orders.push({ id, units }) - 1)
    },
    async cancel(order) {
      const { id, units } = orders[Number(order)]!
      await shop.sell(id, -units)
    },
    type: async (id, stock) => void (await set('in_stock', stock, id)),
    typeFraction: async (id) => void (await set('in_stock', 2.5, id)),
    rename: async (id, sku) => void (await set('model', sku, id)),
    remove: async (id) => void (await shop.run('DELETE FROM products WHERE id = ?', [id])),
    createTwin: (sku, stock) => shop.create(sku, stock),
    breakNext: (fault, call) => faults.breakNext(fault, call),
    async reopen() {
      await connector[Symbol.asyncDispose]()
      connector = await shop.connect(faults)
    },
    copy: {
      begin: async () => void (await shop.run(`UPDATE ${shop.database.dialect.own('state')} SET identity = 'another'`)),
      claim: () => shop.install(),
    },
    stockMin: null,
    cannot: {
      createBundle: 'a table says nothing of bundles; where one does, the condition leaves them out',
      createPool: 'a stock number is one row of one table, which has one SKU',
      beforeNextWrite: 'an adjustment is one transaction that holds the row: nothing comes between',
      hint: 'the database is looked at several times a second, so there are no hints',
      signedHint: 'the database is looked at several times a second, so there are no hints',
      hintSwitch: 'the database is looked at several times a second, so there are no hints',
      stopClock: 'the feed is in the order of commits, and knows no times',
      throttled: 'a database does not throttle',
      html: 'a database does not speak HTTP',
      'empty-list': 'a database that answers does not leave rows out',
      'token-expired': 'a password does not run out',
      'silent-no-op': 'the number is read again in the same transaction; see "a shop that clips"',
    },
    patienceMs: 10_000,
    async [Symbol.asyncDispose]() {
      await connector[Symbol.asyncDispose]()
      await shop[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

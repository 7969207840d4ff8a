/** `stockmesh sql`: what it prints, what it runs, and what it leaves behind. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sql } from '../../../packages/node/src/cli/sql-command.ts'
import type { Invocation } from '../../../packages/node/src/cli/client-command.ts'
import { openPgliteServer } from './pglite-server.ts'
import { sqlPlatform } from '../../../packages/node/src/connectors/sql/platform.ts'
import { never } from '../feed-reader.ts'
import { productsMapping, settingsFor, SqlShop, type SqlServer } from './sql-shop.ts'

let server: SqlServer
let shop: SqlShop

beforeAll(async () => {
  server = await openPgliteServer()
  shop = await SqlShop.open(server)
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

async function run(action: string, flags: { yes: boolean }, user?: string): Promise<{ code: number; printed: string }> {
  let printed = ''
  const entered = { table: 'products', idColumn: 'id', skuColumn: 'model', stockColumn: 'in_stock' }
  const terminal = {
    env: { STOCKMESH_SQL_URL: server.url },
    canAsk: false,
    print: (text: string) => void (printed += text),
    warn: () => undefined,
    readInput: () => Promise.resolve(JSON.stringify(entered)),
  }
  const settings = { json: false, 'dry-run': false, yes: flags.yes }
  const code = await sql({ settings, given: [action, user], terminal } as unknown as Invocation)
  return { code, printed }
}

async function schemas(): Promise<number> {
  return (await shop.run("SELECT 1 AS one FROM pg_namespace WHERE nspname = 'stockmesh'")).length
}

it('without --yes the SQL is printed and nothing is run, with it the tables come and go', async () => {
  const shown = await run('uninstall', { yes: false })
  expect(shown.printed).toContain('DROP SCHEMA IF EXISTS stockmesh CASCADE;')
  expect(await schemas()).toBe(1)
  expect(await run('uninstall', { yes: true })).toMatchObject({ code: 0 })
  expect(await schemas()).toBe(0)
  const id = await shop.create('A', 3)
  await shop.sell(id, 1)
  const installed = await run('install', { yes: true })
  expect(installed.printed).toContain('CREATE TRIGGER stockmesh_rows')
  expect(installed.printed).not.toContain(server.url)
  expect(await schemas()).toBe(1)
  await shop.sell(id, 1)
  expect((await shop.run('SELECT stock FROM stockmesh.outbox')).map((row) => Number(row['stock']))).toEqual([1])
})

it('a user whom the database does not have is named as the mistake', async () => {
  await expect(run('install', { yes: true }, 'mistyped')).rejects.toMatchObject({
    code: 'database-user-unknown',
    message: expect.stringMatching(/Make the user first/) as string,
  })
})

it('a trial with another mapping than the triggers were made for says so', async () => {
  await run('install', { yes: true })
  const { table, idColumn, skuColumn, stockColumn } = productsMapping
  const trial = (more: Record<string, unknown>) => sqlPlatform.test(settingsFor(server.url, more), never)
  const without = { nameColumn: null, parentColumn: null, where: null }
  expect(await trial({ table, idColumn, skuColumn, stockColumn, ...without })).toMatchObject({ promise: 'exact' })
  await expect(trial({})).rejects.toMatchObject({
    code: 'not-this-platform',
    message: expect.stringMatching(/another mapping/) as string,
  })
})

it('goods that were there before the triggers are listed before a network has them, for the health of the catalogue', async () => {
  await run('uninstall', { yes: true })
  await shop.create('OLD', 5)
  await shop.create(null, 2)
  await run('install', { yes: true })
  await using connector = await shop.connect()
  const listed = async () => {
    const { items } = await connector.list({ after: null, limit: 10 }, never)
    return items.map(({ sku, stock }) => [sku, stock])
  }
  expect(await listed()).toEqual(
    expect.arrayContaining([
      ['OLD', 5],
      [null, 2],
    ]),
  )
  await shop.run("DELETE FROM products WHERE model = 'OLD'")
  expect(await listed()).not.toContainEqual(['OLD', 5])
})

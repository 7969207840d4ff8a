/**
 * The companion's tables come and change by Vendure's own migrations, as merchants run them: into a shop that sells already,
 * and over tables of an earlier release with a feed in them.
 */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { skuKey } from '@stockmesh/protocol'
import type { FeedPage } from '../../packages/node/src/connectors/connector.ts'
import type { OpenConnector } from '../../packages/node/src/connectors/platform.ts'
import { vendurePlatform } from '../../packages/node/src/connectors/vendure/platform.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { eventually } from '../harness/eventually.ts'
import { never } from './feed-reader.ts'
import { vendureKey, VendureShop, withoutVendure } from './vendure-shop.ts'

const program = fileURLToPath(new URL('../../integrations/vendure-plugin/test/migrate.cjs', import.meta.url))

describe.skipIf(withoutVendure !== null)(`Vendure's migrations (${withoutVendure ?? 'installed'})`, () => {
  let shop: VendureShop
  let connector: OpenConnector
  let id: string

  beforeAll(async () => {
    shop = await VendureShop.open()
    const parts = { directory: '', clock: systemClock, timers: systemTimers, random: systemRandom, hookUrl: null }
    connector = await vendurePlatform.open({ url: shop.url, key: vendureKey, location: null }, parts)
    id = await shop.create('MUG', 20)
    await shop.sell(id, 2)
  }, 120_000)
  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]()
  })

  function run(step: 'without' | 'older' | 'migrate'): unknown {
    const output = execFileSync(process.execPath, [program, shop.directory, step], {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, ...shop.environment },
    })
    return JSON.parse(/^done (.*)$/m.exec(output)?.[1] ?? 'null')
  }

  const attach = (): ReturnType<OpenConnector['attach']> =>
    connector.attach({ network: 'n', node: 'dk', fresh: false }, never)
  const read = (epoch: string): Promise<FeedPage> =>
    connector.feed({ epoch, after: 0, tag: null, limit: 1_000, waitMs: 0 }, never)
  const adjust = async (opId: string, delta: number): Promise<unknown> => {
    const operation = { opId, stockId: id.padStart(12, '0'), key: skuKey('MUG') ?? '', delta }
    return (await connector.adjust([operation], never))[0]
  }

  it('a shop that sells already gets the tables, and its stock stays as it was', async () => {
    await shop.kill()
    run('without')
    expect(run('migrate')).toHaveLength(1)
    expect(run('migrate')).toEqual([])
    await shop.start()
    expect(await shop.stockOf(id)).toBe(18)
    await attach()
    const { items } = await connector.list({ after: null, limit: 10 }, never)
    expect(items).toMatchObject([{ sku: 'MUG', stock: 18 }])
  }, 120_000)

  it('tables of an earlier release lose nothing: the epoch, the feed and what was done once', async () => {
    const opId = randomBytes(16).toString('hex')
    const { epoch } = await attach()
    expect(await adjust(opId, -3)).toMatchObject({ status: 'applied', stock: 15 })
    await shop.sell(id, 1)
    const before = await eventually('the sale is told', async () => {
      const page = await read(epoch)
      return page.rows.some(({ kind }) => kind === 'sale') && page
    })
    await shop.kill()
    run('older')
    expect(run('migrate')).toHaveLength(1)
    expect(run('migrate')).toEqual([])
    await shop.start()

    expect((await attach()).epoch).toBe(epoch)
    const { rows } = await read(epoch)
    const kept = before.rows.map((row) => ({ ...row, reference: null }))
    expect(rows.slice(0, kept.length)).toEqual(kept)
    expect(await adjust(opId, -3)).toMatchObject({ status: 'repeated' })
    expect(await shop.stockOf(id)).toBe(14)
    await shop.sell(id, 4)
    await eventually('the feed goes on', async () => {
      const last = (await read(epoch)).rows.at(-1)
      return last?.kind === 'sale' && last.delta === -4 && last.stock === 10 && last.reference !== null
    })
  }, 120_000)
})

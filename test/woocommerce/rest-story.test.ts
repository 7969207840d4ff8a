/**
 * A WooCommerce shop without the companion in a simulated world: customers buy, cancel, get refunds, orders are edited and
 * thrown away, the network asks for changes, every write has its race window open, orders tell late what they took, calls
 * are lost, and the node is killed. When all is quiet the units are exact, or a person was told to look at the SKU.
 */
import { expect, it } from 'vitest'
import { ConnectorError, type LedgerConnector } from '../../packages/node/src/connectors/connector.ts'
import { ObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
import { WooCommerceRefusal } from '../../packages/node/src/connectors/woocommerce/client.ts'
import type { RestClient } from '../../packages/node/src/connectors/woocommerce/rest-calls.ts'
import { RestShop } from '../../packages/node/src/connectors/woocommerce/rest-shop.ts'
import { ObservedEngine, unending } from '../connectors/observed-engine.ts'
import { SeededRandom } from '../protocol/random.ts'
import { Life } from '../sim/life.ts'
import { openSimDatabase, SimDisk } from '../sim/sim-disk.ts'
import { settled, VirtualTime } from '../sim/virtual-time.ts'
import { RestInterface } from './rest-interface.ts'
import { StandInStock } from './rest-stock.ts'

const startedAt = Date.parse('2026-03-01T08:00:00Z')
const openingStock = 100

interface Traps {
  /** How long PHP takes between reading and setting a number, and between moving the stock and noting it. */
  readonly windowMs: number
  readonly noteMs: number
  readonly lost: number
  readonly kills: boolean
  /** Whether orders are edited and thrown away, and lines taken out. */
  readonly edits: boolean
  /** How long the node is away after that, while the shop goes on; absent: not at all. */
  readonly awayMs?: number
}

async function run(seed: number, traps: Traps) {
  const random = new SeededRandom(seed)
  const time = new VirtualTime()
  const clock = { now: () => Math.floor(startedAt + time.now) }
  const stock = new StandInStock()
  const rest = new RestInterface(stock)
  stock.now = () => clock.now()
  const pool = stock.create({ sku: 'POOL', quantity: openingStock, type: 'variable' })
  const shared = stock.create({ sku: '', quantity: null, manages: 'parent', parentId: pool, type: 'variation' })
  const parent = stock.create({ sku: 'PARENT', quantity: null, manages: false, type: 'variable' })
  const variation = stock.create({ sku: 'V', quantity: openingStock, parentId: parent, type: 'variation' })
  const simple = stock.create({ sku: 'S', quantity: openingStock })
  for (const [id, sku] of [
    [pool, `${pool}`],
    [variation, `${parent}-${variation}`],
    [simple, `${simple}`],
  ] as const) {
    stock.product(id).sku = sku
  }
  const sold = [shared, variation, simple]
  const stockIds = [`${pool}`, `${parent}-${variation}`, `${simple}`]
  stock.beforeNote = (note) => void time.after(random.next() * traps.noteMs, note)
  stock.window = () => new Promise((resolve) => void time.after(random.next() * traps.windowMs, resolve))

  const disk = new SimDisk()
  const engine = new ObservedEngine(openingStock)
  const failures: unknown[] = []
  let lost = 0
  let life = new Life(time)

  const clientOf = (mine: Life): RestClient => ({
    async ask({ method, path, body, schema }) {
      const pass = async (): Promise<void> => {
        await mine.wait(20 + random.next() * 150)
        if (random.chance(lost)) throw new ConnectorError('shop-unreachable', 'Lost on the way.')
      }
      await pass()
      const url = new URL(path, 'http://shop')
      const answer = await rest.answer(method, url.pathname, url.searchParams, body)
      await pass()
      if (answer.status > 299) {
        const { code } = answer.body as { code: string }
        throw new WooCommerceRefusal('shop-error', code, { status: answer.status, reason: code })
      }
      const value = schema.parse(JSON.parse(JSON.stringify(answer.body)))
      return { value, total: answer.total ?? null, pages: null, shopTime: Math.floor(clock.now() / 1_000) * 1_000 }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  })
  const repeat = async (mine: Life, work: () => Promise<boolean>): Promise<void> => {
    while (mine.alive) {
      try {
        if (await work()) return
      } catch (error) {
        if (!(error instanceof ConnectorError)) return void failures.push(error)
      }
      await mine.wait(200 + random.next() * 800)
    }
  }
  const start = async (): Promise<void> => {
    const mine = new Life(time)
    life = mine
    const bytes = { bytes: (count: number) => Uint8Array.from({ length: count }, () => random.below(256)) }
    const parts = { clock, timers: mine, random: bytes }
    const shop = new RestShop(clientOf(mine), { clock, timers: mine, hook: null, shopUrl: '' })
    const connector: LedgerConnector = await ObservedConnector.open(
      shop,
      openSimDatabase(disk, mine, time, random),
      parts,
    )
    const attachment = await connector.attach({ network: 'n', node: 'dk', fresh: false }, unending())
    let after: string | null = null
    await repeat(mine, async () => {
      after = (await connector.list({ after, limit: 100 }, unending())).next
      return after === null
    })
    engine.enter(attachment)
    void repeat(mine, async () => engine.follow(connector))
    void repeat(mine, async () => engine.adjust(connector, stockIds))
  }
  void start()
  await settled()
  await time.run(120_000, () => engine.isReady)
  lost = traps.lost
  const orders: number[] = []
  /** Answers whether something happened. */
  const happen = (): boolean => {
    const kind = random.next()
    if (kind < 0.45 || orders.length === 0) orders.push(stock.sell(random.pick(sold), 1 + random.below(3)))
    else if (kind < 0.75) engine.hearOfOthers(random.pick(stockIds), random.below(9) - 4)
    else if (kind < 0.8 && traps.kills) {
      life.kill()
      void start()
    } else {
      const order = random.pick(orders)
      const [line] = stock.order(order).lines
      // What was not noted yet, WooCommerce does not give back.
      if (line?.reduced == null || stock.order(order).status !== 'processing') return false
      const held = Number(line.reduced)
      if (kind < 0.88) stock.cancel(order)
      else if (kind < 0.93 && held > 0) stock.refund(order, 1, random.chance(0.7))
      else if (traps.edits && kind < 0.96) stock.edit(order, random.below(5))
      else if (traps.edits && kind < 0.98) stock.removeLine(order)
      else if (traps.edits) stock.trash(order)
    }
    return true
  }
  for (let event = 0; event < 50; event += 1) if (happen()) await time.run(random.next() * 2_500)
  lost = 0
  await time.run(100_000, () => failures.length > 0)
  const before = { rows: engine.rows.length, listed: engine.listed.size }
  if (traps.awayMs !== undefined) {
    life.kill()
    const events = 30
    for (let event = 0; event < events; event += 1) {
      happen()
      await time.run(traps.awayMs / events)
    }
    void start()
    await settled()
    await time.run(120_000, () => failures.length > 0)
  }
  const after = engine.rows.slice(before.rows)
  const adjusted = stockIds.map((id) => after.filter((row) => row.stockId === id && row.kind === 'adjust').length)
  const listedAway = engine.listed.size - before.listed
  // What is not proven is told with the next change that the network asks for.
  for (const id of stockIds) engine.hearOfOthers(id, 1)
  await time.run(120_000, () => failures.length > 0)
  life.kill()
  const wrong = stockIds.flatMap((id) => {
    const [units, level] = [stock.stockOf(id), engine.level(id)]
    const [missing, untold] = [(units ?? 0) - level, (stock.moved.get(id) ?? 0) - engine.moved(id)]
    return (missing === 0 && untold === 0) || engine.listed.has(id) ? [] : [{ id, missing, untold }]
  })
  return { failures, wrong, isQuiet: engine.isQuiet, listedAway, adjusted }
}

const calm: Traps = { windowMs: 300, noteMs: 200, lost: 0, kills: false, edits: true }

/**
 * In the last seeds units told without a line went both ways, or a line fits as told before and as overwritten; in 36, 46, 92
 * and 94 no line told what a write had overwritten, or an order contradicted itself (`rest-doubt.test.ts` has each alone).
 */
it.each<[string, Traps, readonly number[]]>([
  ['a shop as most are', calm, [1, 2, 3, 4]],
  ['a slow shop', { ...calm, windowMs: 3_000, noteMs: 1_500 }, [1, 2, 3, 33, 46, 94]],
  ['calls that are lost, and a node that is killed', { ...calm, lost: 0.05, kills: true }, [1, 2, 3]],
  [
    'all of that at its worst',
    { ...calm, windowMs: 3_000, noteMs: 3_000, lost: 0.1, kills: true },
    [1, 15, 25, 36, 92],
  ],
])('with %s, what was told is what moved, or the SKU is listed', async (_name, traps, seeds) => {
  for (const seed of seeds) {
    const { failures, wrong, isQuiet } = await run(seed, traps)
    expect({ seed, failures, wrong, isQuiet }).toEqual({ seed, failures: [], wrong: [], isQuiet: true })
  }
})

it('a node that was away for ten days finds what was sold, cancelled and refunded, and writes each number once', async () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const away = { ...calm, edits: false, awayMs: 10 * 24 * 3_600_000 }
    const { failures, wrong, isQuiet, listedAway, adjusted } = await run(seed, away)
    expect({ seed, failures, wrong, isQuiet, listedAway }).toEqual({
      seed,
      failures: [],
      wrong: [],
      isQuiet: true,
      listedAway: 0,
    })
    expect(Math.max(...adjusted), `seed ${seed}`).toBeLessThanOrEqual(1)
  }
})

/**
 * What no order line of a WooCommerce shop without the companion proves: numbers that fit what did not happen. Each story
 * is one that came out wrong without being listed, told step by step, with the sums beside it.
 */
import { expect, it } from 'vitest'
import { ConnectorError } from '../../packages/node/src/connectors/connector.ts'
import { ObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
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

/** A shop with one product, and a node that follows it. Each call takes 100 ms each way. */
async function open() {
  const time = new VirtualTime()
  const clock = { now: () => Math.floor(startedAt + time.now) }
  const stock = new StandInStock()
  stock.now = () => clock.now()
  const rest = new RestInterface(stock)
  const product = stock.create({ sku: 'S', quantity: openingStock })
  const id = `${product}`
  stock.product(product).sku = id
  const engine = new ObservedEngine(openingStock)
  const life = new Life(time)
  const random = new SeededRandom(1)
  let losesWrites = false
  const client: RestClient = {
    async ask({ method, path, body, schema }) {
      await life.wait(100)
      if (losesWrites && method !== 'GET') throw new ConnectorError('shop-unreachable', 'Lost on the way.')
      const url = new URL(path, 'http://shop')
      const answer = await rest.answer(method, url.pathname, url.searchParams, body)
      await life.wait(100)
      const value = schema.parse(JSON.parse(JSON.stringify(answer.body)))
      return { value, total: answer.total ?? null, pages: null, shopTime: Math.floor(clock.now() / 1_000) * 1_000 }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const bytes = { bytes: (count: number) => Uint8Array.from({ length: count }, () => random.below(256)) }
  const shop = new RestShop(client, { clock, timers: life, hook: null, shopUrl: '' })
  const storage = openSimDatabase(new SimDisk(), life, time, random)
  const connector = await ObservedConnector.open(shop, storage, { clock, timers: life, random: bytes })
  const repeat = async (work: () => Promise<unknown>): Promise<void> => {
    while (life.alive) {
      await work().catch((error: unknown) => {
        if (!(error instanceof ConnectorError)) throw error
      })
      await life.wait(500)
    }
  }
  void (async () => {
    const attachment = await connector.attach({ network: 'n', node: 'dk', fresh: false })
    for (let after: string | null = ''; after !== null; ) {
      after = (await connector.list({ after: after === '' ? null : after, limit: 100 }, unending())).next
    }
    engine.enter(attachment)
    void repeat(() => engine.follow(connector))
    void repeat(() => engine.adjust(connector, [id]))
  })()
  await settled()
  await time.run(20_000, () => engine.isReady)
  await time.run(15_000)
  return {
    time,
    stock,
    product,
    engine,
    loseWrites: (loses: boolean) => {
      losesWrites = loses
    },
    hear: (units: number) => engine.hearOfOthers(id, units),
    /** Until all is told; answers what the network lacks of what moved, and whether a person was told to look. */
    end: async () => {
      await time.run(200_000)
      // What is not proven is told with the next change that the network asks for.
      engine.hearOfOthers(id, 1)
      await time.run(120_000)
      life.kill()
      return { untold: (stock.moved.get(id) ?? 0) - engine.moved(id), isListed: engine.listed.has(id) }
    },
  }
}

it('a sale that a write overwrote, and that was cancelled before it was seen to hold anything, is listed', async () => {
  const { time, stock, product, hear, end } = await open()
  stock.window = async () => {
    stock.window = () => Promise.resolve()
    // The write has read 100 and sets 101: the sale is not in that, its cancellation is.
    const order = stock.sell(product, 3)
    void time.after(10, () => stock.cancel(order))
  }
  hear(1)
  expect(await end()).toMatchObject({ isListed: true })
})

it('one of which the sale was told without its line, and whose cancellation a write overwrote, is listed', async () => {
  const { time, stock, product, hear, end } = await open()
  const notes: (() => void)[] = []
  stock.beforeNote = (note) => void notes.push(note)
  const order = stock.sell(product, 2)
  // The node sees two less, and no line of an order that says it.
  await time.run(15_000)
  stock.window = async () => {
    stock.window = () => Promise.resolve()
    for (const note of notes.splice(0)) note()
    stock.cancel(order)
    for (const note of notes.splice(0)) note()
  }
  hear(1)
  expect(await end()).toMatchObject({ isListed: true })
})

it('an order that was cancelled without ever having taken anything is nothing to look at', async () => {
  const { stock, product, hear, end } = await open()
  hear(1)
  const order = stock.sell(product, 3)
  stock.type(`${product}`, openingStock)
  stock.moved.clear()
  const [line] = stock.order(order).lines
  if (line !== undefined) line.reduced = null
  stock.cancel(order)
  expect(await end()).toEqual({ untold: 0, isListed: false })
})

it('a write that was lost is not taken for one that overwrote a sale: it is listed', async () => {
  const { time, stock, product, hear, loseWrites, end } = await open()
  loseWrites(true)
  hear(-2)
  await time.run(15_000)
  // 98 is what a write of 2 less leaves that overwrote the sale, and a person's one more; and this, where there was none.
  stock.sell(product, 3)
  stock.type(`${product}`, openingStock - 2)
  await time.run(5_000)
  loseWrites(false)
  expect(await end()).toMatchObject({ isListed: true })
})

it('a cancelled order whose note was written across that of its edit is listed, where a write was under way', async () => {
  const { time, stock, product, hear, end } = await open()
  const order = stock.sell(product, 1)
  await time.run(15_000)
  stock.window = async () => {
    stock.window = () => Promise.resolve()
    const notes: (() => void)[] = []
    stock.beforeNote = (note) => void notes.push(note)
    // It takes one more and gives back one, since the second is not noted yet; then it is noted to hold two.
    stock.edit(order, 2)
    stock.cancel(order)
    for (const note of notes.toReversed()) note()
    stock.beforeNote = (note) => note()
  }
  hear(1)
  expect(await end()).toMatchObject({ isListed: true })
})

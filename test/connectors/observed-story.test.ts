/**
 * An observed shop and its connector in a simulated world: customers buy, the network asks for changes, calls are lost on
 * the way and on the way back, and the connector is killed with its disk as it stood. When all is quiet, what the feed
 * told is what moved in the shop, and every operation was made once.
 */
import { describe, expect, it } from 'vitest'
import { ConnectorError } from '../../packages/node/src/connectors/connector.ts'
import { ObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
import { SeededRandom } from '../protocol/random.ts'
import { Life } from '../sim/life.ts'
import { openSimDatabase, SimDisk } from '../sim/sim-disk.ts'
import { settled, VirtualTime } from '../sim/virtual-time.ts'
import { ObservedEngine, unending } from './observed-engine.ts'
import { type Line, MemoryShop, type MemoryShopOptions } from './memory-shop.ts'

type Traps = Pick<MemoryShopOptions, 'writing' | 'hasOrders' | 'tellsStock' | 'stockMin' | 'readLagMs' | 'lateLineMs'>

const startedAt = Date.parse('2026-03-01T08:00:00Z')
const products = 3
const openingStock = 100

async function run(seed: number, traps: Traps) {
  const random = new SeededRandom(seed)
  const time = new VirtualTime()
  const clock = { now: () => Math.floor(startedAt + time.now) }
  const shop = new MemoryShop({ ...traps, clock, random: () => random.next(), staleness: 0.3 })
  const ids = Array.from({ length: products }, (_, index) => shop.create(`row-${index + 1}`, openingStock))
  const disk = new SimDisk()
  const engine = new ObservedEngine(openingStock)
  const failures: unknown[] = []
  let lost = 0
  let life = new Life(time)

  const lineOf = (mine: Life): Line => {
    const pass = async (): Promise<void> => {
      await mine.wait(random.next() * 400)
      if (random.chance(lost)) throw new ConnectorError('shop-unreachable', 'Lost on the way.')
    }
    return { before: pass, after: pass }
  }
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
    const storage = openSimDatabase(disk, mine, time, random)
    const parts = { clock, timers: mine, random: bytes }
    const connector = await ObservedConnector.open(shop.connect(lineOf(mine)), storage, parts)
    const attachment = await connector.attach({ network: 'n', node: 'dk', fresh: false })
    let after: string | null = null
    await repeat(mine, async () => {
      after = (await connector.list({ after, limit: 100 }, unending())).next
      return after === null
    })
    engine.enter(attachment)
    void repeat(mine, async () => engine.follow(connector))
    void repeat(mine, async () => engine.adjust(connector, ids))
  }
  void start()
  await settled()
  await time.run(60_000, () => engine.isReady)
  lost = 0.1
  for (let event = 0; event < 60; event += 1) {
    const id = random.pick(ids)
    const kind = random.next()
    if (kind < 0.5) shop.sell(id, 1 + random.below(3))
    else if (kind < 0.9) engine.hearOfOthers(id, random.below(9) - 4)
    else {
      life.kill()
      void start()
    }
    await time.run(random.next() * 3_000)
  }
  lost = 0
  await time.run(300_000, () => failures.length > 0)
  life.kill()
  const facts = ids.map((id) => {
    const [stock, level] = [shop.stockOf(id), engine.level(id)]
    return { id, missing: (stock ?? 0) - level, untold: (shop.moved.get(id) ?? 0) - engine.moved(id) }
  })
  return {
    failures,
    facts,
    isQuiet: engine.isQuiet,
    made: shop.operations,
    refused: engine.refused,
    rows: engine.rows,
    listed: engine.listed,
  }
}

const right = Array.from({ length: products }, (_, index) => ({ id: `row-${index + 1}`, missing: 0, untold: 0 }))
/** The last ones met a line that came while another row was read again. */
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 14, 16, 48]

describe.each<[string, Traps]>([
  ['takes operation ids', { writing: 'idempotent', hasOrders: false, tellsStock: false, stockMin: null, readLagMs: 0 }],
  [
    'takes operation ids and may answer with old numbers',
    { writing: 'idempotent', hasOrders: false, tellsStock: true, stockMin: null, readLagMs: 3_000 },
  ],
  [
    'is written relatively and has order lines',
    { writing: 'relative', hasOrders: true, tellsStock: false, stockMin: null, readLagMs: 0 },
  ],
  [
    'is written absolutely and has order lines',
    { writing: 'absolute', hasOrders: true, tellsStock: true, stockMin: null, readLagMs: 0 },
  ],
])('an observed shop that %s', (_name, traps) => {
  it.each(seeds)('seed %i: what was told is what moved, and each operation was made once', async (seed) => {
    const { failures, facts, isQuiet, made, refused } = await run(seed, traps)
    expect(failures).toEqual([])
    expect({ facts, isQuiet, refused }).toEqual({ facts: right, isQuiet: true, refused: [] })
    if (traps.writing === 'idempotent') expect([...made.values()].every((times) => times === 1)).toBe(true)
  })
})

describe('an observed shop that is written relatively and has no order lines', () => {
  it.each(seeds)('seed %i: what was told is what moved, or the SKU is listed', async (seed) => {
    const traps: Traps = { writing: 'relative', hasOrders: false, tellsStock: true, stockMin: null, readLagMs: 0 }
    const { failures, facts, isQuiet, refused } = await run(seed, traps)
    expect({ failures, isQuiet }).toEqual({ failures: [], isQuiet: true })
    if (refused.length === 0) expect(facts).toEqual(right)
    else expect(new Set(refused)).toEqual(new Set(['outcome-unclear']))
  })
})

describe('an observed shop that is written absolutely and whose order lines come after its stock has moved', () => {
  // At 3 s a line may come after the next sale and the next write, and many SKUs are listed.
  it.each([
    [300, 8],
    [3_000, 16],
  ])(
    'lines that come up to %i ms late: what was told is what moved, or the SKU is listed',
    async (lateLineMs, runs) => {
      const traps: Traps = {
        writing: 'absolute',
        hasOrders: true,
        tellsStock: true,
        stockMin: null,
        readLagMs: 0,
        lateLineMs,
      }
      for (let seed = 1; seed <= runs; seed += 1) {
        const { failures, facts, isQuiet, listed } = await run(seed, traps)
        expect({ seed, failures, isQuiet }).toEqual({ seed, failures: [], isQuiet: true })
        const wrong = facts.filter(({ id, missing, untold }) => (missing !== 0 || untold !== 0) && !listed.has(id))
        expect({ seed, wrong }).toEqual({ seed, wrong: [] })
      }
    },
  )
})

/**
 * A shop whose node was away for long: 60,000 units sold elsewhere and 500 in its own shop meanwhile. Measured is the
 * time from the start of its node until every node and shop is in step.
 */
import { eventually } from '../test/harness/eventually.ts'
import { Owned } from '../test/harness/owned.ts'
import type { Benchmark, Report, Scale } from './benchmark.ts'
import { skuOf } from './catalogue.ts'
import { type Goods, measureLevelWrites } from './limits/level-writes.ts'
import { cpuSeconds } from './process-figures.ts'
import { enter, found, imported, makeShop, openFolder, openPair, type Pair, pidOf } from './programs.ts'

const linesPerOrder = 50

export const absence: Benchmark = {
  name: 'absence',
  about: '60,000 sales elsewhere and 500 own while a node was away: until all are in step',
  async run({ short }: Scale, say: (line: string) => void): Promise<Report> {
    const [skus, elsewhere, own] = short ? [200, 500, 10] : [20_000, 60_000, 500]
    await using owned = new Owned()
    const folder = await openFolder(owned)
    say(`two shops with ${skus} SKUs`)
    const made = await makeShop(folder, skus)
    const staying = await openPair('DK', folder, made, owned)
    await found(staying)
    const away = await openPair('SE', folder, made, owned)
    await enter(away, staying)
    await imported(away.api, 'SE')
    await untilInStep([staying, away])
    say(`away, while ${elsewhere} are sold there and ${own} here`)
    await away.node.stop()
    await sell(staying, elsewhere, linesPerOrder, skus)
    await sell(away, own, 1, skus)
    await eventually('the node that stayed has read its shop', async () => {
      const { items } = await staying.api.call<{ items: { reference: string | null }[] }>('GET', '/log?limit=100')
      return items.some(({ reference }) => reference === lastOrder.get(staying))
    })
    say('back')
    const from = performance.now()
    await away.node.start()
    await untilInStep([staying, away])
    const seconds = (performance.now() - from) / 1_000
    const cpu = cpuSeconds(pidOf(away.node))
    await checkSold([staying, away])
    say('the same rows with nothing around them')
    const limit = await measureLevelWrites(rowsOf(elsewhere + own))
    return {
      name: `absence (${elsewhere} sales elsewhere, ${own} own, ${skus} SKUs)`,
      columns: [
        { name: 'limit', about: 'three rows of bytes for each sale, written to level in flushed batches of 1,500' },
      ],
      figures: [
        { measure: 'in step again', unit: 's', ours: seconds, beside: [limit], target: '<= 15' },
        { measure: 'CPU of the node until then', unit: 's', ours: cpu, beside: [null], target: null },
        { measure: 'sales a second', unit: '/s', ours: (elsewhere + own) / seconds, beside: [null], target: null },
      ],
    }
  },
}

const lastOrder = new Map<Pair, string>()

async function sell(pair: Pair, units: number, lines: number, skus: number): Promise<void> {
  let next = 0
  async function place(): Promise<void> {
    while (next < units) {
      const first = next
      next += lines
      const order = Array.from({ length: lines }, (_, index) => ({ sku: skuOf((first + index) % skus), quantity: 1 }))
      const { id } = await pair.shopApi.placeOrder({ lines: order })
      lastOrder.set(pair, id)
    }
  }
  await Promise.all(Array.from({ length: 4 }, place))
  // One after all others, so that whoever has it has all.
  const { id } = await pair.shopApi.placeOrder({ lines: [{ sku: skuOf(0), quantity: 1 }] })
  lastOrder.set(pair, id)
}

async function untilInStep(pairs: readonly Pair[]): Promise<void> {
  await eventually(
    'every node is in step',
    async () => {
      for (const { api, name } of pairs) {
        const { network, pending } = await api.status()
        if (network?.inStep !== true) throw new Error(`${name}: ${JSON.stringify(pending)}`)
      }
      return true
    },
    { deadlineMs: 300_000, every: 20 },
  )
}

/** Every shop shows what every node says. */
async function checkSold(pairs: readonly Pair[]): Promise<void> {
  const lists = await Promise.all(
    pairs.flatMap(({ api, shopApi }) => [
      api.stock().then((items) => items.map(({ sku, level }) => [sku, level] as const)),
      shopApi.products().then((items) => items.map(({ sku, stock }) => [sku, stock] as const)),
    ]),
  )
  const [first, ...others] = lists.map((items) => new Map(items))
  for (const other of others) {
    for (const [sku, level] of first ?? []) {
      if (sku !== null && other.get(sku) !== level) throw new Error(`${sku} is ${level} and ${other.get(sku)}.`)
    }
  }
}

function rowsOf(count: number): Goods[] {
  return Array.from({ length: count }, (_, index) => {
    const sku = skuOf(index)
    return { stockId: sku, sku, name: 'Blue enamel mug', stock: index }
  })
}

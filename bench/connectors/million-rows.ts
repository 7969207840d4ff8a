/**
 * Lists an observed shop of so many rows into its journal, and reads them from there as an engine does:
 * `million-rows.ts FOLDER ROWS`.
 */
import type { ObservedRow, ObservedShop } from '../../packages/node/src/connectors/observed/observed-shop.ts'
import { openObservedConnector } from '../../packages/node/src/connectors/observed/observed-connector.ts'
import { systemClock, systemRandom, systemTimers } from '../../packages/node/src/ports.ts'
import { memory } from '../field/memory.ts'

const [, , directory = '', rowsText = ''] = process.argv
const total = Number(rowsText)
const never = new AbortController().signal

/** Rows that are made as they are asked for. */
const shop: ObservedShop = {
  name: 'bench',
  writing: 'relative',
  stockMin: null,
  shopUrl: null,
  pollMs: 60_000,
  readLagMs: 0,
  readsPerCallMax: 500,
  writesPerCallMax: 500,
  list({ after, limit }) {
    const from = after === null ? 0 : Number(after) + 1
    const to = Math.min(total, from + limit)
    const items = Array.from({ length: to - from }, (_, index) => rowOf(from + index))
    return Promise.resolve({ items, next: to < total ? String(to - 1) : null, total })
  },
  changes: () => Promise.resolve({ stockIds: [], cursor: '0', hasMore: false }),
  read: (stockIds) => Promise.resolve(stockIds.map((stockId) => rowOf(Number(stockId)))),
  write: () => Promise.resolve([]),
  [Symbol.asyncDispose]: () => Promise.resolve(),
}

function rowOf(number: number): ObservedRow {
  const stockId = String(number).padStart(8, '0')
  const sku = `MILLION-${number}`
  const product = { id: stockId, parentId: null, sku, name: `Blue enamel mug, no. ${number}` }
  return { stockId, sku, name: product.name, stock: number % 100, createdAt: 0, products: [product] }
}

const connector = await openObservedConnector(shop, {
  directory,
  clock: systemClock,
  timers: systemTimers,
  random: systemRandom,
})
await connector.attach({ network: 'n', node: 'bench', fresh: false }, never)
const used: number[] = []
const from = performance.now()
let seen = 0
let pages = 0
for (let after: string | null = null, isLast = false; !isLast; ) {
  const page = await connector.list({ after, limit: 500 }, never)
  seen += page.items.length
  pages += 1
  // Half of the pages fill the journal, the other half come from it.
  if (pages % Math.max(1, Math.floor(total / 500 / 10)) === 0) used.push(memory() / 1_048_576)
  after = page.next
  isLast = after === null
}
const seconds = (performance.now() - from) / 1_000
if (seen !== total) throw new Error(`${seen} of ${total} rows were listed.`)
used.push(memory() / 1_048_576)
process.stdout.write(JSON.stringify({ seconds, early: used[0], late: Math.max(...used.slice(1)) }))
await connector[Symbol.asyncDispose]()
process.exit()

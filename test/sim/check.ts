/**
 * What must hold when a world has come to rest: every node answers and agrees with every other, nothing is open, and
 * each number is what really happened in the shops, which is read from their own databases and from nothing of ours.
 */
import {
  type FeedRow,
  levelOf,
  localChange,
  recordsOf,
  shopOfRid,
  type SkuKey,
  skuKey,
  winningBaseline,
} from '@stockmesh/protocol'
import type { StockNode } from '../../packages/node/src/node/stock-node.ts'
import type { SimNode } from './sim-node.ts'
import { restlessness } from './rest.ts'
import type { World } from './world.ts'

export class SimFailure extends Error {
  readonly seed: number
  /** The SKU that went wrong; null if it is not about one. */
  readonly key: SkuKey | null
  readonly world: World
  constructor(world: World, key: SkuKey | null, message: string) {
    super(`seed ${world.seed}: ${message}`)
    this.name = 'SimFailure'
    this.seed = world.seed
    this.key = key
    this.world = world
  }
}

export function check(world: World, rested: boolean): void {
  const fail = (key: SkuKey | null, message: string): never => {
    throw new SimFailure(world, key, message)
  }
  if (!rested) fail(null, `not at rest: ${restlessness(world)}`)
  const alarms = world.nodes.flatMap(({ name, alarms: codes }) => codes.map((code) => `${name} ${code}`))
  if (alarms.length > 0) fail(null, `an honest node was blamed: ${alarms.join(', ')}`)
  const open = world.nodes.map((node) => ({ node, stock: node.node as StockNode }))
  const [first] = open
  if (first === undefined) return
  checkClaims(world, fail)
  const keys = new Set(open.flatMap(({ stock }) => [...stock.ledger.holdings.skus.keys()]))
  for (const key of keys) {
    const level = levelOf(recordsOf(first.stock.ledger.holdings, key))
    const truth = trueLevel(world, first.stock, key)
    if (level !== truth.level) fail(key, `the level of ${key} is ${level} and should be ${truth.level} (${truth.how})`)
    for (const { node, stock } of open) {
      const here = levelOf(recordsOf(stock.ledger.holdings, key))
      if (here !== level) fail(key, `${key} is ${level} at ${first.node.name} and ${here} at ${node.name}`)
      const row = stock.shop.book.onlyRow(key)
      const shown = stockInShop(node, key)
      if (row === undefined && shown !== undefined) fail(key, `${node.name} does not know its own row of ${key}`)
      const wanted = level === null ? null : Math.max(0, level)
      if (shown !== undefined && shown !== wanted) {
        fail(key, `the shop of ${node.name} shows ${shown} of ${key}; the level is ${level}`)
      }
    }
  }
  for (const { node, stock } of open) {
    const { intents, offsets } = stock.shop.book
    if (intents.size > 0) fail(null, `${node.name} has an open intent: ${JSON.stringify([...intents.values()])}`)
    for (const [key, { units, reason }] of offsets) fail(key, `${node.name} holds ${units} of ${key} (${reason})`)
  }
}

function checkClaims(world: World, fail: (key: SkuKey | null, message: string) => never): void {
  const claims = world.nodes.map(({ name, node }) => ({ name, claims: node?.ledger.claims() ?? new Map() }))
  const [first, ...others] = claims
  for (const other of others) {
    for (const rid of new Set([...(first?.claims.keys() ?? []), ...other.claims.keys()])) {
      const [a, b] = [first?.claims.get(rid), other.claims.get(rid)]
      if (a?.high !== b?.high) fail(null, `${rid}: ${first?.name} claims ${a?.high} and ${other.name} ${b?.high}`)
      if (a !== undefined && b !== undefined && Buffer.compare(a.digest, b.digest) !== 0) {
        fail(null, `${rid} at ${a.high}: two digests`)
      }
    }
  }
}

/**
 * The number that a SKU must have: what the shop that created it first had when its movements began to count, and all
 * that was really bought, returned and typed in every shop since its movements count.
 */
function trueLevel(
  world: World,
  stock: StockNode,
  key: SkuKey,
): { readonly level: number | null; readonly how: string } {
  const winner = winningBaseline(recordsOf(stock.ledger.holdings, key).baselines)
  if (winner === null) return { level: null, how: 'no baseline' }
  const origin = shopOfRid(winner.rid)
  let level = 0
  const how: string[] = []
  for (const node of world.nodes) {
    const { rows, start } = node.shop.truth()
    const own = rows.filter((row) => row.sku !== null && skuKey(row.sku) === key)
    if (start === null) continue
    if (node.id === origin) {
      const opening = openingStock(own, start)
      level += opening
      how.push(`${node.name} began with ${opening}`)
    }
    const moved = own.reduce((sum, row) => sum + (row.id > start ? (localChange(row)?.delta ?? 0) : 0), 0)
    level += moved
    how.push(`${node.name} moved ${moved}`)
  }
  return { level, how: how.join(', ') }
}

/** The stock of a row when its movements began to count: at the attachment, or when the row was created after it. */
function openingStock(rows: readonly FeedRow[], start: number): number {
  const before = rows.filter(({ id }) => id <= start).at(-1)
  return (before ?? rows[0])?.stock ?? 0
}

function stockInShop(node: SimNode, key: SkuKey): number | null | undefined {
  const rows = node.shop.truth().rows.filter((row) => row.sku !== null && skuKey(row.sku) === key)
  return rows.at(-1)?.stock
}
